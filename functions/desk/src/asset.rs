//! The style sheet, the script and the icon of the pages. Their names hold a hash of their text, so
//! that a browser can keep them for ever and never shows an old one.

use std::sync::LazyLock;

use baton_http::{Answer, Problem};
use sha2::{Digest, Sha256};

pub(crate) struct Asset {
    /// As `/static/desk-1a2b3c4d.css`.
    pub(crate) path: String,
    kind: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, text: &'static str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let hash = hex::encode(&digest[..4]);
        Self { path: format!("/static/{stem}-{hash}.{ending}"), kind, text }
    }
}

pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("desk", "css", "text/css; charset=utf-8", include_str!("../assets/desk.css"))
});

/// Counts a deadline down while a page is open. The pages work without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("desk", "js", "text/javascript; charset=utf-8", include_str!("../assets/desk.js"))
});

pub(crate) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg"))
});

/// `GET /static/{file}`. Under the name of an earlier release it answers today's file, not to be
/// cached, so that a page that was open during a release still looks right.
pub(crate) fn serve(file: &str) -> Result<Answer, Problem> {
    let path = format!("/static/{file}");
    let all = [&*STYLE, &*SCRIPT, &*ICON];
    if let Some(asset) = all.iter().find(|asset| asset.path == path) {
        return Ok(Answer::asset(asset.kind, asset.text, true));
    }
    let shape = |path: &str| {
        let stem = path.split_once('-').map(|(stem, _)| stem.to_owned());
        stem.zip(path.rsplit_once('.').map(|(_, ending)| ending.to_owned()))
    };
    let like =
        all.iter().find(|asset| shape(&path).is_some() && shape(&asset.path) == shape(&path));
    like.map(|asset| Answer::asset(asset.kind, asset.text, false)).ok_or_else(Problem::no_route)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(file: &str) -> Option<String> {
        let answer = serve(file).ok()?;
        Some(answer.headers["cache-control"].to_str().unwrap().to_owned())
    }

    #[test]
    fn a_file_is_kept_for_ever_under_its_own_name_and_not_at_all_under_an_older_one() {
        for asset in [&*STYLE, &*SCRIPT, &*ICON] {
            let file = asset.path.trim_start_matches("/static/");
            assert_eq!(kept(file).unwrap(), "public, max-age=31536000, immutable");
        }
        assert_eq!(kept("desk-00000000.css").unwrap(), "no-cache");
        for none in ["desk.css", "desk-1.html", "../desk-1.css", "", "-", "desk-."] {
            assert_eq!(kept(none), None, "{none}");
        }
    }
}
