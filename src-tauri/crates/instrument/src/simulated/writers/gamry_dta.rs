//! Gamry data files (`.DTA`): tab-separated objects `NAME TYPE value label`, then tables whose rows begin with a tab.
//!
//! A file holds one electrode. The curve of a square-wave file announces its points; those of a cyclic voltammogram, one
//! per cycle, do not.

use super::super::cyclic::CyclicFile;
use super::super::file::ScanFile;
use super::super::step::StepFile;
use jiff::civil::DateTime;
use std::fmt::{Display, Write};

/// Square-wave voltammetry: one table with the points of the staircase, forward, reverse and difference current.
pub(in super::super) fn square_wave(file: &ScanFile<'_>) -> String {
    let program = &file.settings.program;
    let points = file.points();
    let mut dta = Dta::begin("SQUARE_WAVE", "Square Wave Voltammetry", file.measured_at, 120 * points);
    dta.quantity("VINIT", program.initial_potential_v, "Initial &E (V)");
    dta.quantity("VFINAL", program.final_potential_v, "Final &E (V)");
    dta.quantity("STEPSIZE", 1e3 * program.increment_v, "St&ep Size (mV)");
    dta.quantity("FREQUENCY", file.frequency_hz, "&Frequency (Hz)");
    dta.quantity("PULSESIZE", 1e3 * program.amplitude_v, "Pulse Size &Epeak (mV)");
    dta.quantity("PULSEON", 0.5 / file.frequency_hz, "Pulse &Time (s)");
    dta.quantity("EQDELAY", program.quiet_time_s, "Equil. &Time (s)");
    dta.whole("CYCLES", points, "C&ycles (#)");
    dta.instrument();
    let names = [
        "Pt", "T", "Vfwd", "Vrev", "Vstep", "Ifwd", "Irev", "Idif", "Sig", "Ach", "IERange", "Over", "Temp",
    ];
    let units = ["#", "s", "V", "V", "V", "A", "A", "A", "V", "V", "#", "bits", "deg C"];
    dta.table("CURVE", Some(points), &names, &units);
    let Some(scan) = file.scans.first() else {
        return dta.text;
    };
    let amplitude_v = program.amplitude_v * program.direction();
    for (k, &step_v) in scan.potential_v.iter().enumerate() {
        dta.row(k, (k + 1) as f64 / file.frequency_hz);
        let row = [
            step_v + amplitude_v,
            step_v - amplitude_v,
            step_v,
            scan.forward_a[k],
            scan.reverse_a[k],
            scan.difference_a[k],
            step_v + amplitude_v,
            0.0,
        ];
        for value in row {
            dta.number(value);
        }
        dta.end_row("-327.68");
    }
    dta.text
}

/// The columns of techniques that control the potential directly, and their units.
const PLAIN_NAMES: [&str; 9] = ["Pt", "T", "Vf", "Im", "Vu", "Sig", "Ach", "IERange", "Over"];
const PLAIN_UNITS: [&str; 9] = ["#", "s", "V vs. Ref.", "A", "V", "V", "V", "#", "bits"];

/// Cyclic voltammetry: one table a cycle, `CURVE1`, `CURVE2`, ...; points are counted through all of them, and the end of the last
/// cycle stands in a table of its own.
pub(in super::super) fn cyclic(file: &CyclicFile<'_>) -> String {
    let program = file.program;
    let points = file.scans.first().map_or(0, |scan| scan.potential_v.len());
    let mut dta = Dta::begin("CV", "Cyclic Voltammetry", file.measured_at, 100 * points);
    dta.potential("VINIT", program.initial_potential_v, "Initial &E (V)");
    dta.potential("VLIMIT1", program.first_vertex_v, "Scan Limit &1 (V)");
    dta.potential("VLIMIT2", program.second_vertex_v, "Scan Limit &2 (V)");
    dta.potential("VFINAL", program.second_vertex_v, "Final &E (V)");
    dta.quantity("SCANRATE", 1e3 * file.scan_rate_v_s, "&Scan Rate (mV/s)");
    dta.quantity("STEPSIZE", 1e3 * program.step_v, "St&ep Size (mV)");
    dta.whole("CYCLES", program.cycles, "C&ycles (#)");
    dta.quantity("EQDELAY", program.quiet_time_s, "Equil. &Time (s)");
    dta.instrument();
    let Some(scan) = file.scans.first() else {
        return dta.text;
    };
    let mut before = 0;
    for (k, &potential_v) in scan.potential_v.iter().enumerate() {
        if scan.cycle[k] != before {
            before = scan.cycle[k];
            dta.table(&format!("CURVE{before}"), None, &PLAIN_NAMES, &PLAIN_UNITS);
        }
        dta.plain_row(k, scan.time_s[k], potential_v, scan.current_a[k]);
    }
    dta.table(&format!("CURVE{}", before + 1), None, &PLAIN_NAMES, &PLAIN_UNITS);
    let end_s = (points + 1) as f64 * program.step_v / file.scan_rate_v_s;
    dta.plain_row(points, end_s, scan.end.0, scan.end.1);
    dta.text
}

/// Chronoamperometry: one table with the points behind the step.
pub(in super::super) fn step(file: &StepFile<'_>) -> String {
    let program = &file.settings.program;
    let points = program.points();
    let mut dta = Dta::begin("CHRONOA", "Chronoamperometry", file.measured_at, 100 * points);
    dta.potential("VPRESTEP", program.rest_potential_v, "Pre-step Voltage (V)");
    dta.quantity("TPRESTEP", program.quiet_time_s, "Pre-step Delay &Time (s)");
    dta.potential("VSTEP1", program.step_potential_v, "Step 1 Voltage (V)");
    dta.quantity("TSTEP1", program.duration_s, "Step 1 Time (s)");
    dta.potential("VSTEP2", program.step_potential_v, "Step 2 Voltage (V)");
    dta.quantity("TSTEP2", 0.0, "Step 2 Time (s)");
    dta.quantity("SAMPLETIME", program.sample_interval_s, "Sa&mple Period (s)");
    dta.instrument();
    dta.table("CURVE", Some(points), &PLAIN_NAMES, &PLAIN_UNITS);
    for scan in &file.scans {
        for (k, (&time_s, &current_a)) in scan.time_s.iter().zip(&scan.current_a).enumerate() {
            dta.plain_row(k, time_s, program.step_potential_v, current_a);
        }
    }
    dta.text
}

/// A file that is being written.
struct Dta {
    text: String,
}

impl Dta {
    fn begin(tag: &str, title: &str, at: DateTime, capacity: usize) -> Self {
        let mut dta = Self {
            text: String::with_capacity(1500 + capacity),
        };
        dta.line(format_args!("EXPLAIN"));
        dta.line(format_args!("TAG\t{tag}"));
        dta.object("TITLE", "LABEL", title, "Test &Identifier");
        // The instrument's software prints dates as its computer does; this one stands in the United States.
        let date = format_args!("{}/{}/{}", at.month(), at.day(), at.year());
        dta.object("DATE", "LABEL", date, "Date");
        let time = format_args!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
        dta.object("TIME", "LABEL", time, "Time");
        dta.object("NOTES", "NOTES", 1, "&Notes...");
        dta.line(format_args!("\tsimulated by SACMES"));
        dta.object("PSTAT", "PSTAT", "REF600-00000", "Potentiostat");
        dta
    }

    fn line(&mut self, content: std::fmt::Arguments<'_>) {
        // Writing into a String cannot fail.
        let _ = write!(self.text, "{content}\r\n");
    }

    fn object(&mut self, name: &str, kind: &str, value: impl Display, label: &str) {
        self.line(format_args!("{name}\t{kind}\t{value}\t{label}"));
    }

    fn quantity(&mut self, name: &str, value: f64, label: &str) {
        self.object(name, "QUANT", Exponential(value), label);
    }

    fn potential(&mut self, name: &str, value_v: f64, label: &str) {
        self.line(format_args!("{name}\tPOTEN\t{}\tF\t{label}", Exponential(value_v)));
    }

    fn whole(&mut self, name: &str, value: impl Display, label: &str) {
        self.object(name, "IQUANT", value, label);
    }

    /// What every file says about the electrode and the instrument.
    fn instrument(&mut self) {
        self.quantity("AREA", 3.14e-2, "Electrode &Area (cm^2)");
        self.object("ELECTRODETYPE", "SELECTOR", 0, "Electrode Type");
        self.object("STRIPPING", "TOGGLE", "F", "Used for Stripping");
        self.whole("PSTATMODEL", 4, "Pstat Model");
        self.object("PSTATSECTION", "LABEL", "REF600-00000", "Pstat Section");
        self.whole("CTRLMODE", 1, "Control Mode");
        self.object("IERANGEMODE", "TOGGLE", "F", "I/E AutoRange");
        self.whole("IERANGE", 5, "I/E Range");
        self.object("FRAMEWORKVERSION", "LABEL", "7.8.4", "Framework Version");
        self.object("INSTRUMENTVERSION", "LABEL", "4.42", "Instrument Version");
    }

    /// The lines above the rows of a table.
    fn table(&mut self, name: &str, rows: Option<usize>, names: &[&str], units: &[&str]) {
        match rows {
            Some(rows) => self.line(format_args!("{name}\tTABLE\t{rows}")),
            None => self.line(format_args!("{name}\tTABLE")),
        }
        self.line(format_args!("\t{}", names.join("\t")));
        self.line(format_args!("\t{}", units.join("\t")));
    }

    /// Begins a row: number of the point, time in s.
    fn row(&mut self, point: usize, time_s: f64) {
        // The instrument prints times with six significant digits and no more than needed.
        let scale = 10_f64.powi(5 - (time_s.abs().max(1e-9).log10().floor() as i32));
        let time_s = (time_s * scale).round() / scale;
        let _ = write!(self.text, "\t{point}\t{time_s}");
    }

    fn number(&mut self, value: f64) {
        let _ = write!(self.text, "\t{}", Exponential(value));
    }

    /// A whole row of the plain columns.
    fn plain_row(&mut self, point: usize, time_s: f64, potential_v: f64, current_a: f64) {
        self.row(point, time_s);
        for value in [potential_v, current_a, 0.0, potential_v, 0.0] {
            self.number(value);
        }
        self.end_row("");
    }

    /// Ends a row: current range, no overload, and what is left.
    fn end_row(&mut self, last: &str) {
        let separator = if last.is_empty() { "" } else { "\t" };
        self.line(format_args!("\t5\t...........{separator}{last}"));
    }
}

/// A number as `-1.92826E-006`.
struct Exponential(f64);

impl Display for Exponential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:.5e}", self.0);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', exponent),
        };
        write!(f, "{mantissa}E{sign}{digits:0>3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_the_instrument_prints_them() {
        let printed = |value: f64| Exponential(value).to_string();
        assert_eq!(printed(1.928_26e-6), "1.92826E-006");
        assert_eq!(printed(-0.5), "-5.00000E-001");
        assert_eq!(printed(0.0), "0.00000E+000");
        assert_eq!(printed(100.0), "1.00000E+002");
    }
}
