"""Somebody's telephone hears of nothing any more: the day's check tells the operators, once."""

from .cloud import Call
from .deployed import Deployed
from .stage import Stage, expect


def play(stage: Stage, deployed: Deployed) -> None:
    """The day's check, before and after. Not played on one machine, which subscribes nobody."""
    stage.scene("a channel is dead")
    expect(deployed.check_channels()["unconfirmed"] == 0, "everybody can be told")
    expect(letters(deployed) == [], "no news is good news")
    service, prefix = deployed.cloud.client("sns"), deployed.stack.outputs["TopicPrefix"]
    subscribed = service.list_subscriptions_by_topic(TopicArn=f"{prefix}ana")["Subscriptions"]
    (telephone,) = (it["SubscriptionArn"] for it in subscribed if it["Protocol"] == "sms")
    service.unsubscribe(SubscriptionArn=telephone)
    expect(deployed.check_channels()["unconfirmed"] == 1, "Ana's telephone")
    expect(len(letters(deployed)) == 1, "the operators have a letter")


def letters(deployed: Deployed) -> list[Call]:
    """What was written to the operators."""
    topic = deployed.stack.outputs["OperatorsTopicArn"]
    return [call for call in deployed.taken("sns", "Publish") if call.request["TopicArn"] == topic]
