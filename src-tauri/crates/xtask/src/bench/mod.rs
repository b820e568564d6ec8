//! `cargo xtask bench`: the figures that the project promises, measured and printed; never a test with a time limit.

mod agent_events;
mod intake;
mod latency;
mod machine;
mod pipeline;
mod relay;
mod samples;
mod window;

use crate::failure::{Doing, Failure, Outcome};
use crate::processes::Supervisor;
use crate::system_packages::{self, Need};
use crate::workspace::{DESKTOP_PACKAGE, Workspace};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names of the measurements.
const NAMES: [&str; 7] = ["crates", "costs", "pipeline", "intake", "latency", "relay", "window"];
/// Those that are benchmarks of crates, run as such, and print tables of their own.
const CRATES: [&str; 4] = ["crates", "costs", "relay", "window"];

/// One line of the table.
#[derive(Debug)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The result, with its unit.
    pub measured: String,
    /// What the project promises, with its unit.
    pub promised: &'static str,
}

/// Measures something and says what came out.
type Measurement = fn(&Bench<'_>) -> Outcome<Vec<Figure>>;

/// What every measurement needs.
#[derive(Debug)]
pub struct Bench<'a> {
    /// Starts and ends programs.
    pub supervisor: &'a Supervisor,
    /// The release build of `sacmes`.
    pub program: PathBuf,
    /// An empty folder of this run, on the disk of the target folder.
    pub folder: PathBuf,
}

/// Runs the named measurements, or all, and prints a table.
pub fn bench(workspace: &Workspace, supervisor: &Supervisor, wanted: &[String]) -> Outcome {
    if let Some(unknown) = wanted.iter().find(|name| !NAMES.contains(&name.as_str())) {
        let known = format!("Measurements: {}\n", NAMES.join(", "));
        return Err(Failure::usage(&format!("there is no measurement `{unknown}`"), &known));
    }
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    system_packages::ensure(Need::Headless, supervisor)?;
    if wants("crates") {
        let arguments = [
            "bench",
            "--workspace",
            "--exclude",
            DESKTOP_PACKAGE,
            "--benches",
            "--locked",
        ];
        supervisor.run("cargo bench", &mut workspace.cargo(arguments))?;
    } else if wants("costs") {
        // Among the benchmarks of all crates it has run already.
        let arguments = ["bench", "--package", "agent", "--bench", "costs", "--locked"];
        supervisor.run("cargo bench", &mut workspace.cargo(arguments))?;
    }
    if wants("relay") {
        relay::measure(workspace, supervisor)?;
    }
    if wants("window") {
        window::measure(workspace, supervisor)?;
    }
    if NAMES.iter().all(|name| CRATES.contains(name) || !wants(name)) {
        return Ok(());
    }
    let build = ["build", "--release", "--package", "cli", "--bins", "--locked"];
    supervisor.run("cargo build", &mut workspace.cargo(build))?;
    let folder = Scratch::create(workspace.target.join(format!("bench-{}", std::process::id())))?;
    let bench = Bench {
        supervisor,
        program: workspace.program("release", "sacmes"),
        folder: folder.0.clone(),
    };

    let mut figures = Vec::new();
    let measurements: [(&str, Measurement); 3] = [
        ("pipeline", pipeline::measure),
        ("intake", intake::measure),
        ("latency", latency::measure),
    ];
    for (name, measure) in measurements {
        if wants(name) {
            println!("Measuring {name}");
            figures.extend(measure(&bench)?);
        }
    }
    println!("\n{}\n{}", machine::describe(&bench.folder), table(&figures));
    Ok(())
}

impl Bench<'_> {
    /// `sacmes` with these arguments, without standard input and away from the person's keyring.
    pub fn sacmes(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .stdin(Stdio::null());
        command
    }

    /// Fills a new folder with simulated files, as fast as possible.
    pub fn simulate(&self, name: &str, format: &str, frequencies: &str, indices: u32) -> Outcome<PathBuf> {
        let folder = self.folder.join(name);
        let indices = indices.to_string();
        let mut command = self.sacmes(&["simulate"]);
        command
            .arg(&folder)
            .args(["--format", format, "--frequencies", frequencies, "--files", &indices])
            .args(["--interval", "0", "--style", "burst"])
            .stdout(Stdio::null());
        self.supervisor.run("sacmes simulate", &mut command)?;
        Ok(folder)
    }
}

/// A folder that is removed at the end, whatever happens.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn create(path: PathBuf) -> Outcome<Self> {
        fs::create_dir_all(&path).doing(|| format!("create {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed lies below the target folder, where `cargo clean` finds it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of a folder, sorted by name.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).doing(|| format!("list {}", folder.display()))? {
        paths.push(entry.doing(|| format!("list {}", folder.display()))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn table(figures: &[Figure]) -> String {
    let width = |column: fn(&Figure) -> &str| figures.iter().map(|figure| column(figure).chars().count()).max();
    let name = width(|figure| &figure.name).unwrap_or(0);
    let measured = width(|figure| &figure.measured).unwrap_or(0).max("measured".len());
    let row = |cells: [&str; 3]| format!("| {:<name$} | {:>measured$} | {} |\n", cells[0], cells[1], cells[2]);
    let rule = format!("|{}|{}:|---|\n", "-".repeat(name + 2), "-".repeat(measured + 1));
    let rows = figures
        .iter()
        .map(|figure| row([&figure.name, &figure.measured, figure.promised]));
    [row(["figure", "measured", "promised"]), rule]
        .into_iter()
        .chain(rows)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lines_up() {
        let figures = [
            Figure {
                name: "a long name".into(),
                measured: "1".into(),
                promised: "2",
            },
            Figure {
                name: "b".into(),
                measured: "1,000 files/s".into(),
                promised: "",
            },
        ];
        let table = table(&figures);
        let second_bars: Vec<Option<usize>> = table.lines().map(|line| line[1..].find('|')).collect();
        assert!(second_bars.iter().all(|bar| bar == &second_bars[0]), "{table}");
    }
}
