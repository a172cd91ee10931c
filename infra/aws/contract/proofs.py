"""Proves deliveries to be their source's own, each in its source's way.

The document can only say that a hook is signed: what the signature is follows from the body.
"""

import base64
import hashlib
import hmac
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests.auth
import schemathesis

SECRETS = tomllib.loads(Path(__file__).with_name("secrets.toml").read_text())


def secret_of(name):
    keys = SECRETS["desk"] if name == "desk" else SECRETS["sources"][name]
    return keys["current"]


class Proof(requests.auth.AuthBase):
    """Adds the proof to a request that is ready to be sent."""

    def __call__(self, request):
        source = urlsplit(request.url).path.rsplit("/", 1)[-1]
        if source not in SECRETS["sources"]:
            return request
        secret = secret_of(source)
        if source == "typeform":
            request.headers["Typeform-Signature"] = signature(secret, request.body or b"")
        elif source == "zapier":
            request.headers["X-API-Key"] = secret
        elif source == "jotform":
            separator = "&" if urlsplit(request.url).query else "?"
            request.url = f"{request.url}{separator}key={quote(secret)}"
        else:
            request.headers["Authorization"] = f"Bearer {secret}"
        return request


def signature(secret, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    data = body.encode() if isinstance(body, str) else body
    return "sha256=" + base64.b64encode(hmac.digest(key, data, hashlib.sha256)).decode()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path == "/webhooks/{source}" and case.method == "POST":
        kwargs["auth"] = Proof()
