//! Files that viewers export: written into a folder of the profile's own, offered for a while, removed.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::ids::{OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::News;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use uuid::Uuid;

/// A finished file is kept for so long.
const KEPT: Duration = Duration::from_mins(10);
/// An export of which nothing is heard for so long is given up.
const GIVEN_UP: Duration = Duration::from_hours(6);
/// A file is at most this long, bytes.
const LONGEST: u64 = 2 << 30;
/// Files at a time.
const MOST: usize = 8;
/// Longest name of a file, bytes.
const LONGEST_NAME: usize = 200;

/// A place for a file that is not written yet.
pub struct Place {
    session: SessionId,
    transfer: Uuid,
    /// Where the engine writes it.
    pub path: PathBuf,
    name: String,
}

#[derive(Clone)]
enum State {
    Writing,
    Ready { bytes: u64, sha256: String },
}

struct Exported {
    place: Place,
    state: State,
    until: Instant,
}

/// A file that can be fetched.
pub struct Offered {
    pub path: PathBuf,
    pub bytes: u64,
}

/// Length and SHA-256 of a file, 64 digits.
pub type Measured = Result<(u64, String), Refusal>;

/// The files of all viewers; they outlive connections to the relay.
pub struct Transfers {
    folder: PathBuf,
    by_operation: HashMap<OperationId, Exported>,
}

impl Transfers {
    /// `profile` is the profile's own folder.
    pub fn new(profile: &Path) -> Self {
        Self {
            folder: profile.join("transfers"),
            by_operation: HashMap::new(),
        }
    }

    /// Removes everything; what an earlier start left, too.
    pub async fn clean(&mut self) {
        self.by_operation.clear();
        remove(self.folder.clone()).await;
    }

    /// A place for a file of this name, with something of a session.
    ///
    /// # Errors
    /// It is no bare name, too many files are kept, or the folder cannot be made.
    pub fn place(&self, session: SessionId, name: &str) -> Result<Place, Refusal> {
        if !is_bare(name) {
            return Err(Refusal::new(
                "file_name_invalid",
                "From afar the destination of an export is the bare name of a file.",
                "Give a name without a folder, such as results.csv.",
            ));
        }
        if self.by_operation.len() >= MOST {
            return Err(Refusal::new(
                "too_many_exports",
                format!("{MOST} exported files are kept already."),
                "Fetch them, or wait for 10 minutes.",
            ));
        }
        let transfer = Uuid::new_v4();
        let folder = self.folder.join(transfer.to_string());
        fs::create_dir_all(&folder).map_err(|error| {
            tracing::warn!("{} cannot be made: {error}", folder.display());
            Refusal::new(
                "no_place_for_exports",
                "The agent has no place for the file.",
                "Make space on the disk of the agent's computer.",
            )
        })?;
        Ok(Place {
            session,
            transfer,
            path: folder.join(name),
            name: name.to_owned(),
        })
    }

    /// An operation writes a place's file; false where it is one of before, which has a place of its own.
    pub fn begun(&mut self, operation: OperationId, place: Place) -> bool {
        if self.by_operation.contains_key(&operation) {
            give_up(&place);
            return false;
        }
        let exported = Exported {
            place,
            state: State::Writing,
            until: Instant::now() + GIVEN_UP,
        };
        self.by_operation.insert(operation, exported);
        true
    }

    /// Name of the file that an operation writes or has written.
    pub fn name(&self, operation: OperationId) -> Option<&str> {
        self.by_operation
            .get(&operation)
            .map(|exported| exported.place.name.as_str())
    }

    /// The file that an operation has finished and that was not measured yet: it has its name only when it is whole.
    pub fn unmeasured(&self, operation: OperationId) -> Option<PathBuf> {
        let exported = self.by_operation.get(&operation)?;
        let whole = matches!(exported.state, State::Writing) && exported.place.path.exists();
        whole.then(|| exported.place.path.clone())
    }

    /// A finished file was measured.
    ///
    /// # Errors
    /// Why it cannot be offered ([`Transfers::failed`]).
    pub fn measured(&mut self, operation: OperationId, measured: Measured) -> Result<(), Refusal> {
        match measured {
            Ok((bytes, sha256)) => {
                if let Some(exported) = self.by_operation.get_mut(&operation) {
                    exported.state = State::Ready { bytes, sha256 };
                    exported.until = Instant::now() + KEPT;
                }
                Ok(())
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// Gives up an export that will never be offered; what its viewer hears.
    pub fn failed(&mut self, operation: OperationId, refusal: Refusal) -> Option<LiveEvent> {
        let Exported { place, .. } = self.by_operation.remove(&operation)?;
        give_up(&place);
        Some(LiveEvent::Progress {
            operation,
            session: place.session,
            label: format!("Exporting {}", place.name),
            done: 0,
            total: 0,
            outcome: Some(OperationOutcome::Failed { refusal }),
        })
    }

    /// What says that a file can be fetched.
    pub fn offer(&self, operation: OperationId) -> Option<News> {
        let Exported { place, state, .. } = self.by_operation.get(&operation)?;
        let State::Ready { bytes, sha256 } = state else {
            return None;
        };
        Some(News::Ready {
            operation,
            transfer: place.transfer,
            name: place.name.clone(),
            bytes: *bytes,
            sha256: sha256.clone(),
        })
    }

    /// A file that can be fetched.
    pub fn offered(&self, transfer: Uuid) -> Option<Offered> {
        let exported = self.by_operation.values().find(|e| e.place.transfer == transfer)?;
        match &exported.state {
            State::Ready { bytes, .. } => Some(Offered {
                path: exported.place.path.clone(),
                bytes: *bytes,
            }),
            State::Writing => None,
        }
    }

    /// Somebody fetches a file: it is kept on.
    pub fn is_fetched(&mut self, path: &Path) {
        let fetched = self
            .by_operation
            .values_mut()
            .find(|exported| exported.place.path == path);
        if let Some(exported) = fetched {
            exported.until = exported.until.max(Instant::now() + KEPT);
        }
    }

    /// Removes a finished file that is no longer wanted; false where there is none.
    pub fn cancel(&mut self, operation: OperationId) -> bool {
        let ready = self
            .by_operation
            .get(&operation)
            .is_some_and(|exported| matches!(exported.state, State::Ready { .. }));
        if ready {
            self.forget(operation);
        }
        ready
    }

    /// An export came to nothing.
    pub fn forget(&mut self, operation: OperationId) {
        if let Some(exported) = self.by_operation.remove(&operation) {
            give_up(&exported.place);
        }
    }

    /// Removes what was kept for long enough.
    pub fn tidy(&mut self) {
        let now = Instant::now();
        let over = |(operation, exported): (&OperationId, &Exported)| (exported.until <= now).then_some(*operation);
        let over: Vec<OperationId> = self.by_operation.iter().filter_map(over).collect();
        for operation in over {
            self.forget(operation);
        }
    }
}

/// Removes a place that nothing is written to any more.
pub fn give_up(place: &Place) {
    if let Some(folder) = place.path.parent() {
        tokio::spawn(remove(folder.to_owned()));
    }
}

async fn remove(folder: PathBuf) {
    let removed = tokio::task::spawn_blocking(move || match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!("{} could not be removed: {error}", folder.display());
        }
        _ => {}
    });
    drop(removed.await);
}

/// Length and hash of a finished file. Blocks.
///
/// # Errors
/// It is too long to be sent, or cannot be read.
pub fn measure(path: &Path) -> Measured {
    let unreadable = |error: std::io::Error| {
        tracing::warn!("an exported file could not be read: {error}");
        Refusal::new(
            "export_unreadable",
            "The exported file could not be read.",
            "Export it again.",
        )
    };
    let mut file = fs::File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > LONGEST {
        return Err(Refusal::new(
            "export_too_large",
            format!("The exported file has {bytes} bytes; at most {LONGEST} are sent."),
            "Export less of the session, or export it on the agent's computer.",
        ));
    }
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut piece).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
    }
    Ok((bytes, data_encoding::HEXLOWER.encode(&hash.finalize())))
}

fn is_bare(name: &str) -> bool {
    let dotted = name.starts_with('.') || name.ends_with(['.', ' ']) || name.starts_with(' ');
    let sound = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    !name.is_empty() && name.len() <= LONGEST_NAME && !dotted && name.chars().all(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_destination_cannot_leave_the_folder() {
        let profile = tempfile::tempdir().unwrap();
        let transfers = Transfers::new(profile.path());
        for name in ["", "..", "../x", "/etc/passwd", "a\\b", "c:x", ".hidden", "x\n", "x."] {
            let refused = transfers.place(SessionId::new(), name).err().unwrap();
            assert_eq!(refused.code, "file_name_invalid", "{name:?}");
        }
        let place = transfers.place(SessionId::new(), "Results 7.csv").unwrap();
        assert!(place.path.starts_with(profile.path().join("transfers")));
    }

    #[tokio::test(start_paused = true)]
    async fn a_finished_file_is_offered_for_ten_minutes() {
        let profile = tempfile::tempdir().unwrap();
        let mut transfers = Transfers::new(profile.path());
        let place = transfers.place(SessionId::new(), "a.txt").unwrap();
        let operation = OperationId::new();
        let (path, transfer) = (place.path.clone(), place.transfer);
        assert!(transfers.begun(operation, place));
        assert!(transfers.unmeasured(operation).is_none() && transfers.offered(transfer).is_none());
        fs::write(&path, "abc").unwrap();
        let measured = measure(&transfers.unmeasured(operation).unwrap());
        transfers.measured(operation, measured).unwrap();
        let Some(News::Ready { bytes, sha256, .. }) = transfers.offer(operation) else {
            panic!("not offered");
        };
        assert_eq!(bytes, 3);
        assert_eq!(
            sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        tokio::time::advance(KEPT).await;
        transfers.tidy();
        assert!(transfers.offered(transfer).is_none());
        transfers.clean().await;
        assert!(!profile.path().join("transfers").exists());
    }
}
