"""What the code says that the template must repeat, as the program itself tells it."""

import json
import os
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[4]
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
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
    # The functions that know an operation's path and method.
    routes: dict[str, set[str]]
    metrics: set[str]


def build() -> None:
    """Builds what the rehearsal runs of ours besides what would be uploaded, into target/debug."""
    subprocess.run(["cargo", "build-all", "--quiet"], cwd=ROOT, check=True)


def read() -> House:
    """Asks the program of the checkout this file is in: see tests/src/bin/facts.rs."""
    build()
    operations = _operations()
    command = [TARGET / "debug/facts", *sorted(operations)]
    facts = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    table = facts["table"]
    return House(
        attributes={a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]},
        key=key(table["KeySchema"]),
        indexes={index["IndexName"]: _index(index) for index in table["GlobalSecondaryIndexes"]},
        time_to_live=facts["time_to_live"],
        variables={name: set(read) for name, read in facts["variables"].items()},
        check_channels=json.loads(CHECK_CHANNELS.read_text()),
        bus_source=facts["bus_source"],
        events=set(facts["events"]),
        operations=operations,
        binaries=_binaries(),
        routes={operation: set(functions) for operation, functions in facts["routes"].items()},
        metrics=set(facts["metrics"]),
    )


def key(schema: list[dict]) -> tuple[str, ...]:
    """The partition key and the sort key of a key schema."""
    return tuple(
        element["AttributeName"]
        for kind in ("HASH", "RANGE")
        for element in schema
        if element["KeyType"] == kind
    )


def _index(described: dict) -> Index:
    projected = tuple(described["Projection"].get("NonKeyAttributes", ()))
    return Index(*key(described["KeySchema"]), projected)


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
