//! Where a delivery's files go.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A place that takes files, such as a folder.
pub trait Outlet {
    /// Opens a new file of this name, without a folder. What is written to it may be buffered until it is flushed.
    ///
    /// # Errors
    /// When the file cannot be made.
    fn open(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// A folder that exists; files of the same names are replaced.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl Outlet for Folder {
    fn open(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(io::BufWriter::with_capacity(1 << 16, std::fs::File::create(self.0.join(name))?)))
    }
}

/// A file of the delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Name, without a folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

type Shared = Arc<Mutex<Vec<u8>>>;

/// Files held in memory, in the order they were opened.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<(String, Shared)>);

struct Buffer(Shared);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for Memory {
    fn open(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        let shared = Shared::default();
        self.0.push((name.to_owned(), shared.clone()));
        Ok(Box::new(Buffer(shared)))
    }
}

impl Memory {
    pub(super) fn files(self) -> Vec<DemoFile> {
        let taken = |shared: Shared| std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.into_iter().map(|(name, shared)| DemoFile { name, bytes: taken(shared) }).collect()
    }
}
