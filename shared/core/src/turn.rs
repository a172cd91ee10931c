//! Whose turn it is in a queue: dealing by weight, whoever comes and goes.
//!
//! A lead that is dealt is due to everybody who is available then, in parts that follow their
//! weights. What is due to a person less what they got is their credit: it grows only while they are
//! available, so that nobody is flooded on their first day back. The idea is Fagin and Williams' ("A
//! fair carpool scheduling algorithm", 1983); while the same people are available, it is dealt by
//! Balinski and Young's quota method (1975). Everybody's share stays strictly within one lead of
//! their due while the same people are available, and within `n - 1` leads for the `n` people that
//! the queue has ever had. `shared/docs/decisions/0025-credit-accrues-while-present.md` has the proof.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, QueueName};
use crate::limits;
use crate::roster::Member;

/// A lead, in the unit of what is carried over when people come and go.
const LEAD: i64 = 1_000_000_000_000;

/// Who has been dealt how much of a queue. It changes only together with an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTurn {
    /// The queue whose turn it is.
    pub queue: QueueName,
    /// The people who were available at the last deal, and what each of them is owed.
    #[serde(rename = "turns")]
    pub shares: Vec<Share>,
    /// The people who were not, at most [`limits::ABSENT_SHARES`]; last who left last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<AbsentShare>,
    /// What people are owed who have been away for so long that they are no longer in `absent`.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub forgotten: i64,
    /// Leads dealt so far.
    pub dealt: u64,
}

/// What one person of a queue is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// A member of the queue who was available.
    pub person: PersonId,
    /// Their share: 1 or more.
    pub weight: u32,
    /// What they are owed in parts of a lead: `k·weight - total weight·leads got`, counted since
    /// the people available last changed.
    pub credit: i64,
    /// What they were owed before that, in millionths of a millionth of a lead.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub carried: i64,
    /// The number of the last lead they got; breaks ties in favour of who has waited longest.
    pub last: u64,
}

/// What somebody is owed who is away: as much as when they left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentShare {
    /// Who is away.
    pub person: PersonId,
    /// What they are owed, in millionths of a millionth of a lead.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub carried: i64,
    /// The number of the last lead they got.
    pub last: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_nothing(owed: &i64) -> bool {
    *owed == 0
}

impl QueueTurn {
    /// A queue from which nothing has been dealt.
    pub fn new(queue: QueueName) -> Self {
        Self { queue, shares: Vec::new(), absent: Vec::new(), forgotten: 0, dealt: 0 }
    }

    /// Deals one lead among the people available. Nobody available, nobody dealt.
    pub fn deal(&self, available: &[Member]) -> Option<(PersonId, Self)> {
        if available.is_empty() {
            return None;
        }
        let mut next = if self.is_among(available) { self.clone() } else { self.change(available) };
        for share in &mut next.shares {
            share.credit = share.credit.saturating_add(i64::from(share.weight));
        }
        let total = total_weight(&next.shares);
        let chosen = choose(&mut next.shares, total)?;
        next.dealt += 1;
        chosen.credit = chosen.credit.saturating_sub(total);
        chosen.last = next.dealt;
        let person = chosen.person.clone();
        Some((person, next))
    }

    fn is_among(&self, available: &[Member]) -> bool {
        let is_same = |(share, member): (&Share, &Member)| {
            share.person == member.person && share.weight == member.weight
        };
        self.shares.len() == available.len() && self.shares.iter().zip(available).all(is_same)
    }

    /// The turn among other people, or by other weights: everybody keeps what they are owed.
    fn change(&self, available: &[Member]) -> Self {
        let mut known = self.absent.clone();
        known.extend(leave(&self.shares));
        let mut back = |person: &PersonId| {
            let index = known.iter().position(|share| share.person == *person)?;
            Some(known.remove(index))
        };
        let shares = available.iter().map(|member| {
            let (carried, last) = back(&member.person).map_or((0, 0), |s| (s.carried, s.last));
            let Member { person, weight } = member.clone();
            Share { person, weight, credit: 0, carried, last }
        });
        let shares = shares.collect();
        let too_many = known.len().saturating_sub(limits::ABSENT_SHARES);
        let long_gone = known.drain(..too_many);
        let forgotten = long_gone.fold(self.forgotten, |all, s| all.saturating_add(s.carried));
        let queue = self.queue.clone();
        Self { queue, shares, absent: known, forgotten, dealt: self.dealt }
    }
}

/// What everybody takes along who was available, in the unit of what is carried. Parts too small for
/// it go to the first, so that nothing is lost: what all are owed adds up to nothing.
fn leave(shares: &[Share]) -> Vec<AbsentShare> {
    let total = i128::from(total_weight(shares).max(1));
    let parts = |share: &Share| (i128::from(share.credit) * i128::from(LEAD)).div_euclid(total);
    let mut rest: i128 = -shares.iter().map(parts).sum::<i128>();
    let absent = |share: &Share| {
        let owed = parts(share) + std::mem::take(&mut rest);
        let carried = share.carried.saturating_add(i64::try_from(owed).unwrap_or(0));
        AbsentShare { person: share.person.clone(), carried, last: share.last }
    };
    shares.iter().map(absent).collect()
}

fn total_weight(shares: &[Share]) -> i64 {
    shares.iter().map(|share| i64::from(share.weight)).sum()
}

/// Who gets the lead that everybody has just been credited with. Whoever is owed a whole lead, or
/// the least overpaid if all are overpaid: the greatest credit. Else, among those who are owed
/// something, whoever would soonest be owed a whole lead.
fn choose(shares: &mut [Share], total: i64) -> Option<&mut Share> {
    let lead = i128::from(LEAD) * i128::from(total);
    let owed = |share: &Share| {
        i128::from(share.credit) * i128::from(LEAD) + i128::from(share.carried) * i128::from(total)
    };
    let most = shares.iter().map(owed).max()?;
    if most >= lead || most <= 0 {
        return shares.iter_mut().filter(|share| owed(share) == most).min_by_key(|s| s.last);
    }
    let soonest = |a: &Share, b: &Share| {
        let due_in = |share: &Share, other: &Share| {
            (lead - owed(share)).saturating_mul(i128::from(other.weight))
        };
        due_in(a, b).cmp(&due_in(b, a)).then(a.last.cmp(&b.last))
    };
    shares.iter_mut().filter(|share| owed(share) > 0).min_by(|a, b| soonest(a, b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member((index, weight): (usize, u32)) -> Member {
        Member { person: PersonId::parse(&format!("p{index}")).unwrap(), weight }
    }

    fn members(weights: &[u32]) -> Vec<Member> {
        weights.iter().copied().enumerate().map(member).collect()
    }

    fn queue() -> QueueTurn {
        QueueTurn::new(QueueName::parse("emea").unwrap())
    }

    #[test]
    fn two_to_one_is_dealt_two_to_one() {
        let (mut turn, mut dealt) = (queue(), String::new());
        for _ in 0..9 {
            let (person, next) = turn.deal(&members(&[2, 1])).unwrap();
            dealt.push_str(person.as_str());
            turn = next;
        }
        assert_eq!(dealt, "p0p1p0p0p1p0p0p1p0");
    }

    #[test]
    fn nobody_available_deals_nothing() {
        assert_eq!(queue().deal(&[]), None);
    }

    /// Who is available on each of so many days, a lead a day: what each got, and was due.
    fn dealt(weights: &[u32], days: u32, is_in: impl Fn(u32, usize) -> bool) -> Vec<(u32, f64)> {
        let (mut turn, mut shares) = (queue(), vec![(0, 0.0); weights.len()]);
        for day in 0..days {
            let all = members(weights).into_iter().enumerate();
            let present: Vec<_> = all.filter(|(index, _)| is_in(day, *index)).collect();
            let total: u32 = present.iter().map(|(_, member)| member.weight).sum();
            for (index, member) in &present {
                shares[*index].1 += f64::from(member.weight) / f64::from(total);
            }
            let available: Vec<_> = present.into_iter().map(|(_, member)| member).collect();
            let Some((person, next)) = turn.deal(&available) else { continue };
            shares[index_of(&person)].0 += 1;
            turn = next;
        }
        shares
    }

    fn index_of(person: &PersonId) -> usize {
        person.as_str()[1..].parse().unwrap()
    }

    #[test]
    fn who_is_in_three_days_a_week_gets_what_is_due_on_those_days() {
        const MOST: f64 = 1.0 + 1e-6;
        let (mon_wed_fri, weekend) = ([0, 2, 4], [5, 6]);
        for weights in [[2, 1, 1], [1, 1, 1], [1, 3, 5]] {
            for days in 1..=180 {
                let is_in = |day, who| who != 2 || mon_wed_fri.contains(&(day % 7));
                for (got, due) in dealt(&weights, days, is_in) {
                    assert!((f64::from(got) - due).abs() < MOST, "{got} of {due} on day {days}");
                }
                let is_in = |day, who| weekend.contains(&(day % 7)) == (who == 2) || who == 1;
                for (got, due) in dealt(&weights, days, is_in) {
                    assert!((f64::from(got) - due).abs() < MOST, "{got} of {due} on day {days}");
                }
            }
        }
    }

    #[test]
    fn nobody_is_flooded_on_the_first_day_back() {
        let mut turn = queue();
        for _ in 0..100 {
            turn = turn.deal(&members(&[1, 1])).unwrap().1;
        }
        let mut first_days = String::new();
        for _ in 0..9 {
            let (person, next) = turn.deal(&members(&[1, 1, 1])).unwrap();
            first_days.push_str(person.as_str());
            turn = next;
        }
        assert_eq!(first_days, "p2p0p1p2p0p1p2p0p1");
    }

    #[test]
    fn who_is_forgotten_leaves_what_they_were_owed_on_record() {
        let mut turn = queue();
        for day in 0..3 * u32::try_from(limits::ABSENT_SHARES).unwrap() {
            let present = [member((day as usize, 1)), member((day as usize + 1, 2))];
            turn = turn.deal(&present).unwrap().1;
            let left: i64 = turn.absent.iter().map(|share| share.carried).sum();
            let carried: i64 = turn.shares.iter().map(|share| share.carried).sum();
            assert!(turn.absent.len() <= limits::ABSENT_SHARES);
            assert_eq!(left + carried + turn.forgotten, 0);
        }
        assert_ne!(turn.forgotten, 0);
    }

    #[test]
    fn a_turn_of_before_is_read_and_goes_on_with_what_it_says() {
        let old = r#"{"queue":"emea","dealt":1,"turns":[
            {"person":"p0","weight":1,"credit":-1,"last":1},
            {"person":"p1","weight":1,"credit":1,"last":0}]}"#;
        let turn: QueueTurn = serde_json::from_str(old).unwrap();
        let (_, turn) = turn.deal(&members(&[1])).unwrap();
        assert_eq!(turn.absent[0].carried, LEAD / 2);
        let (person, _) = turn.deal(&members(&[1, 1])).unwrap();
        assert_eq!(person.as_str(), "p1");
    }

    #[test]
    fn equals_take_turns_even_when_somebody_leaves_after_each_lead() {
        let mut turn = queue();
        let mut got = [0; 3];
        for round in 0..30 {
            let mut present = members(&[1, 1, 1]);
            present.remove(round % 3);
            let (person, next) = turn.deal(&present).unwrap();
            got[index_of(&person)] += 1;
            turn = next;
        }
        assert!(got.iter().all(|&n| n >= 5), "{got:?}");
    }

    proptest! {
        #[test]
        fn every_share_is_always_within_one_lead_of_its_weight(
            weights in prop::collection::vec(1..=100u32, 1..12),
            deals in 1..400usize,
        ) {
            let (present, total) = (members(&weights), weights.iter().sum::<u32>() as f64);
            let (mut turn, mut got) = (queue(), vec![0; weights.len()]);
            for k in 1..=deals {
                let (person, next) = turn.deal(&present).unwrap();
                turn = next;
                got[index_of(&person)] += 1;
                for (n, weight) in got.iter().zip(&weights) {
                    let due = k as f64 * f64::from(*weight) / total;
                    prop_assert!((f64::from(*n) - due).abs() < 1.0, "{got:?} of {k}");
                }
            }
        }

        #[test]
        fn whoever_comes_and_goes_nobody_is_more_than_the_bound_from_what_was_due_to_them(
            people in 2..8usize,
            days in prop::collection::vec((any::<u8>(), any::<u8>(), any::<bool>()), 1..300),
        ) {
            let bound = (people - 1) as f64 + 1e-6;
            let (mut turn, mut shares) = (queue(), vec![(0.0, 0.0); people]);
            for (who, heavy, is_committed) in days {
                let is_in = |index: &usize| who >> index & 1 == 1;
                let weight = |index| if heavy >> index & 1 == 1 { 5 } else { 1 };
                let here: Vec<_> = (0..people).filter(is_in).collect();
                let present: Vec<_> = here.iter().map(|&i| member((i, weight(i)))).collect();
                let Some((person, next)) = turn.deal(&present) else { continue };
                // An assignment that was refused, or lost its race, moves no turn.
                if !is_committed {
                    continue;
                }
                let total: u32 = present.iter().map(|member| member.weight).sum();
                for (index, member) in here.iter().zip(&present) {
                    shares[*index].1 += f64::from(member.weight) / f64::from(total);
                }
                shares[index_of(&person)].0 += 1.0;
                turn = next;
                for (got, due) in &shares {
                    prop_assert!((got - due).abs() <= bound, "{got} of {due}: {shares:?}");
                }
            }
        }
    }
}
