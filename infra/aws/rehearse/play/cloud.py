"""AWS, as far as moto plays it: on a loopback port, with all that is asked of it on record."""

import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION = "eu-central-1"
# Who a rehearsal itself is, beside the functions.
OPERATOR = "operator"


@dataclass(frozen=True)
class Call:
    """Something that was asked of AWS."""

    at: datetime
    by: str
    service: str
    action: str
    request: dict[str, Any]
    status: int


class Cloud:
    """The server, as a context. Whoever calls is known by the access key id it signs with."""

    def __init__(self, now: Callable[[], datetime]):
        self.calls: list[Call] = []
        # Services that are out of order, for the functions.
        self.out_of_order: set[str] = set()
        self._now = now
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._one_at_a_time = threading.Lock()
        self._clients: dict[str, Any] = {}
        for chatty in ("werkzeug", "moto"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> "Cloud":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()

    def client(self, service: str) -> Any:
        """A client of the rehearsal's own."""
        if service not in self._clients:
            keys = {"aws_access_key_id": OPERATOR, "aws_secret_access_key": OPERATOR}
            made = boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)
            self._clients[service] = made
        return self._clients[service]

    def environment(self, by: str) -> dict[str, str]:
        """What makes a process call this cloud, as somebody."""
        services = ("DYNAMODB", "EVENTBRIDGE", "SNS", "SECRETS_MANAGER")
        return {
            "AWS_ACCESS_KEY_ID": by,
            "AWS_SECRET_ACCESS_KEY": "moto-looks-at-none",
            "AWS_REGION": REGION,
            **{f"AWS_ENDPOINT_URL_{service}": self.url for service in services},
        }

    def _answer(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        by, service = _signature(environ)
        answered: list[int] = []

        def start(status: str, *rest: Any) -> Any:
            answered.append(int(status.split()[0]))
            return start_response(status, *rest)

        # moto takes a copy of the tables before a transaction, and puts it back if a condition does
        # not hold: what another thread wrote meanwhile would be lost.
        with self._one_at_a_time:
            if service in self.out_of_order and by != OPERATOR:
                start("503 Service Unavailable", [("Content-Length", "0")])
                answer: Iterable[bytes] = []
            else:
                answer = list(self._moto(environ, start))
        if by != OPERATOR:
            action, request = _asked(environ, body)
            self.calls.append(Call(self._now(), by, service, action, request, answered[-1]))
        return answer


def _signature(environ: dict[str, Any]) -> tuple[str, str]:
    """Who signed a request, and for which service."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    found = re.search(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request", header)
    return (found[1], found[2]) if found else ("nobody", "nothing")


def _asked(environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, Any]]:
    """The action and its parameters, in the JSON protocols or in SNS's, a form."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2], json.loads(body)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return form.pop("Action", "an unknown action"), form
