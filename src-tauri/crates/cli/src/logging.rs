//! What the engine says about itself, on standard error.

use tracing_subscriber::EnvFilter;

/// Nothing by default; `--verbose` tells what happens, `RUST_LOG` chooses precisely.
pub fn start(verbose: bool) {
    let default = if verbose { "info" } else { "off" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // The WebSocket library would write whole frames, and with them the tokens that let viewers in.
    let filter = match "tungstenite=info".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
