//! Whether Redis can be used, since when not, and why.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use redis::RedisError;
use redis::aio::ConnectionManager;

use super::super::Ear;

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Why and since when Redis cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotReady {
    /// When it was noticed.
    pub since: SystemTime,
    /// How long ago that was.
    pub for_s: u64,
    /// Why, for whoever runs the relay.
    pub reason: String,
}

/// What is known of Redis. Of two who find out at the same time that it answers and that news come, one sees both: hence the
/// strict order.
pub(super) struct Readiness {
    listens: AtomicBool,
    answers: AtomicBool,
    trouble: Mutex<Option<(SystemTime, Instant, String)>>,
}

impl Readiness {
    pub fn new() -> Self {
        Self {
            listens: AtomicBool::new(false),
            answers: AtomicBool::new(false),
            trouble: Mutex::new(Some((
                SystemTime::now(),
                Instant::now(),
                "Redis has not answered yet".to_owned(),
            ))),
        }
    }

    /// Asking is of no use: it does not answer.
    pub fn is_away(&self) -> bool {
        !self.answers.load(Ordering::SeqCst)
    }

    pub fn not_ready(&self) -> Option<NotReady> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.as_ref().map(|(since, at, reason)| NotReady {
            since: *since,
            for_s: at.elapsed().as_secs(),
            reason: reason.clone(),
        })
    }

    /// An operation failed. Until Redis was looked at again, no other is tried.
    pub fn fail(&self, error: &RedisError) {
        self.answers.store(false, Ordering::SeqCst);
        self.set(Some(reason_of(error)));
    }

    /// The news come, or do not come any more. True where they now do and Redis answers.
    pub fn listens(&self, does: bool) -> bool {
        self.listens.store(does, Ordering::SeqCst);
        if !does {
            self.set(Some("the connection to Redis was lost".to_owned()));
        }
        does && !self.is_away()
    }

    /// What a look found. True where Redis was away and is there again.
    fn looked(&self, found: Result<(), String>, reachable: bool) -> bool {
        let was_away = !self.answers.swap(reachable, Ordering::SeqCst);
        let listens = self.listens.load(Ordering::SeqCst);
        self.set(match found {
            Ok(()) if !listens => Some("the news of Redis do not come yet".to_owned()),
            found => found.err(),
        });
        reachable && was_away && listens
    }

    fn set(&self, reason: Option<String>) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *trouble, reason) {
            (Some((_, _, old)), Some(new)) => *old = new,
            (none @ None, Some(new)) => {
                tracing::warn!("not ready: {new}");
                *none = Some((SystemTime::now(), Instant::now(), new));
            }
            (some @ Some(_), None) => {
                tracing::info!("ready");
                *some = None;
            }
            (None, None) => {}
        }
    }
}

/// A reason without addresses: they may have passwords.
fn reason_of(error: &RedisError) -> String {
    match error.code() {
        Some("OOM") => "Redis is full: raise its maxmemory".to_owned(),
        Some(code) => format!("Redis refuses: {code}"),
        None if error.is_timeout() => "Redis does not answer in time".to_owned(),
        None => "Redis cannot be reached".to_owned(),
    }
}

/// Looks at Redis again and again, for as long as somebody wants to know.
pub(super) async fn watch(mut commands: ConnectionManager, readiness: Weak<Readiness>, ear: Weak<dyn Ear>) {
    loop {
        let info: Result<String, _> = redis::cmd("INFO").arg("memory").query_async(&mut commands).await;
        let Some(readiness) = Weak::<Readiness>::upgrade(&readiness) else {
            return;
        };
        let back = match &info {
            Ok(info) => readiness.looked(policy(info), true),
            Err(error) => readiness.looked(Err(reason_of(error)), false),
        };
        drop::<Arc<Readiness>>(readiness);
        if back && let Some(ear) = ear.upgrade() {
            ear.came_back();
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Redis must refuse to write rather than forget: what it evicts would be missed by nobody but the users.
fn policy(info: &str) -> Result<(), String> {
    let policy = info.lines().find_map(|line| line.strip_prefix("maxmemory_policy:"));
    match policy.map(str::trim) {
        Some("noeviction") => Ok(()),
        Some(other) => Err(format!(
            "Redis may evict channels at any time (maxmemory-policy {other}); set maxmemory-policy to noeviction"
        )),
        None => Err("Redis does not say whether it evicts (INFO memory has no maxmemory_policy)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_redis_that_never_evicts_is_good() {
        assert_eq!(policy("used_memory:1\r\nmaxmemory_policy:noeviction\r\n"), Ok(()));
        let evicts = policy("maxmemory_policy:allkeys-lru\r\n").unwrap_err();
        assert!(
            evicts.contains("allkeys-lru") && evicts.contains("noeviction"),
            "{evicts}"
        );
        assert!(policy("").is_err());
    }

    #[test]
    fn the_time_since_when_is_that_of_the_first_trouble() {
        let readiness = Readiness::new();
        let since = readiness.not_ready().unwrap().since;
        readiness.looked(Err("another".to_owned()), false);
        let now = readiness.not_ready().unwrap();
        assert_eq!((now.since, now.reason.as_str()), (since, "another"));
        assert!(!readiness.listens(true));
        assert!(readiness.looked(Ok(()), true) && readiness.not_ready().is_none());
        assert!(!readiness.looked(Ok(()), true));
    }
}
