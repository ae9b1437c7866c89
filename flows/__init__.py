"""The top floor: the order of things, and the command line."""

import os

# The estimate's matrices are small: threads in the linear algebra only make it slower beside other work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
