"""Binaries with a fault in them, each for one check: one that catches none would not be known to
work."""

import os

from . import checks
from .checks import Binary


def _instead(binary: Binary, old: bytes, new: bytes) -> Binary:
    """The binary with other bytes of the same length in every place."""
    if old not in binary.content or len(old) != len(new):
        raise ValueError(f"the slip changes nothing: {old!r} to {new!r}")
    return Binary(binary.content.replace(old, new))


def planted(binary: Binary) -> list[tuple[str, object, Binary]]:
    """Each fault: its name, the check that has to catch it, the binary that has it."""
    newest = f"GLIBC_{'.'.join(map(str, binary.glibc))}\0".encode()
    machine = binary.content[:18] + b"\xb7\0" + binary.content[20:]
    return [
        ("too large", checks.is_small, Binary(binary.content + os.urandom(4_000_000))),
        ("for arm64", checks.fits_the_machine, Binary(machine)),
        ("for a newer glibc", checks.finds_its_glibc,
         _instead(binary, newest, b"GLIBC_2.35\0")),
        ("linked to a library that is not there", checks.finds_its_libraries,
         _instead(binary, b"libpthread.so.0\0", b"libcurlssl.so.4\0")),
        ("that a panic ends", checks.survives_a_panic,
         _instead(binary, checks.UNWINDS, b"\0" * len(checks.UNWINDS))),
    ]
