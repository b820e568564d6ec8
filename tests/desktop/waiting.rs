//! Waiting for conditions, never for time.

use std::time::{Duration, Instant};

/// Nothing here takes this long unless it is broken; the machine may be slow and busy.
const LIMIT: Duration = Duration::from_mins(1);
const BETWEEN: Duration = Duration::from_millis(50);

/// Asks again and again until there is an answer, which is returned.
pub async fn until<T>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    let answer = answer(probe).await;
    answer.unwrap_or_else(|| panic!("waited {LIMIT:?} in vain until {what}"))
}

/// The same for who has more to say where there was no answer in time.
pub async fn answer<T>(mut probe: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = probe().await {
            return Some(answer);
        }
        if begun.elapsed() > LIMIT {
            return None;
        }
        tokio::time::sleep(BETWEEN).await;
    }
}
