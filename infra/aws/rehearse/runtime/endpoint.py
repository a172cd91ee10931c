"""The Runtime API (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), version 2018-06-01."""

import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic_ns
from typing import Any
from uuid import uuid4

ROOT = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Reply:
    """What came of an invocation; `given_ns` and `answered_ns` are times of `monotonic_ns`."""

    body: bytes
    failed: bool
    given_ns: int
    answered_ns: int

    def json(self) -> Any:
        """The answer, or what the function says of its failure: errorType and errorMessage."""
        return json.loads(self.body)

    @property
    def took_ms(self) -> float:
        """From handing over the payload to the last byte of the answer."""
        return (self.answered_ns - self.given_ns) / 1e6


class Invocation:
    """A payload on its way, and its reply once there is one."""

    def __init__(self, payload: bytes, headers: dict[str, str]):
        self.id = str(uuid4())
        self.payload = payload
        self.headers = {"Lambda-Runtime-Aws-Request-Id": self.id, **headers}
        self.given_ns = 0
        self.reply: queue.Queue[Reply | None] = queue.Queue()


class Endpoint:
    """One function's end of the Runtime API, on a loopback port of its own."""

    def __init__(self) -> None:
        self.first_asked_ns: int | None = None
        self.first_answered_ns: int | None = None
        self.init_error: bytes | None = None
        self._over = False
        self._waiting: queue.Queue[Invocation] = queue.Queue()
        self._under_way: dict[str, Invocation] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        poll = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True).start()

    @property
    def address(self) -> str:
        """What goes into AWS_LAMBDA_RUNTIME_API."""
        host, port = self._server.server_address[:2]
        return f"{host}:{port}"

    def hand_over(self, invocation: Invocation) -> None:
        """Gives an invocation to whoever asks next."""
        self._under_way[invocation.id] = invocation
        self._waiting.put(invocation)
        if self._over:
            self.give_up()

    def give_up(self) -> None:
        """Tells everybody who waits for a reply, and who ever will, that there is none."""
        self._over = True
        for invocation in list(self._under_way.values()):
            invocation.reply.put(None)

    def close(self) -> None:
        """Frees the port."""
        self._server.shutdown()
        self._server.server_close()

    def next(self) -> Invocation:
        """The next invocation, when there is one."""
        self.first_asked_ns = self.first_asked_ns or monotonic_ns()
        invocation = self._waiting.get()
        invocation.given_ns = monotonic_ns()
        return invocation

    def answered(self, request_id: str, body: bytes, failed: bool) -> bool:
        """Keeps a reply; false where nobody waits for it."""
        now = monotonic_ns()
        self.first_answered_ns = self.first_answered_ns or now
        invocation = self._under_way.pop(request_id, None)
        if invocation is not None:
            invocation.reply.put(Reply(body, failed, invocation.given_ns, now))
        return invocation is not None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A function that is stopped leaves its connection in the middle of a request."""


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet and at once: else latencies would be those of TCP.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path != f"{ROOT}invocation/next":
                return self._send(404, {}, b"")
            invocation = endpoint.next()
            headers = {"Content-Type": "application/json", **invocation.headers}
            self._send(200, headers, invocation.payload)

        def do_POST(self) -> None:
            body = _body(self)
            match self.path.removeprefix(ROOT).split("/"):
                case ["init", "error"]:
                    endpoint.init_error = body
                    self._accept(True)
                case ["invocation", request_id, "response" | "error" as kind]:
                    self._accept(endpoint.answered(request_id, body, kind == "error"))
                case _:
                    self._send(404, {}, b"")

        def _accept(self, known: bool) -> None:
            status, word = (202, b'{"status":"OK"}') if known else (400, b'{"status":"unknown"}')
            self._send(status, {"Content-Type": "application/json"}, word)

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads an access log of the function's own calls."""

    return Handler


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """A request's body; runtimes that stream an answer send it in chunks."""
    if "chunked" not in request.headers.get("Transfer-Encoding", ""):
        return request.rfile.read(int(request.headers.get("Content-Length", 0)))
    chunks = []
    while size := int(request.rfile.readline().split(b";")[0], 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    # Trailers, and the empty line after them.
    while request.rfile.readline().strip():
        pass
    return b"".join(chunks)
