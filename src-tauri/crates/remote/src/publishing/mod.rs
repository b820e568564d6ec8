//! Publishing an engine: its record, answers to questions, and commands carried out.
//!
//! A [`Publisher`] keeps a connection to a relay ([`link`]), claims the channel of its User ID ([`claim`]) and serves it
//! ([`serving`]): the record goes out as it grows ([`log`]), with a word every few seconds on how the agent is ([`status`]).
//! Viewers open visits ([`visits`]); their questions are answered in parts ([`answering`]), their commands carried out if
//! they prove control ([`orders`]), and files that they export are offered to them ([`transfers`]).

mod answering;
mod claim;
mod computer;
mod counters;
mod feed;
mod keys;
mod link;
mod log;
mod operations;
mod orders;
mod questions;
mod retiring;
mod serving;
mod status;
mod transfers;
mod visits;

use std::sync::Arc;

use agent::Engine;
use protocol::codes::UserId;
use protocol::refusal::Refusal;
use protocol::relay::Process;
use protocol::sharing::SharingStatus;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::address::RelayAddress;

pub use computer::computer_name;
pub use counters::Refused;
use keys::Keys;
use link::Link;

/// How an engine is published.
#[derive(Clone)]
pub struct Options {
    /// The relay.
    pub address: RelayAddress,
    /// What a closed relay asks for.
    pub access_token: Option<Vec<u8>>,
    /// Told, sealed, to another agent that uses the same User ID.
    pub computer_name: String,
    /// This start of the program: by it the relay tells a reconnect from a second agent.
    pub process: Process,
}

impl std::fmt::Debug for Options {
    /// Without the access token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Options({}, {:?})", self.address, self.process)
    }
}

/// Publishes an engine until it is stopped or dropped.
#[derive(Debug)]
pub struct Publisher {
    status: watch::Receiver<SharingStatus>,
    options: Options,
    refused: Arc<Refused>,
    stop: watch::Sender<bool>,
    link: JoinHandle<()>,
}

impl Publisher {
    /// Begins. The connection is made, and made anew, by itself; [`Publisher::status`] tells how it goes.
    ///
    /// # Errors
    /// The store cannot say which view-only code is in force.
    pub async fn start(engine: Engine, user_id: UserId, options: Options) -> Result<Self, Refusal> {
        let generation = engine.sharing().await?.generation;
        let connecting = SharingStatus::Connecting {
            relay: options.address.to_string(),
            since: agent::clock::now(),
        };
        let (told, status) = watch::channel(connecting);
        let (stop, stopped) = watch::channel(false);
        let link = Link::new(engine, Keys::of(&user_id, generation), options.clone(), told, stopped);
        let refused = link.refused();
        Ok(Self {
            status,
            options,
            refused,
            stop,
            link: tokio::spawn(link.keep()),
        })
    }

    /// How it goes, now and from now on.
    pub fn status(&self) -> watch::Receiver<SharingStatus> {
        self.status.clone()
    }

    /// How it was started.
    pub fn options(&self) -> Options {
        self.options.clone()
    }

    /// How many look.
    pub fn viewers(&self) -> u32 {
        match &*self.status.borrow() {
            SharingStatus::Online { viewers, .. } => *viewers,
            _ => 0,
        }
    }

    /// What of viewers' frames was not taken.
    pub fn refused(&self) -> &Refused {
        &self.refused
    }

    /// Frees the channel and ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.link.await {
            tracing::error!("publishing ended in a panic: {error}");
        }
    }
}
