//! A share of a check that has more cases than every run has time for.
//!
//! The crash points, the simulated worlds and the guards all take it from one environment variable:
//! with `BATON_SHARE=3/8` each of them tries the third of eight shares of its cases, and without it
//! all of them. Every case is in exactly one share, always the same one, so that a share that failed
//! can be tried again.

use std::env;
use std::fmt;
use std::str::FromStr;

/// The environment variable that names the share.
pub const VARIABLE: &str = "BATON_SHARE";

/// So many shares are enough for anything.
const SHARES_AT_MOST: usize = 1000;

/// One of some equal shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// From 1.
    number: usize,
    of: usize,
}

impl Share {
    /// Everything.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// The share that [`VARIABLE`] names, or everything where it is not set.
    ///
    /// # Panics
    ///
    /// If it names no share: a check of something else would be taken for the one asked for.
    #[must_use]
    pub fn from_environment() -> Self {
        let named = env::var(VARIABLE).ok().map(|text| text.parse());
        named.transpose().expect("BATON_SHARE names a share").unwrap_or(Self::WHOLE)
    }

    /// Whether it is everything.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// What is said beside a figure: ` (share 3/8 of 3263)`, or nothing where it is everything.
    #[must_use]
    pub fn of_all(self, cases: impl fmt::Display) -> String {
        if self.is_whole() { String::new() } else { format!(" (share {self} of {cases})") }
    }

    /// The cases that are in it, in their order. Neighbours, which are much alike, are in different
    /// shares.
    pub fn of<T>(self, cases: impl IntoIterator<Item = T>) -> Vec<T> {
        cases.into_iter().skip(self.number - 1).step_by(self.of).collect()
    }
}

/// `3/8`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').map(|(number, of)| (number.parse(), of.parse()));
        match numbers {
            Some((Ok(number), Ok(of))) if (1..=of).contains(&number) && of <= SHARES_AT_MOST => {
                Ok(Self { number, of })
            }
            _ => Err(format!("'{text}' is no share; the third of eight is written 3/8")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_in_exactly_one_share() {
        let shares = (1..=8).map(|number| Share { number, of: 8 });
        let mut cases: Vec<_> = shares.flat_map(|share| share.of(0..29)).collect();
        cases.sort_unstable();
        assert_eq!(cases, Vec::from_iter(0..29));
        assert_eq!(Share::WHOLE.of(0..29), cases);
    }

    #[test]
    fn no_share_is_much_larger_than_another() {
        let sizes = (1..=8).map(|number| Share { number, of: 8 }.of(0..29).len());
        assert_eq!(Vec::from_iter(sizes), [4, 4, 4, 4, 4, 3, 3, 3]);
    }

    #[test]
    fn a_figure_of_everything_needs_no_more_words() {
        assert_eq!(Share { number: 3, of: 8 }.of_all(29), " (share 3/8 of 29)");
        assert_eq!(Share::WHOLE.of_all(29), "");
    }

    #[test]
    fn a_share_reads_what_it_writes_and_nothing_else() {
        let third: Share = "3/8".parse().unwrap();
        assert_eq!((third, third.to_string()), (Share { number: 3, of: 8 }, "3/8".to_owned()));
        for wrong in ["", "3", "0/8", "9/8", "3/0", "3/8/2", "-1/8", "1/1001", "a third"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
