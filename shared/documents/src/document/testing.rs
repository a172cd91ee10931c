//! Documents as they go wrong.

use proptest::prelude::*;

/// The sample with pieces cut out, put in, moved and repeated.
pub(crate) fn damaged(sample: &'static str) -> impl Strategy<Value = String> {
    let piece = (0..sample.len(), 0..40usize);
    let put = prop_oneof!["\\PC{0,4}", r#"[\[\]{}="'#.,\n0-9a-z]{0,4}"#];
    let damage = (
        0..sample.len(),
        0..40usize,
        prop_oneof![
            put.prop_map(|text| text.to_owned()),
            piece.prop_map(|(at, length)| slice(sample, at, length).to_owned()),
        ],
    );
    prop::collection::vec(damage, 1..4).prop_map(|damages| {
        let mut text = sample.to_owned();
        for (at, length, put) in damages {
            let start = text.floor_char_boundary(at);
            let end = start + slice(&text, at, length).len();
            text.replace_range(start..end, &put);
        }
        text
    })
}

fn slice(text: &str, at: usize, length: usize) -> &str {
    let start = text.floor_char_boundary(at);
    &text[start..text.floor_char_boundary(at + length).max(start)]
}
