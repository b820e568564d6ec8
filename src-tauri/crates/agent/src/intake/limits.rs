//! What one import may hold.

use std::collections::HashMap;

use super::Listed;

/// Most files and bytes of one import. Watched folders have no such limits: they grow as an experiment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportLimits {
    /// Most files.
    pub files: usize,
    /// Most bytes in all.
    pub bytes: u64,
}

impl Default for ImportLimits {
    /// 50,000 files and 8 GiB: ten times the longest run that we know of, and little enough that a folder which was dropped by
    /// mistake does not fill the disk.
    fn default() -> Self {
        Self {
            files: 50_000,
            bytes: 8 * 1024 * 1024 * 1024,
        }
    }
}

/// Why a file is beyond the limits of its import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// So many files are before it.
    Files(usize),
    /// With those before it, it has more than so many bytes.
    Bytes(u64),
}

impl Beyond {
    /// Stable code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Files(_) => "too_many_files",
            Self::Bytes(_) => "too_many_bytes",
        }
    }

    /// For people, with the way out.
    pub(crate) fn message(self, name: &str) -> String {
        let limit = match self {
            Self::Files(most) => format!("one import takes {most} files"),
            Self::Bytes(most) => format!("one import takes {} MB in all", most / 1_000_000),
        };
        format!(
            "{name} was left out: {limit}, and those before it are as many. Open it in a session of its own, or watch the folder."
        )
    }
}

impl ImportLimits {
    /// The files beyond the limits, of files in the order in which they are taken.
    pub(crate) fn beyond(&self, files: &[Listed]) -> HashMap<String, Beyond> {
        let mut bytes = 0_u64;
        let mut beyond = HashMap::new();
        for (place, file) in files.iter().enumerate() {
            let with_it = bytes.saturating_add(file.signature.bytes);
            if place >= self.files {
                beyond.insert(file.name.clone(), Beyond::Files(self.files));
            } else if with_it > self.bytes {
                // A smaller one behind it may still fit.
                beyond.insert(file.name.clone(), Beyond::Bytes(self.bytes));
            } else {
                bytes = with_it;
            }
        }
        beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Signature;

    fn listed(name: &str, bytes: u64) -> Listed {
        Listed {
            name: name.to_owned(),
            signature: Signature { bytes, modified_ns: 0 },
        }
    }

    #[test]
    fn what_is_beyond_the_limits_is_named_with_its_reason_and_the_rest_is_taken() {
        let files = [listed("a", 40), listed("b", 80), listed("c", 60), listed("d", 1)];
        let limits = ImportLimits { files: 3, bytes: 100 };
        let beyond = limits.beyond(&files);
        assert_eq!(beyond.len(), 2);
        assert_eq!(beyond["b"], Beyond::Bytes(100));
        assert_eq!(beyond["d"], Beyond::Files(3));
        assert!(beyond["d"].message("d").contains("takes 3 files"));
        assert!(ImportLimits::default().beyond(&files).is_empty());
    }
}
