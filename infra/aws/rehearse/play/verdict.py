"""What a play shows: everything compared and held to, then faults planted in it."""

from collections.abc import Iterable

from . import faults, printed, rights
from .compare import Ends, differences
from .documents import Documents
from .perform import Played
from .prospects import secrets_of_theirs
from .recorded import gateway_complaints

# Lines of complaint that are read.
SHOWN = 200


def holds(deployed: Played, local: Ends, documents: Documents) -> bool:
    """Compares, checks, and plants faults into what was checked."""
    stack, private = deployed.stack, private_of(documents)
    used, granted = rights.used(deployed.calls, stack), rights.granted(stack.resources)
    metrics, table = printed.emitted(deployed.lines), stack.outputs["TableName"]
    routes = {route["RouteKey"] for route in stack.of("ApiGatewayV2::Route").values()}
    ended = deployed.ends
    checked = [
        report(f"{len(ended.answers)} answers, {count(ended.letters)} letters and "
               f"{count(ended.events)} events alike", differences(ended, local)),
        report("payloads as API Gateway makes them", gateway_complaints(sorted(routes))),
        report(f"all {len(routes)} routes asked",
               [f"nobody asked {route}" for route in sorted(routes - deployed.asked)]),
        report(f"{len(deployed.calls)} calls took {len(used)} rights; {len(granted)} are granted",
               rights.complaints(used, granted)),
        report(f"{len(metrics)} metrics emitted", printed.metric_complaints(metrics, table)),
        report(f"{len(deployed.lines)} lines printed, none of {len(private)} private words in them",
               printed.leaks(deployed.lines, private)),
    ]
    # In a play that does not hold, a planted fault shows nothing.
    if not all(checked):
        return False
    missed = faults.missed(used, ended, deployed.lines, metrics, table, private)
    print(f"{faults.COUNT - len(missed)} of {faults.COUNT} planted faults caught")
    for name in missed:
        print(f"  not caught: {name}")
    return not missed


def report(what: str, complaints: Iterable[str]) -> bool:
    """Says what was checked, and every complaint."""
    found = list(complaints)
    print(f"{what}: {len(found)} {'line' if len(found) == 1 else 'lines'} to the contrary")
    for line in found[:SHOWN]:
        print(f"  {line}")
    if len(found) > SHOWN:
        print(f"  … and {len(found) - SHOWN} more")
    return not found


def count(grouped: dict[str, list[dict]]) -> int:
    """How many there are in all groups."""
    return sum(map(len, grouped.values()))


def private_of(documents: Documents) -> set[str]:
    """What no line may have: prospects, people, keys."""
    people = {person[key] for person in documents.people for key in ("name", "email", "sms")
              if key in person}
    keys = [documents.keys["desk"], *documents.keys["sources"].values()]
    return {*secrets_of_theirs(), *people, *(key["current"] for key in keys),
            documents.keys["link_key"]}
