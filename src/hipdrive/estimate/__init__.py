"""Weeks in, an effect with its uncertainty out: the estimate, the attacks on it, and the courage to say "not yet"."""

from hipdrive.estimate.effect import Effect, estimate_effect

__all__ = ["Effect", "estimate_effect"]
