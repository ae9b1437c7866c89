"""Weeks in, an effect with its uncertainty out: the estimate, the attacks on it, and the courage to say "not yet"."""
