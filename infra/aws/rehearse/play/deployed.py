"""The system as it is deployed: four functions of their own, moto around them."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runtime import Function, Reply

from . import clock as clocks
from .answer import Answer, answer
from .clock import Clock
from .cloud import Call, Cloud
from .gateway import Request, payload, route
from .stack import Stack

# Calls that were answered well.
OK = 200


class Deployed:
    """The functions, as a context; what the services between them do, this does."""

    def __init__(
        self,
        cloud: Cloud,
        stack: Stack,
        clock: Clock,
        binaries: dict[str, Path],
        publish: Callable[[Path], None],
    ):
        self.cloud, self.stack, self.clock, self.publish = cloud, stack, clock, publish
        self.asked: set[str] = set()
        self.functions = {
            name: self._function(name, binaries[name]) for name in sorted(stack.functions)
        }
        self._running = ExitStack()

    def __enter__(self) -> "Deployed":
        for function in self.functions.values():
            self._running.enter_context(function)
        return self

    def __exit__(self, *_: Any) -> None:
        self._running.close()

    def call(self, request: Request) -> Answer:
        """What API Gateway does, and then whatever the request sets off."""
        routes = {r["RouteKey"]: r["Target"] for r in self.stack.of("ApiGatewayV2::Route").values()}
        key, parameters = route(request, list(routes))
        self.asked.add(key)
        integration = self.stack.of("ApiGatewayV2::Integration")[_referred(routes[key])]
        made = payload(request, key, parameters, self.clock.now)
        reply = self._invoke(_referred(integration["IntegrationUri"]), made)
        self._empty_the_inbox()
        return _answered(reply.json())

    def advance(self, by: timedelta) -> None:
        """Lets time pass: a tick at each moment at which there is something to do. The ticks of all
        the minutes between would find nothing."""
        until = self.clock.now + by
        while (due := self._next_due()) is not None and due <= until:
            self.clock.set(max(due, self.clock.now))
            report = self.tick()
            if report["lapsed"] + report["delivered"] == 0:
                break
        self.clock.set(until)
        # What is due by the calendar and not by a promise: the letter before a meeting.
        self.tick()

    def tick(self) -> dict[str, int]:
        """What EventBridge Scheduler does each minute; gives the sweep's report."""
        return self._scheduled("Sweep")

    def check_channels(self) -> dict[str, int]:
        """What EventBridge Scheduler does each day; gives what was found."""
        return self._scheduled("ChannelCheck")

    def letters(self) -> list[dict]:
        """What SNS took, as each subscriber of the topic gets it."""
        prefix = self.stack.outputs["TopicPrefix"]
        to_people = (it for it in self.taken("sns", "Publish")
                     if it.request["TopicArn"].startswith(prefix))
        return [letter for call in to_people for letter in self._letters(call)]

    def events(self) -> list[dict]:
        """What the bus took."""
        return [
            {
                "at": clocks.text(call.at),
                "detail-type": entry["DetailType"],
                "source": entry["Source"],
                "detail": json.loads(entry["Detail"]),
            }
            for call in self.taken("events", "PutEvents")
            for entry in call.request["Entries"]
        ]

    def taken(self, service: str, action: str) -> Iterator[Call]:
        """The calls of an action that the service did."""
        for call in self.cloud.calls:
            if (call.service, call.action, call.status) == (service, action, OK):
                yield call

    def _function(self, name: str, binary: Path) -> Function:
        made = self.stack.functions[name]
        environment = {
            **made["Environment"]["Variables"],
            **self.cloud.environment(by=name),
            **self.clock.environment,
        }
        return Function(
            made["FunctionName"],
            [binary],
            environment,
            memory_mb=made["MemorySize"],
            timeout_s=made["Timeout"],
            now_ms=lambda: self.clock.ms,
        )

    def _invoke(self, name: str, event: Any) -> Reply:
        reply = self.functions[name].invoke(event)
        if reply.failed:
            raise RuntimeError(f"{name} failed: {reply.body.decode()}")
        return reply

    def _scheduled(self, schedule: str) -> dict[str, int]:
        """Hands over a schedule's Input, as of now."""
        target = self.stack.of("Scheduler::Schedule")[schedule]["Target"]
        planned = clocks.text(self.clock.now)
        words = target["Input"].replace("<aws.scheduler.scheduled-time>", planned)
        reply = self._invoke(_referred(target["Arn"]), words.encode())
        self._empty_the_inbox()
        return reply.json()

    def _empty_the_inbox(self) -> None:
        """What Lambda's event source mapping does: hands over what waits, deletes what was done."""
        (mapping,) = self.stack.of("Lambda::EventSourceMapping").values()
        queue = self.stack.physical[_referred(mapping["EventSourceArn"])]
        queues = self.cloud.client("sqs")
        most = mapping["BatchSize"]
        asked = {"QueueUrl": queue, "MaxNumberOfMessages": most, "AttributeNames": ["All"]}
        while messages := queues.receive_message(**asked).get("Messages"):
            event = {"Records": [_record(message, queue) for message in messages]}
            self._invoke(_referred(mapping["FunctionName"]), event)
            for message in messages:
                queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def _next_due(self) -> datetime | None:
        """When the earliest promise in the table is due."""
        table = self.cloud.client("dynamodb").get_paginator("scan")
        pages = table.paginate(TableName=self.stack.outputs["TableName"])
        moments = [int(i["due_at"]["N"]) for page in pages for i in page["Items"] if "due_at" in i]
        return datetime.fromtimestamp(min(moments) / 1000, UTC) if moments else None

    def _letters(self, call: Call) -> Iterator[dict]:
        form = call.request
        topic, prefix = form["TopicArn"], self.stack.outputs["TopicPrefix"]
        bodies, attributes = json.loads(form["Message"]), _attributes(form)
        subscribed = self.cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)
        for channel in sorted(s["Protocol"] for s in subscribed["Subscriptions"]):
            yield {
                "at": clocks.text(call.at),
                "to": topic.removeprefix(prefix),
                "channel": channel,
                "kind": attributes["kind"],
                # A digest is about many, a link to sign in about none.
                "lead": attributes.get("lead"),
                "subject": form["Subject"] if channel == "email" else "",
                "body": bodies.get(channel, bodies["default"]),
            }


def _referred(text: str) -> str:
    """The resource that a written-out or plain reference is to: `integrations/${Name.Arn}`."""
    return text.rpartition("${")[2].removesuffix("}").removesuffix(".Arn")


def _record(message: dict, queue: str) -> dict:
    """A message as Lambda hands it over."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": _arn(queue),
        "awsRegion": "eu-central-1",
    }


def _arn(queue: str) -> str:
    """A queue's ARN, by its address."""
    account, name = queue.split("/")[-2:]
    return f"arn:aws:sqs:eu-central-1:{account}:{name}"


def _attributes(form: dict[str, str]) -> dict[str, str]:
    """A message's attributes, out of SNS's form."""
    found, number = {}, 1
    while name := form.get(f"MessageAttributes.entry.{number}.Name"):
        found[name] = form[f"MessageAttributes.entry.{number}.Value.StringValue"]
        number += 1
    return found


def _answered(reply: dict) -> Answer:
    """A function's reply as API Gateway passes it on."""
    body = reply.get("body") or ""
    if reply.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    headers = {n: ",".join(v) for n, v in reply.get("multiValueHeaders", {}).items()}
    head = {**headers, **reply.get("headers", {})}
    return answer(reply["statusCode"], head, body, reply.get("cookies") or ())
