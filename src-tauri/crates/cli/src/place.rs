//! The profile that a command is about.

use std::path::PathBuf;

use agent::data_dir::default_data_dir;
use agent::store::Store;
use agent::{DEFAULT_PROFILE, ProfileLocation};
use clap::Args;
use protocol::refusal::Refusal;

use crate::ending::Failure;

/// Which data directory.
#[derive(Debug, Clone, Args)]
pub struct DataDir {
    /// Folder that holds the profiles with their experiments, instead of this system's usual place.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Which profile in which data directory.
#[derive(Debug, Clone, Args)]
pub struct Place {
    #[command(flatten)]
    data_dir: DataDir,

    /// Profile.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_PROFILE)]
    profile: String,
}

impl DataDir {
    /// Its absolute path.
    ///
    /// # Errors
    /// A system without a home folder.
    pub fn path(&self) -> Result<PathBuf, Failure> {
        let data_dir = self.data_dir.clone().or_else(default_data_dir).ok_or_else(|| {
            Failure::Usage(Refusal::new(
                "no_home_folder",
                "This system does not say where your home folder is.",
                "Name a folder with --data-dir.",
            ))
        })?;
        Ok(std::path::absolute(&data_dir).unwrap_or(data_dir))
    }
}

impl Place {
    /// Where the profile lives.
    ///
    /// # Errors
    /// A name that cannot be a profile's, or a system without a home folder.
    pub fn location(&self) -> Result<ProfileLocation, Failure> {
        let data_dir = self.data_dir.path()?;
        ProfileLocation::new(data_dir, &self.profile).map_err(|error| Failure::Usage(error.into()))
    }

    /// The profile's database, for reading, also while an agent writes to it.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn read_store(&self) -> Result<Store, Failure> {
        Ok(Store::open_read_only(&self.location()?.database())?)
    }
}
