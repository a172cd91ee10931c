"""AWS on this machine: a process of its own for the table, the bus, the alerts and the secrets."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from .here import TARGET

SOURCE_KEY = "website-key-to-measure-with"
DESK_KEY = "desk-key-to-measure-with"
_LINK_KEY = "link-key-to-measure-with-0123456789abcdef"

_SECRET_NAME = "secrets.toml"
_SECRET = (
    f'link_key = "{_LINK_KEY}"\n[desk]\ncurrent = "{DESK_KEY}"\n'
    f'[sources.website]\ncurrent = "{SOURCE_KEY}"\n'
)


class Aws:
    """A fresh, empty account, as a context."""

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        (Path(self._folder.name) / _SECRET_NAME).write_text(_SECRET)
        self._events = TemporaryDirectory()
        self._process = subprocess.Popen(
            [TARGET / "release" / "local-aws", self._folder.name],
            stdin=subprocess.PIPE,
            stdout=(Path(self._events.name) / "out").open("wb"),
        )
        self._at = self._greeting()
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()
        self._events.cleanup()

    def environment(self) -> dict[str, str]:
        """What a function is given."""
        return {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "AWS_ENDPOINT_URL_DYNAMODB": self._at["dynamodb"],
            "AWS_ENDPOINT_URL_EVENTBRIDGE": self._at["eventbridge"],
            "AWS_ENDPOINT_URL_SNS": self._at["sns"],
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self._at["secrets_manager"],
            "BATON_TABLE": self._at["table"],
            "BATON_BUS": "baton",
            "BATON_TOPIC_PREFIX": "arn:aws:sns:eu-central-1:123456789012:baton-to-",
            "BATON_OPERATORS_TOPIC": "arn:aws:sns:eu-central-1:123456789012:baton-operators",
            "BATON_URL": "https://baton.example",
            "BATON_SECRET": _SECRET_NAME,
        }

    def events(self) -> list[dict]:
        """What was put on the bus, in order."""
        return [json.loads(line) for line in self._lines()[1:]]

    def _greeting(self) -> dict[str, str]:
        while not (lines := self._lines()):
            if self._process.poll() is not None:
                raise RuntimeError("local-aws ended instead of saying where it is")
        return json.loads(lines[0])

    def _lines(self) -> list[str]:
        text = (Path(self._events.name) / "out").read_text()
        return text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]
