//! What a policy means by what it leaves out.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::date;

use super::{Clocks, Meeting, Scanners, Scoring};
use crate::id::ActivityType;

const fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

impl Default for Scoring {
    fn default() -> Self {
        Self { threshold: 100, floor: 0, half_life: days(90), restart_on_return: true }
    }
}

impl Default for Scanners {
    fn default() -> Self {
        let clicked = ActivityType::parse("email.clicked").expect("a plain name");
        Self { types: BTreeSet::from([clicked]), after_sending: SignedDuration::from_secs(10) }
    }
}

impl Default for Clocks {
    fn default() -> Self {
        Self {
            accept_within: days(1),
            escalate_every: days(1),
            convert_within: days(30),
            take_back_after: days(1),
            extend_by: days(14),
            extensions_at_most: 2,
            route_within: SignedDuration::from_mins(2),
            route_retry_every: SignedDuration::from_mins(15),
            unrouted_remind_every: days(1),
        }
    }
}

impl Default for Meeting {
    fn default() -> Self {
        Self { to: BTreeSet::new(), first: date(2026, 1, 5), every_days: 14, hour: 7 }
    }
}
