//! A copy of the workspace in which every guard has a switch.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::guard::{Change, Guard};

/// Names the guard that is switched off in a run of the copy.
pub(crate) const SWITCH: &str = "BATON_WITHOUT";

/// The crate that everything else is built on, and that has the switch.
const CORE: &str = "shared/core/src/";

/// What only the copy has.
const SWITCHED_OFF: &str = r#"
/// Whether a guard is switched off in this run.
pub fn switched_off(guard: &str) -> bool {
    static OFF: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    OFF.get_or_init(|| std::env::var("BATON_WITHOUT").ok()).as_deref() == Some(guard)
}
"#;

/// Folders that are no part of the sources.
const NO_SOURCES: [&str; 3] = [".git", "baton-data", "target"];

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Makes the copy, or brings it up to date; what has not changed is left alone, and so is not built
/// again.
///
/// Every guard learns its line.
pub(crate) fn make(root: &Path, to: &Path, guards: &mut [Guard]) -> Result<(), String> {
    let mut files = read(root).map_err(|e| format!("{}: {e}", root.display()))?;
    switch(&mut files, guards)?;
    write(to, &files).map_err(|e| format!("{}: {e}", to.display()))
}

fn read(root: &Path) -> io::Result<Files> {
    let (mut files, mut folders) = (Files::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let (entry, is_source) = entry.map(|entry| {
                let name = entry.file_name();
                (entry, !NO_SOURCES.iter().any(|no_source| name == *no_source))
            })?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() && is_source {
                folders.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(root).expect("it was found there").to_owned();
                files.insert(name, fs::read(path)?);
            }
        }
    }
    Ok(files)
}

/// A place in a file, what comes there, and for which guard.
type Edit<'g> = (Range<usize>, String, &'g str);

/// Puts every guard behind its switch.
fn switch(files: &mut Files, guards: &mut [Guard]) -> Result<(), String> {
    let mut edits: BTreeMap<String, Vec<Edit<'_>>> = BTreeMap::new();
    for guard in guards {
        guard.line = line(files, guard)?;
        for change in guard.changes() {
            let place = place(files, guard, &change)?;
            let switch = match change.file.starts_with(CORE) {
                true => "crate::switched_off",
                false => "baton_core::switched_off",
            };
            let code = change.without.replace("OFF", &format!("{switch}({:?})", guard.name));
            edits.entry(change.file).or_default().push((place, code, &guard.name));
        }
    }
    for (file, edits) in edits {
        let text = files.get_mut(Path::new(&file)).expect("a place was found in it");
        apply(text, edits).map_err(|why| format!("{file}: {why}"))?;
    }
    let core = files.get_mut(&Path::new(CORE).join("lib.rs")).ok_or("there is no core")?;
    core.extend_from_slice(SWITCHED_OFF.as_bytes());
    Ok(())
}

/// Where the guard's code is: there, and nowhere else in the file.
fn place(files: &Files, guard: &Guard, change: &Change) -> Result<Range<usize>, String> {
    let (name, Change { file, code, .. }) = (&guard.name, change);
    let text = files.get(Path::new(file)).ok_or(format!("{name}: there is no {file}"))?;
    let text = std::str::from_utf8(text).map_err(|e| format!("{file}: {e}"))?;
    let mut places = text.match_indices(code.as_str()).map(|(at, _)| at..at + code.len());
    match (places.next(), places.count()) {
        (Some(place), 0) => Ok(place),
        (first, more) => {
            let times = usize::from(first.is_some()) + more;
            Err(format!(
                "'{name}': its code is {times} times in {file}, and must be there once; correct \
                 its row in tests/mutations/guards:\n{code}"
            ))
        }
    }
}

fn line(files: &Files, guard: &Guard) -> Result<usize, String> {
    let change = guard.changes().next().expect("its own");
    let place = place(files, guard, &change)?;
    let before = files[Path::new(&change.file)][..place.start].iter();
    Ok(before.filter(|byte| **byte == b'\n').count() + 1)
}

/// Carries out the edits from the end, so that the places before stay where they are.
fn apply(text: &mut Vec<u8>, mut edits: Vec<Edit<'_>>) -> Result<(), String> {
    edits.sort_by_key(|(place, ..)| place.start);
    if let Some([first, second]) = edits.array_windows().find(|[a, b]| a.0.end > b.0.start) {
        return Err(format!("'{}' and '{}' overlap", first.2, second.2));
    }
    for (place, code, _) in edits.into_iter().rev() {
        text.splice(place, code.into_bytes());
    }
    Ok(())
}

fn write(to: &Path, files: &Files) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for gone in read(to)?.into_keys().filter(|name| !files.contains_key(name)) {
        fs::remove_file(to.join(gone))?;
    }
    for (name, text) in files {
        let path = to.join(name);
        if fs::read(&path).is_ok_and(|there| there == *text) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        fs::write(path, text)?;
    }
    Ok(())
}
