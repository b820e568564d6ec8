//! So many connections from one address, and the wait for the last of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::rate::network;

type Taken = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Places for connections, so many for each address (IPv6: for each /64).
pub struct Places {
    most: usize,
    taken: Taken,
}

impl Places {
    /// So many for each.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            taken: Taken::default(),
        }
    }

    /// A place for a connection from an address; none where it has all of its own.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        let network = network(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.get(&network).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        taken.insert(network, count + 1);
        let taken = Arc::clone(&self.taken);
        Some(Place { network, taken })
    }
}

/// A place that is given back when this is dropped.
pub struct Place {
    network: IpAddr,
    taken: Taken,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

/// Connections that still have something to do, such as to say that they are gone.
#[derive(Clone, Default)]
pub struct Tasks(Arc<Unfinished>);

#[derive(Default)]
struct Unfinished {
    count: AtomicUsize,
    finished: Notify,
}

impl Tasks {
    /// One more, until what is returned is dropped.
    pub fn begin(&self) -> Task {
        self.0.count.fetch_add(1, Ordering::SeqCst);
        Task(Arc::clone(&self.0))
    }

    /// Waits until there are none.
    pub async fn finished(&self) {
        loop {
            let finished = self.0.finished.notified();
            if self.0.count.load(Ordering::SeqCst) == 0 {
                return;
            }
            finished.await;
        }
    }
}

/// Something that has to be finished.
pub struct Task(Arc<Unfinished>);

impl Drop for Task {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.finished.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let places = Places::new(2);
        let of = |text: &str| places.take(text.parse().unwrap());
        let (one, _two) = (of("192.0.2.1").unwrap(), of("192.0.2.1").unwrap());
        assert!(of("192.0.2.1").is_none() && of("192.0.2.2").is_some());
        drop(one);
        assert!(of("192.0.2.1").is_some());
        let _six = [of("2001:db8::1").unwrap(), of("2001:db8::2").unwrap()];
        assert!(of("2001:db8::3").is_none());
    }

    #[tokio::test]
    async fn the_wait_ends_with_the_last_task() {
        let tasks = Tasks::default();
        let task = tasks.begin();
        let waits = tasks.clone();
        let waiting = tokio::spawn(async move { waits.finished().await });
        drop(tasks.begin());
        assert!(!waiting.is_finished());
        drop(task);
        waiting.await.unwrap();
    }
}
