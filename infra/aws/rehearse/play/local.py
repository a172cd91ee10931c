"""The system on one machine: `baton serve` on its embedded store, over HTTP."""

import http.client
import json
import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from . import clock as clocks
from .answer import Answer, answer
from .gateway import Request, headers


class Local:
    """The process, as a context. It may be stopped and started again with another policy."""

    def __init__(self, baton: Path, folder: Path, files: dict[str, Path], url: str, now: datetime):
        self._baton, self._folder, self._files, self._url = baton, folder, dict(files), url
        self._began = now

    def __enter__(self) -> "Local":
        self._start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop()

    def call(self, request: Request) -> Answer:
        """Sends a request."""
        path = f"{request.path}?{request.query}" if request.query else request.path
        return self._send(request.method, path, request.body, headers(request))

    def advance(self, by: timedelta) -> None:
        """Lets time pass."""
        moved = {"advance": f"{int(by.total_seconds())}s"}
        said = self._send("POST", "/local/clock", json.dumps(moved).encode(), {})
        if said.status != 200:
            raise RuntimeError(f"the local clock does not move: {said.body}")

    def publish(self, policy: Path) -> None:
        """Goes on with another policy: what is published on AWS is an argument here."""
        self._files["policy"] = policy
        self._stop()
        self._start()

    def letters(self) -> list[dict]:
        """What went out to people."""
        return self._send("GET", "/local/inbox", b"", {}).json()

    def events(self) -> list[dict]:
        """What was published."""
        events = self._send("GET", "/local/events", b"", {}).json()
        return [{name: it for name, it in event.items() if name != "id"} for event in events]

    def _start(self) -> None:
        files = [word for name, file in self._files.items() for word in (f"--{name}", file)]
        command = [
            *(self._baton, "serve", "--listen", "127.0.0.1:0", "--data", self._folder),
            *("--clock", f"manual:{clocks.text(self._began)}", "--url", self._url, *files),
        ]
        # It warns of what the script gets wrong on purpose.
        quiet = {**os.environ, "RUST_LOG": "off"}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet)
        found = re.search(r"http://(\S+)", self._process.stdout.readline())
        if found is None:
            raise RuntimeError("baton serve did not start; why is above")
        self._connection = http.client.HTTPConnection(found[1], timeout=60)

    def _stop(self) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.communicate(timeout=10)

    def _send(self, method: str, path: str, body: bytes, head: dict[str, str]) -> Answer:
        # As it arrives behind the gateway, and nothing else: what is kept of it is compared.
        self._connection.putrequest(method, path, skip_host="host" in head,
                                    skip_accept_encoding=True)
        for name, value in {"content-length": str(len(body)), **head}.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(body or None)
        response = self._connection.getresponse()
        cookies = response.headers.get_all("set-cookie") or ()
        head = dict(response.headers)
        return answer(response.status, head, response.read().decode(), cookies)
