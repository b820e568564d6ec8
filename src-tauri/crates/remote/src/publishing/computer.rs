//! What this computer is called.

/// The name of this computer; empty where the system does not tell.
#[cfg(unix)]
pub fn computer_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().trim().to_owned()
}

/// The name of this computer; empty where the system does not tell.
#[cfg(not(unix))]
pub fn computer_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default().trim().to_owned()
}
