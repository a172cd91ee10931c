"""Somebody spoils an item by hand: it is tried again and again, set aside, and mended."""

from .deployed import Deployed
from .prospects import OUTAGE
from .script import HOUR, MINUTE
from .stage import Stage, expect

# Failed tries after which a promise is set aside: shared/core/src/backoff.rs.
TRIES = 10


def play(stage: Stage, deployed: Deployed) -> None:
    """Not played on one machine, where nobody reaches the table."""
    stage.scene("a lead is spoilt")
    lead = stage.is_now(OUTAGE, "mql")["lead"]
    stored = _swap_stage(deployed, lead, {"S": "nonsense"})
    deployed.clock.set(deployed.clock.now + 25 * HOUR)
    for _ in range(TRIES):
        report = deployed.tick()
        expect(report["failed"] == 1, report)
        deployed.clock.set(deployed.clock.now + 2 * MINUTE)
    _swap_stage(deployed, lead, stored)
    deployed.advance(HOUR)
    expect(stage.told(OUTAGE, "accept_overdue") != [], "mended, it goes on")


def _swap_stage(deployed: Deployed, lead: str, stored: dict) -> dict:
    """Puts another stage on a lead, behind everybody's back; gives the one it had."""
    before = deployed.cloud.client("dynamodb").update_item(
        TableName=deployed.stack.outputs["TableName"],
        Key={"pk": {"S": f"lead#{lead}"}, "sk": {"S": "lead"}},
        UpdateExpression="SET stage = :stored",
        ExpressionAttributeValues={":stored": stored},
        ReturnValues="UPDATED_OLD",
    )
    return before["Attributes"]["stage"]
