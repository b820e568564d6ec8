//! The frequency map: a row per frequency, peak and charge per electrode.

use std::collections::BTreeSet;

use protocol::measurement::Measurement;
use protocol::settings::{Quantity, Settings};

use super::series::label;
use super::table::{Table, over};

const MICRO: f64 = 1e6;

/// The table of a map. Where several files have the same frequency, the newest one counts.
pub fn table(settings: &Settings, measurements: &[Measurement]) -> Table {
    let (quantity, unit) = match settings.peak.quantity {
        Quantity::Height => ("PeakHeight", "(uA)"),
        Quantity::Area => ("AUC", ""),
    };
    let usable: Vec<&Measurement> = measurements
        .iter()
        .filter(|m| !m.excluded && m.frequency_hz.is_some() && m.peak.is_none_or(|peak| peak == 1))
        .filter(|m| m.electrode.is_some() || settings.electrodes.average)
        .collect();
    let electrodes: BTreeSet<Option<u32>> = usable.iter().map(|m| m.electrode).collect();
    let mut frequencies: Vec<f64> = usable.iter().filter_map(|m| m.frequency_hz).collect();
    frequencies.sort_by(f64::total_cmp);
    frequencies.dedup();
    let value = |electrode: Option<u32>, frequency: f64| {
        let mut newest = usable
            .iter()
            .rev()
            .filter(|m| m.electrode == electrode && m.frequency_hz == Some(frequency));
        newest.find_map(|m| match settings.peak.quantity {
            Quantity::Height => m.peak_current_a,
            Quantity::Area => m.area_va,
        })
    };
    let mut table = Table::default();
    table.column("Frequency(Hz)", frequencies.iter().copied().map(Some).collect());
    let (mut all_peaks, mut all_charges) = (Vec::new(), Vec::new());
    for electrode in &electrodes {
        let peaks: Vec<_> = frequencies
            .iter()
            .map(|f| Some(value(*electrode, *f)? * MICRO))
            .collect();
        let charges: Vec<_> = peaks
            .iter()
            .zip(&frequencies)
            .map(|(peak, f)| Some((*peak)? / f))
            .collect();
        table.column(format!("{quantity}_{}{unit}", label(*electrode)), peaks.clone());
        table.column(format!("Charge_{}(uC)", label(*electrode)), charges.clone());
        all_peaks.push(peaks);
        all_charges.push(charges);
    }
    if electrodes.len() > 1 {
        let (means, deviations) = over(&all_peaks);
        table.column(format!("Avg.{quantity}{unit}"), means);
        table.column(format!("Standard_Deviation{unit}"), deviations);
        let (means, deviations) = over(&all_charges);
        table.column("Avg.Charge(uC)", means);
        table.column("Standard_Deviation(uC)", deviations);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::tests::measurement;

    #[test]
    fn a_map_has_peak_and_charge_of_every_electrode_and_their_means() {
        let rows = [
            measurement(2, 100.0, 1, Some(2e-6)),
            measurement(2, 10.0, 1, Some(1e-6)),
            measurement(5, 10.0, 1, Some(3e-6)),
        ];
        let mut bytes = Vec::new();
        table(&Settings::default(), &rows).write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "Frequency(Hz) PeakHeight_E2(uA) Charge_E2(uC) PeakHeight_E5(uA) Charge_E5(uC) Avg.PeakHeight(uA) \
             Standard_Deviation(uA) Avg.Charge(uC) Standard_Deviation(uC)"
        );
        let first: Vec<f64> = lines[1].split(' ').map(|cell| cell.parse().unwrap()).collect();
        assert!((first[1] - 1.0).abs() < 1e-12 && (first[2] - 0.1).abs() < 1e-12 && (first[5] - 2.0).abs() < 1e-12);
        assert!(lines[2].contains(" nan nan "), "{text}");
    }
}
