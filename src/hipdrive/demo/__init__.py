"""The made-up runner behind `hipdrive demo`: real files of a life that nobody lived, with a planted, known effect."""

from hipdrive.demo.runner import MadeUpRunner, Truth, make_runner
from hipdrive.demo.sample import make_sample

__all__ = ["MadeUpRunner", "Truth", "make_runner", "make_sample"]
