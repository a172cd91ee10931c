"""The desk's scenes: somebody of marketing signs in, looks around, acts, and goes."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from .answer import Answer
from .prospects import KIM, SIGNED
from .stage import Stage, expect

PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
MIA = "mia.oconnor@northwind.example"
# When the policy has the meeting.
MEETING = datetime(2026, 4, 2, 7, tzinfo=UTC)


class Browser:
    """Somebody at a browser."""

    def __init__(self, stage: Stage):
        self._stage, self._cookies = stage, {}

    def open(self, path: str, status: int = 200) -> Answer:
        """Follows a link."""
        return self._ask("GET", path, b"", status)

    def send(self, path: str, status: int = 303, **fields: str) -> Answer:
        """Sends a form."""
        return self._ask("POST", path, urlencode(fields).encode(), status, content_type=FORM)

    def _ask(self, method: str, path: str, body: bytes, status: int, **headers: str) -> Answer:
        if self._cookies:
            headers["cookie"] = "; ".join(f"{n}={v}" for n, v in self._cookies.items())
        answer = self._stage.ask(method, path, body, status=status, accept=PAGE, **headers)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer


def until_the_meeting(stage: Stage) -> timedelta:
    """Lets time pass until those who meet are sent the funnel; gives how much that was."""
    now = stage.desk("GET", f"/leads/{KIM.lead}/ledger").json()["now"]
    until = MEETING - datetime.fromisoformat(now)
    stage.system.advance(until)
    told = sorted({letter["to"] for letter in stage.system.letters() if letter["kind"] == "meeting"})
    expect(told == ["mia", "sven"], told)
    return until


def somebody_signs_in_and_looks_around(stage: Stage) -> None:
    browser = Browser(stage)
    csrf = _sign_in(stage, browser)
    stage.does(SIGNED.did("event.booth_visited", "b-20"))
    lead = stage.is_now(SIGNED, "mql")["lead"]
    for path in ["/board?whose=all", "/board?whose=me", "/funnel", "/funnel/leads?what=qualified", "/policy",
                 f"/leads/{lead}", "/privacy"]:
        browser.open(path)
    for path in ["/board", "/funnel", "/policy"]:
        stage.desk("GET", f"{path}?as=json")
        stage.ask("GET", f"{path}?as=csv", status=401)
    browser.send(f"/leads/{lead}/accept", csrf=csrf)
    stage.is_now(SIGNED, "working")
    browser.send(f"/leads/{lead}/convert", status=403)
    browser.send("/sign-out", csrf=csrf)
    browser.open("/board", status=303)


def somebody_is_looked_up_and_forgotten_at_the_desk(stage: Stage) -> None:
    browser = Browser(stage)
    csrf = _sign_in(stage, browser)
    lead = stage.is_now(SIGNED, "working")["lead"]
    browser.send("/privacy", csrf=csrf, who=SIGNED.email)
    browser.open(f"/privacy/{lead}")
    browser.send(f"/privacy/{lead}/export", status=200, csrf=csrf)
    browser.open(f"/privacy/{lead}/erase")
    browser.send(f"/privacy/{lead}/erase", status=422, csrf=csrf, sure="somebody else")
    browser.send(f"/privacy/{lead}/erase", status=200, csrf=csrf, sure=SIGNED.email)
    stage.desk("GET", f"/leads/{lead}", status=410)


def _sign_in(stage: Stage, browser: Browser) -> str:
    """By a link of their own; gives what their forms carry."""
    browser.open("/", status=303)
    style = re.search(r'href="(/static/[^"]+)"', browser.open("/sign-in").body)[1]
    stage.ask("GET", style)
    browser.send("/sign-in", email=MIA)
    browser.open("/sign-in/sent")
    letter = next(it for it in reversed(stage.system.letters()) if it["kind"] == "sign_in")
    link = re.search(r"(/sign-in/[\w-]+)", letter["body"])[1]
    browser.open(link)
    browser.send(link)
    browser.open(link, status=410)
    return re.search(r'name="csrf" value="([^"]+)"', browser.open("/board").body)[1]


SCENES = [
    somebody_signs_in_and_looks_around,
    somebody_is_looked_up_and_forgotten_at_the_desk,
]
