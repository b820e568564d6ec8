//! Sharing while the agent runs: only if it is asked for, and said in plain words.

use std::path::{Path, PathBuf};

use agent::Engine;
use clap::Args;
use protocol::refusal::Refusal;
use protocol::relay::Process;
use protocol::sharing::SharingStatus;
use remote::address::RelayAddress;
use remote::publishing::{Options, Publisher, computer_name};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::super::id;
use crate::ending::complain;

/// Longest access token, bytes.
const LONGEST_TOKEN: usize = 256;

#[derive(Debug, Args)]
pub struct Sharing {
    /// Let holders of the profile's codes follow through a relay, while the agent runs. Without it nothing leaves this computer.
    #[arg(long, requires = "relay")]
    share: bool,

    /// Address of the relay, such as <https://relay.example.org>.
    #[arg(long, value_name = "ADDRESS", requires = "share")]
    relay: Option<RelayAddress>,

    /// File with the access token that a closed relay asks for.
    #[arg(long, value_name = "FILE", requires = "share")]
    access_token_file: Option<PathBuf>,

    /// What this computer is called towards the owner's other apps; without it by the name that the system gives it.
    #[arg(long, value_name = "NAME", requires = "share")]
    computer: Option<String>,
}

/// A publisher, and what is said of it.
pub struct Shared {
    publisher: Publisher,
    saying: JoinHandle<()>,
}

impl Sharing {
    /// Begins to share, if that was asked for.
    ///
    /// # Errors
    /// There is no User ID, or the token or the store cannot be read.
    pub async fn begin(&self, engine: &Engine) -> Result<Option<Shared>, Refusal> {
        let (true, Some(address)) = (self.share, &self.relay) else {
            return Ok(None);
        };
        let access_token = self.access_token_file.as_deref().map(token).transpose()?;
        let keeper = id::keep(engine).await?;
        let user_id = keeper.user_id()?;
        complain(&format!(
            "sharing through {address}: results, settings, file names and the folders of sessions leave this computer, sealed so that the relay \
             cannot read them; whoever has the link below can look, whoever has the User ID can also steer"
        ));
        complain(&format!(
            "link for looking: {}#{}",
            address.page(),
            keeper.view_only_code()?
        ));
        if !address.is_good_for_browsers() {
            complain(
                "browsers do not open such links over plain http from another computer; the app and the command line do",
            );
        }
        let process = Process::random().map_err(|_| no_randomness())?;
        let options = Options {
            address: address.clone(),
            access_token,
            computer_name: self.computer.clone().unwrap_or_else(computer_name),
            process,
        };
        let publisher = Publisher::start(engine.clone(), user_id, options).await?;
        let saying = tokio::spawn(say_changes(publisher.status()));
        Ok(Some(Shared { publisher, saying }))
    }
}

impl Shared {
    /// Frees the channel and lets go of the engine.
    pub async fn end(self) {
        self.saying.abort();
        self.publisher.stop().await;
    }
}

async fn say_changes(mut status: watch::Receiver<SharingStatus>) {
    let mut said = String::new();
    loop {
        let words = in_words(&status.borrow_and_update());
        if words != said && !words.is_empty() {
            complain(&words);
            said = words;
        }
        if status.changed().await.is_err() {
            return;
        }
    }
}

/// Without times and numbers of viewers, so that only a change of what matters is a line.
fn in_words(status: &SharingStatus) -> String {
    match status {
        SharingStatus::Off { .. } | SharingStatus::Connecting { .. } => String::new(),
        SharingStatus::Online { relay, .. } => format!("sharing: connected to {relay}"),
        SharingStatus::Offline { reason, .. } => format!("sharing: {reason}"),
        SharingStatus::Refused { reason, again_at, .. } => match again_at {
            Some(_) => format!("sharing: {reason}"),
            None => format!("sharing ended, the agent goes on: {reason}"),
        },
    }
}

fn token(path: &Path) -> Result<Vec<u8>, Refusal> {
    let refused = |what: String| {
        Refusal::new(
            "access_token_unreadable",
            what,
            "Name the file with the token that whoever runs the relay gave you.",
        )
    };
    let read = std::fs::read(path).map_err(|error| refused(format!("{} cannot be read: {error}.", path.display())))?;
    let token = read.trim_ascii();
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        let message = format!("{} holds no token of 1 to {LONGEST_TOKEN} bytes.", path.display());
        return Err(refused(message));
    }
    Ok(token.to_vec())
}

fn no_randomness() -> Refusal {
    Refusal::new("no_randomness", "This computer gives no randomness.", "Start it again.")
}
