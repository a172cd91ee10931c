"""An HTTP answer, from whichever system."""

import json
import re
from collections.abc import Iterable
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
    # What it sets, which is chance's and is not compared.
    cookies: tuple[str, ...] = ()

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def plain(self) -> dict[str, Any]:
        """The answer as it is compared: JSON by what it says."""
        is_json = "json" in self.headers.get("content-type", "")
        body = self.json() if is_json else masked(self.body)
        headers = {name: masked(text) for name, text in self.headers.items()}
        return {"status": self.status, "headers": headers, "body": body}


def answer(
    status: int, headers: dict[str, str], body: str, cookies: Iterable[str] = ()
) -> Answer:
    """An answer with the headers that matter."""
    lower = {name.lower(): value for name, value in headers.items()}
    told = {n: v for n, v in sorted(lower.items()) if n in TOLD}
    return Answer(status, told, body, tuple(cookies))


def masked(text: str) -> str:
    """A text without what a session and a link to sign in have of chance."""
    text = re.sub(r'(name="csrf" value=)"[^"]*"', r'\1"…"', text)
    return re.sub(r"/sign-in/(?!sent)[\w-]{20,}", "/sign-in/…", text)
