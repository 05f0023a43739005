//! How much room a disk has left.

use std::path::Path;

/// A disk with less is told before it is full, one with much less is as good as full: parts of it, and so many bytes at the
/// most, because a large disk is not full with a fiftieth of it free.
const LOW: (u64, u64) = (10, 2 << 30);
const FULL: (u64, u64) = (50, 200 << 20);

/// The disk a file or folder is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes that whoever is no administrator of the machine may still write.
    pub free: u64,
    pub total: u64,
}

impl Disk {
    /// The disk of a path that is there; `None` when that cannot be told.
    pub fn of(path: &Path) -> Option<Self> {
        let found = rustix::fs::statvfs(path).ok()?;
        Some(Self { free: found.f_bavail * found.f_frsize, total: found.f_blocks * found.f_frsize })
    }

    /// Whether somebody should make room.
    pub fn is_low(self) -> bool {
        self.has_less_than(LOW)
    }

    /// Whether nothing more can be trusted to fit.
    pub fn is_full(self) -> bool {
        self.has_less_than(FULL)
    }

    fn has_less_than(self, (part, most): (u64, u64)) -> bool {
        self.free < (self.total / part).min(most)
    }

    /// What is left, as people say it.
    pub fn words(self) -> String {
        const MB: u64 = 1 << 20;
        match self.free / MB {
            mb if mb >= 10 * 1024 => format!("{} GB free", mb / 1024),
            mb => format!("{mb} MB free"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_is_low_with_a_tenth_of_it_and_a_large_one_with_two_gigabytes() {
        let (mb, gb) = (1 << 20, 1 << 30);
        let disk = |free, total| Disk { free, total };
        assert!(!disk(12 * mb, 24 * mb).is_low());
        assert!(disk(2 * mb, 24 * mb).is_low() && !disk(2 * mb, 24 * mb).is_full());
        assert!(disk(100_000, 24 * mb).is_full());
        assert!(!disk(30 * gb, 1000 * gb).is_low());
        assert!(disk(gb, 1000 * gb).is_low() && !disk(gb, 1000 * gb).is_full());
        assert!(disk(100 * mb, 1000 * gb).is_full());
        assert!(Disk::of(Path::new("/")).is_some_and(|root| root.total > 0));
    }
}
