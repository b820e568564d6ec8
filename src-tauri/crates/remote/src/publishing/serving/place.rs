//! Where in the record the relay's log goes on, or begins anew.

use agent::sharing::Beginning;
use protocol::relay::message::FromAgent;
use protocol::relay::{Offset, Position};

use super::{End, NEWEST, Serving};
use crate::publishing::feed::Feed;

impl Serving<'_> {
    pub(super) async fn find_place(&mut self, valid: Option<Position>, beginning: Beginning) -> Result<(), End> {
        let Beginning { head, deletions, .. } = beginning;
        match valid {
            Some(position) if !deletions.are_uncleared() => {
                self.go_on_after(position.offset);
                Ok(())
            }
            Some(_) => self.begin_log(head + 1, Some(deletions.all)).await,
            None => {
                let first = self.engine.newest_entries_after(NEWEST).await? + 1;
                self.begin_log(first, Some(deletions.all)).await
            }
        }
    }

    pub(super) async fn begin_log(&mut self, first: Offset, clears: Option<u64>) -> Result<(), End> {
        let epoch = self.epoch;
        self.connection.say(&FromAgent::Begin { epoch, first }).await?;
        self.clears = clears.map(|deletions| (first, deletions)).or(self.clears);
        self.go_on_after(first - 1);
        // The relay forgot the newest status with the log.
        self.status.hurry();
        Ok(())
    }

    fn go_on_after(&mut self, offset: Offset) {
        self.log.go_on_from(offset + 1);
        // Forward, the feed gets there by itself; what it has besides entries is not lost then.
        if offset < self.fed {
            (self.feed, self.fed) = (Feed::after(self.engine, offset), offset);
        }
    }

    pub(super) async fn find_place_again(&mut self, position: Option<Position>) -> Result<(), End> {
        let valid = match position {
            Some(position) => self.engine.is_valid(position).await?,
            None => false,
        };
        match position {
            Some(position) if valid => {
                let deletions = self.engine.deletions().await?;
                if deletions.are_uncleared() {
                    // The relay may not have heard that the log began anew, and then still has what was deleted.
                    let head = self.engine.head().await?;
                    return self.begin_log(head + 1, Some(deletions.all)).await;
                }
                self.go_on_after(position.offset);
                Ok(())
            }
            Some(position) if position.epoch == self.epoch => {
                self.engine.renew_epoch().await?;
                // A key seals for one life of the record only.
                Err(End::Anew)
            }
            _ => {
                let deletions = self.engine.deletions().await?;
                let first = self.engine.newest_entries_after(NEWEST).await? + 1;
                self.begin_log(first, Some(deletions.all)).await
            }
        }
    }
    /// Sends again what the relay does not answer; it says where it is if that does not follow.
    pub(super) fn send_again(&mut self) {
        let top = self.log.top();
        tracing::info!("the relay does not answer; what follows entry {top} is sent again");
        self.log.expect_anything();
        self.go_on_after(top);
    }
}
