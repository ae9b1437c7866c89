"""Strength logs as their apps wrote them: one file a format, chosen by content; and a watch's own sets."""

from hipdrive.read.strength.formats import read_strength, recognise_format
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.watch import read_watch_sets

__all__ = ["RawStrength", "read_strength", "read_watch_sets", "recognise_format"]
