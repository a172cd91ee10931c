//! Hashes of which only the beginning is kept: enough to tell apart what one lead remembers.

use sha2::{Digest, Sha256};

/// The first 64 bits of a hash.
pub(crate) fn short_hash(hash: Sha256) -> u64 {
    let digest: [u8; 32] = hash.finalize().into();
    let (first, _) = digest.split_first_chunk().expect("32 bytes begin with 8");
    u64::from_be_bytes(*first)
}
