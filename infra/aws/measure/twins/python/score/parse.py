"""One activity, from JSON to a value the rest trusts. Every flaw is found, each with its place."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from . import times
from .text import Flaw, is_number, kind, printable, prose, size, visible

_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_NAMES = "one of id, type, occurred_at, email, person_id, profile, data"


@dataclass(slots=True)
class Activity:
    source: str
    id: str
    type: str
    occurred_at: int
    who: dict
    profile: dict
    data: Any

    @property
    def lead(self):
        return lead_id(self.who)


@dataclass(slots=True)
class Invalid:
    id: str | None
    errors: list


def lead_id(who):
    """The first 96 bits of the SHA-256 of who it is."""
    if email := who.get("email"):
        name = f"email\0{email}"
    else:
        name = f"source\0{who['source']['source']}\0{who['source']['id']}"
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def parse_activity(value, source, now):
    """Gives an Activity, or Invalid with everything that is wrong."""
    if not isinstance(value, dict):
        flaw = Flaw("is not an object", 'an activity such as {"id":"…","type":"…"}')
        return Invalid(None, [_at("", flaw)])
    fields = _Fields(value)
    id_ = fields.required("id", _source_id)
    type_ = fields.required("type", _activity_type)
    email = fields.text("email", _email)
    person = fields.text("person_id", _source_id)
    occurred_at = fields.text("occurred_at", lambda text: _time(text, now))
    profile = fields.profile()
    data = fields.data()
    fields.nothing_else()
    if fields.errors:
        return Invalid(id_, fields.errors)
    who = {"email": email} if email else {"source": {"source": source, "id": person or id_}}
    at = now if occurred_at is None else occurred_at
    return Activity(source, id_, type_, at, who, profile, data)


def _at(field, flaw):
    return {"field": field, "problem": flaw.problem, "expected": flaw.expected}


def _under(parent, key, flaw):
    """A flaw under a key that somebody else chose: shown as far as an answer can bear it."""
    short = visible(key)[:40].replace("~", "~0").replace("/", "~1")
    return _at(f"{parent}/{short}", flaw)


class _Fields:
    def __init__(self, value):
        self.left, self.errors = dict(value), []

    def required(self, name, parse):
        if self.left.get(name) is None:
            self.left.pop(name, None)
            self.errors.append(_at(f"/{name}", Flaw("is missing", "a text")))
            return None
        return self.text(name, parse)

    def text(self, name, parse):
        value = self.left.pop(name, None)
        if value is None or (name == "email" and isinstance(value, str) and not value.strip()):
            return None
        try:
            if isinstance(value, str):
                return parse(value)
            if is_number(value) and name in ("id", "person_id"):
                return parse(str(value))
            raise Flaw(f"is {kind(value)}", "a text")
        except Flaw as flaw:
            self.errors.append(_at(f"/{name}", flaw))
            return None

    def profile(self):
        said = {}
        try:
            for key, value in sorted(_profile(self.left.pop("profile", None)).items()):
                try:
                    _profile_field(key, value)
                except Flaw as flaw:
                    self.errors.append(_under("/profile", key, flaw))
                else:
                    if value is not None:
                        said[key] = value
        except Flaw as flaw:
            self.errors.append(_at("/profile", flaw))
        return said

    def data(self):
        data = self.left.pop("data", None)
        try:
            if data is not None and not isinstance(data, dict):
                raise Flaw(f"is {kind(data)}", "an object")
            _storable(data)
            return data
        except Flaw as flaw:
            self.errors.append(_at("/data", flaw))
            return None

    def nothing_else(self):
        for name in sorted(self.left)[:64]:
            flaw = Flaw("is not a field of an activity", _NAMES)
            self.errors.append(_under("", name, flaw))


def _source_id(text):
    expected = "1 to 256 bytes of printable text, the same every time it is sent"
    text = text.strip()
    if not text:
        raise Flaw("is empty", expected)
    if size(text) > 256:
        raise Flaw(f"is {size(text)} bytes long", expected)
    printable(text, expected)
    return text


_NAME = re.compile(r"[a-z0-9]([a-z0-9_.-]*[a-z0-9])?")


def _activity_type(text):
    expected = (
        "at most 64 lower-case letters, digits, '_', '-' and '.', "
        "beginning and ending with a letter or digit"
    )
    if not text:
        raise Flaw("is empty", expected)
    if size(text) > 64:
        raise Flaw(f"is {size(text)} bytes long", expected)
    if not _NAME.fullmatch(text):
        raise Flaw("has a character that names can't have", expected)
    return text


_NOT_IN_AN_ADDRESS = re.compile(r'[\s"(),:;<>\[\\\]]')


def _email(typed):
    expected = "an address such as kim@acme.example"
    text = re.sub("^(mailto:)+", "", typed.strip()).lower()
    if not text:
        raise Flaw("is empty", expected)
    if size(text) > 254:
        raise Flaw(f"is {size(text)} bytes long", expected)
    printable(text, expected)
    if _NOT_IN_AN_ADDRESS.search(text):
        raise Flaw("has a character an address can't have", expected)
    local, _, domain = text.partition("@")
    if not local or "." not in domain or not all(map(_is_label, domain.split("."))):
        raise Flaw("is not an e-mail address", expected)
    return text


def _is_label(label):
    edges = label[:1] != "-" and label[-1:] != "-"
    return bool(label) and edges and all(c.isalnum() or c == "-" for c in label)


def _time(text, now):
    """Milliseconds since 1970; a clock a little ahead of ours means now."""
    try:
        claimed = times.ms(text)
    except ValueError:
        expected = "an RFC 3339 time with its offset, such as 2026-03-01T09:00:00Z"
        raise Flaw("is not a time", expected) from None
    expected = "a time within the last two years"
    if claimed - now > 10 * _MINUTE_MS:
        raise Flaw("is in the future", expected)
    if now - claimed > 731 * _DAY_MS:
        raise Flaw("is more than two years ago", expected)
    return min(claimed, now)


def _profile(value):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Flaw(f"is {kind(value)}", "an object of plain values")
    if len(value) > 64:
        raise Flaw(f"has {len(value)} keys", "at most 64")
    return value


def _profile_field(key, value):
    a_key = "a key of 1 to 64 bytes of printable text"
    a_value = "a text of at most 1024 bytes, a number, true or false"
    if not 1 <= size(key) <= 64:
        raise Flaw(f"has a key of {size(key)} bytes", a_key)
    printable(key, a_key)
    if is_number(value):
        _storable_number(value)
    elif isinstance(value, str):
        if size(value) > 1024:
            raise Flaw(f"is {size(value)} bytes long", a_value)
        prose(value, a_value)
    elif isinstance(value, (list, dict)):
        raise Flaw(f"is {kind(value)}", a_value)


def _storable(data):
    _fits(data, 16)
    length = size(json.dumps(data, separators=(",", ":"), ensure_ascii=False))
    if length > 16_384:
        raise Flaw(f"is {length} bytes of JSON", "at most 16384 bytes of JSON")


def _fits(value, depth_left):
    if depth_left == 0:
        raise Flaw("is nested too deeply", "at most 16 levels")
    if is_number(value):
        _storable_number(value)
    elif isinstance(value, str):
        prose(value, "printable text")
    elif isinstance(value, list):
        for item in value:
            _fits(item, depth_left - 1)
    elif isinstance(value, dict):
        for key, item in sorted(value.items()):
            if not key:
                raise Flaw("has an empty key", "keys with something in them")
            printable(key, "printable text")
            _fits(item, depth_left - 1)


def _storable_number(number):
    if number != 0 and not 1e-120 <= abs(number) < 1e120:
        raise Flaw("is a number beyond what we keep", "a number between 1e-120 and 1e120")
