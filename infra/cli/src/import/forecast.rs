//! Who on a list would qualify: the domain decides, as if every lead were new.
//!
//! Pure but for its memory of the people and scans so far: the policy and the time are arguments.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use baton_core::activity::Activity;
use baton_core::commands::{Actor, CommandRequest, Record};
use baton_core::correlation::Correlation;
use baton_core::decide::{Context, decide};
use baton_core::id::{LeadId, SourceId, SourceName};
use baton_core::lead::{Lead, QualifiedBy, Status};
use baton_core::policy::Policy;
use baton_core::roster::Roster;
use baton_core::score::Score;
use baton_documents::roster;
use baton_http::Problem;
use baton_score::parse;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::activity_result;
use super::row::Row;

/// The most people that are followed at once: some hundred megabytes if all of them stay open.
pub(super) const PEOPLE: usize = 100_000;
/// The most scans that are remembered, to know them when they come again.
pub(super) const SCANS: usize = 1_000_000;

/// What would become of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It makes the person a qualified lead.
    Qualifies(Qualified),
    /// It is recorded, and that is all.
    Recorded,
    /// It says again what a line above it said.
    Again,
    /// Baton would not take it.
    Refused(String),
    /// There is no room left to follow this person.
    NotFollowed,
}

#[derive(Debug, PartialEq)]
pub(super) struct Qualified {
    pub(super) by: QualifiedBy,
    /// The name of the fast-track rule.
    pub(super) because: Option<String>,
    pub(super) score: Score,
}

/// Somebody on the list, as far as it has been read.
enum Person {
    Open(Box<Lead>),
    /// Later lines about them change nothing.
    Qualified,
}

/// The people of a list, and what the rules say of them.
pub(super) struct Forecast<'a> {
    policy: &'a Policy,
    roster: Roster,
    source: &'a SourceName,
    now: Timestamp,
    people: HashMap<LeadId, Person>,
    scans: HashMap<ScanDigest, LeadId>,
    /// The most people, and the most scans.
    bounds: (usize, usize),
    has_points: bool,
}

impl<'a> Forecast<'a> {
    pub(super) fn new(policy: &'a Policy, source: &'a SourceName, now: Timestamp) -> Self {
        // Routing is not part of the forecast, so any roster will do.
        let roster = roster::parse(roster::SAMPLE).expect("a test reads the sample");
        let (people, scans, bounds) = (HashMap::new(), HashMap::new(), (PEOPLE, SCANS));
        Self { policy, roster, source, now, people, scans, bounds, has_points: false }
    }

    /// Judges a line, after all those above it.
    pub(super) fn add(&mut self, row: &Row, person: LeadId) -> Verdict {
        let (people, scans) = self.bounds;
        let has_room = self.people.len() < people || self.people.contains_key(&person);
        if !has_room || self.scans.len() >= scans {
            return Verdict::NotFollowed;
        }
        let activity = match self.activity(row) {
            Ok(activity) => activity,
            Err(reason) => return Verdict::Refused(reason),
        };
        match self.scans.entry(digest(&row.id)) {
            Entry::Vacant(scan) => {
                scan.insert(person);
            }
            Entry::Occupied(scan) if *scan.get() == person => return Verdict::Again,
            Entry::Occupied(_) => {
                return Verdict::Refused("has the scan id of somebody further up".to_owned());
            }
        }
        self.record(person, activity)
    }

    /// People who don't qualify, and how many of them are excluded.
    pub(super) fn open(&self) -> (u64, u64) {
        let open = self.people.values().filter_map(|person| match person {
            Person::Open(lead) => Some(lead),
            Person::Qualified => None,
        });
        let excluded = open.clone().filter(|lead| lead.excluded.is_some()).count();
        (open.count() as u64, excluded as u64)
    }

    /// Whether the policy knows what these people did.
    pub(super) fn has_points(&self) -> bool {
        self.has_points
    }

    /// The line as Baton would take it.
    fn activity(&self, row: &Row) -> Result<Activity, String> {
        let json = serde_json::to_value(row).expect("texts, numbers and times become JSON");
        parse::activity(json, self.source, self.now).map_err(|invalid| {
            let problem = Problem::fields("invalid_activity", invalid.errors);
            format!("would be refused by Baton: {}", activity_result::Problem::from(&problem))
        })
    }

    fn record(&mut self, person: LeadId, activity: Activity) -> Verdict {
        let lead = match self.people.remove(&person) {
            None => Lead::new(activity.who.clone(), self.now),
            Some(Person::Open(lead)) => *lead,
            Some(Person::Qualified) => {
                self.people.insert(person, Person::Qualified);
                return Verdict::Recorded;
            }
        };
        let by = Actor::Source(self.source.clone());
        let request = CommandRequest::new(Record::new(activity), by, Correlation::none());
        let (policy, roster, now) = (self.policy, &self.roster, self.now);
        let context = Context { policy, roster, editions: None, turn: None, ledger: None, now };
        let decision = decide(lead, &request, &context).expect("a fact is never refused");
        let entry = decision.entry.as_ref();
        self.has_points |= entry.is_some_and(|e| e.points != 0 || e.fast_track.is_some());
        self.keep(person, decision.lead)
    }

    fn keep(&mut self, person: LeadId, lead: Lead) -> Verdict {
        if lead.status() != Status::Mql {
            self.people.insert(person, Person::Open(Box::new(lead)));
            return Verdict::Recorded;
        }
        self.people.insert(person, Person::Qualified);
        let score = lead.score(self.now, self.policy.scoring.half_life);
        let by = lead.marks().mql_by.unwrap_or(QualifiedBy::Score);
        Verdict::Qualifies(Qualified {
            by,
            because: lead.marks().mql_because.map(str::to_owned),
            score,
        })
    }
}

/// Bytes of a scan's digest: 128 bits.
const DIGEST_BYTES: usize = 16;
type ScanDigest = [u8; DIGEST_BYTES];

/// A digest of a scan's id, so that a long id takes no more memory.
fn digest(id: &SourceId) -> ScanDigest {
    let hash = Sha256::digest(id.as_str());
    std::array::from_fn(|at| hash[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::{Reading, Rows};
    use baton_core::id::ActivityType;
    use baton_documents::policy;

    /// What becomes of each line, in March 2026 by the sample policy.
    fn verdicts(kind: &str, list: &str) -> Vec<Verdict> {
        verdicts_within((PEOPLE, SCANS), kind, list)
    }

    fn verdicts_within(bounds: (usize, usize), kind: &str, list: &str) -> Vec<Verdict> {
        let policy = policy::parse(policy::SAMPLE).unwrap().policy;
        let source = SourceName::parse("tradeshow").unwrap();
        let now = "2026-03-05T09:00:00Z".parse().unwrap();
        let mut forecast = Forecast { bounds, ..Forecast::new(&policy, &source, now) };
        let reading = Reading::of(ActivityType::parse(kind).unwrap());
        let rows = Rows::open(list.as_bytes(), reading).unwrap().map(Result::unwrap);
        rows.map(|row| forecast.add(&row, row.identity(&source).lead_id())).collect()
    }

    fn qualifies(by: QualifiedBy, because: Option<&str>, behaviour: i64, fit: i64) -> Verdict {
        let score = Score { behaviour, fit, total: behaviour + fit };
        Verdict::Qualifies(Qualified { by, because: because.map(str::to_owned), score })
    }

    #[test]
    fn the_visit_that_reaches_the_threshold_qualifies_and_no_later_one() {
        let list = "email,title,scan time\nk@a.example,VP,2026-03-01 10:00\n\
                    k@a.example,VP,2026-03-02 10:00\nk@a.example,VP,2026-03-03 10:00\n\
                    k@a.example,VP,2026-03-04 10:00\n";
        let by_score = qualifies(QualifiedBy::Score, None, 117, 20);
        let expected = [Verdict::Recorded, Verdict::Recorded, by_score, Verdict::Recorded];
        assert_eq!(verdicts("webinar.attended", list), expected);
    }

    #[test]
    fn a_fast_track_qualifies_at_once_but_for_those_who_are_excluded() {
        let list = "email,country,scan id\nk@a.example,Germany,1\nk@a.example,Germany,2\n\
                    c@competitor.example,,3\nc@competitor.example,,3\nd@b.example,,3\n";
        let elsewhere = Verdict::Refused("has the scan id of somebody further up".to_owned());
        let expected = [
            qualifies(QualifiedBy::FastTrack, Some("booth_visit"), 0, 5),
            Verdict::Recorded,
            Verdict::Recorded,
            Verdict::Again,
            elsewhere,
        ];
        assert_eq!(verdicts("event.booth_visited", list), expected);
    }

    #[test]
    fn whoever_there_is_no_room_for_is_not_followed() {
        let list = "email,scan id\na@x.example,1\nb@x.example,2\na@x.example,3\na@x.example,4\n";
        let expected = |of: [bool; 4]| {
            of.map(|is_followed| match is_followed {
                true => Verdict::Recorded,
                false => Verdict::NotFollowed,
            })
        };
        let within = |bounds| verdicts_within(bounds, "email.clicked", list);
        assert_eq!(within((1, 9)), expected([true, false, true, true]));
        assert_eq!(within((9, 2)), expected([true, true, false, false]));
    }

    #[test]
    fn what_baton_would_refuse_is_told_in_its_words() {
        let list = "email,scan time\nk@a.example,2031-03-01 10:00\n";
        let said = "would be refused by Baton: /occurred_at is in the future, expected a time \
                    within the last two years";
        let refused = Verdict::Refused(said.to_owned());
        assert_eq!(verdicts("event.booth_visited", list), [refused]);
    }
}
