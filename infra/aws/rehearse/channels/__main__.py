"""Tells every story: `python -m channels`."""

import sys
import traceback
from time import monotonic

from template import house

from .stage import stages
from .stories import STORIES


def main() -> int:
    """The exit code says whether every story went as it should."""
    started = monotonic()
    house.build()
    failed = 0
    with stages() as fresh:
        for story in STORIES:
            begun = monotonic()
            try:
                story(fresh())
                end = f"{monotonic() - begun:.1f} s"
            except Exception:
                failed += 1
                end = f"FAILED\n{traceback.format_exc()}"
            print(f"{story.__name__.replace('_', ' ')}: {end}")
    print(f"channels: {len(STORIES) - failed} of {len(STORIES)} stories",
          f"({monotonic() - started:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
