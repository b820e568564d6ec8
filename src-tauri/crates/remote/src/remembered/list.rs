//! The file with the list of remembered agents.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use ::agent::export::AtomicFile;
use protocol::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::agent::RememberedAgent;
use super::trouble::Trouble;

const NAME: &str = "followed-agents.json";
const LOCK: &str = "followed-agents.lock";
const VERSION: u32 = 1;
/// A list that is longer than this is something else.
const LONGEST: u64 = 4 << 20;

/// An agent with what the list needs to know besides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) agent: RememberedAgent,
    /// Which the code must be of; not secret.
    pub(super) channel: String,
}

#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    agents: Vec<Entry>,
}

/// Where the list is.
#[derive(Debug, Clone)]
pub(super) struct ListFile {
    folder: PathBuf,
}

/// The list while it is changed: no other program changes it meanwhile.
pub(super) struct OpenList {
    pub(super) entries: Vec<Entry>,
    file: ListFile,
    _turn: File,
}

impl ListFile {
    pub(super) fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn read(&self) -> Result<Vec<Entry>, Refusal> {
        let mut text = String::new();
        let read = File::open(self.path()).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) if error.kind() != io::ErrorKind::InvalidData => return Err(self.unusable(error)),
            Err(_) => return Err(self.damaged("it is not text")),
            Ok(_) => {}
        }
        match serde_json::from_str::<Content>(&text) {
            Ok(content) if content.version == VERSION => Ok(content.agents),
            Ok(content) => Err(self.damaged(&format!("it is of version {}", content.version))),
            Err(error) => Err(self.damaged(&format!("line {}, column {}", error.line(), error.column()))),
        }
    }

    /// The list, to be changed.
    pub(super) fn take_turn(&self) -> Result<OpenList, Refusal> {
        let open = || {
            fs::create_dir_all(&self.folder)?;
            let mut options = File::options();
            let lock = options.read(true).write(true).create(true).truncate(false);
            let lock = lock.open(self.folder.join(LOCK))?;
            lock.lock()?;
            Ok(lock)
        };
        let turn = open().map_err(|error| self.unusable(error))?;
        Ok(OpenList {
            entries: self.read()?,
            file: self.clone(),
            _turn: turn,
        })
    }

    pub(super) fn damaged(&self, why: &str) -> Refusal {
        let (path, why) = (self.path(), why.to_owned());
        Trouble::ListDamaged { path, why }.refusal()
    }

    fn unusable(&self, error: io::Error) -> Refusal {
        let (path, source) = (self.path(), error);
        Trouble::ListUnusable { path, source }.refusal()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }
}

impl OpenList {
    pub(super) fn write(self) -> Result<(), Refusal> {
        let content = Content {
            version: VERSION,
            agents: self.entries,
        };
        let write = || {
            let text = serde_json::to_string_pretty(&content)?;
            let mut file = AtomicFile::create(&self.file.path())?;
            writeln!(file, "{text}")?;
            file.finish()
        };
        write().map_err(|error: io::Error| self.file.unusable(error))
    }
}
