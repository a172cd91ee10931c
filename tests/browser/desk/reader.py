"""Somebody at a browser."""

from typing import Any

from playwright.sync_api import Browser, Page

from .hands import Finger, Mouse
from .people import address, name
from .served import Served
from .watch import Watch

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}


class Reader:
    """Has a browser's context of their own: their cookies, their screen, their language."""

    def __init__(self, browser: Browser, served: Served, phone: bool = False, **wishes: Any):
        touch = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if phone else {}
        wishes = {"locale": "en-GB", "viewport": PHONE if phone else DESK, **touch, **wishes}
        self.served = served
        self.context = browser.new_context(base_url=served.url, **wishes)
        self.watch = Watch(self.context, served.url)
        self.page: Page = self.context.new_page()
        self.hands: Mouse = (Finger if phone else Mouse)(self.page)

    def signs_in(self, person: str) -> "Reader":
        """By the requests that the pages make; `comes_in` is by the pages themselves."""
        ask = self.context.request
        ask.post("/sign-in", form={"email": address(person)})
        answer = ask.post(self.served.link(kind="sign_in", to=person))
        assert answer.ok, f"{person} can't sign in: {answer.status}"
        return self

    def comes_in(self, person: str) -> "Reader":
        """Signs in as everybody does: asks for a link, finds it among their messages."""
        self.asks_for_a_link(address(person))
        self.page.get_by_role("heading", name="Look at your messages").wait_for()
        self.goes(self.served.link(kind="sign_in", to=person))
        self.hands.press("button", f"Sign in as {name(person)}")
        self.page.get_by_role("button", name="Sign out").wait_for()
        return self

    def asks_for_a_link(self, to: str) -> None:
        """On the page for it."""
        self.goes("/sign-in")
        self.hands.write("Your work e-mail address", to)
        self.hands.press("button", "Send me a link")

    def goes(self, path: str) -> Page:
        """Opens an address."""
        self.page.goto(path)
        return self.page
