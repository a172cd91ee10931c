"""Least privilege: every right is written by hand, for one action on one thing of this stack."""

from collections.abc import Iterator

from ..world import World

PEOPLE = "arn:aws:sns:eu-central-1:123456789012:baton-to-*"
# Every right that names more than one thing, and why.
WIDE = {
    ("xray:PutTraceSegments", "*"): "X-Ray knows no resources",
    ("xray:PutTelemetryRecords", "*"): "X-Ray knows no resources",
    ("sns:Publish", PEOPLE): "a topic for each person on the roster, which changes",
    ("sns:ListSubscriptionsByTopic", PEOPLE): "the same topics",
    ("sns:ListPhoneNumbersOptedOut", "*"): "the list is the account's, and no resource",
}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _statements(world: World) -> Iterator[tuple[str, dict]]:
    """Every statement of every role's own policies."""
    for name, role in world.of("IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def _policies(world: World) -> Iterator[tuple[str, dict]]:
    """Every statement about who may come in: of queues and topics, and of roles' trust."""
    for kind in ("SQS::QueuePolicy", "SNS::TopicPolicy"):
        for name, policy in world.of(kind).items():
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
    for name, role in world.of("IAM::Role").items():
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            yield name, statement


def name_each_action(world: World) -> Iterator[str]:
    """No action is a pattern, and nothing is granted by naming what is not."""
    for name, statement in _statements(world):
        if {"NotAction", "NotResource", "NotPrincipal"} & statement.keys():
            yield f"{name} grants all but something"
        for action in _listed(statement.get("Action", [])):
            if "*" in action or "?" in action:
                yield f"{name} grants {action}"


def name_each_resource(world: World) -> Iterator[str]:
    """No resource is a pattern, but for a short list with reasons; none is another stack's."""
    for name, statement in _statements(world):
        for action in _listed(statement.get("Action", [])):
            for resource in _listed(statement.get("Resource", [])):
                if (action, resource) in WIDE:
                    continue
                if "*" in resource or not resource.startswith("${"):
                    yield f"{name} grants {action} on {resource}"


def use_each_wide_right(world: World) -> Iterator[str]:
    """The list of reasons has no entry that nobody needs."""
    granted = {
        (action, resource)
        for _, statement in _statements(world)
        for action in _listed(statement.get("Action", []))
        for resource in _listed(statement.get("Resource", []))
    }
    for action, resource in sorted(WIDE.keys() - granted):
        yield f"nobody has {action} on {resource} any more: take it off the list"


def borrow_no_policies(world: World) -> Iterator[str]:
    """Roles have no policies by AWS, which grant more, and change without us."""
    for name, role in world.of("IAM::Role").items():
        if role.get("ManagedPolicyArns"):
            yield f"{name} has {role['ManagedPolicyArns']}"
    if world.of("IAM::ManagedPolicy") or world.of("IAM::Policy"):
        yield "a policy stands outside the role it is for"


def give_each_function_its_own(world: World) -> Iterator[str]:
    """Each function has a role that nobody else has."""
    roles = [function.get("Role") for function in world.functions().values()]
    for name, function in world.functions().items():
        role = function.get("Role", "")
        if role != f"${{{name.removesuffix('Function')}Role.Arn}}" or roles.count(role) != 1:
            yield f"{name} runs as {role}"


def query_only_known_indexes(world: World) -> Iterator[str]:
    """An index is named only to be queried, and is one of the table's."""
    for name, statement in _statements(world):
        for resource in _listed(statement.get("Resource", [])):
            table, _, index = resource.partition("/index/")
            if not index:
                continue
            if table != "${Table.Arn}" or index not in world.house.indexes:
                yield f"{name} names an index that is not: {resource}"
            if _listed(statement["Action"]) != ["dynamodb:Query"]:
                yield f"{name} may do {statement['Action']} on {resource}"


def let_in_only_who_is_named(world: World) -> Iterator[str]:
    """Whoever comes from outside is one service, and comes on behalf of something of ours."""
    for name, statement in _policies(world):
        principal = statement.get("Principal")
        if not isinstance(principal, dict) or set(principal) != {"Service"}:
            yield f"{name} lets in {principal}"
            continue
        # Lambda takes a role only for the functions that are given it.
        on_behalf = str(statement.get("Condition", {}))
        if principal["Service"] != "lambda.amazonaws.com" and "aws:Source" not in on_behalf:
            yield f"{name} lets in anybody's {principal['Service']}"
        if "*" in str(statement.get("Action")):
            yield f"{name} lets {principal['Service']} do {statement['Action']}"
    for name, permission in world.of("Lambda::Permission").items():
        if not permission.get("SourceArn"):
            yield f"{name} lets in anybody's {permission['Principal']}"


def reach_the_people(world: World) -> Iterator[str]:
    """Functions may publish to people's topics, under the prefix given to them, and no other."""
    for name, function in world.functions().items():
        prefix = function["Environment"]["Variables"].get("BATON_TOPIC_PREFIX")
        if f"{prefix}*" != PEOPLE:
            yield f"{name} is given {prefix}, and may publish to {PEOPLE}"
    for name, topic in world.of("SNS::Topic").items():
        if topic.get("TopicName", "").startswith("baton-to-") or "TopicName" not in topic:
            yield f"{name} could be taken for a person's topic"


CHECKS = [
    name_each_action,
    name_each_resource,
    use_each_wide_right,
    borrow_no_policies,
    give_each_function_its_own,
    query_only_known_indexes,
    let_in_only_who_is_named,
    reach_the_people,
]
