//! The one pass over a whole file when it is opened: its hash, and for text what encoding it is in.
//!
//! Reading the rows is a second pass. A file is never held in memory.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

const STEP: usize = 1024 * 1024;

/// SHA-256 of a file, hexadecimal; `see` gets all its bytes in order.
pub(super) fn pass(path: &Path, mut see: impl FnMut(&[u8]) + Send) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; STEP];
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = &buffer[..read];
        if read < STEP {
            hasher.update(bytes);
            see(bytes);
        } else {
            rayon::join(|| hasher.update(bytes), || see(bytes));
        }
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize().iter() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(hex)
}

/// The first `length` bytes of a file, or all of it.
pub(super) fn head(path: &Path, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    File::open(path)?.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
