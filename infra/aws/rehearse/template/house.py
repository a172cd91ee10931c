"""What the code says that the template must repeat, read from the sources themselves."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[4]
CLOUD = ROOT / "shared/cloud/src"
# A payload that the function's own test reads.
CHECK_CHANNELS = ROOT / "functions/sla/events/check-channels.json"
METHODS = ("delete", "get", "head", "options", "patch", "post", "put")


@dataclass(frozen=True)
class Index:
    """A secondary index; `projected` is empty where everything is."""

    hash: str
    range: str
    projected: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """Facts of the code."""

    attributes: dict[str, str]
    key: tuple[str, str]
    indexes: dict[str, Index]
    time_to_live: str
    variables: dict[str, set[str]]
    check_channels: dict
    bus_source: str
    events: set[str]
    operations: set[str]
    binaries: dict[str, str]
    segments: dict[str, set[str]]
    metrics: set[str]
    rust: str


class Unreadable(Exception):
    """A source does not look as this module expects: one of the two has to follow the other."""


def read() -> House:
    """Reads the checkout this file is in."""
    keys = _texts(CLOUD / "keys.rs")
    create = (CLOUD / "table/create.rs").read_text()
    return House(
        attributes=_attributes(create, keys),
        key=_key(create, keys),
        indexes=_indexes(create, keys),
        time_to_live=keys["EXPIRES_AT"],
        variables={name: _variables(name) for name in _binaries()},
        check_channels=json.loads(CHECK_CHANNELS.read_text()),
        bus_source=_found(CLOUD / "outbox.rs", r'const SOURCE: &str = "(\w+)";')[0],
        events=set(_found(ROOT / "shared/core/src/message.rs", r'=> "(lead\.\w+)"')),
        operations=_operations(),
        binaries=_binaries(),
        segments={name: _segments(name) for name in ("score", "desk")},
        metrics=_metrics(),
        rust="".join(path.read_text() for path in _sources()),
    )


def _texts(path: Path) -> dict[str, str]:
    return dict(re.findall(r'const (\w+): &str = "([^"]*)";', path.read_text()))


def _found(path: Path, pattern: str) -> list[str]:
    found = re.findall(pattern, path.read_text())
    if not found:
        raise Unreadable(f"{path.relative_to(ROOT)} has nothing like {pattern}")
    return found


def _array(create: str, name: str) -> tuple[int, str]:
    """How many elements an array of create.rs says it has, and what is between its brackets."""
    array = re.search(rf"const {name}: \[.*?; (\d+)\] = \[(.*?)\n\];", create, re.DOTALL)
    if array is None:
        raise Unreadable(f"create.rs has no array {name}")
    return int(array[1]), array[2]


def _all(length: int, found: list, name: str) -> list:
    if len(found) != length:
        raise Unreadable(f"create.rs: {len(found)} of {length} elements of {name} understood")
    return found


def _attributes(create: str, keys: dict[str, str]) -> dict[str, str]:
    length, body = _array(create, "ATTRIBUTES")
    found = re.findall(r"\(keys::(\w+), ScalarAttributeType::([SNB])\)", body)
    return {keys[name]: kind for name, kind in _all(length, found, "ATTRIBUTES")}


def _key(create: str, keys: dict[str, str]) -> tuple[str, str]:
    found = re.findall(r"\.key_schema\(key\(keys::(\w+), KeyType::(Hash|Range)\)\)", create)
    if [kind for _, kind in found] != ["Hash", "Range"]:
        raise Unreadable("create.rs: the table's own key is not understood")
    return keys[found[0][0]], keys[found[1][0]]


def _indexes(create: str, keys: dict[str, str]) -> dict[str, Index]:
    length, body = _array(create, "INDEXES")
    row = r"\(\s*keys::(\w+),\s*keys::(\w+),\s*keys::(\w+),\s*&\[(.*?)\],?\s*\)"
    found = _all(length, re.findall(row, body, re.DOTALL), "INDEXES")
    indexes = {}
    for name, partition, sort, projected in found:
        words = re.findall(r'keys::(\w+)|"(\w+)"', projected)
        attributes = tuple(keys[constant] if constant else text for constant, text in words)
        indexes[keys[name]] = Index(keys[partition], keys[sort], attributes)
    return indexes


def _sources() -> list[Path]:
    """Everything that runs on AWS."""
    return sorted([*CLOUD.rglob("*.rs"), *(ROOT / "functions").glob("*/src/**/*.rs")])


def _variables(function: str) -> set[str]:
    """The environment's variables that a function's code names in its texts, or the cloud's."""
    own = (ROOT / "functions" / function / "src").rglob("*.rs")
    sources = [*own, *CLOUD.rglob("*.rs")]
    return {name for path in sources for name in re.findall(r'"(BATON_\w+)"', path.read_text())}


def _metrics() -> set[str]:
    """The metrics that the code makes samples of."""
    sample = r'(?:Sample|Self)::(?:count|seconds)\("(\w+)"'
    found = {name for path in _sources() for name in re.findall(sample, path.read_text())}
    if not found:
        raise Unreadable(f"nothing that runs on AWS has anything like {sample}")
    return found


def _operations() -> set[str]:
    document = yaml_parse((ROOT / "infra/aws/openapi.yaml").read_text())
    return {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _binaries() -> dict[str, str]:
    """The binary of each function."""
    binaries = {}
    for manifest in (ROOT / "functions").glob("*/Cargo.toml"):
        for binary in tomllib.loads(manifest.read_text())["bin"]:
            binaries[manifest.parent.name] = binary["name"]
    return binaries


def _segments(function: str) -> set[str]:
    """The first segments of the paths that a function answers; the front page has none."""
    source = ROOT / f"functions/{function}/src"
    routes = source / "route.rs"
    file = routes if routes.exists() else source / "lib.rs"
    return set(_found(file, r'\["?([a-z.-]*)(?:"|\] =>)'))
