//! Whether Redis can be used, since when not, and why.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use redis::aio::ConnectionManager;
use redis::{ErrorKind, RedisError};

use super::super::{Ear, RelayId};
use super::names::probe;

const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What is written to see whether it can be is forgotten after this time.
const PROBE_S: u64 = 60;

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
    nearly_full: AtomicBool,
    trouble: Mutex<Option<(SystemTime, Instant, String)>>,
}

impl Readiness {
    pub fn new() -> Self {
        Self {
            listens: AtomicBool::new(false),
            answers: AtomicBool::new(false),
            nearly_full: AtomicBool::new(false),
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

    /// More than four fifths of its memory are used: the rest is for the channels that are there.
    pub fn is_nearly_full(&self) -> bool {
        self.nearly_full.load(Ordering::Relaxed)
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

/// Whether an error says that Redis cannot be used now, and not only that this one operation cannot be done.
pub(super) fn is_unusable(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::UnexpectedReturnType => false,
        ErrorKind::Server(_) | ErrorKind::Extension => {
            let refuses_all = ["OOM", "READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS"];
            error.code().is_some_and(|code| refuses_all.contains(&code)) || is_full(error)
        }
        _ => true,
    }
}

/// Redis 6 says of a script that it failed, and why only in words.
fn is_full(error: &RedisError) -> bool {
    error.code() == Some("OOM")
        || error
            .detail()
            .is_some_and(|words| words.contains("OOM command not allowed"))
}

/// A reason without addresses: they may have passwords.
fn reason_of(error: &RedisError) -> String {
    match error.code() {
        _ if is_full(error) => "Redis is full: raise its maxmemory".to_owned(),
        Some(code) => format!("Redis refuses: {code}"),
        None if error.is_timeout() => "Redis does not answer in time".to_owned(),
        None => "Redis cannot be reached".to_owned(),
    }
}

/// Looks at Redis again and again, for as long as somebody wants to know. A Redis that is full, or a replica, answers but takes
/// nothing: something is written each time.
pub(super) async fn watch(
    mut commands: ConnectionManager,
    readiness: Weak<Readiness>,
    relay: RelayId,
    ear: Weak<dyn Ear>,
) {
    loop {
        let info = look(&mut commands, relay).await;
        let Some(readiness) = Weak::<Readiness>::upgrade(&readiness) else {
            return;
        };
        let back = match &info {
            Ok(info) => {
                readiness.nearly_full.store(is_nearly_full(info), Ordering::Relaxed);
                readiness.looked(policy(info), true)
            }
            Err(error) => readiness.looked(Err(reason_of(error)), false),
        };
        drop::<Arc<Readiness>>(readiness);
        if back && let Some(ear) = ear.upgrade() {
            ear.came_back();
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(commands: &mut ConnectionManager, relay: RelayId) -> Result<String, RedisError> {
    let info = redis::cmd("INFO").arg("memory").query_async(commands).await?;
    let mut write = redis::cmd("SET");
    write.arg(probe(relay)).arg("1").arg("EX").arg(PROBE_S);
    let () = write.query_async(commands).await?;
    Ok(info)
}

/// Whether more than four fifths of what Redis may use are used.
fn is_nearly_full(info: &str) -> bool {
    let number = |name: &str| {
        let value = info.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().parse::<u64>().ok()
    };
    match (number("used_memory:"), number("maxmemory:")) {
        (Some(used), Some(most)) => most > 0 && used / 4 > most / 5,
        _ => false,
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
    fn a_script_that_fails_fails_alone_and_a_redis_that_takes_nothing_fails_all() {
        let unusable = |code: &str, words: &str| {
            let answer = format!("-{code} {words}\r\n");
            is_unusable(
                &redis::parse_redis_value(answer.as_bytes())
                    .unwrap()
                    .extract_error()
                    .unwrap_err(),
            )
        };
        assert!(!unusable(
            "ERR",
            "Invalid stream ID specified as stream command argument script: 1, on @user_script:8."
        ));
        assert!(!unusable(
            "WRONGTYPE",
            "Operation against a key holding the wrong kind of value"
        ));
        for code in ["OOM", "READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS"] {
            assert!(unusable(code, "now"), "{code}");
        }
        assert!(unusable(
            "ERR",
            "Error running script: @user_script:9: -OOM command not allowed when used memory > 'maxmemory'."
        ));
        assert!(is_unusable(&std::io::Error::other("broken").into()));
    }

    #[test]
    fn the_last_fifth_of_memory_is_for_channels_that_are_there() {
        let is = |used: u64, most: u64| is_nearly_full(&format!("used_memory:{used}\r\nmaxmemory:{most}\r\n"));
        assert!(is(81_000, 100_000) && !is(79_000, 100_000) && !is(1 << 40, 0));
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
