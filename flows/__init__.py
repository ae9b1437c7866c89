"""The top floor: the order of things, and the command line."""
