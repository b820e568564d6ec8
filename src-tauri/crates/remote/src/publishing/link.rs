//! Keeping a connection to the relay, and saying how that goes.

use std::sync::Arc;
use std::time::Duration;

use agent::Engine;
use protocol::refusal::Refusal;
use protocol::relay::{CloseCode, words};
use protocol::sharing::SharingStatus;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::Options;
use super::claim::{NotClaimed, claim};
use super::counters::Refused;
use super::keys::Keys;
use super::serving::{End, Serving};
use super::transfers::Transfers;
use crate::backoff::{Backoff, spread};
use crate::dial::Ended;

/// Another agent may go at any time, and then this one wants the channel soon.
const ASK_AGAIN_WHILE_IN_USE: Duration = Duration::from_secs(15);
/// A relay that restarts is not called by everybody at once.
const RESTARTING: Duration = Duration::from_secs(5);
/// A connection that held for so long was a good one.
const HELD: Duration = Duration::from_secs(10);
/// A store that cannot be read or written is asked again after this time.
const STORE_IN_TROUBLE: Duration = Duration::from_secs(5);

/// Keeps the connection until it is stopped.
pub struct Link {
    engine: Engine,
    keys: Keys,
    options: Options,
    told: watch::Sender<SharingStatus>,
    stop: watch::Receiver<bool>,
    backoff: Backoff,
    refused: Arc<Refused>,
}

/// What follows the end of a connection.
enum Next {
    /// Once more after a wait; meanwhile `offline` or `refused`.
    Again {
        wait: Duration,
        why: Refusal,
        refused: bool,
    },
    /// Not before the owner has done something.
    Never(Refusal),
    /// It was stopped, or the engine closed.
    End,
}

impl Link {
    pub fn new(
        engine: Engine,
        keys: Keys,
        options: Options,
        told: watch::Sender<SharingStatus>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            engine,
            keys,
            options,
            told,
            stop,
            backoff: Backoff::default(),
            refused: Arc::default(),
        }
    }

    /// What of viewers' frames was not taken.
    pub fn refused(&self) -> Arc<Refused> {
        Arc::clone(&self.refused)
    }

    /// Connects, serves, waits, and again.
    pub async fn keep(mut self) {
        let mut transfers = Transfers::new(&self.engine.location().folder());
        transfers.clean().await;
        let mut stop = self.stop.clone();
        loop {
            let next = Box::pin(self.once(&mut transfers)).await;
            let waited = match next {
                Next::End => break,
                Next::Never(reason) => {
                    self.tell_refused(reason, None);
                    stopped(&mut stop).await;
                    break;
                }
                Next::Again { wait, why, refused } => {
                    let again_at = agent::clock::in_future(wait);
                    if refused {
                        self.tell_refused(why, Some(again_at));
                    } else {
                        self.tell_offline(why, again_at);
                    }
                    tokio::select! {
                        () = sleep(wait) => true,
                        () = stopped(&mut stop) => false,
                    }
                }
            };
            if !waited {
                break;
            }
        }
        transfers.clean().await;
        let relay = Some(self.relay());
        self.told.send_replace(SharingStatus::Off { relay });
    }

    async fn once(&mut self, transfers: &mut Transfers) -> Next {
        let mut stop = self.stop.clone();
        let claimed = tokio::select! {
            claimed = claim(&self.keys, &self.options) => claimed,
            () = stopped(&mut stop) => return Next::End,
        };
        let claimed = match claimed {
            Ok(claimed) => claimed,
            Err(NotClaimed::Ended(ended)) => return self.after(&ended),
            Err(NotClaimed::InUse(computer)) => {
                return Next::Again {
                    wait: ASK_AGAIN_WHILE_IN_USE,
                    why: words::in_use(computer.as_deref().filter(|name| !name.is_empty())),
                    refused: true,
                };
            }
        };
        let began = Instant::now();
        let serving = Serving::begin(&self.engine, &self.keys, claimed, transfers, Arc::clone(&self.refused)).await;
        let end = match serving {
            Ok(serving) => {
                self.tell_online(0);
                let (told, relay) = (self.told.clone(), self.relay());
                serving
                    .run(&mut stop, move |viewers| tell_viewers(&told, &relay, viewers))
                    .await
            }
            Err(end) => end,
        };
        // A relay that takes the agent and turns it out again is not called in a tight loop.
        if began.elapsed() >= HELD {
            self.backoff.reset();
        }
        match end {
            End::Stopped => Next::End,
            End::Anew => Next::Again {
                wait: self.backoff.wait(),
                why: Refusal::new("log_begins_anew", "The log at the relay begins anew.", ""),
                refused: false,
            },
            End::Store(why) if why.code == "closing" => Next::End,
            End::Store(why) => Next::Again {
                wait: STORE_IN_TROUBLE,
                why,
                refused: false,
            },
            End::Connection(ended) => self.after(&ended),
        }
    }

    fn after(&mut self, ended: &Ended) -> Next {
        let relay = self.relay();
        match ended {
            Ended::Closed(CloseCode::InUse) => Next::Again {
                wait: ASK_AGAIN_WHILE_IN_USE,
                why: words::in_use(None),
                refused: true,
            },
            Ended::Closed(CloseCode::Restarting) => Next::Again {
                wait: spread(RESTARTING),
                why: Refusal::new("relay_restarts", format!("{relay} restarts."), "It is tried again."),
                refused: false,
            },
            Ended::Closed(code) if !code.is_worth_coming_back() => Next::Never(turned_away(*code, &relay)),
            other => Next::Again {
                wait: self.backoff.wait(),
                why: Refusal::new("relay_unreachable", in_words(other, &relay), "It is tried again."),
                refused: false,
            },
        }
    }

    fn relay(&self) -> String {
        self.options.address.to_string()
    }

    fn tell_online(&self, viewers: u32) {
        tell_viewers(&self.told, &self.relay(), viewers);
    }

    fn tell_offline(&self, reason: Refusal, again_at: String) {
        tracing::info!(code = reason.code, "not connected to the relay: {reason}");
        let relay = self.relay();
        self.told.send_modify(|status| {
            let since = match &*status {
                SharingStatus::Offline { since, .. } => since.clone(),
                _ => agent::clock::now(),
            };
            *status = SharingStatus::Offline {
                relay,
                since,
                reason,
                again_at,
            };
        });
    }

    fn tell_refused(&self, reason: Refusal, again_at: Option<String>) {
        tracing::warn!(code = reason.code, "the relay does not take this agent: {reason}");
        let relay = self.relay();
        self.told.send_modify(|status| {
            let since = match &*status {
                SharingStatus::Refused {
                    since, reason: before, ..
                } if *before == reason => since.clone(),
                _ => agent::clock::now(),
            };
            *status = SharingStatus::Refused {
                relay,
                since,
                reason,
                again_at,
            };
        });
    }
}

fn tell_viewers(told: &watch::Sender<SharingStatus>, relay: &str, count: u32) {
    told.send_if_modified(|status| match status {
        SharingStatus::Online { viewers, .. } if *viewers == count => false,
        SharingStatus::Online { viewers, .. } => {
            *viewers = count;
            true
        }
        _ => {
            *status = SharingStatus::Online {
                relay: relay.to_owned(),
                since: agent::clock::now(),
                viewers: count,
            };
            true
        }
    });
}

/// Returns when publishing is to end; also when nobody could stop it any more.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

fn turned_away(code: CloseCode, relay: &str) -> Refusal {
    let (message, hint) = match code {
        CloseCode::AccessToken => (
            "takes only agents that show its access token, and this one does not",
            "Ask who runs the relay for the token.",
        ),
        CloseCode::Retired => (
            "knows that this User ID was given up",
            "Use the new User ID of this profile.",
        ),
        CloseCode::Version => (
            "speaks no version of the protocol that this program speaks",
            "Update SACMES, or have the relay updated.",
        ),
        CloseCode::Ownership => (
            "does not know itself under this address, or the proof came too late",
            "Use the address that the relay prints when it starts.",
        ),
        _ => (
            "does not accept what this program sends",
            "Update SACMES, or have the relay updated; please report this.",
        ),
    };
    Refusal::new(format!("relay_{}", code.name()), format!("{relay} {message}."), hint)
}

fn in_words(ended: &Ended, relay: &str) -> String {
    match ended {
        Ended::Closed(CloseCode::Full) => format!("{relay} has no room."),
        Ended::Closed(CloseCode::Rate) => format!("{relay} was asked too often."),
        Ended::Closed(CloseCode::Fenced) => "Another connection took the channel over.".to_owned(),
        Ended::Closed(CloseCode::TooSlow) => "The connection is too slow.".to_owned(),
        Ended::Closed(_) | Ended::Silent => format!("{relay} was silent for too long."),
        Ended::Unreachable(why) => format!("{relay} cannot be reached: {why}."),
        Ended::NotARelay(why) => format!("What answers at {relay} is no relay: {why}."),
    }
}
