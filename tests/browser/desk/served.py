"""A Baton that a story has to itself: `baton serve` on a copy of what the demo left.

Its clock goes on from the demo's last moment, and stands still until it is moved.
"""

import json
import os
import re
import shutil
import subprocess
import tomllib
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

BINARY, DEMO = Path(os.environ["BATON"]), Path(os.environ["DEMO"])


class Served:
    """The process, as a context."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.url = ""

    def __enter__(self) -> "Served":
        data = self._folder / "data"
        shutil.copytree(DEMO / "data", data)
        keys = tomllib.loads((data / "secrets.toml").read_text())
        self._desk, self._website = keys["desk"]["current"], keys["sources"]["website"]["current"]
        self._said = open(self._folder / "serve.err", "w+")
        command = [BINARY, "serve", "--data", data, "--listen", "127.0.0.1:0"]
        plain = {**os.environ, "NO_COLOR": "1"}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._said,
                                         text=True, env=plain)
        line = self._process.stdout.readline()
        if not line.startswith("Baton answers on "):
            raise RuntimeError(f"baton serve did not start: {line}{self.said()}")
        self.url = line.split()[-1]
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.communicate()
        self._said.close()

    def said(self) -> str:
        """What the process wrote about what it did."""
        return (self._folder / "serve.err").read_text()

    def happens(self, kind: str, email: str, **profile: Any) -> str:
        """A prospect does something; gives the lead's id."""
        activity = {"id": f"{kind} by {email}", "type": kind, "email": email, "profile": profile}
        return self._asked("/activities", activity, self._website)["lead"]

    def visits(self, name: str) -> str:
        """Somebody new visits the booth and is ready for sales at once; gives the lead's id."""
        email = name.lower().replace(" ", ".") + "@acme.example"
        profile = {"name": name, "title": "VP Sales", "company": "Acme", "country": "DE"}
        return self.happens("event.booth_visited", email, **profile)

    def lead(self, lead: str, part: str = "") -> Any:
        """A lead, or its `/history` or `/ledger`, as the CRM reads it."""
        return self._asked(f"/leads/{lead}{part}", None, self._desk)

    def first(self, stage: str, **filters: str) -> str:
        """The most urgent lead of a stage of the board."""
        page = self._asked("/board?" + urlencode({"stage": stage, **filters}), key=self._desk)
        return page["leads"][0]["lead"]

    def commands(self, lead: str, command: str) -> None:
        """What the CRM does with a lead."""
        self._asked(f"/leads/{lead}/{command}", {}, self._desk)

    def passes(self, time: str) -> None:
        """Lets time pass: "25h"."""
        self._asked("/local/clock", {"advance": time})

    def letters(self, **told: str) -> list[dict]:
        """What was sent, oldest first, of a `kind`, about a `lead`, `to` somebody …"""
        letters = self._asked("/local/inbox")
        return [it for it in letters if all(it[key] == value for key, value in told.items())]

    def link(self, **told: str) -> str:
        """The path of the link in the newest of such letters."""
        letters = self.letters(**told)
        if not letters:
            raise LookupError(f"nobody was sent {told}")
        return re.search(r"https?://[^/\s]+(/\S+)", letters[-1]["body"])[1]

    def _asked(self, path: str, body: Any = None, key: str | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
