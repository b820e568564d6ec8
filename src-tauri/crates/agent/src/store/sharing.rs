//! What the store knows of sharing: the choice, the life of the record, and the runs that published it.

use data_encoding::HEXLOWER;
use protocol::relay::{Epoch, Position, Run};
use rusqlite::{Connection, OptionalExtension, params};

use super::deletions::{Deletions, deletions};
use super::meta::remembered;
use super::record::newest_offset;
use super::{Store, StoreError, Work};

const EPOCH: &str = "epoch";
const SHARED: &str = "sharing";
const RELAY: &str = "relay";
const GENERATION: &str = "view_only_generation";
/// Runs that are remembered; positions of older ones count as unknown.
const RUNS: i64 = 4_096;

/// What the owner chose. Nothing is shared until sharing is turned on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingChoice {
    /// Whether experiments are shared while an agent runs.
    pub on: bool,
    /// Address of the relay that is used, or was used last.
    pub relay: Option<String>,
    /// Generation of the view-only code, from 1.
    pub generation: u16,
}

/// Where a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// Life of the record.
    pub epoch: Epoch,
    /// Newest entry.
    pub head: u64,
    /// Deletions whose entries a relay may still keep.
    pub deletions: Deletions,
}

impl Work<'_> {
    /// Turns sharing on or off. What a relay keeps from before counts for nothing once it is on again.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn choose_sharing(&mut self, relay: Option<&str>) -> Result<(), StoreError> {
        let was_on = remembered(self.transaction, SHARED)?.as_deref() == Some("on");
        match relay {
            Some(relay) => {
                if !was_on {
                    self.renew_epoch()?;
                }
                self.remember(RELAY, relay)?;
                self.remember(SHARED, "on")
            }
            None => self.remember(SHARED, "off"),
        }
    }

    /// Renews the view-only code, and with it the life of the record; gives the new generation.
    ///
    /// # Errors
    /// What SQLite reports, and the last of 65,535 generations.
    pub fn renew_generation(&mut self) -> Result<u16, StoreError> {
        let next = generation(self.transaction)?
            .checked_add(1)
            .ok_or_else(|| StoreError::Value("the generation of the view-only code is the last one".to_owned()))?;
        self.remember(GENERATION, &next.to_string())?;
        self.renew_epoch()?;
        Ok(next)
    }

    /// The view-only code of another User ID begins with its first generation.
    pub(super) fn begin_generations(&mut self) -> Result<(), StoreError> {
        self.remember(GENERATION, "1")
    }

    /// Begins a new life of the record: all positions of before are void.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn renew_epoch(&mut self) -> Result<(), StoreError> {
        self.transaction.execute(
            "UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = ?1",
            [EPOCH],
        )?;
        self.transaction.execute("DELETE FROM runs", [])?;
        Ok(())
    }

    /// Notes that a run begins.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn begin_run(&mut self, run: Run) -> Result<Beginning, StoreError> {
        let head = newest_offset(self.transaction)?;
        self.transaction.execute(
            "INSERT INTO runs (run, head) VALUES (?1, ?2)",
            params![&run.0[..], head as i64],
        )?;
        self.transaction
            .execute("DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ?1", [RUNS])?;
        Ok(Beginning {
            epoch: epoch(self.transaction)?,
            head,
            deletions: deletions(self.transaction)?,
        })
    }

    /// Notes that the program starts, where runs are remembered: what a run before published is at most what the store
    /// holds now, and a store that was put back from a backup shows by this.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_start(&mut self) -> Result<(), StoreError> {
        let head = newest_offset(self.transaction)?;
        self.transaction.execute(
            "INSERT INTO runs (run, head) SELECT randomblob(16), ?1 WHERE EXISTS (SELECT 1 FROM runs)",
            [head as i64],
        )?;
        Ok(())
    }
}

impl Store {
    /// What the owner chose.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn sharing(&self) -> Result<SharingChoice, StoreError> {
        self.read(|connection| {
            Ok(SharingChoice {
                on: remembered(connection, SHARED)?.as_deref() == Some("on"),
                relay: remembered(connection, RELAY)?,
                generation: generation(connection)?,
            })
        })
    }

    /// Whether a position is one of this record: the store knows its epoch and run, and the run published no further.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn is_valid(&self, position: Position) -> Result<bool, StoreError> {
        self.read(|connection| {
            if epoch(connection)? != position.epoch {
                return Ok(false);
            }
            let id: Option<i64> = connection
                .query_row("SELECT id FROM runs WHERE run = ?1", [&position.run.0[..]], |r| {
                    r.get(0)
                })
                .optional()?;
            let Some(id) = id else { return Ok(false) };
            let end: Option<i64> = connection
                .query_row("SELECT head FROM runs WHERE id > ?1 ORDER BY id LIMIT 1", [id], |r| {
                    r.get(0)
                })
                .optional()?;
            let head = newest_offset(connection)?;
            Ok(position.offset <= end.map_or(head, |end| head.min(end as u64)))
        })
    }

    /// Offset after which the newest entries are about `bytes` long together.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn newest_entries_after(&self, bytes: u64) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT at_offset, coalesce(length(event), 0) FROM record ORDER BY at_offset DESC")?;
            let mut rows = statement.query([])?;
            let mut sum = 0;
            while let Some(row) = rows.next()? {
                sum += row.get::<_, i64>(1)? as u64;
                if sum > bytes {
                    return Ok(row.get::<_, i64>(0)? as u64);
                }
            }
            Ok(0)
        })
    }
}

fn generation(connection: &Connection) -> Result<u16, StoreError> {
    let Some(text) = remembered(connection, GENERATION)? else {
        return Ok(1);
    };
    let parsed = text.parse().ok().filter(|generation| *generation > 0);
    parsed.ok_or_else(|| StoreError::Value(format!("the generation \"{text}\" of the view-only code")))
}

fn epoch(connection: &Connection) -> Result<Epoch, StoreError> {
    let text = remembered(connection, EPOCH)?.unwrap_or_default();
    let bytes = HEXLOWER.decode(text.as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .map(Epoch)
        .ok_or_else(|| StoreError::Value(format!("the epoch \"{text}\"")))
}

#[cfg(test)]
mod tests {
    use protocol::ids::SessionId;
    use protocol::record::RecordEvent;
    use protocol::session::Source;
    use protocol::settings::Settings;

    use super::super::NewSession;
    use super::*;

    struct Kept {
        folder: tempfile::TempDir,
        store: Store,
        row: i64,
        session: SessionId,
    }

    fn noted(work: &mut Work<'_>) -> Result<(), StoreError> {
        work.note_start()
    }

    fn renewed(work: &mut Work<'_>) -> Result<u16, StoreError> {
        work.renew_generation()
    }

    fn open(folder: &tempfile::TempDir) -> Store {
        let store = Store::open(&folder.path().join("sacmes.db"), Box::new(drop)).unwrap();
        store.write(noted).unwrap();
        store
    }

    fn kept() -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        let session = SessionId::new();
        let new = NewSession {
            id: session,
            name: "run".to_owned(),
            source: Source::WatchedFolder {
                folder: "/data".to_owned(),
            },
            settings: Settings::default(),
            temporary: false,
        };
        let row = store.write(move |work| work.begin_session(&new)).unwrap();
        Kept {
            folder,
            store,
            row,
            session,
        }
    }

    impl Kept {
        fn append(&self, count: usize) -> u64 {
            let (row, session) = (self.row, self.session);
            let append = move |work: &mut Work<'_>| {
                let mut offset = 0;
                for _ in 0..count {
                    offset = work.append(row, session, RecordEvent::SessionEnded { reason: None })?;
                }
                Ok(offset)
            };
            self.store.write(append).unwrap()
        }

        fn begin(&self, run: u8) -> Beginning {
            self.store.write(move |work| work.begin_run(Run([run; 16]))).unwrap()
        }

        fn is_valid(&self, epoch: Epoch, run: u8, offset: u64) -> bool {
            let run = Run([run; 16]);
            self.store.is_valid(Position { epoch, run, offset }).unwrap()
        }
    }

    #[test]
    fn a_position_is_valid_up_to_where_the_next_run_began() {
        let kept = kept();
        let begun = kept.begin(1).head;
        let head = kept.append(10);
        let epoch = kept.begin(2).epoch;
        let newer = kept.append(5);
        assert!(kept.is_valid(epoch, 1, begun) && kept.is_valid(epoch, 1, head) && kept.is_valid(epoch, 2, newer));
        assert!(!kept.is_valid(epoch, 1, head + 1), "the run had published no further");
        assert!(!kept.is_valid(epoch, 2, newer + 1), "past the head");
        assert!(!kept.is_valid(epoch, 3, 1), "an unknown run");
        assert!(!kept.is_valid(Epoch([9; 16]), 1, begun), "an unknown epoch");
    }

    /// Found while planning the relay: a backup whose own new entries have passed the old position looked valid.
    #[test]
    fn a_store_that_was_put_back_is_found_out_even_after_it_went_on() {
        let kept = kept();
        let epoch = kept.begin(1).epoch;
        kept.append(10);
        kept.store.close();
        let backup = kept.folder.path().join("backup.db");
        let path = kept.folder.path().join("sacmes.db");
        std::fs::copy(&path, &backup).unwrap();
        let kept = Kept {
            store: Store::open(&path, Box::new(drop)).unwrap(),
            ..kept
        };
        let published = kept.append(10);
        assert!(kept.is_valid(epoch, 1, published));
        kept.store.close();
        std::fs::copy(&backup, &path).unwrap();
        let restored = Kept {
            store: open(&kept.folder),
            ..kept
        };
        assert!(restored.append(20) > published);
        assert!(!restored.is_valid(epoch, 1, published));
    }

    #[test]
    fn what_was_published_before_is_void_once_the_code_is_renewed_or_sharing_is_turned_on_again() {
        let kept = kept();
        let choose = |relay: Option<&'static str>| kept.store.write(move |work| work.choose_sharing(relay)).unwrap();
        choose(Some("https://relay"));
        let first = kept.begin(1).epoch;
        choose(Some("https://other"));
        assert!(kept.is_valid(first, 1, 0), "sharing was on all the time");
        choose(None);
        assert!(kept.is_valid(first, 1, 0));
        choose(Some("https://relay"));
        let second = kept.begin(2).epoch;
        assert!(second != first && !kept.is_valid(first, 1, 0));
        assert_eq!(kept.store.write(renewed).unwrap(), 2);
        assert!(!kept.is_valid(second, 2, 0));
        let chosen = SharingChoice {
            on: true,
            relay: Some("https://relay".to_owned()),
            generation: 2,
        };
        assert_eq!(kept.store.sharing().unwrap(), chosen);
    }

    #[test]
    fn a_deletion_is_remembered_until_it_was_cleared() {
        let kept = kept();
        let head = kept.append(3);
        let row = kept.row;
        kept.store.write(move |work| work.delete_session(row)).unwrap();
        assert_eq!(kept.store.deleted_through().unwrap(), head);
        assert_eq!(kept.store.recently_deleted().unwrap(), [kept.session]);
        let deletions = kept.begin(1).deletions;
        assert!(deletions.are_uncleared());
        kept.store.write(move |work| work.note_cleared(deletions.all)).unwrap();
        assert!(!kept.store.deletions().unwrap().are_uncleared());
    }
}
