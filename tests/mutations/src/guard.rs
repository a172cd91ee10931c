//! The list of guards: rows of data, each of them a change to the code.

use std::fs;
use std::path::Path;

use serde::Deserialize;

/// A guard, and how to do without it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guard {
    /// What it sees to, in words that nothing else has.
    pub(crate) name: String,
    /// Where it is, from the workspace's root.
    pub(crate) file: String,
    /// On which line.
    #[serde(skip)]
    pub(crate) line: usize,
    /// The code, as it stands there once.
    pub(crate) code: String,
    /// The code without the guard. `OFF` in it stands for "this guard is switched off".
    pub(crate) without: String,
    /// Further places that have to change with it.
    #[serde(default)]
    pub(crate) also: Vec<Change>,
    /// What notices: a program, and the name of a test in it.
    pub(crate) caught_by: String,
}

/// A change to the code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Where, from the workspace's root.
    pub(crate) file: String,
    /// The code, as it stands there once.
    pub(crate) code: String,
    /// What stands there instead.
    pub(crate) without: String,
}

impl Guard {
    /// All that changes.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Change> {
        let Self { file, code, without, .. } = self.clone();
        std::iter::once(Change { file, code, without }).chain(self.also.clone())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    guard: Vec<Guard>,
}

/// Reads every list in a folder, in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Vec<Guard>, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    let mut guards: Vec<Guard> = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(failed)?;
        let list: List = toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        guards.extend(list.guard);
    }
    let mut names: Vec<&str> = guards.iter().map(|guard| &*guard.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("two guards are called '{}'", pair[0])),
        None => Ok(guards),
    }
}
