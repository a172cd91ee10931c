"""Stands everything up, plays, compares: `python -m play [--as-tested]`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from template import house
from uploads.build import as_tested, optimised

from .documents import written
from .perform import on_one_machine, on_the_functions
from .verdict import holds


def main() -> int:
    """The exit code says whether everything held."""
    started = monotonic()
    house.build()
    built = as_tested() if "--as-tested" in sys.argv else optimised()
    with TemporaryDirectory(prefix="baton-play-") as folder:
        documents = written(Path(folder))
        deployed = on_the_functions(Path(folder), documents, built)
        print(f"played on the functions ({monotonic() - started:.0f} s)")
        url = deployed.stack.outputs["Url"]
        local = on_one_machine(Path(folder), documents, url)
        print(f"played on one machine ({monotonic() - started:.0f} s)")
    held = holds(deployed, local, documents)
    print(f"the play {'holds' if held else 'DOES NOT HOLD'} ({monotonic() - started:.0f} s)")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
