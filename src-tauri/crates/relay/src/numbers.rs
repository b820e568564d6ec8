//! The numbers of a relay, for people and for Prometheus.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::relay::Relay;

/// As one JSON object.
pub fn stats(relay: &Relay) -> serde_json::Value {
    let counters = &relay.counters;
    let (channels, kept_bytes) = relay.size();
    let number = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let rates = relay.rates.per_second(counters, tokio::time::Instant::now());
    let per_second = rates.map(|rates| {
        json!({
            "hellos": rates.hellos,
            "frames_in": rates.frames_in,
            "bytes_in": rates.bytes_in,
            "up_frames": rates.up_frames,
            "messages_out": rates.messages_out,
            "bytes_out": rates.bytes_out,
        })
    });
    json!({
        "agents": number(&counters.agents),
        "viewers": number(&counters.viewers),
        "connections": relay.queues.connections(),
        "channels": channels,
        "kept_bytes": kept_bytes,
        "waiting_bytes": relay.queues.waiting(),
        "hellos": number(&counters.hellos),
        "frames_in": number(&counters.frames_in),
        "bytes_in": number(&counters.bytes_in),
        "up_frames": number(&counters.up_frames),
        "messages_out": number(&counters.messages_out),
        "bytes_out": number(&counters.bytes_out),
        // Over the last minute; null in the moment of the start.
        "per_second": per_second,
        "ready": relay.not_ready().is_none(),
        "refused": counters.refused(),
    })
}

/// As Prometheus reads it.
pub fn prometheus(relay: &Relay) -> String {
    let counters = &relay.counters;
    let (channels, kept_bytes) = relay.size();
    let number = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let gauges = [
        ("agents", "Agents that are connected.", number(&counters.agents)),
        ("viewers", "Viewers that are connected.", number(&counters.viewers)),
        ("channels", "Channels that are known.", channels as u64),
        ("kept_bytes", "Bytes of sealed frames that are kept.", kept_bytes as u64),
        (
            "waiting_bytes",
            "Bytes that wait for connections.",
            relay.queues.waiting() as u64,
        ),
    ];
    let ready = u64::from(relay.not_ready().is_none());
    let gauges = gauges
        .into_iter()
        .chain([("ready", "Whether channels can be used.", ready)]);
    let totals = [
        (
            "hellos",
            "Connections that came to say hello.",
            number(&counters.hellos),
        ),
        ("frames_in", "Frames that agents sent.", number(&counters.frames_in)),
        ("bytes_in", "Bytes of these frames.", number(&counters.bytes_in)),
        ("up_frames", "Frames that viewers sent.", number(&counters.up_frames)),
        (
            "messages_out",
            "Messages that were written.",
            number(&counters.messages_out),
        ),
        ("bytes_out", "Bytes of these messages.", number(&counters.bytes_out)),
    ];
    let mut text = String::new();
    let mut put = |name: &str, about: &str, kind: &str, value: u64| {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "# HELP sacmes_relay_{name} {about}\n# TYPE sacmes_relay_{name} {kind}\nsacmes_relay_{name} {value}\n"
        );
    };
    for (name, about, value) in gauges {
        put(name, about, "gauge", value);
    }
    for (name, about, value) in totals {
        put(&format!("{name}_total"), about, "counter", value);
    }
    text.push_str(
        "# HELP sacmes_relay_refused_total What was refused or closed.\n# TYPE sacmes_relay_refused_total counter\n",
    );
    for (why, count) in counters.refused() {
        let _ = writeln!(text, "sacmes_relay_refused_total{{why=\"{why}\"}} {count}");
    }
    text
}
