"""What has to happen: each story begins in an empty account and says itself what it is about."""

import json
import re
from time import monotonic

from .sns import letters, subscriptions
from .stage import SAMPLE, Stage

ANA, BEN = "ana.ruiz@northwind.example", "ben.fischer@northwind.example"
# Seven people with both, and Mia with mail alone.
CHANNELS, MAILBOXES = 15, 8


def carries(address: str) -> bool:
    """Whether alerts reach an address."""
    return any(
        it.endpoint == address and it.confirmed and not getattr(it, "is_deleted", False)
        for it in subscriptions()
    )


def without(roster: str, person: str) -> str:
    """A roster that somebody is not on any more."""
    return re.sub(rf'\[\[person\]\]\nid = "{person}"\n(.+\n)+', "", roster)


def everybody_is_asked_before_the_roster_is_in_force(stage: Stage) -> None:
    said = stage.publish(SAMPLE)
    assert said.code == 0, said
    assert f"8 topics made, {CHANNELS} addresses subscribed, 0 unsubscribed" in said.out, said
    assert said.out.count("waiting: not confirmed yet") == MAILBOXES, said
    assert "baton roster confirm 'LINK'" in said.out, said
    assert stage.mailboxes.writes[-1] == "publish", stage.mailboxes.writes
    assert stage.mailboxes.writes.count("publish") == 1
    assert carries("+12025550101") and not carries(ANA)


def publishing_again_asks_nobody_twice(stage: Stage) -> None:
    stage.publish(SAMPLE)
    before = list(stage.mailboxes.writes)
    said = stage.publish(SAMPLE)
    assert "is in force already" in said.out and "0 topics made, 0 addresses" in said.out, said
    assert stage.mailboxes.writes == before


def a_link_that_was_copied_confirms_for_good(stage: Stage) -> None:
    stage.publish(SAMPLE)
    listed = stage.baton("roster", "channels")
    assert listed.code == 1 and f"{MAILBOXES} of {CHANNELS} channels" in listed.err, listed
    link = stage.mailboxes.link(ANA)
    said = stage.baton("roster", "confirm", link)
    assert said.code == 0 and said.out.startswith("ana's e-mail is confirmed"), said
    stage.mailboxes.scan_alerts(ANA)
    assert carries(ANA)
    again = stage.baton("roster", "confirm", link)
    assert again.code == 1 and "AuthorizationError" in again.err, again
    token = stage.mailboxes.link(BEN).partition("Token=")[2].partition("&")[0]
    assert stage.baton("roster", "confirm", token, "--person", "ben").code == 0
    stage.everybody_confirms()
    listed = stage.baton("roster", "channels")
    assert listed.code == 0 and listed.out.count("  confirmed\n") == CHANNELS, listed


def a_link_that_was_opened_confirms_until_a_scanner_comes(stage: Stage) -> None:
    stage.publish(SAMPLE)
    stage.mailboxes.open(stage.mailboxes.link(ANA))
    stage.everybody_confirms()
    listed = stage.baton("roster", "channels")
    assert listed.code == 0, "they are told, for now"
    assert listed.out.count("anybody who has one of the mails can end it") == 1, listed
    assert "aws sns unsubscribe --subscription-arn arn:" in listed.out, listed
    stage.mailboxes.scan_alerts(ANA)
    listed = stage.baton("roster", "channels")
    assert listed.code == 1 and "gone: somebody unsubscribed it" in listed.out, listed
    said = stage.publish(SAMPLE)
    assert "0 topics made, 1 addresses subscribed" in said.out, said
    stage.everybody_confirms()
    stage.mailboxes.scan_alerts(ANA)
    assert stage.baton("roster", "channels").code == 0 and carries(ANA)


def an_address_that_changed_is_asked_before_and_the_old_one_ended_after(stage: Stage) -> None:
    stage.publish(SAMPLE)
    stage.everybody_confirms()
    stage.mailboxes.writes.clear()
    said = stage.publish(SAMPLE.replace(ANA, "ana@northwind.example"))
    assert "ana  email  unsubscribed: an address that is not on the roster" in said.out, said
    expected = ["subscribe ana@northwind.example", "publish", f"unsubscribe {ANA}"]
    assert stage.mailboxes.writes == expected, stage.mailboxes.writes
    assert not carries(ANA)


def a_yes_from_an_old_address_is_seen_and_ended(stage: Stage) -> None:
    stage.publish(SAMPLE)
    stage.publish(SAMPLE.replace(ANA, "ana@northwind.example"))
    refused = stage.baton("roster", "confirm", stage.mailboxes.link(ANA))
    assert refused.code == 1 and "an address that is not ana's" in refused.err, refused
    stage.mailboxes.open(stage.mailboxes.link(ANA))
    listed = stage.baton("roster", "channels")
    assert "ana    email  not on the roster, and still told everything" in listed.out, listed
    stage.publish(SAMPLE.replace(ANA, "ana@northwind.example"))
    assert not carries(ANA)


def who_left_is_told_no_more_and_keeps_a_topic(stage: Stage) -> None:
    stage.publish(SAMPLE)
    stage.everybody_confirms()
    gone = without(SAMPLE, "mia").replace('marketing = ["mia"]', 'marketing = ["sofia"]')
    gone = gone.replace('id = "ben"', 'id = "ben"\nactive = false')
    said = stage.publish(gone)
    assert said.code == 0 and "3 unsubscribed" in said.out, said
    for person, medium in (("ben", "email"), ("ben", "sms"), ("mia", "email")):
        assert f"{person}  {medium}  unsubscribed; the topic stays" in said.out, said
    assert not carries(BEN) and carries(ANA)
    topics = {topic.rpartition("-")[2] for topic in map(lambda it: it.topic.arn, subscriptions())}
    assert {"ben", "mia"} <= topics
    assert stage.baton("roster", "channels").code == 0
    back = stage.baton("roster", "rollback", "1")
    assert back.code == 0 and "3 addresses subscribed" in back.out, back


def somebody_elses_roster_is_refused(stage: Stage) -> None:
    stage.publish(SAMPLE)
    stage.everybody_confirms()
    stage.mailboxes.writes.clear()
    others = SAMPLE
    for person in ("ana", "ben", "carla", "diego", "hana"):
        others = others.replace(f'"{person}"', f'"{person}-2"')
    refused = stage.publish(others)
    assert refused.code == 1 and "5 of them are not on this roster" in refused.err, refused
    assert stage.mailboxes.writes == [] and carries(ANA)
    assert stage.baton("roster", "history").out.count("\n") == 1
    assert stage.publish(others, "--let-go").code == 0


def a_roster_with_a_mistake_touches_nobody(stage: Stage) -> None:
    refused = stage.publish(SAMPLE.replace('"emea"', '"europe"'))
    assert refused.code == 1 and "the policy in force" in refused.err, refused
    assert stage.mailboxes.writes == []


def an_interruption_is_mended_by_publishing_again(stage: Stage) -> None:
    stage.mailboxes.broken_from = 7
    broken = stage.publish(SAMPLE)
    assert broken.code == 1 and "publishing again does the rest" in broken.err, broken
    assert "No roster was published" in stage.baton("roster", "history").out
    stage.mailboxes.broken_from = None
    assert stage.publish(SAMPLE).code == 0
    assert len(subscriptions()) == CHANNELS
    stage.everybody_confirms()
    changed = SAMPLE.replace(ANA, "ana@northwind.example")
    # After the question to the new address and the roster, before the old address is ended.
    stage.mailboxes.broken_from = len(stage.mailboxes.writes) + 2
    assert stage.publish(changed).code == 1 and carries(ANA)
    stage.mailboxes.broken_from = None
    said = stage.publish(changed)
    assert "is in force already" in said.out and "1 unsubscribed" in said.out, said
    assert not carries(ANA)


def nothing_is_asked_of_sns_for_a_table_nobody_is_told_from(stage: Stage) -> None:
    said = stage.publish(SAMPLE, "--no-topics")
    assert said.code == 0 and stage.mailboxes.writes == ["publish"], said
    listed = stage.baton("roster", "channels")
    assert listed.code == 1 and listed.out.count("missing") == CHANNELS, listed


def the_daily_check_names_what_is_dead_and_says_nothing_when_nothing_is(stage: Stage) -> None:
    reply = stage.sla()
    assert reply.json() == {"channels": 0, "unconfirmed": 0, "surplus": 0}, "no roster, nobody"
    stage.publish(SAMPLE)
    stage.everybody_confirms()
    reply = stage.sla()
    assert reply.json() == {"channels": CHANNELS, "unconfirmed": 0, "surplus": 0}, reply
    assert stage.counted() == [0] and letters(stage.operators) == []
    stage.mailboxes.stop("+12025550102")
    for it in subscriptions():
        if it.endpoint == ANA:
            it.attributes["ConfirmationWasAuthenticated"] = False
    stage.mailboxes.scan_alerts(ANA)
    reply = stage.sla()
    assert reply.json() == {"channels": CHANNELS, "unconfirmed": 2, "surplus": 0}, reply
    assert stage.counted() == [2]
    ((subject, text),) = letters(stage.operators)
    assert subject == "Baton: 2 alert channels need you", subject
    assert "gone: somebody unsubscribed it\n    ana  email\n" in text, text
    assert "stopped: the telephone answered STOP\n    ben  sms\n" in text, text
    told = [json.loads(line) for line in stage.logged if "unsubscribed it" in line]
    assert [line["fields"]["person"] for line in told] == ["ana"], stage.logged
    stage.sla()
    assert len(letters(stage.operators)) == 2, "a letter a day, until it is mended"


def a_word_that_is_no_task_fails_and_no_word_is_a_sweep(stage: Stage) -> None:
    reply = stage.sla({"task": "check_chanels"})
    assert reply.failed and "check_chanels" in reply.body.decode(), reply
    assert "lapsed" in stage.sla({"time": "2026-03-02T05:00:00Z"}).json()


def a_roster_of_many_is_looked_at_page_by_page(stage: Stage) -> None:
    person = '[[person]]\nid = "p-{0}"\nname = "P {0}"\nemail = "p{0}@northwind.example"\n'
    many = SAMPLE + "".join(person.format(n) for n in range(200))
    said = stage.publish(many)
    assert said.code == 0 and "208 topics made, 215 addresses subscribed" in said.out, said
    again = stage.publish(many)
    assert "0 topics made, 0 addresses subscribed" in again.out, again
    # More than SNS lists on a page, and none of our business; Ana's new address comes after them.
    stage.archive("ana", 120)
    changed = many.replace(ANA, "ana@northwind.example")
    said = stage.publish(changed)
    assert "1 addresses subscribed, 0 unsubscribed" in said.out, said
    again = stage.publish(changed)
    assert "0 topics made, 0 addresses subscribed, 0 unsubscribed" in again.out, again
    begun = monotonic()
    assert stage.sla().json() == {"channels": 215, "unconfirmed": 208, "surplus": 0}
    assert monotonic() - begun < 30, "half of what sla has, for a fifth of the largest roster"


STORIES = [
    everybody_is_asked_before_the_roster_is_in_force,
    publishing_again_asks_nobody_twice,
    a_link_that_was_copied_confirms_for_good,
    a_link_that_was_opened_confirms_until_a_scanner_comes,
    an_address_that_changed_is_asked_before_and_the_old_one_ended_after,
    a_yes_from_an_old_address_is_seen_and_ended,
    who_left_is_told_no_more_and_keeps_a_topic,
    somebody_elses_roster_is_refused,
    a_roster_with_a_mistake_touches_nobody,
    an_interruption_is_mended_by_publishing_again,
    nothing_is_asked_of_sns_for_a_table_nobody_is_told_from,
    the_daily_check_names_what_is_dead_and_says_nothing_when_nothing_is,
    a_word_that_is_no_task_fails_and_no_word_is_a_sweep,
    a_roster_of_many_is_looked_at_page_by_page,
]
