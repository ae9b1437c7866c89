"""Raw tables → tables that keep their contracts; what cannot be used is counted, never dropped in silence."""
