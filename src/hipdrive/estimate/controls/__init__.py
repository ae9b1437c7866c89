"""Attacks on the estimate, one a file; each must fail when its own poison is planted."""
