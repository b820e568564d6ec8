//! What the owner of a profile prefers on this computer: kept beside the profile's database, in one small file.

mod file;

use agent::profile::ProfileLocation;
use protocol::refusal::Refusal;
use serde::{Deserialize, Serialize};

use crate::attention::Kind;

/// All preferences. What a file does not name has its default, so that files of every version are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// What is told through the system's notifications.
    pub notifications: Notifications,
    /// Whether closing the window leaves SACMES in the tray.
    pub stays_in_tray: bool,
    /// Looking for newer versions.
    pub updates: Updates,
    /// How the window looks.
    pub look: Look,
}

/// What is told through the system's notifications.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, as the person sees it"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notifications {
    /// A session gets no new files.
    pub stalled: bool,
    /// An electrode fails while others go on.
    pub electrode_failing: bool,
    /// A session is over.
    pub finished: bool,
    /// The relay is away for long.
    pub relay_lost: bool,
}

/// Looking for newer versions. Off until somebody turns it on: nothing is asked of the network unasked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Updates {
    /// Whether to look at each start and once a day.
    pub check: bool,
    /// Where; empty = where this build looks by itself.
    pub address: String,
}

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Dark or light.
    pub theme: Theme,
    /// Whether potentials run from right to left.
    pub potential_from_right: bool,
    /// Unit of currents.
    pub current_unit: CurrentUnit,
    /// Unit of potentials.
    pub potential_unit: PotentialUnit,
}

/// Dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Unit of currents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrentUnit {
    /// Chosen by the data.
    #[default]
    Auto,
    /// pA
    Picoampere,
    /// nA
    Nanoampere,
    /// µA
    Microampere,
    /// mA
    Milliampere,
}

/// Unit of potentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PotentialUnit {
    /// Chosen by the data.
    #[default]
    Auto,
    /// V
    Volt,
    /// mV
    Millivolt,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            notifications: Notifications::default(),
            stays_in_tray: true,
            updates: Updates::default(),
            look: Look::default(),
        }
    }
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            stalled: true,
            electrode_failing: true,
            finished: true,
            relay_lost: true,
        }
    }
}

impl Notifications {
    /// Whether this kind is told.
    pub fn has(self, kind: Kind) -> bool {
        match kind {
            Kind::Stalled => self.stalled,
            Kind::ElectrodeFailing => self.electrode_failing,
            Kind::Finished => self.finished,
            Kind::RelayLost => self.relay_lost,
            Kind::AskedFor => true,
        }
    }
}

/// The preferences that are in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// What holds: the defaults, where the file cannot be used.
    pub value: Preferences,
    /// Why the file cannot be used.
    pub trouble: Option<Refusal>,
}

impl Preferences {
    /// The preferences of a profile, as its file says now.
    pub fn of(location: &ProfileLocation) -> InForce {
        match file::read(&file::place(location)) {
            Ok(value) => InForce {
                value: value.unwrap_or_default(),
                trouble: None,
            },
            Err(refusal) => {
                tracing::warn!(code = refusal.code, "{}", refusal.message);
                InForce {
                    value: Self::default(),
                    trouble: Some(refusal),
                }
            }
        }
    }

    /// Keeps them for a profile, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written; the earlier preferences hold.
    pub fn keep(&self, location: &ProfileLocation) -> Result<(), Refusal> {
        file::write(&file::place(location), self)
    }
}
