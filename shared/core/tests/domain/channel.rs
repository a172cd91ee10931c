//! From the topics there are to those that are wanted.

use std::collections::BTreeSet;

use baton_core::channel::*;
use baton_core::id::PersonId;
use baton_documents::roster;
use proptest::prelude::*;

fn email(address: &str) -> Address {
    Address { channel: ChannelName::Email, text: address.to_owned() }
}

fn sms(address: &str) -> Address {
    Address { channel: ChannelName::Sms, text: address.to_owned() }
}

fn confirmed(address: Address) -> Subscription {
    let id = format!("arn:{}", address.text);
    Subscription { address, state: State::Confirmed(id) }
}

fn topic(subscriptions: &[Subscription]) -> Topic {
    Topic { subscriptions: subscriptions.to_vec() }
}

fn ana() -> PersonId {
    PersonId::parse("ana").unwrap()
}

#[test]
fn somebody_new_gets_a_topic_and_is_asked() {
    let wanted = [email("ana@a.example"), sms("+12025550101")];
    let [mail, text] = wanted.clone();
    let steps = [TopicStep::MakeTopic, TopicStep::Subscribe(mail), TopicStep::Subscribe(text)];
    assert_eq!(plan(&wanted, None), steps);
}

#[test]
fn who_was_asked_is_not_asked_again_and_who_is_gone_is() {
    let wanted = [email("ana@a.example")];
    for (state, steps) in [
        (State::Waiting, vec![]),
        (State::Confirmed("arn:1".to_owned()), vec![]),
        (State::Ended, vec![TopicStep::Subscribe(email("ana@a.example"))]),
    ] {
        let address = email("Ana@A.example");
        let topic = topic(&[Subscription { address, state }]);
        assert_eq!(plan(&wanted, Some(&topic)), steps);
    }
}

#[test]
fn an_address_that_changed_is_asked_first_and_the_old_one_ended_after() {
    let topic = topic(&[confirmed(email("old@a.example")), confirmed(sms("+12025550101"))]);
    let steps = plan(&[email("new@a.example"), sms("+12025550101")], Some(&topic));
    let old =
        TopicStep::Unsubscribe { channel: ChannelName::Email, id: "arn:old@a.example".to_owned() };
    assert_eq!(steps, [TopicStep::Subscribe(email("new@a.example")), old]);
    assert_eq!(steps.iter().map(TopicStep::takes_away).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_question_to_an_old_address_can_not_be_taken_back() {
    let address = email("old@a.example");
    let topic = topic(&[Subscription { address, state: State::Waiting }]);
    assert_eq!(plan(&[], Some(&topic)), []);
}

#[test]
fn somebody_who_left_keeps_a_topic_and_nothing_else() {
    let mut roster = roster::parse(roster::SAMPLE).unwrap();
    let person = roster.people.get_mut(&ana()).unwrap();
    assert_eq!(wanted(person).len(), 2);
    person.active = false;
    assert_eq!(wanted(person), []);
    assert_eq!(plan(&wanted(person), None), [TopicStep::MakeTopic]);
    let topic = topic(&[confirmed(email("ana@a.example"))]);
    assert!(plan(&wanted(person), Some(&topic))[0].takes_away());
}

#[test]
fn a_review_tells_every_channel_that_is_not_as_wanted() {
    let wanted = [email("ana@a.example"), sms("+12025550101")];
    let stopped = BTreeSet::from(["+12025550101".to_owned()]);
    let none = BTreeSet::new();
    let of = |subscriptions: &[Subscription], stopped| {
        let found = review(&ana(), &wanted, Some(&topic(subscriptions)), stopped);
        let dead = found.iter().filter(|one| one.standing.is_dead()).count();
        (found.into_iter().map(|one| one.standing).collect::<Vec<_>>(), dead)
    };
    let (mail, text) = (confirmed(wanted[0].clone()), confirmed(wanted[1].clone()));
    let (found, dead) = of(&[mail.clone(), text.clone()], &none);
    assert!(dead == 0 && found.iter().all(Standing::is_right), "{found:?}");
    let (found, dead) = of(&[mail.clone(), text], &stopped);
    assert_eq!((&found[1], dead), (&Standing::Stopped, 1));
    let left = confirmed(email("old@a.example"));
    let (found, dead) = of(&[mail, left], &none);
    assert_eq!(found[1..], [Standing::Missing, Standing::Surplus("arn:old@a.example".to_owned())]);
    assert_eq!(dead, 1, "{found:?}");
    assert_eq!(review(&ana(), &wanted, None, &stopped)[0].standing, Standing::Missing);
}

#[test]
fn a_roster_that_lets_most_go_is_somebody_elses() {
    let roster = roster::parse(roster::SAMPLE).unwrap();
    let told = |people: &[&str]| {
        let id = |name: &&str| PersonId::parse(name).unwrap();
        let topic = |_| Some(topic(&[confirmed(email("x@a.example"))]));
        let topics = people.iter().map(|name| (id(name), topic(name))).collect();
        Departures::by(&roster, &topics)
    };
    assert_eq!(told(&["ana", "ben", "zoe"]), Departures { people: 1, of: 3 });
    assert!(!told(&["ana", "ben", "zoe"]).is_most());
    assert!(!told(&["ana", "zoe"]).is_most());
    assert!(told(&["ana", "yan", "zoe"]).is_most());
    assert!(!told(&[]).is_most());
}

#[test]
fn an_address_is_not_in_what_is_logged() {
    let logged = format!("{:?}", plan(&[email("ana@a.example"), sms("+12025550101")], None));
    assert!(!logged.contains('@') && !logged.contains("+1"), "{logged}");
}

/// What SNS makes of a step: a telephone is subscribed at once, a mailbox is asked.
fn taken(topic: Option<Topic>, step: TopicStep) -> Option<Topic> {
    let mut topic = topic.unwrap_or_default();
    match step {
        TopicStep::MakeTopic => {}
        TopicStep::Subscribe(address) if address.channel == ChannelName::Sms => {
            topic.subscriptions.push(confirmed(address));
        }
        TopicStep::Subscribe(address) => {
            topic.subscriptions.push(Subscription { address, state: State::Waiting });
        }
        TopicStep::Unsubscribe { id, .. } => {
            topic.subscriptions.retain(|one| one.state != State::Confirmed(id.clone()));
        }
    }
    Some(topic)
}

fn addresses() -> impl Strategy<Value = Address> {
    let mail = prop::sample::select(&["a@a.example", "b@a.example", "B@a.example"][..]);
    let number = prop::sample::select(&["+12025550101", "+12025550102"][..]);
    prop_oneof![mail.prop_map(email), number.prop_map(sms)]
}

fn topics() -> impl Strategy<Value = Option<Topic>> {
    let state = prop_oneof![
        Just(State::Ended),
        Just(State::Waiting),
        Just(State::Confirmed(String::new())),
    ];
    let one = (addresses(), state).prop_map(|(address, state)| Subscription { address, state });
    let all = prop::collection::vec(one, 0..6).prop_map(|mut subscriptions| {
        for (n, one) in subscriptions.iter_mut().enumerate() {
            if let State::Confirmed(id) = &mut one.state {
                *id = format!("arn:{n}");
            }
        }
        Topic { subscriptions }
    });
    prop::option::of(all)
}

proptest! {
    #[test]
    fn after_the_steps_there_is_nothing_left_to_do(
        wanted in prop::collection::vec(addresses(), 0..3), topic in topics(),
    ) {
        let mut topic = topic;
        for step in plan(&wanted, topic.as_ref()) {
            topic = taken(topic, step);
        }
        // Wanted twice is asked twice; a roster wants no address of a person twice.
        prop_assert_eq!(plan(&wanted, topic.as_ref()), vec![]);
    }

    #[test]
    fn what_is_wanted_and_confirmed_is_never_ended(
        wanted in prop::collection::vec(addresses(), 0..3), topic in topics(),
    ) {
        let ended: Vec<String> = plan(&wanted, topic.as_ref()).into_iter().filter_map(|step| {
            match step {
                TopicStep::Unsubscribe { id, .. } => Some(id),
                TopicStep::MakeTopic | TopicStep::Subscribe(_) => None,
            }
        }).collect();
        for one in topic.into_iter().flat_map(|topic| topic.subscriptions) {
            if let State::Confirmed(id) = one.state {
                let kept = wanted.iter().any(|address| address.is_same(&one.address));
                prop_assert_eq!(ended.contains(&id), !kept);
            }
        }
    }
}
