"""AWS on this machine: a process of its own for the table, the bus, the alerts and the secrets."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from .here import TARGET

SOURCE_KEY = "website-key-to-measure-with"
DESK_KEY = "desk-key-to-measure-with"
_LINK_KEY = "link-key-to-measure-with-0123456789abcdef"

# Two texts of one content: ours is TOML, and a twin would rather parse what its language brings.
SECRETS = {
    "toml": f'link_key = "{_LINK_KEY}"\n[desk]\ncurrent = "{DESK_KEY}"\n'
            f'[sources.website]\ncurrent = "{SOURCE_KEY}"\n',
    "json": json.dumps({
        "link_key": _LINK_KEY,
        "desk": {"current": DESK_KEY},
        "sources": {"website": {"current": SOURCE_KEY}},
    }),
}

# A signature that nobody checks, in the form that is looked at.
_SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/dynamodb/aws4_request, "
                     "SignedHeaders=host, Signature=0",
    "x-amz-date": "20260301T090000Z",
    "content-type": "application/x-amz-json-1.0",
}


class Aws:
    """A fresh, empty account, as a context."""

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        for name, text in SECRETS.items():
            (Path(self._folder.name) / name).write_text(text)
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

    def environment(self, secret: str) -> dict[str, str]:
        """What a function is given, with the secret of that form."""
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
            "BATON_SECRET": secret,
        }

    def events(self) -> list[dict]:
        """What was put on the bus, in order."""
        return [json.loads(line) for line in self._lines()[1:]]

    def items(self) -> dict[str, dict]:
        """Everything in the table, by key."""
        return {f"{item['pk']['S']} {item['sk']['S']}": item for item in self._scan()}

    def put(self, item: dict) -> None:
        """Puts an item past the functions."""
        self._call("PutItem", {"TableName": self._at["table"], "Item": item})

    def _scan(self) -> Iterator[dict]:
        start: dict = {}
        while True:
            page = self._call("Scan", {"TableName": self._at["table"], **start})
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _call(self, operation: str, body: dict) -> dict:
        headers = {**_SIGNED, "x-amz-target": f"DynamoDB_20120810.{operation}"}
        request = urllib.request.Request(
            self._at["dynamodb"], json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def _greeting(self) -> dict[str, str]:
        while not (lines := self._lines()):
            if self._process.poll() is not None:
                raise RuntimeError("local-aws ended instead of saying where it is")
        return json.loads(lines[0])

    def _lines(self) -> list[str]:
        text = (Path(self._events.name) / "out").read_text()
        return text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]
