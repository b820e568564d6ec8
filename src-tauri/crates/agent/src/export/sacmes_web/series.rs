//! The report of a series over all electrodes: peaks, normalised peaks, KDM, statistics, quality.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use protocol::measurement::{Measurement, Quality};
use protocol::session::SessionSummary;
use protocol::settings::Settings;

use super::form::{Report, Writer, decimals, deviation, label, labels, mean, number};
use super::session_lines;
use crate::export::series::{normalized, trends_of};

/// Numbers by electrode and index.
type Points = BTreeMap<(Option<u32>, u32), f64>;

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
    let table = Table::new(measurements, settings);
    let mut out = Report::new(to, Writer::Server);
    out.line("# SACMES Continuous Monitor Analysis Report - All Electrodes")?;
    out.cells(["# Export Date:", &crate::clock::now()])?;
    out.cells(["# Electrodes:", &labels(&table.electrodes)])?;
    out.cells(["# Number of Files:", &table.indices.len().to_string()])?;
    session_lines(&mut out, summary)?;
    out.line("")?;
    for frequency in &table.frequencies {
        peaks(&mut out, &table, *frequency)?;
    }
    for frequency in &table.frequencies {
        out.line(&format!("# Normalized Peak {}Hz", hertz(*frequency)))?;
        let values = normalized(settings, measurements, &table.frequencies, *frequency);
        points_block(&mut out, &table, "Normalized", &values)?;
    }
    out.line("# KDM (%) - Formula: ((High_Freq_Normalized - Low_Freq_Normalized) + 1) * 100")?;
    points_block(&mut out, &table, "KDM_%", &table.kdm)?;
    statistics(&mut out, &table)?;
    quality(&mut out, &table, measurements)
}

struct Table<'a> {
    electrodes: Vec<Option<u32>>,
    frequencies: Vec<f64>,
    indices: Vec<u32>,
    cells: BTreeMap<(Option<u32>, u64, u32), &'a Measurement>,
    kdm: Points,
}

impl<'a> Table<'a> {
    fn new(measurements: &'a [Measurement], settings: &Settings) -> Self {
        let mut cells = BTreeMap::new();
        let (mut electrodes, mut indices, mut frequencies) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let average = settings.electrodes.average;
        for m in measurements {
            let (Some(index), Some(frequency)) = (m.index, m.frequency_hz) else {
                continue;
            };
            if m.electrode.is_none() && !average {
                continue;
            }
            electrodes.insert(m.electrode);
            indices.insert(index);
            frequencies.push(frequency);
            let counts = m.peak.is_none_or(|peak| peak == settings.trend.peak);
            if counts && m.reason.as_deref() != Some("duplicate_index") {
                cells.entry((m.electrode, frequency.to_bits(), index)).or_insert(m);
            }
        }
        frequencies.sort_by(f64::total_cmp);
        frequencies.dedup();
        let trends = trends_of(settings, measurements);
        Self {
            electrodes: electrodes.into_iter().collect(),
            frequencies,
            indices: indices.into_iter().collect(),
            cells,
            kdm: trends
                .iter()
                .filter_map(|t| Some(((t.electrode, t.index), t.kdm?)))
                .collect(),
        }
    }

    fn cell(&self, electrode: Option<u32>, frequency: f64, index: u32) -> Option<&Measurement> {
        self.cells.get(&(electrode, frequency.to_bits(), index)).copied()
    }

    fn peak(&self, electrode: Option<u32>, frequency: f64, index: u32) -> Option<f64> {
        self.cell(electrode, frequency, index)
            .filter(|m| !m.excluded)
            .and_then(|m| m.peak_current_a)
    }
}

fn peaks<W: Write>(out: &mut Report<'_, W>, table: &Table<'_>, frequency: f64) -> std::io::Result<()> {
    out.line(&format!(
        "# Peak Current {}Hz (A) and Peak Potential (V)",
        hertz(frequency)
    ))?;
    let mut header = vec!["File_Number".to_owned()];
    header.extend(
        table
            .electrodes
            .iter()
            .flat_map(|e| [format!("{}_Peak_A", label(*e)), format!("{}_Peak_V", label(*e))]),
    );
    header.extend(["Mean_Peak_A".to_owned(), "Std_Peak_A".to_owned()]);
    out.cells(header)?;
    for index in &table.indices {
        let mut row = vec![index.to_string()];
        for electrode in &table.electrodes {
            let cell = table.cell(*electrode, frequency, *index);
            row.push(number(cell.and_then(|m| m.peak_current_a), |v| out.exponential(v)));
            row.push(number(cell.and_then(|m| m.peak_potential_v), decimals(4)));
        }
        let values: Vec<f64> = table
            .electrodes
            .iter()
            .filter_map(|e| table.peak(*e, frequency, *index))
            .collect();
        row.push(number(mean(&values), |v| out.exponential(v)));
        row.push(number(deviation(&values), |v| out.exponential(v)));
        out.cells(row)?;
    }
    out.line("")
}

fn points_block<W: Write>(
    out: &mut Report<'_, W>,
    table: &Table<'_>,
    name: &str,
    points: &Points,
) -> std::io::Result<()> {
    let mut header = vec!["File_Number".to_owned()];
    header.extend(table.electrodes.iter().map(|e| format!("{}_{name}", label(*e))));
    header.extend([format!("Mean_{name}"), format!("Std_{name}")]);
    out.cells(header)?;
    let six = decimals(6);
    for index in &table.indices {
        let at = |e: &Option<u32>| points.get(&(*e, *index)).copied();
        let values: Vec<Option<f64>> = table.electrodes.iter().map(at).collect();
        let present: Vec<f64> = values.iter().copied().flatten().collect();
        let mut row = vec![index.to_string()];
        row.extend(values.iter().map(|v| number(*v, six)));
        row.extend([number(mean(&present), six), number(deviation(&present), six)]);
        out.cells(row)?;
    }
    out.line("")
}

fn statistics<W: Write>(out: &mut Report<'_, W>, table: &Table<'_>) -> std::io::Result<()> {
    out.line("# Summary Statistics per Electrode")?;
    let mut header = vec!["Electrode".to_owned()];
    for frequency in &table.frequencies {
        header.extend([
            format!("Avg_Peak_{}Hz_A", hertz(*frequency)),
            format!("Std_Peak_{}Hz_A", hertz(*frequency)),
        ]);
    }
    header.extend(["Avg_KDM_%".to_owned(), "Std_KDM_%".to_owned()]);
    out.cells(header)?;
    for electrode in &table.electrodes {
        let mut row = vec![label(*electrode)];
        for frequency in &table.frequencies {
            let values: Vec<f64> = table
                .indices
                .iter()
                .filter_map(|i| table.peak(*electrode, *frequency, *i))
                .collect();
            row.extend([
                number(mean(&values), |v| out.exponential(v)),
                number(deviation(&values), |v| out.exponential(v)),
            ]);
        }
        let of_electrode = |index: &u32| table.kdm.get(&(*electrode, *index)).copied();
        let kdm: Vec<f64> = table.indices.iter().filter_map(of_electrode).collect();
        row.extend([number(mean(&kdm), decimals(6)), number(deviation(&kdm), decimals(6))]);
        out.cells(row)?;
    }
    out.line("")
}

fn quality<W: Write>(out: &mut Report<'_, W>, table: &Table<'_>, measurements: &[Measurement]) -> std::io::Result<()> {
    out.line("# Quality Control Warnings")?;
    out.line("# Only files/electrodes/frequencies with QC flags are listed below")?;
    out.line("")?;
    let flagged: Vec<&Measurement> = measurements
        .iter()
        .filter(|m| m.quality != Some(Quality::Pass) || m.reason.is_some())
        .filter(|m| m.electrode.is_some() || table.electrodes.contains(&None) || m.reason.is_some())
        .collect();
    if flagged.is_empty() {
        return out.line("No QC warnings detected. All data passed quality control.");
    }
    out.cells(
        [
            "Electrode",
            "Frequency_Hz",
            "File_Number",
            "QC_Status",
            "SNR",
            "Reason",
            "File",
        ]
        .map(str::to_owned),
    )?;
    for m in flagged {
        let status = match m.quality {
            Some(Quality::Pass) => "pass",
            Some(Quality::Warning) => "warning",
            Some(Quality::Fail) => "fail",
            None => "N/A",
        };
        out.cells([
            m.electrode.map_or("N/A".to_owned(), |e| label(Some(e))),
            m.frequency_hz.map_or("N/A".to_owned(), hertz),
            m.index.map_or("N/A".to_owned(), |i| i.to_string()),
            status.to_owned(),
            number(m.snr, decimals(3)),
            m.reason.clone().unwrap_or_default(),
            m.file.clone(),
        ])?;
    }
    Ok(())
}

fn hertz(frequency: f64) -> String {
    format!("{frequency}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::tests::measurement;

    #[test]
    fn what_has_a_reason_is_listed_with_it_and_what_passed_without_one_is_not() {
        let mut rows = [1, 2].map(|index| measurement(1, 15.0, index, Some(5e-7)));
        rows[0].quality = Some(Quality::Pass);
        rows[1].quality = Some(Quality::Pass);
        rows[1].reason = Some("peak_on_baseline".to_owned());
        let mut bytes = Vec::new();
        report(&mut bytes, None, &Settings::default(), &rows).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (_, quality) = text.split_once("QC flags are listed below\r\n\r\n").unwrap();
        assert_eq!(
            quality.lines().collect::<Vec<_>>(),
            [
                "Electrode,Frequency_Hz,File_Number,QC_Status,SNR,Reason,File",
                "E1,15,2,pass,N/A,peak_on_baseline,scan.txt"
            ]
        );
    }
}
