//! How large files are, and how many of them somebody may keep.

use crate::profile::Profile;

/// The most bytes of one file as it is handed in: 10 MB.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most bytes that are stored of one: what encrypts it takes some room.
pub const STORED_BYTES_MAX: usize = FILE_BYTES_MAX + 1024;
/// The most characters of what a file is called.
pub(crate) const NAME_MAX: usize = 120;
/// The most bytes of such a name under a person's key.
pub const NAME_SEALED_MAX: usize = 1024;
/// How many documents one application may have.
pub const APPLICATION_FILES_MAX: u64 = 10;

/// How much is kept at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes of one member.
    pub bytes_per_member: u64,
    /// Files of one member.
    pub files_per_member: u64,
    /// Bytes in all.
    pub bytes: u64,
}

impl FileLimits {
    /// What holds where the profile says nothing.
    pub const DEFAULT: FileLimits = FileLimits { bytes_per_member: 1 << 30, files_per_member: 1_000, bytes: 20 << 30 };
}

impl Profile {
    /// How much the venue keeps at the most.
    #[must_use]
    pub fn file_limits(&self) -> FileLimits {
        let default = FileLimits::DEFAULT;
        FileLimits {
            bytes_per_member: self.file_bytes_per_member_max.unwrap_or(default.bytes_per_member),
            files_per_member: self.files_per_member_max.map_or(default.files_per_member, u64::from),
            bytes: self.file_bytes_max.unwrap_or(default.bytes),
        }
    }
}
