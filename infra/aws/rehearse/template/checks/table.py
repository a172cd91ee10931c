"""The table is the one the code expects, and its data outlives mistakes."""

from collections.abc import Iterator

from ..house import Index, key
from ..world import World


def _table(world: World) -> dict:
    ((_, table),) = world.of("DynamoDB::Table").items()
    return table


def has_the_codes_keys(world: World) -> Iterator[str]:
    """Key schema and attributes equal those of the table that the code creates."""
    table = _table(world)
    if key(table["KeySchema"]) != world.house.key:
        yield f"the key is {key(table['KeySchema'])}, the code's {world.house.key}"
    defined = {a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]}
    if defined != world.house.attributes:
        yield f"the attributes are {defined}, the code's {world.house.attributes}"


def has_the_codes_indexes(world: World) -> Iterator[str]:
    """Indexes, their keys and what they project equal those of the table that the code creates."""
    indexes = {}
    for index in _table(world).get("GlobalSecondaryIndexes", []):
        projected = tuple(index["Projection"].get("NonKeyAttributes", ()))
        indexes[index["IndexName"]] = Index(*key(index["KeySchema"]), projected)
        if index["Projection"]["ProjectionType"] != ("INCLUDE" if projected else "ALL"):
            yield f"index {index['IndexName']} projects {index['Projection']}"
    for name in sorted(indexes.keys() | world.house.indexes.keys()):
        if indexes.get(name) != world.house.indexes.get(name):
            yield f"index {name} is {indexes.get(name)}, the code's {world.house.indexes.get(name)}"


def forgets_in_time(world: World) -> Iterator[str]:
    """The time-to-live is on, and on the attribute that the code writes."""
    expected = {"AttributeName": world.house.time_to_live, "Enabled": True}
    if _table(world).get("TimeToLiveSpecification") != expected:
        yield f"the time-to-live is not {expected}"


def is_encrypted(world: World) -> Iterator[str]:
    """The table is encrypted by a key of KMS."""
    if _table(world).get("SSESpecification", {}).get("SSEEnabled") is not True:
        yield "the table is not encrypted by a key of the account"


def is_recoverable(world: World) -> Iterator[str]:
    """Point-in-time recovery is on."""
    recovery = _table(world).get("PointInTimeRecoverySpecification", {})
    if recovery.get("PointInTimeRecoveryEnabled") is not True:
        yield "the table has no point-in-time recovery"


def outlives_the_stack(world: World) -> Iterator[str]:
    """Neither a deletion nor a replacement by CloudFormation takes the data along."""
    ((name, _),) = world.of("DynamoDB::Table").items()
    if _table(world).get("DeletionProtectionEnabled") is not True:
        yield "the table has no deletion protection"
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if world.resources[name].get(policy) != "Retain":
            yield f"the table's {policy} is not Retain"
    if "TableName" in _table(world):
        yield "the table has a name: once retained it stands in the next deployment's way"


def is_paid_by_request(world: World) -> Iterator[str]:
    """No capacity to plan: an idle table costs its storage."""
    if _table(world).get("BillingMode") != "PAY_PER_REQUEST":
        yield "the table is not paid by request"


CHECKS = [
    has_the_codes_keys,
    has_the_codes_indexes,
    forgets_in_time,
    is_encrypted,
    is_recoverable,
    outlives_the_stack,
    is_paid_by_request,
]
