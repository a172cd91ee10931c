"""The script: the hand-off of the design, scene by scene, for any system that answers HTTP.

Every call is written down with its answer, so that two systems can be compared call by call; and
says what it must be answered with, so that two that are wrong alike are not taken for right.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from template.house import ROOT

from . import desk
from .prospects import (
    BADGE,
    CARMEN,
    CLICKER,
    COMPARED,
    FORGOTTEN,
    ITALIAN,
    JAPANESE,
    KIM,
    LENA,
    NOT_NOW,
    RIVAL,
    STUDENT,
    TYPED,
    ZAPPED,
)
from .stage import JSON, Stage, expect

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def play(stage: Stage) -> None:
    """All scenes, in order."""
    for scene in SCENES:
        stage.scene(scene.__name__.replace("_", " "))
        scene(stage)


def points_add_up_until_the_threshold(stage: Stage) -> None:
    for kind, id, status in [("form.submitted", "f-1", "nurturing"),
                             ("webinar.attended", "w-1", "nurturing"),
                             ("pricing.viewed", "p-1", "mql")]:
        (result,) = stage.does(KIM.did(kind, id))
        expect(result["status"] == status, result)
    (again,) = stage.does(KIM.did("pricing.viewed", "p-1"))
    expect(again["outcome"] == "duplicate", again)
    stage.is_now(KIM, "mql", queue="emea", owner="ana", supervisor="sven")
    expect(stage.told(KIM, "assigned") == ["ana"], "the owner is told")


def the_crm_says_how_far_it_is(stage: Stage) -> None:
    stage.system.advance(HOUR)
    for _ in range(2):
        stage.desk("PUT", f"/leads/{KIM.lead}/status", {"status": "Sales Accepted Lead"})
    stage.is_now(KIM, "working")
    stage.desk("PUT", f"/leads/{KIM.lead}/status", {"status": "on holiday"}, status=422)
    stage.desk("PUT", f"/leads/{KIM.lead}/status", {"status": "SQL"})
    stage.is_now(KIM, "converted", deadline=None)


def nobody_accepts_and_marketing_takes_it_back(stage: Stage) -> None:
    stage.does(LENA.did("event.booth_visited", "b-1"))
    owner = stage.is_now(LENA, "mql", cycle=1)["owner"]
    stage.system.advance(2 * DAY)
    expect(stage.told(LENA, "accept_overdue") == [owner, "sven"] * 2, "twice, both are told")
    stage.desk("POST", f"/leads/{LENA.lead}/accept")
    stage.desk("POST", f"/leads/{LENA.lead}/accept", status=409)
    passed = desk.until_the_meeting(stage)
    stage.system.advance(30 * DAY - passed)
    expect(stage.told(LENA, "take_back_warned") == [owner, "sven"], "both are warned")
    stage.is_now(LENA, "working")
    stage.system.advance(DAY)
    stage.is_now(LENA, "returned", owner=None, deadline=None)
    expect(sorted(stage.told(LENA, "taken_back")) == sorted([owner, "mia"]), "marketing is told")


def new_evidence_qualifies_again(stage: Stage) -> None:
    stage.does(LENA.did("form.submitted", "f-2"), LENA.did("webinar.attended", "w-2"))
    stage.is_now(LENA, "returned")
    stage.does(LENA.did("event.booth_visited", "b-2"))
    stage.is_now(LENA, "mql", cycle=2)
    stage.desk("POST", f"/leads/{LENA.lead}/reject", {"reason": "no such reason"}, status=409)
    stage.desk("POST", f"/leads/{LENA.lead}/reject", {"reason": "bad_data"})
    stage.is_now(LENA, "disqualified", deadline=None)


def exclusions_hold_and_are_seen(stage: Stage) -> None:
    (rival,) = stage.does(RIVAL.did("event.booth_visited", "b-3"))
    expect(rival["outcome"] == "excluded", rival)
    stage.is_now(RIVAL, "nurturing", excluded_by="competitor")


def a_person_may_qualify_and_give_back(stage: Stage) -> None:
    stage.does(STUDENT.did("form.submitted", "f-3"))
    stage.desk("POST", f"/leads/{STUDENT.lead}/qualify", {"reason": "a friend of the house"})
    stage.is_now(STUDENT, "mql", queue="house", owner="hana")
    stage.desk("POST", f"/leads/{STUDENT.lead}/return", {"reason": "was a student after all"})
    stage.is_now(STUDENT, "returned")


def a_fast_track_against_all_odds(stage: Stage) -> None:
    stage.does(CARMEN.did("email.unsubscribed", "u-1"))
    # Heard of late, from before the score fell: worked out from the ledger.
    stage.does(CARMEN.did("form.submitted", "f-0", occurred_at="2026-03-01T09:00:00Z"))
    stage.does(CARMEN.did("form.demo_requested", "d-1"))
    stage.is_now(CARMEN, "mql", queue="americas", owner="carla")
    stage.desk("POST", f"/leads/{CARMEN.lead}/reassign",
               {"to": "diego", "reason": "knows the house"})
    expect(stage.told(CARMEN, "assigned") == ["carla", "diego"], "the new owner is told")


def a_link_opens_a_page_whose_button_accepts(stage: Stage) -> None:
    letter = next(it for it in reversed(stage.system.letters()) if it["to"] == "diego")
    token = re.search(r"/l/([\w-]+)", letter["body"])[1]
    page = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
    for _ in range(2):
        stage.ask("GET", f"/l/{token}", accept=page)
    lead = stage.is_now(CARMEN, "mql")["lead"]
    stage.ask("POST", f"/leads/{lead}/accept", urlencode({"token": token}).encode(), status=303,
              accept=page, content_type="application/x-www-form-urlencoded")
    stage.is_now(CARMEN, "working", owner="diego")
    stage.ask("GET", f"/l/{token[:-1]}", status=401, accept=page)
    stage.desk("POST", f"/leads/{CARMEN.lead}/extend", {"reason": "budget comes in May"})
    stage.desk("POST", f"/leads/{CARMEN.lead}/convert")
    stage.is_now(CARMEN, "converted")


def reasons_say_what_becomes_of_a_lead(stage: Stage) -> None:
    stage.does(NOT_NOW.did("event.booth_visited", "b-4"))
    stage.desk("POST", f"/leads/{NOT_NOW.lead}/reject", {"reason": "not_now"})
    stage.is_now(NOT_NOW, "returned")
    stage.does(ITALIAN.did("event.booth_visited", "b-5"))
    stage.desk("POST", f"/leads/{ITALIAN.lead}/disqualify", {"reason": "a fan, not a buyer"})
    stage.is_now(ITALIAN, "disqualified")
    stage.desk("POST", f"/leads/{ITALIAN.lead}/convert", status=409)


def a_batch_with_a_bad_element(stage: Stage) -> None:
    badge = {"id": "b-6", "type": "form.submitted", "person_id": BADGE}
    results = stage.does(
        JAPANESE.did("event.booth_visited", "b-7", occurred_at="2026-04-03T08:00:00Z"),
        {**badge, "email": "no address"},
        {**badge, "id": "b-8"},
    )
    expect([it["outcome"] for it in results] == ["scored", "invalid", "scored"], results)
    stage.is_now(JAPANESE, "mql", queue="house", owner="hana")
    stage.desk("GET", f"/leads/website:{BADGE}")
    stage.desk("GET", f"/leads?email={JAPANESE.email}")


def a_mail_scanner_scores_nothing(stage: Stage) -> None:
    clicks = [CLICKER.did("email.clicked", f"c-{n}", data={"link": f"https://a.example/{n}"})
              for n in range(3)]
    for click in clicks:
        stage.does(click)
    score = stage.is_now(CLICKER, "nurturing")["score"]
    expect(score["behaviour"] == 0, score)


def a_form_tool_signs_what_it_posts(stage: Stage) -> None:
    body = (ROOT / "functions/score/events/webhooks/typeform.json").read_bytes()
    secret = stage.documents.keys["sources"]["typeform"]["current"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, body, hashlib.sha256)).decode()
    kind = JSON["content-type"]
    for signed, status in [(signature, 200), (signature[::-1], 401), (signature, 200)]:
        stage.ask("POST", "/webhooks/typeform", body, status=status, content_type=kind,
                  typeform_signature=f"sha256={signed}")
    stage.is_now(TYPED, "nurturing")
    stage.ask("GET", "/webhooks/typeform")
    stage.ask("OPTIONS", "/webhooks/typeform", webhook_request_origin="events.acme.example")


def what_nothing_can_be_made_of_is_kept_and_tried_again(stage: Stage) -> None:
    zap = {"contact": {"address": ZAPPED.email}, **ZAPPED.profile}
    key = stage.documents.keys["sources"]["zapier"]["current"]
    stage.ask("POST", "/webhooks/zapier", json.dumps(zap).encode(), x_api_key=key,
              content_type=JSON["content-type"])
    (held,) = stage.desk("GET", "/quarantine").json()["quarantined"]
    kept = f"/quarantine/zapier/{held['id']}"
    stage.desk("GET", kept)
    stage.desk("POST", f"{kept}/retry")
    stage.system.publish(stage.documents.mended_policy)
    stage.system.advance(MINUTE)
    (result,) = stage.desk("POST", f"{kept}/retry").json()["results"]
    expect(result["outcome"] == "scored", result)
    expect(stage.desk("GET", "/quarantine?source=zapier").json()["quarantined"] == [], "taken")
    stage.is_now(ZAPPED, "nurturing")


def somebody_is_forgotten(stage: Stage) -> None:
    visit = FORGOTTEN.did("event.booth_visited", "b-10")
    stage.does(visit)
    owner = stage.is_now(FORGOTTEN, "mql")["owner"]
    expect(stage.told(FORGOTTEN, "assigned") == [owner], "the owner was told")
    removed = stage.desk("DELETE", f"/leads/{FORGOTTEN.lead}").json()["removed"]
    expect(removed["activities"] == 1 and removed["messages"] > 1, removed)
    for path in ("", "/history", "/ledger"):
        stage.desk("GET", f"/leads/{FORGOTTEN.lead}{path}", status=410)
    (again,) = stage.does(visit)
    expect((again["outcome"], again["points"]) == ("duplicate", 0), again)
    # Ten minutes later the sweep looks whether anything was left.
    stage.system.advance(12 * MINUTE)
    stage.desk("DELETE", f"/leads/{FORGOTTEN.lead}")
    stage.desk("POST", f"/leads/{FORGOTTEN.lead}/accept", status=410)


def who_may_not_is_told_so(stage: Stage) -> None:
    stage.ask("POST", "/activities", b"{}", status=401, content_type=JSON["content-type"])
    stage.ask("GET", f"/leads/{KIM.lead}", status=401)
    stage.desk("GET", "/leads/email:nobody@nowhere.example", status=404)
    stage.ask("GET", "/health")
    stage.ask("GET", "/openapi.yaml")


def all_is_told_in_the_end(stage: Stage) -> None:
    for lead in [*(prospect.lead for prospect in COMPARED), f"website:{BADGE}"]:
        for what in ("", "/history", "/ledger"):
            stage.desk("GET", f"/leads/{lead}{what}")


SCENES = [
    points_add_up_until_the_threshold,
    the_crm_says_how_far_it_is,
    nobody_accepts_and_marketing_takes_it_back,
    new_evidence_qualifies_again,
    exclusions_hold_and_are_seen,
    a_person_may_qualify_and_give_back,
    a_fast_track_against_all_odds,
    a_link_opens_a_page_whose_button_accepts,
    reasons_say_what_becomes_of_a_lead,
    a_batch_with_a_bad_element,
    a_mail_scanner_scores_nothing,
    a_form_tool_signs_what_it_posts,
    what_nothing_can_be_made_of_is_kept_and_tried_again,
    somebody_is_forgotten,
    *desk.SCENES,
    who_may_not_is_told_so,
    all_is_told_in_the_end,
]
