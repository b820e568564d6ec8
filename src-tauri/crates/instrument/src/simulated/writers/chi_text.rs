//! Text as the CHI1040C (an eight-channel potentiostat of CH Instruments) writes it.

use super::super::cyclic::CyclicFile;
use super::super::file::ScanFile;
use super::super::step::StepFile;
use super::decimals::decimals;
use jiff::civil::DateTime;
use std::fmt::Write;

/// Names of the months as the CHI software prints them.
const MONTHS: [&str; 12] = [
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
];
/// Current range in A/V that the parameters state.
const SENSITIVITY: &str = "1e-6";

/// Memo, parameters, (empty) results and the table `Potential/V, i1d/A, i1f/A, i1r/A, ...`; CRLF at the end of each line.
///
/// The result blocks are empty, as the instrument leaves them where its own peak search is off: what the peak really is,
/// [`Truth`](crate::simulated::Truth) says.
pub(in super::super) fn square_wave(file: &ScanFile<'_>) -> String {
    let mut text = String::with_capacity(1_000 + file.points() * (8 + 33 * file.scans.len()));
    memo(&mut text, "Square Wave Voltammetry", &file.name, file.measured_at);
    parameters(&mut text, file);
    results(&mut text, file);
    table(&mut text, file);
    text
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = write!(text, "{content}\r\n");
}

fn memo(text: &mut String, technique: &str, name: &str, measured_at: DateTime) {
    let stem = name.strip_suffix(".txt").unwrap_or(name).to_lowercase();
    line(text, format_args!("{}", date(measured_at)));
    line(text, format_args!("{technique}"));
    line(text, format_args!("File: {stem}.bin"));
    line(text, format_args!("Data Source:  Experiment"));
    line(text, format_args!("Instrument Model:  CHI1040C"));
    line(text, format_args!("Header: simulated by SACMES"));
    line(text, format_args!("Note: "));
    line(text, format_args!(""));
}

/// `May 7, 2024   16:05:57`.
fn date(at: DateTime) -> String {
    let month = MONTHS[(at.month() - 1) as usize];
    format!(
        "{month} {}, {}   {:02}:{:02}:{:02}",
        at.day(),
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn parameters(text: &mut String, file: &ScanFile<'_>) {
    let program = &file.settings.program;
    line(text, format_args!("Init E (V) = {}", program.initial_potential_v));
    line(text, format_args!("Final E (V) = {}", program.final_potential_v));
    line(text, format_args!("Incr E (V) = {}", program.increment_v));
    line(text, format_args!("Amplitude (V) = {}", program.amplitude_v));
    line(text, format_args!("Frequency (Hz) = {}", file.frequency_hz));
    line(text, format_args!("Quiet Time (sec) = {}", program.quiet_time_s));
    line(text, format_args!("Sensitivity (A/V) = {SENSITIVITY}"));
    line(text, format_args!(""));
    further_channels(text, file.scans.iter().map(|scan| scan.electrode));
}

/// What the parameters say about each channel but the first.
fn further_channels(text: &mut String, electrodes: impl Iterator<Item = u8>) {
    for electrode in electrodes.skip(1) {
        line(text, format_args!("E{electrode} Scan On"));
        line(text, format_args!("Sens {electrode} = {SENSITIVITY}"));
        line(text, format_args!(""));
    }
}

fn results(text: &mut String, file: &ScanFile<'_>) {
    line(text, format_args!("Results:"));
    line(text, format_args!(""));
    for scan in &file.scans {
        line(text, format_args!("Channel {}:", scan.electrode));
        for block in ["Difference:", "Forward:", "Reverse:"] {
            line(text, format_args!("{block}"));
            line(text, format_args!(""));
        }
    }
}

fn table(text: &mut String, file: &ScanFile<'_>) {
    let program = &file.settings.program;
    let decimals = decimals(&[program.increment_v, program.initial_potential_v]);
    text.push_str("Potential/V");
    for scan in &file.scans {
        let _ = write!(text, ", i{0}d/A, i{0}f/A, i{0}r/A", scan.electrode);
    }
    text.push_str("\r\n\r\n");
    for k in 0..file.points() {
        let _ = write!(text, "{:.decimals$}", file.scans[0].potential_v[k]);
        for scan in &file.scans {
            let (difference_a, forward_a, reverse_a) = (scan.difference_a[k], scan.forward_a[k], scan.reverse_a[k]);
            let _ = write!(text, ", {difference_a:.3e}, {forward_a:.3e}, {reverse_a:.3e}");
        }
        text.push_str("\r\n");
    }
}

/// Cyclic voltammetry: `Potential/V, i1/A, ...` (`Current/A` for one channel); all segments one below the other.
pub(in super::super) fn cyclic(file: &CyclicFile<'_>) -> String {
    let program = file.program;
    let points = file.scans.first().map_or(0, |scan| scan.potential_v.len());
    let mut text = String::with_capacity(1_000 + points * (8 + 12 * file.scans.len()));
    memo(&mut text, "Cyclic Voltammetry", file.name, file.measured_at);
    let (first_v, second_v) = (program.first_vertex_v, program.second_vertex_v);
    let positive_first = program.direction(0) > 0.0;
    line(&mut text, format_args!("Init E (V) = {}", program.initial_potential_v));
    line(&mut text, format_args!("High E (V) = {}", first_v.max(second_v)));
    line(&mut text, format_args!("Low E (V) = {}", first_v.min(second_v)));
    line(
        &mut text,
        format_args!("Init P/N = {}", if positive_first { "P" } else { "N" }),
    );
    line(&mut text, format_args!("Scan Rate (V/s) = {}", file.scan_rate_v_s));
    line(&mut text, format_args!("Segment = {}", program.segments()));
    line(&mut text, format_args!("Sample Interval (V) = {}", program.step_v));
    line(&mut text, format_args!("Quiet Time (sec) = {}", program.quiet_time_s));
    line(&mut text, format_args!("Sensitivity (A/V) = {SENSITIVITY}"));
    line(&mut text, format_args!(""));
    further_channels(&mut text, file.scans.iter().map(|scan| scan.electrode));
    line(&mut text, format_args!("Results:"));
    line(&mut text, format_args!(""));
    for scan in &file.scans {
        line(&mut text, format_args!("Channel {}:", scan.electrode));
        for segment in 1..=program.segments() {
            line(&mut text, format_args!("Segment {segment}:"));
            line(&mut text, format_args!(""));
        }
    }
    let decimals = decimals(&[program.step_v, program.initial_potential_v, first_v]);
    let currents: Vec<_> = file
        .scans
        .iter()
        .map(|scan| (scan.electrode, &scan.current_a[..]))
        .collect();
    let potential_v = file.scans.first().map_or(&[][..], |scan| &scan.potential_v);
    plain_table(&mut text, "Potential/V", potential_v, decimals, &currents);
    text
}

/// Chronoamperometry as an amperometric i-t curve: `Time/sec, i1/A, ...` (`Current/A` for one channel).
pub(in super::super) fn step(file: &StepFile<'_>) -> String {
    let program = &file.settings.program;
    let mut text = String::with_capacity(1_000 + program.points() * (8 + 12 * file.scans.len()));
    memo(&mut text, "Amperometric i-t Curve", file.name, file.measured_at);
    line(&mut text, format_args!("Init E (V) = {}", program.step_potential_v));
    line(
        &mut text,
        format_args!("Sample Interval (s) = {}", program.sample_interval_s),
    );
    line(&mut text, format_args!("Run Time (sec) = {}", program.duration_s));
    line(&mut text, format_args!("Quiet Time (sec) = {}", program.quiet_time_s));
    line(&mut text, format_args!("Scales during Run = 1"));
    line(&mut text, format_args!("Sensitivity (A/V) = {SENSITIVITY}"));
    line(&mut text, format_args!(""));
    further_channels(&mut text, file.scans.iter().map(|scan| scan.electrode));
    let decimals = decimals(&[program.sample_interval_s]);
    let currents: Vec<_> = file
        .scans
        .iter()
        .map(|scan| (scan.electrode, &scan.current_a[..]))
        .collect();
    let time_s = file.scans.first().map_or(&[][..], |scan| &scan.time_s);
    plain_table(&mut text, "Time/sec", time_s, decimals, &currents);
    text
}

/// A table with one current of each channel.
fn plain_table(text: &mut String, first: &str, values: &[f64], decimals: usize, currents: &[(u8, &[f64])]) {
    text.push_str(first);
    match currents {
        [(1, _)] => text.push_str(", Current/A"),
        several => {
            for (electrode, _) in several {
                let _ = write!(text, ", i{electrode}/A");
            }
        }
    }
    text.push_str("\r\n\r\n");
    for (k, value) in values.iter().enumerate() {
        let _ = write!(text, "{value:.decimals$}");
        for (_, current_a) in currents {
            let _ = write!(text, ", {:.3e}", current_a[k]);
        }
        text.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_look_as_the_instrument_prints_them() {
        assert_eq!(
            date(jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0)),
            "May 7, 2024   16:05:57"
        );
        assert_eq!(
            date(jiff::civil::date(2023, 9, 28).at(9, 0, 3, 0)),
            "Sept. 28, 2023   09:00:03"
        );
    }
}
