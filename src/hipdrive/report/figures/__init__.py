"""The figures of the page, by theme: one function a figure, findings in, figure (or what is missing for it) out."""
