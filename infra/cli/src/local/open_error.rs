//! What can go wrong when the embedded database opens.

use std::io;
use std::path::PathBuf;

use dynoxide::DynoxideError;

/// Why the embedded database did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error(
        "the data folder {} is in use by another baton; stop it or give another --data",
        .0.display()
    )]
    Locked(PathBuf),
    /// A file stands where the folder should be.
    #[error("{} is a file; --data needs a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder is absent and can't be made.
    #[error("cannot make the data folder {}", folder.display())]
    Make {
        /// The folder as it was given.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder, or a file of ours in it, can't be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The path of the file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is there and isn't a database that can be used.
    #[error(
        "cannot use the database {}; it is damaged, or a newer baton wrote it",
        path.display()
    )]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What the database said.
        source: Box<DynoxideError>,
    },
    /// There is no memory, port or thread for it.
    #[error("cannot start the embedded database")]
    Start(#[source] io::Error),
}
