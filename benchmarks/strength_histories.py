"""Made-up strength histories cut into exports at random: what counts must be the history itself.

    python -m benchmarks.strength_histories [FIRST] [COUNT]

Each seed draws a history and its exports (`tests/makers/strength_histories.py`): other zones, two or three apps, logs
made by hand, parts, edits, deletions; and one more, of a workout mended in both apps and one told short. Prints the
seeds that count wrongly, and how many there were.
"""

from __future__ import annotations

import sys
import time

from tests.makers.strength_histories import draw_case, draw_mended_case, faults

FIRST, COUNT = 1000, 500


def main() -> None:
    """Print what is wrong, and how much."""
    first = int(sys.argv[1]) if len(sys.argv) > 1 else FIRST
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT  # noqa: PLR2004  the second word
    begun, wrong = time.process_time(), 0
    for seed in range(first, first + count):
        found = faults(draw_case(seed)) + faults(draw_mended_case(seed))
        if found:
            wrong += 1
            print(f"seed {seed}: {len(found)} faults, the first: {found[0]}")
    print(f"{wrong} of {count} histories count wrongly; {time.process_time() - begun:.0f} s CPU")


if __name__ == "__main__":
    main()
