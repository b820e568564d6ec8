//! The report of cyclic voltammograms: a block per quantity, in it a row per file.

use std::io::Write;

use protocol::measurement::{Measurement, Probe};
use protocol::session::SessionSummary;
use protocol::settings::Settings;

use super::form::{Report, Writer, decimals, deviation, label, labels, mean, number};
use super::{cv_parameters, session_lines};
use crate::export::voltammograms::{Shown, VoltammogramFile, Voltammograms};

/// Writes the report.
///
/// # Errors
/// What the destination reports.
pub fn report(
    to: &mut impl Write,
    summary: Option<&SessionSummary>,
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    let all = Voltammograms::new(settings, measurements);
    let mut out = Report::new(to, Writer::Server);
    out.line("# SACMES CV Analysis Report - All Electrodes")?;
    out.cells(["# Export Date:", &crate::clock::now()])?;
    out.cells(["# Electrodes:", &labels(&all.electrodes)])?;
    session_lines(&mut out, summary)?;
    out.line("")?;
    cv_parameters::write(&mut out, settings, measurements, &all)?;
    out.line("")?;
    for quantity in SUMMARISED {
        block(
            &mut out,
            &all,
            quantity.heading,
            quantity.column,
            quantity.column,
            &quantity,
        )?;
    }
    let probes = settings.cv.probes_v.iter().enumerate();
    for (way, short, side) in [
        ("Forward", "Fwd", (|shown| shown.forward) as Side),
        ("Reverse", "Rev", |shown| shown.reverse),
    ] {
        for (at, potential) in probes.clone() {
            let heading = format!("Probe {} {way} Current at {potential}V (A)", at + 1);
            let (column, over) = (format!("Probe{}_{short}_A", at + 1), format!("Probe_{short}_A"));
            let current = |shown: &Shown<'_>| {
                let probes = &side(shown)?.cv.as_ref()?.probes;
                let here = |probe: &&Probe| probe.potential_v.to_bits() == potential.to_bits();
                probes.iter().find(here)?.current_a
            };
            let quantity = OfProbe {
                current: &current,
                side,
            };
            block(&mut out, &all, &heading, &column, &over, &quantity)?;
        }
    }
    statistics(&mut out, &all)
}

/// One of the two segments.
type Side = for<'a> fn(&Shown<'a>) -> Option<&'a Measurement>;

/// A number of an electrode's segments.
trait OfSegments {
    fn value(&self, shown: &Shown<'_>) -> Option<f64>;
    /// Whether it counts in means.
    fn counts(&self, shown: &Shown<'_>) -> bool;
    fn print<W: Write>(&self, out: &Report<'_, W>, value: Option<f64>) -> String {
        number(value, |v| out.exponential(v))
    }
}

/// A quantity with its names.
#[derive(Clone, Copy)]
struct Summarised {
    heading: &'static str,
    column: &'static str,
    value: fn(&Shown<'_>) -> Option<f64>,
    sides: &'static [Side],
    fixed: bool,
}

const SUMMARISED: [Summarised; 5] = [
    Summarised {
        heading: "Forward Peak Current (A)",
        column: "Forward_Peak_A",
        value: |shown| shown.forward?.peak_current_a,
        sides: &[|shown| shown.forward],
        fixed: false,
    },
    Summarised {
        heading: "Forward AUC Charge (C)",
        column: "Forward_Charge_C",
        value: |shown| shown.forward?.charge_c,
        sides: &[|shown| shown.forward],
        fixed: false,
    },
    Summarised {
        heading: "Reverse Peak Current (A)",
        column: "Reverse_Peak_A",
        value: |shown| shown.reverse?.peak_current_a,
        sides: &[|shown| shown.reverse],
        fixed: false,
    },
    Summarised {
        heading: "Reverse AUC Charge (C)",
        column: "Reverse_Charge_C",
        value: |shown| shown.reverse?.charge_c,
        sides: &[|shown| shown.reverse],
        fixed: false,
    },
    Summarised {
        heading: "Peak Separation (V)",
        column: "Peak_Sep_V",
        value: |shown| shown.peak_separation_v(),
        sides: &[|shown| shown.forward, |shown| shown.reverse],
        fixed: true,
    },
];

impl OfSegments for Summarised {
    fn value(&self, shown: &Shown<'_>) -> Option<f64> {
        (self.value)(shown)
    }

    fn counts(&self, shown: &Shown<'_>) -> bool {
        self.sides.iter().all(|side| side(shown).is_some_and(|m| !m.excluded))
    }

    fn print<W: Write>(&self, out: &Report<'_, W>, value: Option<f64>) -> String {
        if self.fixed {
            number(value, decimals(6))
        } else {
            number(value, |v| out.exponential(v))
        }
    }
}

struct OfProbe<'f> {
    current: &'f dyn Fn(&Shown<'_>) -> Option<f64>,
    side: Side,
}

impl OfSegments for OfProbe<'_> {
    fn value(&self, shown: &Shown<'_>) -> Option<f64> {
        (self.current)(shown)
    }

    fn counts(&self, shown: &Shown<'_>) -> bool {
        (self.side)(shown).is_some_and(|m| !m.excluded)
    }
}

fn counted(quantity: &impl OfSegments, shown: &Shown<'_>) -> Option<f64> {
    quantity.value(shown).filter(|_| quantity.counts(shown))
}

fn block<W: Write>(
    out: &mut Report<'_, W>,
    all: &Voltammograms<'_>,
    heading: &str,
    column: &str,
    over: &str,
    quantity: &impl OfSegments,
) -> std::io::Result<()> {
    out.line(&format!("# {heading}"))?;
    let mut header = vec!["File_Number".to_owned()];
    header.extend(all.electrodes.iter().map(|e| format!("{}_{column}", label(*e))));
    header.extend([format!("Mean_{over}"), format!("Std_{over}")]);
    out.cells(header)?;
    for file in &all.files {
        let mut row = vec![name(file)];
        let shown: Vec<Shown<'_>> = all.electrodes.iter().map(|e| file.of(*e)).collect();
        row.extend(shown.iter().map(|shown| quantity.print(out, quantity.value(shown))));
        let values: Vec<f64> = shown.iter().filter_map(|shown| counted(quantity, shown)).collect();
        row.extend([
            quantity.print(out, mean(&values)),
            quantity.print(out, deviation(&values)),
        ]);
        out.cells(row)?;
    }
    out.line("")
}

/// The file's number; its name where it has none.
fn name(file: &VoltammogramFile<'_>) -> String {
    file.index
        .map_or_else(|| file.file.to_owned(), |index| index.to_string())
}

fn statistics<W: Write>(out: &mut Report<'_, W>, all: &Voltammograms<'_>) -> std::io::Result<()> {
    out.line("# Summary Statistics per Electrode")?;
    let mut header = vec!["Electrode".to_owned()];
    let names = |quantity: Summarised| [format!("Avg_{}", quantity.column), format!("Std_{}", quantity.column)];
    header.extend(SUMMARISED.into_iter().flat_map(names));
    out.cells(header)?;
    for electrode in &all.electrodes {
        let mut row = vec![label(*electrode)];
        for quantity in SUMMARISED {
            let of_file = |file: &VoltammogramFile<'_>| counted(&quantity, &file.of(*electrode));
            let values: Vec<f64> = all.files.iter().filter_map(of_file).collect();
            row.extend([
                quantity.print(out, mean(&values)),
                quantity.print(out, deviation(&values)),
            ]);
        }
        out.cells(row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use protocol::measurement::Direction;

    use super::*;
    use crate::export::voltammograms::tests::segment;

    #[test]
    fn a_file_is_a_row_in_every_block() {
        let mut settings = Settings::default();
        settings.cv.probes_v = vec![0.1];
        let (forward, reverse) = ((1, Direction::Forward), (2, Direction::Reverse));
        let mut measurements = vec![
            segment(Some(1), forward, Some((0.02, 1e-6)), Some(0.04)),
            segment(Some(1), reverse, Some((-0.02, -8e-7)), Some(0.04)),
            segment(Some(2), forward, Some((0.02, 2e-6)), None),
            segment(Some(2), reverse, None, None),
            segment(None, forward, Some((0.02, 4e-6)), None),
        ];
        measurements[2].excluded = true;
        let mut bytes = Vec::new();
        report(&mut bytes, None, &settings, &measurements).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[4..12],
            [
                "# Analysis Parameters",
                "Scan Rate (V/s):,0.1",
                "Mass Transport:,surface",
                "Analysis Type:,Peak Height Extraction",
                "SG Filter Mode:,auto",
                "SG Window:,Auto",
                "SG Degree:,Auto",
                "Probe Voltages:,0.1 V",
            ]
        );
        let block = |heading: &str| {
            let at = lines.iter().position(|line| *line == heading).unwrap();
            lines[at + 1..].iter().copied().take(4).collect::<Vec<_>>()
        };
        assert_eq!(
            block("# Forward Peak Current (A)"),
            [
                "File_Number,E1_Forward_Peak_A,Mean_Forward_Peak_A,Std_Forward_Peak_A",
                "1,1.000000e-06,1.000000e-06,N/A",
                "2,2.000000e-06,N/A,N/A",
                "scan.txt,4.000000e-06,4.000000e-06,N/A",
            ]
        );
        assert_eq!(
            block("# Reverse AUC Charge (C)")[1..3],
            ["1,-1.600000e-06,-1.600000e-06,N/A", "2,N/A,N/A,N/A"]
        );
        assert_eq!(block("# Peak Separation (V)")[1], "1,0.040000,0.040000,N/A");
        assert_eq!(
            block("# Probe 1 Reverse Current at 0.1V (A)")[..2],
            [
                "File_Number,E1_Probe1_Rev_A,Mean_Probe_Rev_A,Std_Probe_Rev_A",
                "1,-4.000000e-07,-4.000000e-07,N/A"
            ]
        );
        assert_eq!(
            block("# Summary Statistics per Electrode")[1],
            "E1,2.500000e-06,2.121320e-06,5.000000e-06,4.242641e-06,-8.000000e-07,N/A,-1.600000e-06,N/A,0.040000,N/A"
        );
    }
}
