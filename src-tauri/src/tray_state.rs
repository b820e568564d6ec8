//! What the tray says, in words.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use protocol::sharing::SharingStatus;

use crate::running;

/// How it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayState {
    /// Sessions that run.
    pub sessions: usize,
    /// Those of them that get no new files.
    pub stalled: usize,
    /// How sharing goes.
    pub sharing: SharingStatus,
}

impl Default for TrayState {
    fn default() -> Self {
        Self {
            sessions: 0,
            stalled: 0,
            sharing: SharingStatus::Off { relay: None },
        }
    }
}

impl TrayState {
    /// The menu's line about sessions.
    pub fn sessions_line(&self) -> String {
        let running = running::in_words(self.sessions);
        match self.stalled {
            0 => running,
            n => format!("{running}, {n} stalled"),
        }
    }

    /// The menu's line about sharing.
    pub fn sharing_line(&self) -> String {
        match &self.sharing {
            SharingStatus::Off { .. } => "Not shared".to_owned(),
            SharingStatus::Connecting { .. } => "Calling the relay".to_owned(),
            SharingStatus::Online { viewers: 1, .. } => "Sharing online, 1 viewer".to_owned(),
            SharingStatus::Online { viewers, .. } => format!("Sharing online, {viewers} viewers"),
            SharingStatus::Offline { since, .. } => format!("Relay unreachable since {}", time_of_day(since)),
            SharingStatus::Refused { since, .. } => format!("Relay refuses since {}", time_of_day(since)),
        }
    }

    /// Both, for whoever points at the icon.
    pub fn tooltip(&self) -> String {
        let sessions = match self.sessions {
            0 => "no session".to_owned(),
            1 => "1 session".to_owned(),
            n => format!("{n} sessions"),
        };
        let stalled = match self.stalled {
            0 => String::new(),
            n => format!(", {n} stalled"),
        };
        let sharing = self.sharing_line();
        let (first, rest) = sharing.split_at(1);
        format!("{sessions}{stalled}, {}{rest}", first.to_lowercase())
    }

    /// Whether somebody should look: the icon shows it.
    pub fn needs_somebody(&self) -> bool {
        let is_lost = matches!(
            self.sharing,
            SharingStatus::Offline { .. } | SharingStatus::Refused { .. }
        );
        self.stalled > 0 || is_lost
    }
}

/// In this computer's zone; with the day where that is not today.
fn time_of_day(since: &str) -> String {
    in_zone(since, &Zoned::now())
}

fn in_zone(since: &str, now: &Zoned) -> String {
    let Ok(since) = since.parse::<Timestamp>() else {
        return since.to_owned();
    };
    let since = since.to_zoned(TimeZone::clone(now.time_zone()));
    let form = if since.date() == now.date() {
        "%H:%M"
    } else {
        "%-d %b, %H:%M"
    };
    since.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(sessions: usize, stalled: usize, sharing: SharingStatus) -> TrayState {
        TrayState {
            sessions,
            stalled,
            sharing,
        }
    }

    #[test]
    fn the_state_is_said_in_words() {
        let relay = || "https://relay.example.org".to_owned();
        let now = agent::clock::now();
        let online = SharingStatus::Online {
            relay: relay(),
            since: now.clone(),
            viewers: 3,
        };
        let good = state(2, 0, online);
        assert_eq!(good.tooltip(), "2 sessions, sharing online, 3 viewers");
        assert_eq!(good.sessions_line(), "2 sessions are running");
        assert!(!good.needs_somebody());
        let off = TrayState::default();
        assert_eq!(off.tooltip(), "no session, not shared");
        let offline = SharingStatus::Offline {
            relay: relay(),
            since: now.clone(),
            reason: protocol::refusal::Refusal::new("relay_unreachable", "It does not answer.", ""),
            again_at: now,
        };
        let lost = state(1, 1, offline);
        assert_eq!(lost.sessions_line(), "1 session is running, 1 stalled");
        assert!(lost.sharing_line().starts_with("Relay unreachable since "));
        assert!(lost.needs_somebody());
    }

    #[test]
    fn a_time_of_another_day_has_its_date() {
        let now: Zoned = "2026-06-12T16:00:00+02:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(in_zone("2026-06-12T12:02:30Z", &now), "14:02");
        assert_eq!(in_zone("2026-06-11T12:02:30Z", &now), "11 Jun, 14:02");
        assert_eq!(in_zone("some day", &now), "some day");
    }
}
