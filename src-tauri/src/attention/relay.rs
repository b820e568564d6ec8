//! Whether the relay is lost for long.

use std::time::Duration;

use protocol::refusal::Refusal;
use protocol::sharing::SharingStatus;
use tokio::time::Instant;

/// A relay that is away for less is not worth a message: networks come and go.
const FOR_LONG: Duration = Duration::from_mins(10);

/// The relay, from losing it to having it again.
#[derive(Debug, Default)]
pub struct Relay {
    lost: Option<Lost>,
}

#[derive(Debug)]
struct Lost {
    since: Instant,
    address: String,
    reason: Option<Refusal>,
    is_told: bool,
}

/// What is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostForLong {
    /// Its address.
    pub address: String,
    /// Why, as the last attempt ended.
    pub reason: Option<Refusal>,
    /// For how long.
    pub lasted: Duration,
}

impl Relay {
    /// How sharing goes now. True where a loss that was told is over.
    pub fn heard(&mut self, now: Instant, status: &SharingStatus) -> bool {
        let (relay, reason) = match status {
            SharingStatus::Off { .. } | SharingStatus::Online { .. } => {
                return self.lost.take().is_some_and(|lost| lost.is_told);
            }
            SharingStatus::Connecting { relay, .. } => (relay, None),
            SharingStatus::Offline { relay, reason, .. } | SharingStatus::Refused { relay, reason, .. } => {
                (relay, Some(reason.clone()))
            }
        };
        let lost = self.lost.get_or_insert_with(|| Lost {
            since: now,
            address: String::new(),
            reason: None,
            is_told: false,
        });
        lost.address.clone_from(relay);
        if reason.is_some() {
            lost.reason = reason;
        }
        false
    }

    /// What is to be told now, once per loss.
    pub fn look(&mut self, now: Instant) -> Option<LostForLong> {
        let lost = self.lost.as_mut().filter(|lost| !lost.is_told)?;
        let lasted = now.saturating_duration_since(lost.since);
        if lasted < FOR_LONG {
            return None;
        }
        lost.is_told = true;
        Some(LostForLong {
            address: lost.address.clone(),
            reason: lost.reason.clone(),
            lasted,
        })
    }

    /// When to look.
    pub fn due(&self) -> Option<Instant> {
        let lost = self.lost.as_ref().filter(|lost| !lost.is_told)?;
        Some(lost.since + FOR_LONG)
    }
}
