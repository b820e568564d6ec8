//! The memory of the app with its webview.

use std::collections::HashMap;
use std::fs;

/// Memory of a process and all that it started, in MiB: proportional set size, which counts shared pages once.
pub fn of_tree(root: u32) -> f64 {
    let mut parents = HashMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        if let Some(parent) = number(&status, "PPid:") {
            parents.insert(process, parent);
        }
    }
    let mut total_kib = 0;
    for &process in parents.keys() {
        let mut above = Some(process);
        while let Some(now) = above.filter(|now| *now != root) {
            above = parents.get(&now).copied().map(|kib| kib as u32);
        }
        if above == Some(root) {
            total_kib += kib_of(process);
        }
    }
    total_kib as f64 / 1024.0
}

/// That of one process alone, in MiB: of the app without its webview.
pub fn of_process(process: u32) -> f64 {
    kib_of(process) as f64 / 1024.0
}

fn kib_of(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    number(&rollup, "Pss:").unwrap_or(0)
}

/// The number behind a key of a file of `/proc`.
fn number(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}
