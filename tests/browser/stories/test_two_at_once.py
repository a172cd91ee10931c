"""Owner and supervisor tap Accept on the same lead in the same moment."""

from playwright.sync_api import expect


def test_of_two_who_accept_at_once_one_does_and_the_other_is_told_who(served, opens):
    lead = served.visits("Kim Lee")
    served.passes("25h")
    tapping = []
    for person, button in (("owner", "Accept this lead"), ("sven", "Accept for ")):
        reader = opens(phone=person == "owner")
        reader.watch.may_answer(409)
        to = served.lead(lead)["owner"] if person == "owner" else person
        reader.goes(served.link(kind="accept_overdue", lead=lead, to=to, channel="sms"))
        tapping.append((reader, reader.page.get_by_role("button", name=button)))

    # Neither request leaves its browser before both are on their way.
    held = []
    for reader, button in tapping:
        reader.page.route("**/accept", lambda route: held.append(route))
        with reader.page.expect_request("**/accept"):
            button.click(no_wait_after=True)
    for route in held:
        route.continue_()

    for reader, _ in tapping:
        expect(reader.page.get_by_role("heading", name="Working")).to_be_visible()
    notes = [reader.page.get_by_role("status").inner_text() for reader, _ in tapping]
    late = [note for note in notes if "Your tap changed nothing" in note]
    assert len(late) == 1, notes
    assert "accepted" in late[0]
    commands = [it.get("command") for it in served.lead(lead, "/history")]
    assert commands.count("accept") == 1


def test_a_page_that_has_grown_stale_says_who_was_quicker(served, opens):
    lead = served.visits("Kim Lee")
    link = served.link(kind="assigned", lead=lead, channel="sms")
    first, second = opens(phone=True), opens()
    for reader in (first, second):
        reader.goes(link)
    first.hands.press("button", "Accept this lead")
    expect(first.page.get_by_role("heading", name="Working")).to_be_visible()
    second.watch.may_answer(409)
    second.hands.press("button", "Accept this lead")
    expect(second.page.get_by_role("status")).to_contain_text("You accepted this lead")
    expect(second.page.get_by_role("button", name="Convert")).to_be_visible()
