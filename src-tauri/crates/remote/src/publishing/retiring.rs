//! Channels that were given up with a renewed User ID. A relay hears of them at every claim, since it may have forgotten, and
//! again until it answers.

use std::time::Duration;

use protocol::codes::Channel;
use protocol::relay::Retirement;
use tokio::time::{Instant, sleep_until};

/// A relay that does not answer, as it has no room now, is told again.
const AGAIN: Duration = Duration::from_mins(1);

/// What the relay has not confirmed in this run.
pub struct Retiring {
    left: Vec<Retirement>,
    due: Instant,
}

impl Retiring {
    /// All are to be said at once.
    pub fn new(retirements: Vec<Retirement>) -> Self {
        Self {
            left: retirements,
            due: Instant::now(),
        }
    }

    /// Returns when they are to be said; never, where there are none.
    pub async fn due(&self) {
        if self.left.is_empty() {
            std::future::pending::<()>().await;
        } else {
            sleep_until(self.due).await;
        }
    }

    /// What is to be said now.
    pub fn say(&mut self) -> Vec<Retirement> {
        self.due = Instant::now() + AGAIN;
        self.left.clone()
    }

    /// The relay has heard of one.
    pub fn confirmed(&mut self, channel: Channel) {
        self.left.retain(|retirement| retirement.channel() != Some(channel));
    }
}

#[cfg(test)]
mod tests {
    use protocol::codes::UserId;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_not_confirmed_is_said_again() {
        let ids = [(); 2].map(|()| UserId::new_random());
        let mut retiring = Retiring::new(ids.map(|id| Retirement::of(&id.owner_key())).to_vec());
        let began = Instant::now();
        retiring.due().await;
        assert_eq!((retiring.say().len(), began.elapsed()), (2, Duration::ZERO));
        retiring.confirmed(ids[0].channel());
        retiring.due().await;
        assert_eq!(began.elapsed().as_secs(), 60);
        assert_eq!(retiring.say()[0].channel(), Some(ids[1].channel()));
        retiring.confirmed(ids[1].channel());
        let never = tokio::time::timeout(Duration::from_hours(1), retiring.due()).await;
        assert!(never.is_err());
    }
}
