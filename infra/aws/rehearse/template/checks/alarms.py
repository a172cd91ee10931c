"""Whatever goes wrong reaches the operators, silence included."""

import json
from collections.abc import Iterator

from .. import metrics
from ..world import World, differences

OPERATORS = ["${OperatorsTopic}"]
# A good sign when missing: these are counted only when something happens.
COUNTED_BY_AWS = {
    ("AWS/Lambda", "Errors"),
    ("AWS/Lambda", "Throttles"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
    ("AWS/ApiGateway", "5xx"),
}


def _alarms(world: World) -> dict[str, dict]:
    return world.of("CloudWatch::Alarm")


def _watched(world: World) -> set[tuple[str, str, str]]:
    """Namespace, metric and the one dimension's value of every alarm."""
    return {
        (alarm["Namespace"], alarm["MetricName"], dimension["Value"])
        for alarm in _alarms(world).values()
        for dimension in alarm["Dimensions"]
    }


def reach_the_operators(world: World) -> Iterator[str]:
    """Every alarm tells the operators, when it rises and when it is over."""
    for name, alarm in _alarms(world).items():
        for actions in ("AlarmActions", "OKActions"):
            if alarm.get(actions) != OPERATORS:
                yield f"{name} has no {actions}"
        if alarm.get("ActionsEnabled") is False:
            yield f"{name} is switched off"


def say_what_silence_means(world: World) -> Iterator[str]:
    """Every alarm says what missing data means."""
    for name, alarm in _alarms(world).items():
        if "TreatMissingData" not in alarm:
            yield f"{name} does not say what missing data means"


def miss_the_heartbeat(world: World) -> Iterator[str]:
    """No heartbeat of the sweep within minutes is an alarm, and so is no word of it at all."""
    for alarm in _alarms(world).values():
        if alarm["MetricName"] != "SweepHeartbeat":
            continue
        within = alarm["Period"] * alarm["EvaluationPeriods"]
        below = alarm["ComparisonOperator"] == "LessThanThreshold" and alarm["Threshold"] == 1
        if below and alarm.get("TreatMissingData") == "breaching" and within <= 600:
            return
    yield "a missing heartbeat of the sweep is no alarm"


def miss_the_daily_check(world: World) -> Iterator[str]:
    """No count of the channels for more than a day, and less than two, is an alarm."""
    for alarm in _alarms(world).values():
        if (alarm["MetricName"], alarm["Statistic"]) != ("UnconfirmedSubscriptions", "SampleCount"):
            continue
        within = alarm["Period"] * alarm["EvaluationPeriods"]
        below = alarm["ComparisonOperator"] == "LessThanThreshold" and alarm["Threshold"] == 1
        if below and alarm.get("TreatMissingData") == "breaching" and 86400 < within < 172800:
            return
    yield "a missing check of the channels is no alarm"


def watch_every_function(world: World) -> Iterator[str]:
    """Errors and throttles of every function, and what the API answers with 5xx."""
    wanted = {
        ("AWS/Lambda", metric, f"${{{name}}}")
        for name in world.functions()
        for metric in ("Errors", "Throttles")
    } | {("AWS/ApiGateway", "5xx", f"${{{name}}}") for name in world.of("ApiGatewayV2::Api")}
    for namespace, metric, value in sorted(wanted - _watched(world)):
        yield f"nobody watches {namespace} {metric} of {value}"


def watch_every_queue(world: World) -> Iterator[str]:
    """A single dead letter is an alarm, and so is whatever nobody takes out of an inbox."""
    mappings = world.of("Lambda::EventSourceMapping").values()
    inboxes = {mapping["EventSourceArn"].replace(".Arn}", ".QueueName}") for mapping in mappings}
    queues = {f"${{{name}.QueueName}}" for name in world.of("SQS::Queue")}
    kept, waiting = set(), set()
    for alarm in _alarms(world).values():
        names = {dimension["Value"] for dimension in alarm["Dimensions"]}
        if alarm["ComparisonOperator"] != "GreaterThanThreshold":
            continue
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 0:
            kept |= names
        if alarm["MetricName"] == "ApproximateAgeOfOldestMessage":
            waiting |= names
    yield from differences("a letter in", queues - inboxes, kept, "is no alarm")
    yield from differences("what waits in", inboxes, waiting, "is no alarm")


def watch_our_own_metrics(world: World) -> Iterator[str]:
    """Alarms watch the metrics that metrics.py says they do, and no other of ours."""
    ours = {m for space, m, _ in _watched(world) if space == metrics.NAMESPACE}
    yield from differences("metric", metrics.ALARMED, ours, "has no alarm")
    yield from differences("metric", ours, metrics.ALARMED, "has an alarm and should have none")
    for name, alarm in _alarms(world).items():
        dimensions = [(d["Name"], d["Value"]) for d in alarm["Dimensions"]]
        if alarm["Namespace"] == metrics.NAMESPACE:
            if dimensions != [(metrics.DIMENSION, "${Table}")]:
                yield f"{name} watches {dimensions}"
        elif (alarm["Namespace"], alarm["MetricName"]) not in COUNTED_BY_AWS:
            yield f"{name} watches what nobody said AWS counts: {alarm['MetricName']}"


def show_our_own_metrics(world: World) -> Iterator[str]:
    """The dashboard shows every metric there is, under dimensions it is emitted with."""
    rows = [row[1:] for row in _shown(world) if row[0] == metrics.NAMESPACE]
    shown = {row[0] for row in rows}
    yield from differences("metric", metrics.EMITTED, shown, "is not on the dashboard")
    named = shown | world.house.metrics
    yield from differences("metric", named, metrics.EMITTED, "is not in metrics.py")
    for name, *dimensions in rows:
        table = [metrics.DIMENSION, "${Table}"]
        dimension, values = metrics.SPLIT.get(name, ("", set()))
        split = [table + [dimension, value] for value in values]
        if dimensions not in [table, *split]:
            yield f"the dashboard shows {name} under {dimensions}"


def let_alarms_through(world: World) -> Iterator[str]:
    """CloudWatch may publish to the operators' topic, and an address is subscribed to it."""
    for name, topic in world.of("SNS::Topic").items():
        if topic.get("KmsMasterKeyId"):
            yield f"{name} is encrypted by {topic['KmsMasterKeyId']}: can alarms use that key?"
    allowed = [
        statement
        for policy in world.of("SNS::TopicPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if policy["Topics"] == OPERATORS
        and statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        and statement["Action"] == "sns:Publish"
    ]
    if not allowed:
        yield "alarms may not publish to the operators' topic"
    told = [s["Protocol"] for s in world.of("SNS::Subscription").values()]
    if told != ["email"]:
        yield "nobody is subscribed to the operators' topic by e-mail"


def can_be_seen(world: World) -> Iterator[str]:
    """There is a dashboard, it reads, and every function and queue is on it."""
    try:
        shown = _shown(world)
    except (ValueError, KeyError) as error:
        yield f"the dashboard does not read: {error!r}"
        return
    if not shown:
        yield "there is no dashboard"
    body = "".join(d["DashboardBody"] for d in world.of("CloudWatch::Dashboard").values())
    for name in world.functions():
        if f"${{{name}}}" not in body:
            yield f"{name} is not on the dashboard"


def _shown(world: World) -> list[list[str]]:
    """Namespace, name and dimensions of every metric on the dashboard, shorthands written out."""
    shown = []
    for dashboard in world.of("CloudWatch::Dashboard").values():
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]:
            before: list = []
            for row in widget["properties"]["metrics"]:
                words = [word for word in row if isinstance(word, str)]
                if words[0] == "...":
                    continue
                words = [before[i] if word == "." else word for i, word in enumerate(words)]
                shown.append(words)
                before = words
    return shown


CHECKS = [
    reach_the_operators,
    say_what_silence_means,
    miss_the_heartbeat,
    miss_the_daily_check,
    watch_every_function,
    watch_every_queue,
    watch_our_own_metrics,
    show_our_own_metrics,
    let_alarms_through,
    can_be_seen,
]
