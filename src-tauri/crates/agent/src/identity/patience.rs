//! A limit on how long a keyring is waited for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::secret_store::{SecretStore, StoreTrouble};

/// Asks a store on a thread of its own and gives up waiting after a while: a keyring that waits for its password must
/// not hold up an experiment. The thread is left to end by itself; until it has, further calls are refused at once.
pub(super) struct Patient {
    store: Arc<dyn SecretStore>,
    limit: Duration,
    asked: Arc<AtomicBool>,
}

impl Patient {
    pub(super) fn new(store: Arc<dyn SecretStore>, limit: Duration) -> Self {
        Self {
            store,
            limit,
            asked: Arc::default(),
        }
    }

    fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> Result<T, StoreTrouble> + Send + 'static,
    ) -> Result<T, StoreTrouble> {
        if self.asked.swap(true, Ordering::AcqRel) {
            return Err(StoreTrouble::Locked("it is still waiting for its password".to_owned()));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let (store, busy) = (self.store.clone(), Busy(self.asked.clone()));
        let thread = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let result = call(store.as_ref());
            drop(busy);
            // Nobody listens any more where the wait was given up.
            answer.send(result).ok();
        });
        if let Err(error) = thread {
            return Err(StoreTrouble::Failed(error.to_string()));
        }
        match answered.recv_timeout(self.limit) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(StoreTrouble::Locked("it did not answer in time".to_owned())),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(StoreTrouble::Failed("its library ended unexpectedly".to_owned()))
            }
        }
    }
}

/// Says "free again" when dropped, also by a panic of the keyring's library.
struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl SecretStore for Patient {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        let name = name.to_owned();
        self.ask(move |store| store.read(&name))
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        let (name, secret) = (name.to_owned(), secret.to_owned());
        self.ask(move |store| store.write(&name, &secret))
    }

    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        let name = name.to_owned();
        self.ask(move |store| store.delete(&name))
    }
}
