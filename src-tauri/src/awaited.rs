//! Something that is being opened while the window already asks for it.

use protocol::refusal::Refusal;
use tokio::sync::watch;

/// Whoever needs the thing waits here; cloning shares the waiting.
#[derive(Clone)]
pub struct Awaited<T>(watch::Receiver<Option<Result<T, Refusal>>>);

/// Answers everybody who waits.
pub struct Promise<T>(watch::Sender<Option<Result<T, Refusal>>>);

/// A promise, and what waits for it.
pub fn promise<T: Clone>() -> (Promise<T>, Awaited<T>) {
    let (sender, receiver) = watch::channel(None);
    (Promise(sender), Awaited(receiver))
}

impl<T: Clone> Promise<T> {
    /// Here it is, or why it will not come.
    pub fn keep(self, result: Result<T, Refusal>) {
        self.0.send_replace(Some(result));
    }
}

impl<T: Clone> Awaited<T> {
    /// The thing, as soon as it is there.
    ///
    /// # Errors
    /// Why it could not be opened.
    pub async fn get(&self) -> Result<T, Refusal> {
        let mut receiver = self.0.clone();
        let result = receiver
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|result| result.clone());
        result.unwrap_or_else(|| Err(Refusal::new("app_is_closing", "SACMES is closing.", "Start it again.")))
    }

    /// The thing if it is there now.
    pub fn ready(&self) -> Option<T> {
        self.0
            .borrow()
            .as_ref()
            .and_then(|result| result.as_ref().ok().cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_asks_early_gets_the_same_answer_as_who_asks_late() {
        let (promise, awaited) = promise::<u8>();
        let early = tokio::spawn({
            let awaited = awaited.clone();
            async move { awaited.get().await }
        });
        assert_eq!(awaited.ready(), None);
        promise.keep(Ok(7));
        assert_eq!(early.await.unwrap().unwrap(), 7);
        assert_eq!(awaited.get().await.unwrap(), 7);
        assert_eq!(awaited.ready(), Some(7));
    }

    #[tokio::test]
    async fn a_broken_promise_is_a_refusal() {
        let (promise, awaited) = promise::<u8>();
        drop(promise);
        assert_eq!(awaited.get().await.unwrap_err().code, "app_is_closing");
    }
}
