//! What the engine says about itself, on standard error.

use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

/// Nothing by default; `--verbose` tells what happens, `RUST_LOG` chooses precisely.
pub fn start(verbose: bool) {
    let default = if verbose { "info" } else { "off" };
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // The WebSocket library would write whole frames, and with them the tokens that let viewers in: whatever is asked for.
    let without_frames =
        filter_fn(|about| !(about.target().starts_with("tungstenite") && *about.level() > tracing::Level::INFO));
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(chosen.and(without_frames));
    registry().with(layer).init();
}
