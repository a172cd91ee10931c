"""The time that the functions are shown. It stands still until it is moved."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """A clock for processes that are started with its `environment`; see clock.c."""

    def __init__(self, folder: Path, now: datetime):
        self._file, self._library = folder / "clock", folder / "clock.so"
        flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"]
        subprocess.run(["cc", *flags, "-o", self._library, SOURCE], check=True)
        self.set(now)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to ask this clock."""
        return {"LD_PRELOAD": str(self._library), "REHEARSED_CLOCK": str(self._file)}

    def set(self, now: datetime) -> None:
        """Moves it."""
        self.now = now
        # In place and at once: it is mapped by whoever reads it.
        with open(self._file, "r+b" if self._file.exists() else "wb") as file:
            file.write(self.ms.to_bytes(8, "little"))

    @property
    def ms(self) -> int:
        """The time in milliseconds since 1970."""
        return (self.now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def text(moment: datetime) -> str:
    """A moment as our answers have it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
