"""SNS: moto's, and what moto 5.2.5 leaves out of it, by AWS's documentation.

moto by itself

* confirms a mailbox as soon as it is subscribed, where SNS asks its owner by a mail with a token;
* takes any token for ConfirmSubscription, does nothing, and gives the ARN of no subscription;
* says `ConfirmationWasAuthenticated` of everything;
* follows no unsubscribe link, and forgets a subscription at once, which SNS lists as `Deleted` for
  some days;
* starts with numbers that answered STOP, which are nobody's here;
* never refuses or fails.

What only AWS can show is left: how long a question stays open, and that a subscription confirmed
with `AuthenticateOnUnsubscribe` says so by that attribute.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend
from moto.sns.exceptions import InternalError, SNSException, SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription, sns_backends
from moto.sns.responses import SNSResponse
from template.concrete import PSEUDO

# Those that template.concrete writes out; moto's account by default.
ACCOUNT, REGION = PSEUDO["AWS::AccountId"], PSEUDO["AWS::Region"]


class AlreadyConfirmed(SNSException):
    """What SNS says of a token that was used."""

    code = "AuthorizationError"
    message = "Subscription already confirmed"


@dataclass
class Mailboxes:
    """What people and machines behind the addresses can do, and what was asked of AWS."""

    # The links that SNS mailed, newest last, by address.
    questions: dict[str, list[str]] = field(default_factory=dict)
    waiting: dict[str, Subscription] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    # Writes, in their order.
    writes: list[str] = field(default_factory=list)
    # The write of this number, and all later ones, fail.
    broken_from: int | None = None

    def link(self, address: str) -> str:
        """The newest link that was mailed to an address."""
        return self.questions[address][-1]

    def open(self, link: str) -> None:
        """What a browser does, or a mail scanner: it confirms, and signs nothing."""
        self.confirm(parse_qs(urlsplit(link).query)["Token"][0], guarded=False)

    def confirm(self, token: str, guarded: bool) -> Subscription:
        """Takes a token, once."""
        if token in self.used:
            raise AlreadyConfirmed()
        if token not in self.waiting:
            raise SNSInvalidParameter("Invalid parameter: Token")
        subscription = self.waiting.pop(token)
        self.used.add(token)
        subscription.confirmed = True
        subscription.attributes["ConfirmationWasAuthenticated"] = guarded
        return subscription

    def scan_alerts(self, address: str) -> None:
        """What a mail scanner does with an alert: it follows the link to unsubscribe."""
        for subscription in subscriptions():
            guarded = subscription.attributes["ConfirmationWasAuthenticated"]
            if subscription.endpoint == address and subscription.confirmed and not guarded:
                subscription.is_deleted = True

    def stop(self, number: str) -> None:
        """Answers STOP."""
        backend().opt_out_numbers.append(number)

    def wrote(self, what: str) -> None:
        """Keeps a write, or fails it."""
        if self.broken_from is not None and len(self.writes) >= self.broken_from:
            raise InternalError("Internal failure, on purpose")
        self.writes.append(what)


def backend() -> SNSBackend:
    """moto's SNS."""
    return sns_backends[ACCOUNT][REGION]


def subscriptions() -> list[Subscription]:
    """All there are, of every topic."""
    return list(backend().subscriptions.values())


def letters(topic: str) -> list[tuple[str, str]]:
    """Subject and text of what was published to a topic."""
    return [(subject, text) for _, text, subject, *_ in backend().topics[topic].sent_notifications]


@contextmanager
def as_aws_has_it(mailboxes: Callable[[], Mailboxes]) -> Iterator[None]:
    """Adds what moto leaves out, for as long as it lasts."""
    kept = [
        (owner, name, getattr(owner, name))
        for owner, name in (
            (SNSBackend, "create_topic"),
            (SNSBackend, "subscribe"),
            (SNSBackend, "unsubscribe"),
            (SNSBackend, "list_subscriptions_by_topic"),
            (SNSResponse, "confirm_subscription"),
            (DynamoDBBackend, "transact_write_items"),
        )
    ]
    real = {name: method for _, name, method in kept}
    for owner, name, method in _added(mailboxes, real):
        setattr(owner, name, method)
    try:
        yield
    finally:
        for owner, name, method in kept:
            setattr(owner, name, method)


def _added(mailboxes: Callable[[], Mailboxes], real: dict[str, Callable]) -> list[tuple]:
    def create_topic(self: SNSBackend, name: str, *rest: Any, **more: Any) -> Any:
        mailboxes().wrote(f"make {name}")
        return real["create_topic"](self, name, *rest, **more)

    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        mailboxes().wrote(f"subscribe {endpoint}")
        for arn, old in list(self.subscriptions.items()):
            if getattr(old, "is_deleted", False) and old.endpoint == endpoint:
                del self.subscriptions[arn]
        made = real["subscribe"](self, topic_arn, endpoint, protocol)
        if protocol != "email":
            made.confirmed = True
        if made.confirmed:
            return made
        token = f"{len(mailboxes().waiting) + len(mailboxes().used):08x}"
        mailboxes().waiting[token] = made
        asked = {"TopicArn": topic_arn, "Token": token, "Endpoint": endpoint}
        link = f"https://sns.{REGION}.amazonaws.com/confirmation.html?{urlencode(asked)}"
        mailboxes().questions.setdefault(endpoint, []).append(link)
        return _named(made, "pending confirmation")

    def unsubscribe(self: SNSBackend, subscription_arn: str) -> None:
        known = self.subscriptions.get(subscription_arn)
        if known is None or not known.confirmed:
            raise SNSInvalidParameter("Invalid parameter: SubscriptionArn")
        mailboxes().wrote(f"unsubscribe {known.endpoint}")
        known.is_deleted = True

    def list_subscriptions_by_topic(self: SNSBackend, topic_arn: str,
                                    next_token: str | None = None) -> tuple[list, Any]:
        found, more = real["list_subscriptions_by_topic"](self, topic_arn, next_token)
        return [_listed(subscription) for subscription in found], more

    def confirm_subscription(self: SNSResponse) -> ActionResult:
        guarded = self._get_param("AuthenticateOnUnsubscribe") == "true"
        confirmed = mailboxes().confirm(self._get_param("Token"), guarded)
        return ActionResult({"SubscriptionArn": confirmed.arn})

    def transact_write_items(self: DynamoDBBackend, *given: Any, **more: Any) -> Any:
        mailboxes().wrote("publish")
        return real["transact_write_items"](self, *given, **more)

    return [
        (SNSBackend, "create_topic", create_topic),
        (SNSBackend, "subscribe", subscribe),
        (SNSBackend, "unsubscribe", unsubscribe),
        (SNSBackend, "list_subscriptions_by_topic", list_subscriptions_by_topic),
        (SNSResponse, "confirm_subscription", confirm_subscription),
        (DynamoDBBackend, "transact_write_items", transact_write_items),
    ]


def _listed(subscription: Subscription) -> Subscription:
    if getattr(subscription, "is_deleted", False):
        return _named(subscription, "Deleted")
    return subscription if subscription.confirmed else _named(subscription, "PendingConfirmation")


def _named(subscription: Subscription, name: str) -> Subscription:
    shown = copy.copy(subscription)
    shown.arn = name
    return shown
