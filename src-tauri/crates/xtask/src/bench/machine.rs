//! On what the figures were measured.

use std::path::Path;
use std::process::Command;
use std::{env, fs, thread};

/// Processor, memory, system, file system and compiler, one per line; what the system does not tell is left out.
pub fn describe(folder: &Path) -> String {
    let cores = thread::available_parallelism().map_or(1, Into::into);
    let mut lines = vec![format!("{} {}, {cores} cores", env::consts::OS, env::consts::ARCH)];
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    if let Some(model) = value(&read("/proc/cpuinfo"), "model name") {
        lines.push(model);
    }
    if let Some(kib) =
        value(&read("/proc/meminfo"), "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
    {
        lines.push(format!("{:.1} GiB memory", kib / 1_048_576.0));
    }
    let kernel = read("/proc/sys/kernel/osrelease");
    if !kernel.is_empty() {
        lines.push(format!("kernel {}", kernel.trim()));
    }
    if let Some(file_system) = file_system(&read("/proc/mounts"), folder) {
        lines.push(format!("files on {file_system}"));
    }
    if let Ok(output) = Command::new("rustc").arg("--version").output() {
        lines.push(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    lines.join("; ")
}

/// The value of the first line `key : value`.
fn value(text: &str, key: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim().to_owned())
}

/// The type of the mount that holds the folder: the one with the longest path above it.
fn file_system(mounts: &str, folder: &Path) -> Option<String> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((fields.next()?, fields.next()?))
        })
        .filter(|(mount, _)| folder.starts_with(mount))
        .max_by_key(|(mount, _)| mount.len())
        .map(|(_, kind)| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_from_proc() {
        let cpu = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n";
        assert_eq!(value(cpu, "model name").as_deref(), Some("Some CPU @ 2 GHz"));
        let mounts = "overlay / overlay rw 0 0\n/dev/sda1 /home ext4 rw 0 0\n";
        assert_eq!(
            file_system(mounts, Path::new("/home/me/target")).as_deref(),
            Some("ext4")
        );
        assert_eq!(file_system(mounts, Path::new("/srv")).as_deref(), Some("overlay"));
    }
}
