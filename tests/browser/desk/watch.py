"""What no story may see: another host, a word on the console, a failure nobody announced."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# What Chromium writes on its console about an answer that is no success.
ECHO = "Failed to load resource: the server responded with a status of "

# A page is there at once on a train, too.
PAGE_BYTES = 100_000


class Watch:
    """Looks on while a browser's context is used."""

    def __init__(self, context: BrowserContext, url: str):
        self.faults: list[str] = []
        self._host = urlsplit(url).netloc
        self._announced: set[int] = set()
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda it: self.faults.append(f"a script failed: {it.error}"))

    def may_answer(self, *statuses: int) -> None:
        """A page of this story is no success: a refusal, say."""
        self._announced.update(statuses)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self._host:
            self.faults.append(f"another host was asked: {request.url}")

    def _answered(self, response: Response) -> None:
        head = response.headers
        if "text/html" in head.get("content-type", ""):
            size = int(head.get("content-length", PAGE_BYTES + 1))
            if size > PAGE_BYTES:
                self.faults.append(f"{size} bytes of {response.url}")
        expected = response.request.is_navigation_request() and response.status in self._announced
        if response.status >= 400 and not expected:
            self.faults.append(f"{response.status} from {response.request.method} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # The answer itself was looked at above.
        if not message.text.startswith(ECHO):
            self.faults.append(f"on the console: {message.text} ({message.location})")
