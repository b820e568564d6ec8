//! Maps for people: a table per map, one per comparison, and a sentence about the pair.

use std::fmt::Write;

use protocol::study::{FrequencyMaps, MapChanges, MeanAndSpread, NamedMap};

use crate::table::{Align, text as table};

/// All maps and comparisons.
pub fn text(study: &FrequencyMaps) -> String {
    let maps = study.maps.iter().map(map);
    maps.chain(study.comparisons.iter().map(comparison))
        .collect::<Vec<_>>()
        .join("\n")
}

fn map(map: &NamedMap) -> String {
    let header = [
        ("HZ", Align::Right),
        ("PEAK A", Align::Right),
        ("SD", Align::Right),
        ("CHARGE C", Align::Right),
        ("SD", Align::Right),
        ("POTENTIAL V", Align::Right),
        ("SD", Align::Right),
        ("ELECTRODES", Align::Right),
    ];
    let row = |mean: &protocol::study::MapMean| {
        vec![
            mean.frequency_hz.to_string(),
            scientific(mean.peak_current_a.mean),
            scientific(mean.peak_current_a.sd),
            scientific(mean.charge_c.mean),
            scientific(mean.charge_c.sd),
            fixed(mean.peak_potential_v.mean, 4),
            fixed(mean.peak_potential_v.sd, 4),
            mean.peak_current_a.count.to_string(),
        ]
    };
    let rows: Vec<_> = map.means.iter().map(row).collect();
    let mut shown = format!("{}\n{}", map.name, table(&header, &rows));
    for point in map.points.iter().filter(|point| point.reason.is_some()) {
        let electrode = point
            .electrode
            .map_or("averaged".to_owned(), |e| format!("electrode {e}"));
        let reason = point.reason.as_deref().unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = writeln!(shown, "no peak at {} Hz, {electrode}: {reason}", point.frequency_hz);
    }
    shown
}

fn comparison(changes: &MapChanges) -> String {
    let header = [
        ("HZ", Align::Right),
        ("DIFFERENCE A", Align::Right),
        ("SD", Align::Right),
        ("RATIO", Align::Right),
        ("SD", Align::Right),
        ("GAIN %", Align::Right),
        ("SD", Align::Right),
        ("ELECTRODES", Align::Right),
    ];
    let percent = |value: Option<f64>| fixed(value.map(|gain| 100.0 * gain), 2);
    let row = |mean: &protocol::study::ChangeMean| {
        vec![
            mean.frequency_hz.to_string(),
            scientific(mean.difference_a.mean),
            scientific(mean.difference_a.sd),
            fixed(mean.ratio.mean, 4),
            fixed(mean.ratio.sd, 4),
            percent(mean.gain.mean),
            percent(mean.gain.sd),
            mean.gain.count.to_string(),
        ]
    };
    let rows: Vec<_> = changes.means.iter().map(row).collect();
    let (map, first) = (&changes.map, &changes.first);
    format!("{map} against {first}\n{}{}\n", table(&header, &rows), pair(changes))
}

/// The proposal in a sentence.
pub fn pair(changes: &MapChanges) -> String {
    let between = format!("{} against {}", changes.map, changes.first);
    let Some(pair) = &changes.pair else {
        let message = changes.pair_message.as_deref().unwrap_or_default();
        let reason = changes.pair_reason.as_deref().unwrap_or_default();
        return format!("{between}: no pair for KDM. {message} ({reason})");
    };
    let gain = |gain: &MeanAndSpread| fixed(gain.mean.map(|gain| 100.0 * gain), 1);
    format!(
        "{between}: pair for KDM {} Hz (gain {} %) and {} Hz (gain {} %); expected change of KDM {} % as difference, {} % as \
         difference over average",
        pair.signal_on_hz,
        gain(&pair.signal_on_gain),
        pair.signal_off_hz,
        gain(&pair.signal_off_gain),
        with_interval(&pair.difference),
        with_interval(&pair.difference_over_average),
    )
}

fn with_interval(value: &MeanAndSpread) -> String {
    match value.interval_95 {
        Some(interval) => format!("{} ± {interval:.1}", fixed(value.mean, 1)),
        None => fixed(value.mean, 1),
    }
}

fn scientific(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.4e}"))
}

fn fixed(value: Option<f64>, decimals: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.decimals$}"))
}
