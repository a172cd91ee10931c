//! Where the data of a benchmark is kept.

use tempfile::TempDir;

/// A folder on the disk that the build is on; where temporary files go may be memory.
pub(crate) fn on_disk() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}
