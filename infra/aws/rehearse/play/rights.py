"""What the functions asked of AWS, held to what their roles grant: neither more nor less."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .cloud import Call
from .stack import Stack

# Granted and never seen here, since it is Lambda that asks with the function's role, not our code.
LAMBDAS_OWN = {
    "logs:CreateLogStream": "Lambda writes the log",
    "logs:PutLogEvents": "Lambda writes the log",
    "xray:PutTraceSegments": "Lambda sends the traces",
    "xray:PutTelemetryRecords": "Lambda sends the traces",
    "sqs:ReceiveMessage": "Lambda empties the inbox of route",
    "sqs:DeleteMessage": "Lambda empties the inbox of route",
    "sqs:GetQueueAttributes": "Lambda empties the inbox of route",
    "sqs:SendMessage": "Lambda keeps what sla failed at",
}
# A transaction asks for the rights of its parts.
PARTS = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Delete": "dynamodb:DeleteItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
}


@dataclass(frozen=True, order=True)
class Right:
    """To do something with something; resources as template.yaml names them."""

    function: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def used(calls: Iterable[Call], stack: Stack) -> set[Right]:
    """The rights that calls took."""
    return {
        Right(call.by, action, resource)
        for call in calls
        for action, resource in _taken(call, stack)
    }


def granted(resources: dict[str, dict]) -> set[Right]:
    """The rights that the functions' roles grant, by a template's written-out resources."""
    rights = set()
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Lambda::Function":
            continue
        role = resource["Properties"]["Role"].removeprefix("${").removesuffix(".Arn}")
        for policy in resources[role]["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in _listed(statement["Action"]):
                    for on in _listed(statement["Resource"]):
                        rights.add(Right(name, action, on))
    return rights


def complaints(used: set[Right], granted: set[Right]) -> Iterator[str]:
    """Every right that is used and not granted, granted and not used, or excused for nothing."""
    for right in sorted(used):
        if not any(_covers(grant, right) for grant in granted):
            yield f"{right.function} asks for {right}, which nothing grants"
    for grant in sorted(granted):
        is_used = any(_covers(grant, right) for right in used)
        if not is_used and grant.action not in LAMBDAS_OWN:
            yield f"{grant.function} is granted {grant}, and never asks for it"
        if is_used and grant.action in LAMBDAS_OWN:
            yield f"{grant.function} asks for {grant} itself: take it off the list of Lambda's own"
    for action in sorted(LAMBDAS_OWN.keys() - {grant.action for grant in granted}):
        yield f"nobody is granted {action} any more: take it off the list of Lambda's own"


def _covers(grant: Right, right: Right) -> bool:
    same = (grant.function, grant.action) == (right.function, right.action)
    return same and fnmatchcase(right.resource, grant.resource.replace("[", "[[]"))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _taken(call: Call, stack: Stack) -> Iterator[tuple[str, str]]:
    """What a call asks for, and on what."""
    action, request = f"{call.service}:{call.action}", call.request
    match action:
        case "dynamodb:TransactWriteItems":
            for item in request["TransactItems"]:
                ((part, its),) = item.items()
                yield PARTS[part], _table(its, stack)
        case "dynamodb:BatchGetItem":
            for table in request["RequestItems"]:
                yield action, _table({"TableName": table}, stack)
        case str() if call.service == "dynamodb":
            index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
            yield action, _table(request, stack) + index
        case "events:PutEvents":
            for entry in request["Entries"]:
                bus = stack.logical("Events::EventBus", entry["EventBusName"])
                yield action, f"${{{bus}.Arn}}"
        case "secretsmanager:GetSecretValue":
            secret = stack.logical("SecretsManager::Secret", request["SecretId"])
            yield action, f"${{{secret}}}"
        case str() if call.service == "sns":
            yield action, _topic(request, stack)
        case _:
            yield action, "something that this rehearsal does not know"


def _topic(request: dict, stack: Stack) -> str:
    """A topic of the template by its name there, a person's by its ARN; `*` where none is asked."""
    topic = request.get("TopicArn", "*")
    names = [name for name in stack.of("SNS::Topic") if stack.physical.get(name) == topic]
    return f"${{{names[0]}}}" if names else topic


def _table(request: dict, stack: Stack) -> str:
    return f"${{{stack.logical('DynamoDB::Table', request['TableName'])}.Arn}}"
