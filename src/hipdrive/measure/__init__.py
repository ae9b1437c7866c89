"""Typed tables → what they mean: one row a run or a set; the physiology. Pure: no clock, no file, no lot."""
