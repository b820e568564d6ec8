//! A relay under measurement: the figures that it promises, and the same fan-out through NATS as a yardstick.
//!
//! `cargo xtask bench relay` runs it. Relay, agent and NATS are processes of their own; this one is instrument, viewers and, where
//! many viewers are fed, the agent. Names of parts as arguments measure only these.
#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

mod fan_out;
mod handles;
mod idle;
mod joining;
mod latency;
mod nats;
mod program;
mod raw_agent;
mod raw_viewer;
mod samples;
mod servers;
mod table;

use std::error::Error;

use table::Report;

/// What a measurement gives.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Parts, in the order in which they are measured.
const PARTS: [&str; 4] = ["latency", "joining", "fan-out", "idle"];

fn main() -> Outcome {
    // Cargo adds an argument of its own.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with("--"))
        .collect();
    if let Some(unknown) = wanted.iter().find(|name| !PARTS.contains(&name.as_str())) {
        return Err(format!("there is no part `{unknown}`; parts: {}", PARTS.join(", ")).into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::default();
    for part in PARTS {
        if wanted.is_empty() || wanted.iter().any(|name| name == part) {
            println!("Measuring {part}; load of the machine: {}", program::load());
            runtime.block_on(async {
                match part {
                    "latency" => latency::measure(&mut report).await,
                    "joining" => joining::measure(&mut report).await,
                    "fan-out" => fan_out::measure(&mut report).await,
                    _ => idle::measure(&mut report).await,
                }
            })?;
        }
    }
    println!("\n{report}");
    Ok(())
}
