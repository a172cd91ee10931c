//! The right name that was probably meant.

/// Names longer than this have no near names: comparing them costs more than it helps.
const LONGEST_NAME_CHARS: usize = 64;

/// Of the right names, the one that `name` most resembles, if it resembles any.
pub(crate) fn nearest<'a>(name: &str, right: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().take(LONGEST_NAME_CHARS + 1).count();
    if length > LONGEST_NAME_CHARS {
        return None;
    }
    let name = name.trim().to_lowercase();
    let slips = |right: &str| (length.max(right.len()) / 3).max(1);
    right
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= slips(candidate) && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_another_word_is_not() {
        let right = ["threshold", "floor", "half_life"];
        for (written, meant) in [
            ("treshold", Some("threshold")),
            ("treshhold", Some("threshold")),
            ("half-life", Some("half_life")),
            ("Floor", Some("floor")),
            ("thresh", Some("threshold")),
            ("x", None),
            ("ceiling", None),
            ("", None),
            (&*"x".repeat(10_000), None),
        ] {
            assert_eq!(nearest(written, right).as_deref(), meant, "{written}");
        }
    }
}
