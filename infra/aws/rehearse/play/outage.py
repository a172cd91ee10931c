"""SNS is out of order for a while: what it was not given is given to it later, once."""

from .cloud import Call
from .deployed import Deployed
from .prospects import OUTAGE, RETURNED
from .script import HOUR, MINUTE
from .stage import Stage, expect


def play(stage: Stage, deployed: Deployed) -> None:
    """A lead qualifies during the outage. Not played on one machine, where SNS never fails."""
    stage.scene("sns is out of order")
    cloud = deployed.cloud
    cloud.out_of_order.add("sns")
    stage.does(OUTAGE.did("event.booth_visited", "b-9"))
    stage.does(RETURNED.did("event.booth_visited", "b-11"))
    stage.desk("POST", f"/leads/{RETURNED.lead}/return", {"reason": "no budget"})
    owner = stage.is_now(OUTAGE, "mql")["owner"]
    expect(stage.told(OUTAGE, "assigned") == [], "nobody can be told")
    deployed.advance(HOUR)
    deployed.clock.set(deployed.clock.now + MINUTE)
    report = deployed.tick()
    expect(report["failed"] > 0 and report["undelivered_ms"] >= HOUR.total_seconds() * 1000, report)
    cloud.out_of_order.clear()
    deployed.advance(MINUTE)
    expect(stage.told(OUTAGE, "assigned") == [owner], "the owner is told, once")
    expect(stage.told(RETURNED, "assigned") == [], "nobody is told what is no longer true")
    expect(any(map(_was_refused, cloud.calls)), "SNS was asked meanwhile")


def _was_refused(call: Call) -> bool:
    return (call.service, call.status) == ("sns", 503)
