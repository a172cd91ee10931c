//! Whose turn it is in a queue: dealing by weight, at most one lead away from a fair share.
//!
//! The method is Balinski and Young's quota method (1975) used as a schedule: after `k` leads a
//! person of weight `w` out of `W` is owed `k·w/W`. A lead goes, among those who would not get
//! more than their due rounded up, to whoever would soonest fall short of their due rounded down.
//! Everybody's share then stays strictly within one lead of their due, always.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, QueueName};
use crate::roster::Member;

/// Who has been dealt how much of a queue. It changes only together with an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTurn {
    /// The queue whose turn it is.
    pub queue: QueueName,
    /// The people who were available at the last deal, and what each of them is owed.
    #[serde(rename = "turns")]
    pub shares: Vec<Share>,
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
    /// The number of the last lead they got; breaks ties in favour of who has waited longest.
    pub last: u64,
}

impl QueueTurn {
    /// A queue from which nothing has been dealt.
    pub fn new(queue: QueueName) -> Self {
        Self { queue, shares: Vec::new(), dealt: 0 }
    }

    /// Deals one lead among the people available. Nobody available, nobody dealt.
    ///
    /// When the people available or their weights change, everybody starts even: nobody is flooded
    /// on the first day back, and the shares are fair among those who are there.
    pub fn deal(&self, available: &[Member]) -> Option<(PersonId, Self)> {
        let mut next = Self { shares: self.shares_among(available), ..self.clone() };
        let total: i64 = next.shares.iter().map(|share| i64::from(share.weight)).sum();
        for share in &mut next.shares {
            share.credit += i64::from(share.weight);
        }
        let chosen = next.shares.iter_mut().filter(|share| share.credit > 0).min_by(|a, b| {
            let due_in = |share: &Share, other: &Share| {
                (total - share.credit).saturating_mul(i64::from(other.weight))
            };
            due_in(a, b).cmp(&due_in(b, a)).then(a.last.cmp(&b.last))
        })?;
        next.dealt += 1;
        chosen.credit -= total;
        chosen.last = next.dealt;
        let person = chosen.person.clone();
        Some((person, next))
    }

    fn shares_among(&self, available: &[Member]) -> Vec<Share> {
        let same = self.shares.len() == available.len()
            && self.shares.iter().zip(available).all(|(share, member)| {
                share.person == member.person && share.weight == member.weight
            });
        if same {
            return self.shares.clone();
        }
        let last = |person: &PersonId| {
            self.shares.iter().find(|share| share.person == *person).map_or(0, |share| share.last)
        };
        let start = |member: &Member| Share {
            person: member.person.clone(),
            weight: member.weight,
            credit: 0,
            last: last(&member.person),
        };
        available.iter().map(start).collect()
    }
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

    #[test]
    fn equals_take_turns_even_when_somebody_leaves_after_each_lead() {
        let mut turn = queue();
        let mut got = [0; 3];
        for round in 0..30 {
            let mut present = members(&[1, 1, 1]);
            present.remove(round % 3);
            let (person, next) = turn.deal(&present).unwrap();
            got[person.as_str()[1..].parse::<usize>().unwrap()] += 1;
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
                got[person.as_str()[1..].parse::<usize>().unwrap()] += 1;
                for (n, weight) in got.iter().zip(&weights) {
                    let due = k as f64 * f64::from(*weight) / total;
                    prop_assert!((f64::from(*n) - due).abs() < 1.0, "{got:?} of {k}");
                }
            }
        }
    }
}
