//! How sharing goes, as it changes, whichever publisher is at it.

use protocol::sharing::SharingStatus;
use tokio::sync::watch;

type OfOne = Option<watch::Receiver<SharingStatus>>;

/// Where changes of the publisher are told.
#[derive(Clone)]
pub struct Told(watch::Sender<OfOne>);

impl Default for Told {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Told {
    /// Another publisher is at it, or none.
    pub fn tell(&self, publisher: OfOne) {
        self.0.send_replace(publisher);
    }

    /// Listens from now on.
    pub fn watch(&self) -> Watching {
        let mut publishers = self.0.subscribe();
        // What holds now is the first news.
        publishers.mark_changed();
        Watching {
            publishers,
            publisher: None,
        }
    }
}

/// Somebody who wants to know how sharing goes.
pub struct Watching {
    publishers: watch::Receiver<OfOne>,
    publisher: OfOne,
}

impl Watching {
    /// How it goes, as soon as that changes; at once when asked for the first time.
    pub async fn next(&mut self) -> SharingStatus {
        let is_another = tokio::select! {
            changed = self.publishers.changed() => match changed {
                Ok(()) => true,
                Err(_) => std::future::pending().await,
            },
            () = changed(&mut self.publisher) => false,
        };
        if is_another {
            self.publisher.clone_from(&self.publishers.borrow_and_update());
        }
        match &mut self.publisher {
            Some(publisher) => publisher.borrow_and_update().clone(),
            None => SharingStatus::Off { relay: None },
        }
    }
}

/// Returns when the publisher told something, or has ended, after which there is none; never where there is none.
async fn changed(publisher: &mut OfOne) {
    match publisher {
        Some(told) => {
            if told.changed().await.is_err() {
                *publisher = None;
            }
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn online(viewers: u32) -> SharingStatus {
        SharingStatus::Online {
            relay: "https://relay.example.org".to_owned(),
            since: "2026-01-01T00:00:00Z".to_owned(),
            viewers,
        }
    }

    #[tokio::test]
    async fn what_changes_is_told_whichever_publisher_is_at_it() {
        let told = Told::default();
        let mut watching = told.watch();
        let off = SharingStatus::Off { relay: None };
        assert_eq!(watching.next().await, off);
        let (publisher, status) = watch::channel(online(0));
        told.tell(Some(status));
        assert_eq!(watching.next().await, online(0));
        publisher.send_replace(online(2));
        assert_eq!(watching.next().await, online(2));
        drop(publisher);
        assert_eq!(watching.next().await, off);
        let (_publisher, status) = watch::channel(online(5));
        told.tell(Some(status));
        assert_eq!(watching.next().await, online(5));
        told.tell(None);
        assert_eq!(watching.next().await, off);
    }
}
