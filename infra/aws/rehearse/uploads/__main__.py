"""Builds, checks, plants: `python -m uploads`."""

import sys
from pathlib import Path
from time import monotonic

from .build import build
from .checks import CHECKS, LARGER_ZIP_BYTES, LARGEST_ZIP_BYTES, Binary
from .faults import planted


def main() -> int:
    """The exit code says whether everything held."""
    started = monotonic()
    binaries = {name: read(name, path) for name, path in sorted(build().items())}
    print(f"built for x86-64 in {monotonic() - started:.0f} s")
    held = all([holds(name, binary) for name, binary in binaries.items()])
    # In binaries that do not hold, a planted fault shows nothing.
    held = held and plant(next(iter(binaries.values())))
    print(f"uploads {'hold' if held else 'DO NOT HOLD'} ({monotonic() - started:.0f} s)")
    return 0 if held else 1


def read(name: str, path: Path) -> Binary:
    """A binary, and how large its zip may be."""
    largest = LARGER_ZIP_BYTES.get(name, LARGEST_ZIP_BYTES)
    return Binary(path.read_bytes(), largest)


def holds(name: str, binary: Binary) -> bool:
    """Asks every check about a binary."""
    flaws = [flaw for check in CHECKS for flaw in check(binary)]
    newest = ".".join(map(str, binary.glibc))
    print(f"{name}: {len(binary.content):,} bytes, zipped {binary.zip_bytes:,}; glibc {newest}:",
          f"{len(flaws)} problems")
    for flaw in flaws:
        print(f"  {flaw}")
    return not flaws


def plant(binary: Binary) -> bool:
    """Plants each fault alone and asks the check that has to catch it."""
    faults = planted(binary)
    missed = [(name, check) for name, check, faulty in faults if not list(check(faulty))]
    for name, check in missed:
        print(f"  not caught: a binary {name}, by {check.__name__}")
    never = {check.__name__ for check in CHECKS} - {check.__name__ for _, check, _ in faults}
    for check in sorted(never):
        print(f"  no fault is planted for {check}")
    print(f"{len(faults) - len(missed)} of {len(faults)} planted faults caught")
    return not missed and not never


if __name__ == "__main__":
    sys.exit(main())
