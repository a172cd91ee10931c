"""A system that is played on: what is asked of it, by whom, and what it answers."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from .answer import Answer, masked
from .documents import Documents
from .gateway import Request
from .prospects import Prospect

# What the traces of the script's requests begin with: 24 of 32 digits.
TRACES = "5c5c5c5c5c5c5c5c5c5c5c5c"
JSON = {"content-type": "application/json"}


class System(Protocol):
    """What a script is played on."""

    def call(self, request: Request) -> Answer: ...
    def advance(self, by: timedelta) -> None: ...
    def publish(self, policy: Path) -> None: ...
    def letters(self) -> list[dict]: ...
    def events(self) -> list[dict]: ...


class Unexpected(Exception):
    """A system answered something else than the script says."""


class Stage:
    """A system while it is played on: what is asked of it, by whom, and what it answers."""

    def __init__(self, system: System, documents: Documents):
        self.system, self.documents = system, documents
        self.answers: list[dict] = []
        self._scene = ""

    def scene(self, name: str) -> None:
        """What comes now."""
        self._scene = name

    def ask(self, method: str, path: str, body: bytes = b"", *, status: int = 200,
            **headers: str) -> Answer:
        """Sends a request as it is."""
        path, _, query = path.partition("?")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["traceparent"] = f"00-{TRACES}{len(self.answers) + 1:08x}-00f067aa0ba902b7-01"
        answer = self.system.call(Request(method, path, query, named, body))
        asked = f"{self._scene}: {method} {masked(path)}"
        self.answers.append({"asked": asked, "answer": answer.plain()})
        if answer.status != status:
            raise Unexpected(f"{asked} is answered with {answer.status}: {answer.body}")
        return answer

    def desk(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Answer:
        """What the CRM asks."""
        key = f"Bearer {self.documents.keys['desk']['current']}"
        text = b"" if body is None else json.dumps(body).encode()
        kind = JSON["content-type"]
        return self.ask(method, path, text, status=status, authorization=key, content_type=kind)

    def does(self, *activities: dict) -> list[dict]:
        """What a tool of ours sends: one activity as it is, several as an array."""
        key = f"Bearer {self.documents.keys['sources']['website']['current']}"
        body = activities[0] if len(activities) == 1 else list(activities)
        kind = JSON["content-type"]
        said = self.ask("POST", "/activities", json.dumps(body).encode(), authorization=key,
                        content_type=kind).json()
        return said["results"] if len(activities) > 1 else [said]

    def is_now(self, who: Prospect, status: str, **more: Any) -> dict:
        """Looks at a lead, which has to be so."""
        lead = self.desk("GET", f"/leads/{who.lead}").json()
        seen = {name: lead[name] for name in more}
        if (lead["status"], seen) != (status, more):
            raise Unexpected(f"{self._scene}: the lead is {lead['status']}, {seen}")
        return lead

    def told(self, who: Prospect, kind: str) -> list[str]:
        """Whom a kind of alert about a lead went to, by e-mail."""
        lead = self.desk("GET", f"/leads/{who.lead}").json()["lead"]
        letters = self.system.letters()
        return [letter["to"] for letter in letters
                if (letter["lead"], letter["kind"], letter["channel"]) == (lead, kind, "email")]


def expect(holds: bool, what: Any) -> None:
    """Stops the play where the script's own promise is broken."""
    if not holds:
        raise Unexpected(f"not as it should be: {what}")
