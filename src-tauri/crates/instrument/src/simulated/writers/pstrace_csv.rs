//! CSV exports of PSTrace: all curves side by side, two columns each; the text is UTF-16 with a mark before and behind it.

use super::super::cyclic::CyclicFile;
use super::super::file::ScanFile;
use super::super::step::StepFile;
use jiff::civil::DateTime;
use std::fmt::Write;

/// Byte order mark; the software puts another one behind the last line.
const MARK: char = '\u{feff}';
/// Decimals of a current in µA: 1 fA.
const CURRENT_DECIMALS: usize = 9;
/// Decimals of a potential in V or a time in s.
const ABSCISSA_DECIMALS: usize = 8;

/// Square-wave voltammetry: potential and difference current of each electrode.
pub(in super::super) fn square_wave(file: &ScanFile<'_>) -> String {
    let duration_s = file.settings.program.duration_s(file.frequency_hz);
    let curves: Vec<Curve<'_>> = file
        .scans
        .iter()
        .map(|scan| Curve {
            title: format!("Square Wave Voltammetry: SWV i vs E Channel {}", scan.electrode),
            unit: "V",
            abscissa: &scan.potential_v,
            current_a: &scan.difference_a,
        })
        .collect();
    text(&curves, file.measured_at, duration_s)
}

/// Cyclic voltammetry: potential and current of each scan (cycle) of each electrode.
pub(in super::super) fn cyclic(file: &CyclicFile<'_>) -> String {
    let mut curves = Vec::new();
    for scan in &file.scans {
        let mut begin = 0;
        for cycle in scan.cycle.chunk_by(|a, b| a == b) {
            let end = begin + cycle.len();
            let number = cycle[0];
            curves.push(Curve {
                title: format!("Cyclic Voltammetry: CV i vs E Scan {number} Channel {}", scan.electrode),
                unit: "V",
                abscissa: &scan.potential_v[begin..end],
                current_a: &scan.current_a[begin..end],
            });
            begin = end;
        }
    }
    text(&curves, file.measured_at, file.program.duration_s(file.index))
}

/// Chronoamperometry: time and current of each electrode.
pub(in super::super) fn step(file: &StepFile<'_>) -> String {
    let curves: Vec<Curve<'_>> = file
        .scans
        .iter()
        .map(|scan| Curve {
            title: format!("Chronoamperometry: CA i vs t Channel {}", scan.electrode),
            unit: "s",
            abscissa: &scan.time_s,
            current_a: &scan.current_a,
        })
        .collect();
    let program = &file.settings.program;
    text(&curves, file.measured_at, program.quiet_time_s + program.duration_s)
}

/// One pair of columns.
struct Curve<'a> {
    title: String,
    unit: &'static str,
    abscissa: &'a [f64],
    current_a: &'a [f64],
}

/// The whole export; curves may differ in length.
fn text(curves: &[Curve<'_>], measured_at: DateTime, duration_s: f64) -> String {
    let points = curves.iter().map(|curve| curve.abscissa.len()).max().unwrap_or(0);
    let mut text = String::with_capacity(400 + (points + 8) * 20 * curves.len());
    text.push(MARK);
    let exported_at = measured_at.saturating_add(jiff::SignedDuration::from_secs(duration_s.ceil() as i64));
    // Writing into a String cannot fail.
    let _ = write!(
        text,
        "Date and time:,{}\r\nNotes:,simulated by SACMES\r\n",
        stamp(exported_at)
    );
    text.push_str(&",".repeat(2 * curves.len().saturating_sub(1)));
    text.push_str("\r\n");
    let titles: Vec<&str> = curves.iter().map(|curve| curve.title.as_str()).collect();
    let _ = write!(text, "{}\r\n", titles.join(",,"));
    let date = format!("Date and time measurement:,{}", stamp(measured_at));
    let _ = write!(text, "{}", vec![date; curves.len()].join(","));
    // Where there is one curve, the software puts a comma behind its time.
    text.push_str(if curves.len() == 1 { ",\r\n" } else { "\r\n" });
    let units: Vec<String> = curves.iter().map(|curve| format!("{},µA", curve.unit)).collect();
    let _ = write!(text, "{}\r\n", units.join(","));
    for k in 0..points {
        for (position, curve) in curves.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            match (curve.abscissa.get(k), curve.current_a.get(k)) {
                (Some(&abscissa), Some(&current_a)) => {
                    number(&mut text, abscissa, ABSCISSA_DECIMALS);
                    text.push(',');
                    number(&mut text, 1e6 * current_a, CURRENT_DECIMALS);
                }
                _ => text.push(','),
            }
        }
        text.push_str("\r\n");
    }
    text.push(MARK);
    text
}

/// `2025-03-29 13:32:13`.
fn stamp(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A number without zeros at its end.
fn number(text: &mut String, value: f64, decimals: usize) {
    let begin = text.len();
    let _ = write!(text, "{value:.decimals$}");
    let kept = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(kept.max(begin + 1));
    if &text[begin..] == "-0" {
        text.truncate(begin);
        text.push('0');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let printed = |value: f64| {
            let mut text = "7,".to_owned();
            number(&mut text, value, 9);
            text.split_off(2)
        };
        assert_eq!(printed(0.019_751_112), "0.019751112");
        assert_eq!(printed(-0.3), "-0.3");
        assert_eq!(printed(100.0), "100");
        assert_eq!(printed(0.0), "0");
        assert_eq!(printed(-1e-12), "0");
    }
}
