//! The data folder: who may use it, and what is in it.
//!
//! One process at a time uses it, for as long as it keeps the lock that [`open`] gives; a process
//! that dies loses the lock. Only this user can read what we make in it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use dynoxide::Database;

use super::open_error::OpenError;
use crate::files::{private, private_folder};

/// The database, in the data folder. SQLite keeps its write-ahead log beside it.
const DATABASE_FILE: &str = "baton.sqlite";
/// The file whose lock says that the data folder is in use.
const LOCK_FILE: &str = "lock";

/// The lock of a data folder, given up when dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough: a child process that is just being started has it open too,
    /// until it runs a program of its own, and the lock with it.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Whether a database was ever made in `folder`.
pub(crate) fn is_used(folder: &Path) -> bool {
    folder.join(DATABASE_FILE).is_file()
}

/// Opens the database in `folder`, and the lock to keep for as long as it is open.
pub(super) fn open(folder: &Path) -> Result<(Database, Lock), OpenError> {
    let lock = take(folder)?;
    let database = on_disk(&folder.join(DATABASE_FILE))?;
    Ok((database, lock))
}

/// Makes the folder if it is absent and takes its lock.
fn take(folder: &Path) -> Result<Lock, OpenError> {
    if folder.is_file() {
        return Err(OpenError::NotAFolder(folder.to_owned()));
    }
    private_folder(folder)
        .map_err(|source| OpenError::Make { folder: folder.to_owned(), source })?;
    let path = folder.join(LOCK_FILE);
    let lock = private_file(&path)?;
    match lock.try_lock() {
        Ok(()) => Ok(Lock(lock)),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::Write { path, source }),
    }
}

fn on_disk(path: &Path) -> Result<Database, OpenError> {
    // SQLite would make the file as well, but for everyone to read.
    drop(private_file(path)?);
    let refused = |source| OpenError::Write { path: path.to_owned(), source };
    // Absolute, because SQLite takes a name such as `file:x` for a URI.
    let absolute = std::path::absolute(path).map_err(refused)?;
    let name = absolute
        .to_str()
        .ok_or_else(|| refused(io::Error::new(io::ErrorKind::InvalidInput, "not UTF-8")))?;
    Database::new(name)
        .map_err(|error| OpenError::Damaged { path: path.to_owned(), source: Box::new(error) })
}

/// Opens a file for writing, made readable by this user alone if it is absent.
fn private_file(path: &Path) -> Result<File, OpenError> {
    let mut options = private();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).map_err(|source| OpenError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use super::*;

    fn refused(folder: &Path) -> OpenError {
        open(folder).err().expect("a folder that won't open")
    }

    #[test]
    fn a_folder_in_use_is_refused_until_it_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let held = open(folder.path()).unwrap();
        let said = refused(folder.path()).to_string();
        let name = folder.path().display();
        let advice = "is in use by another baton; stop it or give another --data";
        assert_eq!(said, format!("the data folder {name} {advice}"));
        drop(held);
        open(folder.path()).unwrap();
    }

    #[test]
    fn a_folder_given_up_is_free_although_a_child_still_has_the_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let lock = take(folder.path()).unwrap();
        let childs = lock.0.try_clone().unwrap();
        drop(lock);
        take(folder.path()).unwrap();
        drop(childs);
    }

    #[test]
    fn what_cannot_be_a_data_folder_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(refused(&file), OpenError::NotAFolder(_)));
        let below = file.join("below");
        assert!(matches!(refused(&below), OpenError::Make { .. }));
        // A folder where a file of ours goes is as good as one without the right to write.
        fs::create_dir(folder.path().join(LOCK_FILE)).unwrap();
        let unwritable = refused(folder.path());
        assert!(matches!(unwritable, OpenError::Write { .. }));
        assert!(unwritable.source().is_some());
    }

    #[test]
    fn a_damaged_database_is_refused_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DATABASE_FILE);
        drop(open(folder.path()).unwrap());
        let whole = fs::read(&path).unwrap();
        let mut torn = whole[..whole.len() / 2].to_vec();
        torn[200..].fill(0xff);
        for damaged in [b"not a database, whatever its name".repeat(99), torn] {
            fs::write(&path, &damaged).unwrap();
            let error = refused(folder.path());
            assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
            assert_eq!(fs::read(&path).unwrap(), damaged);
        }
        fs::write(&path, whole).unwrap();
        open(folder.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_data_is_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("made/on/the/way");
        let _held = open(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for file in [DATABASE_FILE, "baton.sqlite-wal", LOCK_FILE] {
            assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
        }
    }
}
