"""Nothing is lost on its way: every hop that nobody waits for says how often it is tried again,
for how long, and where what failed for good is kept."""

import json
import re
from collections.abc import Iterator

from ..world import World, differences

RETRIES = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")


def _targets(world: World) -> Iterator[tuple[str, str, dict]]:
    """Every target of a rule or schedule: what points at it, and its principal."""
    for name, rule in world.of("Events::Rule").items():
        for target in rule["Targets"]:
            yield name, "events.amazonaws.com", target
    for name, schedule in world.of("Scheduler::Schedule").items():
        yield name, "scheduler.amazonaws.com", schedule["Target"]


def _queues(world: World) -> set[str]:
    return {f"${{{name}.Arn}}" for name in world.of("SQS::Queue")}


def _mappings(world: World) -> Iterator[tuple[str, dict, str]]:
    """What empties an inbox: its name, its properties, and the inbox's resource."""
    for name, mapping in world.of("Lambda::EventSourceMapping").items():
        yield name, mapping, mapping["EventSourceArn"].removeprefix("${").removesuffix(".Arn}")


def _may(world: World, role: str, action: str, resource: str) -> bool:
    """Whether a role, named as `${Role.Arn}`, grants an action on exactly that resource."""
    properties = world.of("IAM::Role").get(role.removeprefix("${").removesuffix(".Arn}"), {})
    for policy in properties.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            actions = [actions] if isinstance(actions, str) else actions
            resources = [resources] if isinstance(resources, str) else resources
            if action in actions and resource in resources:
                return True
    return False


def _lets_in(world: World, queue: str, principal: str, rule: str) -> bool:
    """Whether a queue's policy lets that rule, and nobody else of the principal, write to it."""
    expected = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": f"${{{rule}.Arn}}"}},
    }
    name = queue.removesuffix(".Arn}") + "}"
    return any(
        expected.items() <= statement.items()
        for policy in world.of("SQS::QueuePolicy").values()
        if name in policy["Queues"]
        for statement in policy["PolicyDocument"]["Statement"]
    )


def say_how_often(world: World) -> Iterator[str]:
    """Every target of a rule or schedule has its retries and age spelt out."""
    for name, _, target in _targets(world):
        missing = [key for key in RETRIES if key not in target.get("RetryPolicy", {})]
        if missing:
            yield f"{name} leaves {', '.join(missing)} to a default"


def outlast_an_outage(world: World) -> Iterator[str]:
    """The bus tries for a day: longer than DynamoDB's worst outage of 2025 (14 h 32 min)."""
    for name, rule in world.of("Events::Rule").items():
        for target in rule["Targets"]:
            if target.get("RetryPolicy", {}).get("MaximumEventAgeInSeconds") != 86400:
                yield f"{name} gives up an event within a day"


def keep_what_cannot_be_delivered(world: World) -> Iterator[str]:
    """Every target has a queue of dead letters, and who fills it is allowed to."""
    for name, principal, target in _targets(world):
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if queue not in _queues(world):
            yield f"{name} keeps no dead letters"
        elif principal == "events.amazonaws.com":
            if not _lets_in(world, queue, principal, name):
                yield f"{name} may not write to {queue}"
        elif not _may(world, target["RoleArn"], "sqs:SendMessage", queue):
            yield f"{name} may not write to {queue}"


def keep_what_a_function_failed_at(world: World) -> Iterator[str]:
    """Every function that a rule or schedule starts keeps what it failed at, by its own rights."""
    configured = {c["FunctionName"]: c for c in world.of("Lambda::EventInvokeConfig").values()}
    functions = world.functions()
    for name, _, target in _targets(world):
        function = target["Arn"].removeprefix("${").removesuffix(".Arn}")
        if function not in functions:
            continue
        config = configured.get(f"${{{function}}}", {})
        missing = [key for key in RETRIES if key not in config]
        if missing:
            yield f"{function} leaves {', '.join(missing)} to a default"
        queue = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if queue not in _queues(world):
            yield f"{function}, started by {name}, does not keep what it failed at"
        elif not _may(world, functions[function]["Role"], "sqs:SendMessage", queue):
            yield f"{function} may not write to {queue}"


def start_what_they_may(world: World) -> Iterator[str]:
    """Every rule and schedule may start its target, and nobody else may in its name."""
    queues = _queues(world)
    let_in = {
        (p["FunctionName"], p["Principal"], p.get("SourceArn"))
        for p in world.of("Lambda::Permission").values()
    }
    for name, principal, target in _targets(world):
        arn = target["Arn"]
        by_role = "RoleArn" in target and any(
            _may(world, target["RoleArn"], action, arn)
            for action in ("lambda:InvokeFunction", "events:InvokeApiDestination")
        )
        function = arn.removesuffix(".Arn}") + "}"
        called = (function, principal, f"${{{name}.Arn}}") in let_in
        filled = arn in queues and _lets_in(world, arn, principal, name)
        if not (by_role or called or filled):
            yield f"{name} may not start {arn}"


def empty_what_is_filled(world: World) -> Iterator[str]:
    """Every inbox that a rule fills is emptied by a function that may, a few at a time."""
    emptied = set()
    for name, mapping, inbox in _mappings(world):
        emptied.add(mapping["EventSourceArn"])
        function = mapping["FunctionName"].removeprefix("${").removesuffix("}")
        role = world.functions()[function]["Role"]
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            if not _may(world, role, f"sqs:{action}", mapping["EventSourceArn"]):
                yield f"{function} may not {action} of {inbox}"
        if mapping.get("Enabled") is not True:
            yield f"{name} is switched off"
        if mapping.get("ScalingConfig", {}).get("MaximumConcurrency") != 2:
            yield f"{name} lets more than two of {function} run at once"
    filled = {t["Arn"] for _, _, t in _targets(world)} & _queues(world)
    yield from differences("inbox", filled, emptied, "is emptied by nobody")


def try_what_waits_for_a_day(world: World) -> Iterator[str]:
    """What a function failed at stays in its inbox for a day of tries, then with the failures."""
    for _, mapping, inbox in _mappings(world):
        queue = world.of("SQS::Queue").get(inbox, {})
        function = mapping["FunctionName"].removeprefix("${").removesuffix("}")
        wait, redrive = queue.get("VisibilityTimeout", 30), queue.get("RedrivePolicy", {})
        if redrive.get("deadLetterTargetArn") not in _queues(world):
            yield f"{inbox} drops what {function} failed at"
        tried = wait * redrive.get("maxReceiveCount", 0)
        if not 86400 <= tried < queue.get("MessageRetentionPeriod", 345600):
            yield f"{inbox} gives up after {tried} s"
        if wait < 6 * world.functions()[function]["Timeout"]:
            yield f"{inbox} shows again what {function} is still at"


def tick_by_the_scheduler(world: World) -> Iterator[str]:
    """EventBridge Scheduler sweeps on the minute and checks the channels once a day; no rule has a
    schedule, and nothing else is on one."""
    for name, rule in world.of("Events::Rule").items():
        if "ScheduleExpression" in rule:
            yield f"{name} is a scheduled rule"
    planned = [
        (schedule["ScheduleExpression"], json.loads(schedule["Target"]["Input"]))
        for schedule in world.of("Scheduler::Schedule").values()
        if schedule.get("FlexibleTimeWindow") == {"Mode": "OFF"}
        and schedule.get("State") == "ENABLED"
        and schedule["Target"]["Arn"] == "${SlaFunction.Arn}"
    ]
    time = {"time": "<aws.scheduler.scheduled-time>"}
    if ("rate(1 minute)", time) not in planned:
        yield "nothing starts the sweep each minute"
    at_an_hour = re.compile(r"cron\(\d+ \d+ \* \* \? \*\)")
    daily = [payload for when, payload in planned if at_an_hour.fullmatch(when)]
    if daily != [{**world.house.check_channels, **time}]:
        yield "nothing checks the channels once a day, by the payload that sla knows"
    if len(world.of("Scheduler::Schedule")) != 2:
        yield "something else is on a schedule"


def speak_the_codes_words(world: World) -> Iterator[str]:
    """Rules listen to our bus for events that the code publishes; route hears of lead.qualified."""
    heard = {}
    for name, rule in world.of("Events::Rule").items():
        pattern = rule.get("EventPattern", {})
        if rule.get("EventBusName") != "${Bus}":
            yield f"{name} listens to another bus"
        if pattern.get("source") != [world.house.bus_source]:
            yield f"{name} listens for {pattern.get('source')}"
        words = pattern.get("detail-type", [])
        for word in words:
            prefix = word["prefix"] if isinstance(word, dict) else None
            if not any(e.startswith(prefix) if prefix else e == word for e in world.house.events):
                yield f"{name} listens for {word}, which nobody says"
        heard.update({target["Arn"]: words for target in rule["Targets"]})
    inboxes = {m["FunctionName"]: m["EventSourceArn"] for _, m, _ in _mappings(world)}
    if heard.get(inboxes.get("${RouteFunction}")) != ["lead.qualified"]:
        yield "route does not hear of lead.qualified"


CHECKS = [
    say_how_often,
    outlast_an_outage,
    keep_what_cannot_be_delivered,
    keep_what_a_function_failed_at,
    start_what_they_may,
    empty_what_is_filled,
    try_what_waits_for_a_day,
    tick_by_the_scheduler,
    speak_the_codes_words,
]
