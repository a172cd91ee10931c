"""How slips are made: each function gives one that changes a template's resources in place."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Slip = Callable[[dict], Any]


def _properties(resource: str, *path: str | int) -> Slip:
    """What is at a place in a resource's properties."""

    def at(resources: dict) -> Any:
        node = resources[resource]["Properties"]
        for step in path:
            node = node[step]
        return node

    return at


def drop(resource: str, *path: str | int) -> Slip:
    """Leaves out what is at a place in a resource's properties."""
    *parents, last = path
    return lambda resources: _properties(resource, *parents)(resources).pop(last)


def put(value: Any, resource: str, *path: str | int) -> Slip:
    """Puts something else at a place in a resource's properties."""
    *parents, last = path

    def change(resources: dict) -> None:
        _properties(resource, *parents)(resources)[last] = value

    return change


def lose(resource: str) -> Slip:
    """Leaves out a resource, and whoever waits for it."""

    def change(resources: dict) -> None:
        del resources[resource]
        for other in resources.values():
            if resource in other.get("DependsOn", []):
                other["DependsOn"].remove(resource)

    return change


def _statement(role: str, sid: str) -> Callable[[dict], dict]:
    """A statement of a function's role."""

    def at(resources: dict) -> dict:
        policy = resources[role]["Properties"]["Policies"][0]["PolicyDocument"]
        return next(s for s in policy["Statement"] if s["Sid"] == sid)

    return at


def grant(role: str, sid: str, **changed: Any) -> Slip:
    """Grants something else by a statement."""
    return lambda resources: _statement(role, sid)(resources).update(changed)


def revoke(role: str, sid: str) -> Slip:
    """Leaves out a statement."""

    def change(resources: dict) -> None:
        policy = resources[role]["Properties"]["Policies"][0]["PolicyDocument"]
        policy["Statement"].remove(_statement(role, sid)(resources))

    return change


def attribute(resource: str, name: str, value: Any) -> Slip:
    """Says something else about a resource than its properties."""
    return lambda resources: resources[resource].update({name: value})


def scheduled_rule(resources: dict) -> None:
    """The timer as it was made before Scheduler."""
    target = resources.pop("Sweep")["Properties"]["Target"]
    properties = {
        "EventBusName": {"Ref": "Bus"},
        "ScheduleExpression": "rate(1 minute)",
        "EventPattern": {"source": ["baton"], "detail-type": ["lead.qualified"]},
        "Targets": [{"Id": "sla", **target}],
    }
    resources["Sweep"] = {"Type": "AWS::Events::Rule", "Properties": properties}


def unroute(resources: dict) -> None:
    """Forgets a route, and everything about it."""
    key = resources["PutStatusRoute"]["Properties"]["RouteKey"]
    lose("PutStatusRoute")(resources)
    del resources["Stage"]["Properties"]["RouteSettings"][key]


def undocumented(resources: dict) -> None:
    """Lets a function answer what openapi.yaml does not have."""
    resources["AnyRoute"] = deepcopy(resources["GetLeadRoute"])
    resources["AnyRoute"]["Properties"]["RouteKey"] = "GET /leads/{lead}/everything"


def rename(resource: str, name: str) -> Slip:
    """Calls a resource something else."""

    def change(resources: dict) -> None:
        resources[name] = resources.pop(resource)

    return change


def relabel(word: str, other: str) -> Slip:
    """Says another word on the dashboard."""

    def change(resources: dict) -> None:
        properties = resources["Dashboard"]["Properties"]
        body = properties["DashboardBody"]["Fn::Sub"]
        properties["DashboardBody"] = {"Fn::Sub": body.replace(f'"{word}"', f'"{other}"')}

    return change


def unconditional(resource: str) -> Slip:
    """Makes an optional resource whether it is asked for or not."""
    return lambda resources: resources[resource].pop("Condition")


def untraced(resources: dict) -> None:
    """No function may write to X-Ray."""
    for name in ("Score", "Route", "Sla", "Desk"):
        revoke(f"{name}Role", "Trace")(resources)
