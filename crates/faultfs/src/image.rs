//! A file as the process sees it, and the changes that the disk has not got yet.

use std::{
    collections::HashMap,
    fs::File,
    hash::{BuildHasher, RandomState},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError, Weak},
};

const SECTOR: usize = 512;

pub(crate) struct Image {
    content: Vec<u8>,
    waiting: Vec<Change>,
    disk: File,
    dice: Dice,
}

enum Change {
    Write { at: u64, bytes: Vec<u8> },
    Truncate(u64),
}

/// The images of this process by path: connections to one file share one.
static IMAGES: LazyLock<Mutex<HashMap<PathBuf, Weak<Mutex<Image>>>>> = LazyLock::new(Mutex::default);

/// The image of a file that exists on disk.
pub(crate) fn of(path: &Path) -> io::Result<Arc<Mutex<Image>>> {
    let mut images = IMAGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(image) = images.get(path).and_then(Weak::upgrade) {
        return Ok(image);
    }
    let disk = File::options().read(true).write(true).open(path)?;
    let content = std::fs::read(path)?;
    let image = Arc::new(Mutex::new(Image { content, waiting: Vec::new(), disk, dice: Dice::new() }));
    images.insert(path.to_owned(), Arc::downgrade(&image));
    Ok(image)
}

/// The file is deleted: who opens it again gets a new image.
pub(crate) fn forget(path: &Path) {
    IMAGES.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
}

impl Image {
    pub fn len(&self) -> u64 {
        self.content.len() as u64
    }
    /// Fills `out` from `at` on; what lies behind the end is zero. Returns whether everything was there.
    pub fn read(&self, at: u64, out: &mut [u8]) -> bool {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(self.content.len());
        let there = &self.content[start..(start + out.len()).min(self.content.len())];
        out[..there.len()].copy_from_slice(there);
        out[there.len()..].fill(0);
        there.len() == out.len()
    }
    pub fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let start = usize::try_from(at).map_err(io::Error::other)?;
        let end = start + bytes.len();
        if self.content.len() < end {
            self.content.resize(end, 0);
        }
        self.content[start..end].copy_from_slice(bytes);
        self.waiting.push(Change::Write { at, bytes: bytes.to_vec() });
        if self.dice.one_in(16) {
            // The operating system may write out whatever it likes before it is asked to.
            let sectors = self.dice.below(bytes.len() / SECTOR + 1);
            self.disk.write_all_at(&bytes[..(sectors * SECTOR).min(bytes.len())], at)?;
        }
        Ok(())
    }
    pub fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.content.resize(usize::try_from(len).map_err(io::Error::other)?, 0);
        self.waiting.push(Change::Truncate(len));
        Ok(())
    }
    /// Passes everything on, in order. From here on the death of this process loses nothing of it.
    pub fn sync(&mut self) -> io::Result<()> {
        for change in self.waiting.drain(..) {
            match change {
                Change::Write { at, bytes } => self.disk.write_all_at(&bytes, at)?,
                Change::Truncate(len) => self.disk.set_len(len)?,
            }
        }
        Ok(())
    }
    /// A sync that fails: what was waiting reaches the disk or is dropped for good; nobody can tell.
    pub fn fail_sync(&mut self) -> io::Result<()> {
        if self.dice.one_in(2) {
            return self.sync();
        }
        self.waiting.clear();
        Ok(())
    }
}

/// Enough chance for a disk's moods.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        Self(RandomState::new().hash_one(0u8) | 1)
    }
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % n.max(1)
    }
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}
