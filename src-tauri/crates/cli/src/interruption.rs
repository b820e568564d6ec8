//! Ctrl+C and the system's request to end.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Exit code of a program that a second Ctrl+C ends without waiting, as shells use it.
const AT_ONCE: i32 = 130;

/// Returns when the program is asked to end.
#[cfg(unix)]
pub async fn requested() {
    use tokio::signal::unix::{SignalKind, signal};
    // A hang-up keeps its usual effect, so that `nohup` does.
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

/// Returns when the program is asked to end.
#[cfg(not(unix))]
pub async fn requested() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Ends the program at once when it is asked a second time; what is stored is durable at any moment.
pub async fn requested_again() {
    requested().await;
    process::exit(AT_ONCE);
}

/// Calls `act` on another thread when the program is asked to end; a second request ends it at once. Where signals cannot
/// be received they keep their usual effect.
pub fn on_request(act: impl FnOnce() + Send + 'static) {
    let wait = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async {
                requested().await;
                act();
                requested_again().await;
            });
        }
    };
    if let Err(error) = thread::Builder::new().name("signals".to_owned()).spawn(wait) {
        tracing::warn!("signals keep their usual effect: {error}");
    }
}

/// A flag that a request to end raises.
pub fn flag() -> Arc<AtomicBool> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&raised);
    on_request(move || flag.store(true, Ordering::Relaxed));
    raised
}
