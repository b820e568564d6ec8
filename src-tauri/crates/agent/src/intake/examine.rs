//! Looking at one file: is it complete, and what is in it?

use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::regular::open_at_once;
use crate::analysis::{Reading, Rules, ScanFile, Unused, left_out_by_name, not_read, read_and_measure, stopped_early};
use crate::store::{MAX_CONTENT_BYTES, pack};

/// Size and modification time: what tells that a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Bytes.
    pub bytes: u64,
    /// Nanoseconds since 1970.
    pub modified_ns: i64,
}

impl Signature {
    /// The signature of a file.
    pub fn of(about: &Metadata) -> Self {
        let modified = about.modified().ok();
        let nanoseconds = modified.map(|m| match m.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
        });
        Self {
            bytes: about.len(),
            modified_ns: nanoseconds.unwrap_or(0),
        }
    }
}

/// For how long a file has not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rest {
    /// Not for the quiet time.
    Growing,
    /// For the quiet time: a format without an end mark counts as complete, and its last line does even without a line
    /// break.
    Settled,
    /// For so long that points which are still missing will not come any more.
    Abandoned,
}

/// What came of looking at a file.
#[derive(Debug)]
pub enum Examined {
    /// It is not there any more.
    Gone,
    /// It changed while it was read: look again.
    Changing,
    /// The content is the one that was already kept.
    Same(Signature),
    /// Its name decides that it is not used; it was not opened.
    LeftOut {
        /// Signature.
        signature: Signature,
        /// Why, and what its name says.
        unused: Box<Unused>,
        /// Whether the name is one that its writer is about to change.
        may_be_renamed: bool,
    },
    /// It cannot be opened or read; the way out is outside of the file.
    Unreadable {
        /// Signature, where it could be had.
        signature: Option<Signature>,
        /// Why, and what its name says.
        unused: Box<Unused>,
        /// Whether the next look may find it readable, though it does not change.
        may_pass: bool,
    },
    /// It was read.
    Read {
        /// Signature before and after.
        signature: Signature,
        /// SHA-256 of the content.
        hash: [u8; 32],
        /// The content, compressed, where it is to be kept.
        packed: Option<Vec<u8>>,
        /// What is in it.
        reading: Reading,
    },
}

/// Reads and measures a file, unless its name leaves it out or its content is the one with the hash `kept`.
pub fn examine(folder: &Path, name: &str, kept: Option<&[u8; 32]>, rest: Rest, rules: &Rules) -> Examined {
    let path = folder.join(name);
    let cannot = |signature, error| cannot(&path, name, signature, error, rules);
    if left_out_by_name(name, 0, rules).is_some() {
        let signature = match std::fs::metadata(&path) {
            Ok(about) if about.is_file() => Signature::of(&about),
            Ok(_) => return Examined::Gone,
            Err(error) => return cannot(None, &error),
        };
        if let Some(unused) = left_out_by_name(name, signature.modified_ns, rules) {
            return Examined::LeftOut {
                signature,
                may_be_renamed: unused.is_temporary() && rest == Rest::Growing,
                unused,
            };
        }
    }
    let mut file = match open_at_once(&path) {
        Ok(file) => file,
        Err(error) => return cannot(None, &error),
    };
    let before = match file.metadata() {
        Ok(about) if about.is_file() => Signature::of(&about),
        Ok(_) => return Examined::Gone,
        Err(error) => return cannot(None, &error),
    };
    if before.bytes > MAX_CONTENT_BYTES {
        let message = format!(
            "{name} has {} MB; files of up to {} MB are read. Export a shorter recording, or split it.",
            before.bytes / 1_000_000,
            MAX_CONTENT_BYTES / 1_048_576
        );
        return unreadable(name, Some(before), "too_large", message, false, rules);
    }
    let mut content = Vec::with_capacity(before.bytes as usize + 1);
    if let Err(error) = (&mut file).take(MAX_CONTENT_BYTES + 1).read_to_end(&mut content) {
        return cannot(Some(before), &error);
    }
    match std::fs::metadata(&path) {
        Ok(after) if Signature::of(&after) == before && content.len() as u64 == before.bytes => {}
        Ok(_) => return Examined::Changing,
        Err(error) => return cannot(Some(before), &error),
    }
    let hash: [u8; 32] = Sha256::digest(&content).into();
    if kept == Some(&hash) {
        return Examined::Same(before);
    }
    let scan = ScanFile {
        name,
        content: &content,
        modified_ns: before.modified_ns,
    };
    let reading = match read_and_measure(&scan, rules, rest >= Rest::Settled) {
        Reading::Partial {
            facts,
            may_settle: false,
            ..
        } if rest == Rest::Abandoned => stopped_early(&scan, rules, facts),
        reading => reading,
    };
    let is_kept = match &reading {
        Reading::Partial { .. } => false,
        Reading::Measured { .. } => true,
        Reading::Unusable { is_worth_keeping, .. } => *is_worth_keeping,
    };
    Examined::Read {
        signature: before,
        hash,
        packed: if is_kept { pack(&content).ok() } else { None },
        reading,
    }
}

/// The look at a file that ended in a panic: a fault of ours in this file, which is no reason to lose the others.
pub fn broke_down(folder: &Path, name: &str, rules: &Rules) -> Examined {
    let signature = std::fs::metadata(folder.join(name))
        .ok()
        .map(|about| Signature::of(&about));
    let message = format!("Reading {name} failed inside SACMES. Please report this, with the file.");
    unreadable(name, signature, "reader_failed", message, false, rules)
}

fn cannot(path: &Path, name: &str, signature: Option<Signature>, error: &std::io::Error, rules: &Rules) -> Examined {
    let (reason, message, may_pass) = match error.kind() {
        // It is listed under this name, and there is none of this name: what could not be shown was replaced.
        ErrorKind::NotFound if name.contains(char::REPLACEMENT_CHARACTER) => (
            "name_not_unicode",
            format!("The name of {name} has characters that are not Unicode. Rename the file."),
            false,
        ),
        ErrorKind::NotFound => return Examined::Gone,
        ErrorKind::PermissionDenied => (
            "permission_denied",
            format!("{name} may not be read. Give this user the right to read it; it is tried again by itself."),
            true,
        ),
        // A lock of its writer (a sharing violation), a busy or stale network handle, a read that failed once.
        _ => (
            "cannot_be_read",
            format!("{name} cannot be read now ({error}). It is tried again by itself."),
            true,
        ),
    };
    let signature = signature.or_else(|| std::fs::metadata(path).ok().map(|about| Signature::of(&about)));
    unreadable(name, signature, reason, message, may_pass, rules)
}

fn unreadable(
    name: &str,
    signature: Option<Signature>,
    reason: &'static str,
    message: String,
    may_pass: bool,
    rules: &Rules,
) -> Examined {
    let scan = ScanFile {
        name,
        content: &[],
        modified_ns: signature.map_or(0, |s| s.modified_ns),
    };
    let unused = Box::new(not_read(&scan, rules, reason, message));
    Examined::Unreadable {
        signature,
        unused,
        may_pass,
    }
}
