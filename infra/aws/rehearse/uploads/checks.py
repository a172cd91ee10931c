"""What must hold of a binary that Lambda's provided.al2023 runs. Each check is a list of flaws.

A check is a function of a [`Binary`] whose docstring is its promise; `CHECKS` has them in order.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from .build import zipped

# 3 MB, as Lambda counts its own limits on uploads: by 1024.
LARGEST_ZIP_BYTES = 3 * 1024 * 1024
# But for the one with every page in it, the one that reads webhooks of every kind, and the one that
# writes the funnel's letter: decisions 18 and 20 say what they weigh.
LARGER_ZIP_BYTES = {
    "bootstrap-desk": 3_760 * 1024,
    "bootstrap-score": 3_320 * 1024,
    "bootstrap-sla": 3_370 * 1024,
}
# Amazon Linux 2023's.
NEWEST_GLIBC = (2, 34)
# Parts of glibc, which is all that the image is known to have.
LIBRARIES = {"ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"}
# The standard library's mark on a panic that unwinds (its panic_unwind/src/gcc.rs). Where a panic
# aborts, that code is not linked, and the mark with it.
UNWINDS = b"MOZ\0RUST"


@dataclass(frozen=True)
class Binary:
    """An executable's bytes, and what is read off them."""

    content: bytes
    largest_zip_bytes: int = LARGEST_ZIP_BYTES

    @cached_property
    def elf(self) -> ELFFile:
        return ELFFile(io.BytesIO(self.content))

    @cached_property
    def zip_bytes(self) -> int:
        return len(zipped(self.content))

    @cached_property
    def glibc(self) -> tuple[int, ...]:
        """The newest version of glibc that a symbol asks for."""
        needed = [s for s in self.elf.iter_sections() if isinstance(s, GNUVerNeedSection)]
        names = [v.name for s in needed for _, versions in s.iter_versions() for v in versions]
        numbers = [n.removeprefix("GLIBC_").split(".") for n in names if n.startswith("GLIBC_")]
        return max(tuple(map(int, number)) for number in numbers)


def is_small(binary: Binary) -> Iterator[str]:
    """Its zip is small: it is fetched and unpacked before a cold start."""
    largest = binary.largest_zip_bytes
    if binary.zip_bytes > largest:
        yield f"its zip has {binary.zip_bytes:,} bytes, more than {largest:,}"


def fits_the_machine(binary: Binary) -> Iterator[str]:
    """It is for x86-64, which is what was asked for."""
    if binary.elf["e_machine"] != "EM_X86_64":
        yield f"it is built for {binary.elf['e_machine']}"


def finds_its_glibc(binary: Binary) -> Iterator[str]:
    """No symbol is of a later glibc than Amazon Linux 2023 has."""
    if binary.glibc > NEWEST_GLIBC:
        yield f"it needs glibc {'.'.join(map(str, binary.glibc))}"


def finds_its_libraries(binary: Binary) -> Iterator[str]:
    """It needs nothing but glibc."""
    for section in binary.elf.iter_sections():
        if isinstance(section, DynamicSection):
            needed = {tag.needed for tag in section.iter_tags("DT_NEEDED")}
            yield from (f"it needs {name}" for name in sorted(needed - LIBRARIES))


def survives_a_panic(binary: Binary) -> Iterator[str]:
    """A panic unwinds: the runtime then answers with an error, and goes on."""
    if UNWINDS not in binary.content:
        yield 'a panic would end the process: it is built with panic = "abort"'


CHECKS = [is_small, fits_the_machine, finds_its_glibc, finds_its_libraries, survives_a_panic]
