//! Cyclic voltammetry: a row per file, for each electrode what was found on the way there and on the way back.

use protocol::measurement::{Measurement, Probe};
use protocol::settings::{Quantity, Settings};

use super::series::label;
use super::table::Table;
use crate::export::voltammograms::{Shown, Voltammograms};

const MICRO: f64 = 1e6;

/// The table of voltammograms. A file without a number has its row, and `nan` for the number.
pub fn table(settings: &Settings, measurements: &[Measurement]) -> Table {
    let all = Voltammograms::new(settings, measurements);
    let mut table = Table::default();
    table.column("File", all.files.iter().map(|file| file.index.map(f64::from)).collect());
    let (quantity, unit) = match settings.peak.quantity {
        Quantity::Height => ("PeakHeight", "µA"),
        Quantity::Area => ("AUC", "µC"),
    };
    let peak = |m: &Measurement| {
        let value = match settings.peak.quantity {
            Quantity::Height => m.peak_current_a,
            Quantity::Area => m.charge_c,
        };
        Some(value? * MICRO)
    };
    for electrode in &all.electrodes {
        let e = label(*electrode);
        let mut column = |name: String, value: &dyn Fn(&Shown<'_>) -> Option<f64>| {
            table.column(name, all.files.iter().map(|file| value(&file.of(*electrode))).collect());
        };
        // The original writes "Forwards" for heights and probes, "Forward" for potentials.
        let (forward, reverse) = (
            |shown: &Shown<'_>| usable(shown.forward).and_then(peak),
            |shown: &Shown<'_>| usable(shown.reverse).and_then(peak),
        );
        column(format!("{e}_Forwards_{quantity}_({unit})"), &forward);
        column(format!("{e}_Reverse_{quantity}_({unit})"), &reverse);
        column(format!("{e}_Forward_Peak_Potential_(V)"), &|shown| {
            usable(shown.forward)?.peak_potential_v
        });
        column(format!("{e}_Reverse_Peak_Potential_(V)"), &|shown| {
            usable(shown.reverse)?.peak_potential_v
        });
        column(format!("{e}_Peak_Separation_(V)"), &|shown| {
            usable(shown.forward)?;
            usable(shown.reverse)?;
            shown.peak_separation_v()
        });
        for potential in &settings.cv.probes_v {
            column(format!("{e}_{potential}V_Forwards_(µA)"), &|shown| {
                probe(shown.forward, *potential)
            });
            column(format!("{e}_{potential}V_Reverse_(µA)"), &|shown| {
                probe(shown.reverse, *potential)
            });
        }
    }
    table
}

fn usable(segment: Option<&Measurement>) -> Option<&Measurement> {
    segment.filter(|m| !m.excluded)
}

fn probe(segment: Option<&Measurement>, potential_v: f64) -> Option<f64> {
    let probes = &usable(segment)?.cv.as_ref()?.probes;
    let here = |probe: &&Probe| probe.potential_v.to_bits() == potential_v.to_bits();
    Some(probes.iter().find(here)?.current_a? * MICRO)
}

#[cfg(test)]
mod tests {
    use protocol::measurement::Direction;

    use super::*;
    use crate::export::voltammograms::tests::segment;

    #[test]
    fn names_and_order_are_those_of_the_original() {
        let mut settings = Settings::default();
        settings.cv.probes_v = vec![0.1, -0.25];
        let (forward, reverse) = ((1, Direction::Forward), (2, Direction::Reverse));
        let mut second = [
            segment(Some(2), forward, Some((0.02, 2e-6)), None),
            segment(Some(2), reverse, None, None),
        ];
        for m in &mut second {
            m.electrode = Some(1);
        }
        let measurements = [
            segment(Some(1), forward, Some((0.02, 1e-6)), Some(0.04)),
            segment(Some(1), reverse, Some((-0.02, -8e-7)), Some(0.04)),
            second[0].clone(),
            second[1].clone(),
        ];
        let text = |settings: &Settings| {
            let mut bytes = Vec::new();
            table(settings, &measurements).write(&mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let report = text(&settings);
        let lines: Vec<&str> = report.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "File E1_Forwards_PeakHeight_(µA) E1_Reverse_PeakHeight_(µA) E1_Forward_Peak_Potential_(V) \
             E1_Reverse_Peak_Potential_(V) E1_Peak_Separation_(V) E1_0.1V_Forwards_(µA) E1_0.1V_Reverse_(µA) \
             E1_-0.25V_Forwards_(µA) E1_-0.25V_Reverse_(µA)"
        );
        let first: Vec<f64> = lines[1].split(' ').map(|cell| cell.parse().unwrap()).collect();
        for (cell, expected) in first.iter().zip([1.0, 1.0, -0.8, 0.02, -0.02, 0.04, 0.5, -0.4]) {
            assert!((cell - expected).abs() < 1e-12, "{report}");
        }
        assert_eq!(lines[2], "2 2 nan 0.02 nan nan 1 nan nan nan");
        settings.peak.quantity = Quantity::Area;
        assert!(text(&settings).starts_with("File E1_Forwards_AUC_(µC) E1_Reverse_AUC_(µC) "));
    }
}
