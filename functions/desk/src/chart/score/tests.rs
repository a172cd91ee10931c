use super::*;

const NOW: &str = "2026-04-08T12:30:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn step(text: &str, counted: f64, number: usize) -> Step {
    Step { at: at(text), counted, until: None, number: Some(number) }
}

fn data() -> ScoreData {
    ScoreData {
        name: "Silke <Kleinschmidt>".to_owned(),
        steps: vec![
            step("2026-03-11T16:03:31Z", 40.0, 3),
            step("2026-03-12T13:53:30Z", 20.0, 4),
            step("2026-04-08T07:05:00Z", 40.0, 5),
        ],
        fit: 20,
        threshold: 100,
        half_life: SignedDuration::from_hours(90 * 24),
        marks: vec![(at("2026-04-08T07:05:00Z"), "MQL")],
        since: at("2026-03-02T09:00:00Z"),
    }
}

fn drawn(data: ScoreData) -> Score {
    draw(data, &Reader::in_stockholm("en", NOW))
}

#[test]
fn a_score_as_a_picture() {
    insta::assert_snapshot!(drawn(data()));
}

#[test]
fn those_who_do_not_see_it_read_what_it_shows() {
    let picture = drawn(data());
    assert_eq!(picture.title, "The score of Silke <Kleinschmidt> since Mon 2 Mar");
    assert_eq!(
        picture.description,
        "Behaviour steps up with each activity and halves every 90 days between them; fit adds \
         20. Today: 88 for behaviour and 20 for fit, 108 in all. The threshold is 100. MQL on Wed \
         8 Apr."
    );
    assert!(!picture.to_string().contains("<Klein"));
}

#[test]
fn steps_that_would_print_over_each_other_share_a_label() {
    let labels: Vec<_> = drawn(data()).numbers.into_iter().map(|number| number.text).collect();
    assert_eq!(labels, ["3–4", "5"]);
}

fn stays_on_paper(picture: &Score) {
    for path in [&picture.past, &picture.ahead] {
        for point in path.split('L') {
            let (x, y) = point.split_once(',').unwrap();
            let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
            assert!((-0.1..=1000.1).contains(&x) && (-0.1..=200.1).contains(&y), "{point}");
        }
    }
    assert!(!picture.past.is_empty() && !picture.ahead.is_empty());
    assert!(picture.grid.len() <= 6, "{:?}", picture.grid);
    let text = picture.to_string();
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

#[test]
fn the_plane_has_room_for_whatever_the_score_did() {
    let mut below = data();
    below.steps.push(step("2026-04-08T08:00:00Z", -350.0, 6));
    let unfit = ScoreData { fit: -30, ..data() };
    let nothing = ScoreData { steps: Vec::new(), fit: 0, marks: Vec::new(), ..data() };
    let just_now = ScoreData { since: at(NOW), steps: vec![step(NOW, 40.0, 1)], ..data() };
    let huge = ScoreData { threshold: 1_000_000, steps: vec![step(NOW, 3e9, 1)], ..data() };
    let free = ScoreData { threshold: 0, ..nothing.clone() };
    for data in [data(), below, unfit, nothing, just_now, huge, free] {
        stays_on_paper(&drawn(data));
    }
}

#[test]
fn a_restart_is_seen() {
    let mut data = data();
    for step in &mut data.steps[..2] {
        step.until = Some(at("2026-04-01T00:00:00Z"));
    }
    let before = ScoreData { steps: data.steps[2..].to_vec(), ..data.clone() };
    assert_eq!(drawn(data).ahead, drawn(before).ahead);
}

#[test]
fn of_a_thousand_steps_the_newest_are_drawn_and_all_count() {
    let start = at("2025-04-08T00:00:00Z");
    let many: Vec<Step> = (0..1000)
        .map(|n| Step {
            at: start + SignedDuration::from_hours(8 * n),
            counted: 1.0,
            until: None,
            number: usize::try_from(n).ok(),
        })
        .collect();
    let picture = drawn(ScoreData { steps: many, since: start, ..data() });
    assert_eq!(picture.dots.len(), STEPS);
    stays_on_paper(&picture);
    assert!(picture.numbers.first().unwrap().text.starts_with("900–"));
    assert!(picture.to_string().len() < 20_000, "{}", picture.to_string().len());
    assert!(picture.description.contains("Today: 280 for"), "{}", picture.description);
}

#[test]
fn of_turns_that_are_close_the_newest_is_named() {
    let marks = ["2026-03-30", "2026-03-31", "2026-04-02", "2026-04-08"];
    let names = ["MQL", "converted", "returned", "MQL"];
    let marks = marks.iter().map(|day| at(&format!("{day}T08:00:00Z"))).zip(names).collect();
    let picture = drawn(ScoreData { marks, ..data() });
    let named: Vec<_> = picture.marks.iter().map(|mark| mark.text).collect();
    assert_eq!(named, ["", "converted", "", "MQL"]);
}
