//! Finds processes that a task started and that left their group (daemons, services that D-Bus activated).
//!
//! Every child carries a mark in its environment, which all of its descendants inherit. On Linux `/proc` shows it.

use std::process::Command;

/// Name of the mark.
const MARK: &str = "SACMES_XTASK";

/// The mark's value: this process and no other.
fn mark_value() -> String {
    std::process::id().to_string()
}

/// Marks a command and everything that it will start.
pub fn mark(command: &mut Command) {
    command.env(MARK, mark_value());
}

/// Ends whatever carries the mark and still runs; returns what it was.
#[cfg(target_os = "linux")]
pub fn end_all() -> Vec<String> {
    end(&mark_value())
}

#[cfg(target_os = "linux")]
fn end(value: &str) -> Vec<String> {
    use rustix::process::{Signal, kill_process};
    use std::time::{Duration, Instant};

    let found = marked(value);
    for &(pid, _) in &found {
        // The only expected error is that it has ended meanwhile.
        let _ = kill_process(pid, Signal::TERM);
    }
    let deadline = Instant::now() + Duration::from_secs(3);
    while !marked(value).is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
    for (pid, _) in marked(value) {
        let _ = kill_process(pid, Signal::KILL);
    }
    found
        .into_iter()
        .map(|(pid, name)| format!("{name} ({})", pid.as_raw_nonzero()))
        .collect()
}

/// Other systems show no environment of other processes; there the process groups have to do.
#[cfg(not(target_os = "linux"))]
pub fn end_all() -> Vec<String> {
    Vec::new()
}

/// Marked processes that still run. A zombie has no environment any more and is not among them.
#[cfg(target_os = "linux")]
fn marked(value: &str) -> Vec<(rustix::process::Pid, String)> {
    use std::fs;

    let wanted = format!("{MARK}={value}");
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| {
            let number: i32 = entry
                .file_name()
                .to_str()?
                .parse()
                .ok()
                .filter(|&number| number != own)?;
            let environment = fs::read(entry.path().join("environ")).ok()?;
            if !environment
                .split(|&byte| byte == 0)
                .any(|variable| variable == wanted.as_bytes())
            {
                return None;
            }
            let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            Some((rustix::process::Pid::from_raw(number)?, name.trim().to_owned()))
        })
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_left_its_group_is_found_and_ended() {
        let value = format!("test of {}", mark_value());
        let mut command = Command::new("setsid");
        command.args(["--fork", "sleep", "1007"]).env(MARK, &value);
        assert!(command.status().unwrap().success());
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while !marked(&value).iter().any(|(_, name)| name == "sleep") {
            assert!(std::time::Instant::now() < deadline, "the daemon never appeared");
            std::thread::yield_now();
        }
        assert!(end(&value).iter().any(|ended| ended.starts_with("sleep")));
        assert!(marked(&value).is_empty());
    }
}
