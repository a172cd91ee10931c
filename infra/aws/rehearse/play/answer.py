"""An HTTP answer, from whichever system."""

import json
from dataclasses import dataclass
from typing import Any

# Of an answer's head, what a caller acts on.
TOLD = {
    "access-control-allow-origin",
    "allow",
    "content-type",
    "location",
    "retry-after",
    "x-correlation-id",
}


@dataclass(frozen=True)
class Answer:
    """A status, the headers that a caller acts on, a body."""

    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def plain(self) -> dict[str, Any]:
        """The answer as it is compared: JSON by what it says."""
        is_json = "json" in self.headers.get("content-type", "")
        body = self.json() if is_json else self.body
        return {"status": self.status, "headers": self.headers, "body": body}


def answer(status: int, headers: dict[str, str], body: str) -> Answer:
    """An answer with the headers that matter."""
    lower = {name.lower(): value for name, value in headers.items()}
    return Answer(status, {n: v for n, v in sorted(lower.items()) if n in TOLD}, body)
