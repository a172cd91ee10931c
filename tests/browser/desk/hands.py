"""Ways to use a page: with a mouse, with a finger, or by the keyboard alone.

All know a page as a reader does: by what its parts are, and what they are called.
"""

from playwright.sync_api import Locator, Page

# No page has more stops than this for the Tab key, however many leads it lists.
STOPS = 400

# Whether what has the focus can be seen, and whether it can be seen that it has it.
SEEN = """async element => {
    await Promise.allSettled(document.getAnimations().map(it => it.finished));
    const style = getComputedStyle(element), [box] = element.getClientRects();
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'is not marked';
    if (!box || !box.width || !box.height) return 'takes no room';
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const owns = hit && (element.contains(hit) || hit.contains(element));
    return owns ? '' : `is covered by ${hit ? hit.outerHTML.slice(0, 80) : 'nothing'}`;
}"""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, role: str, name: str) -> None:
        """A button or a link."""
        self.press_part(self._named(role, name))

    def open(self, summary: str) -> None:
        """What is folded under a line."""
        self.press_part(self.page.locator("summary").filter(has_text=summary))

    def write(self, label: str, text: str) -> None:
        """Into a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        """One of a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str) -> None:
        """A box."""
        self.press_part(self.page.get_by_label(label, exact=True))

    def _named(self, role: str, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True)

    def press_part(self, part: Locator) -> None:
        """Whatever it is."""
        part.click()


class Finger(Mouse):
    """Taps."""

    def press_part(self, part: Locator) -> None:
        part.tap()


class Keyboard(Mouse):
    """Never touches anything but keys, and sees at each stop where it is."""

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self._reach(field)
        if field.get_attribute("type") == "date":
            # Month, day, year, as a browser that speaks American asks for them.
            year, month, day = text.split("-")
            text = month + day + year
        # A field that is reached by Tab has its text selected: writing replaces it.
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self._reach(field)
        for _ in field.locator("option").all():
            if field.evaluate("it => it.selectedOptions[0].label") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not come to “{option}” of “{label}”")

    def tick(self, label: str) -> None:
        self._reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Space")

    def press_part(self, part: Locator) -> None:
        self._reach(part)
        is_link = part.evaluate("it => it.tagName === 'A'")
        self.page.keyboard.press("Enter" if is_link else "Space")

    def _reach(self, part: Locator) -> None:
        part.wait_for()
        for _ in range(STOPS):
            if part.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self._look()
        raise AssertionError(f"the keyboard does not come to {part}")

    def _look(self) -> None:
        stop = self.page.locator("*:focus")
        if stop.count() == 0:
            return
        seen = stop.first.evaluate(SEEN)
        if seen:
            html = stop.first.evaluate("it => it.outerHTML.slice(0, 120)")
            raise AssertionError(f"on {self.page.url} what has the focus {seen}: {html}")
