//! The predecessor's report over all electrodes, so that scripts made for it go on working (`docs/exports.md`).
//!
//! Blocks, names, order and number forms are those of its "SWV, all electrodes" export. What was wrong with it is not
//! repeated: electrodes are the real ones and an averaged trace is one of them, normalisation follows the session's
//! settings, a missing number is `N/A` and not 0, a deviation of a single value is `N/A`, and the quality section lists
//! only what did not pass.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use protocol::measurement::{Measurement, Quality};
use protocol::session::SessionSummary;
use protocol::settings::Settings;

use super::series::trends_of;
use crate::analysis::TrendRow;

/// Writes a session's report.
///
/// # Errors
/// What the destination reports.
pub fn write(
    to: &mut impl Write,
    summary: &SessionSummary,
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    report(to, Some(summary), settings, measurements)
}

/// Writes a report; `summary` names the session where there is one.
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
    let mut out = Csv(to);
    out.line("# SACMES Continuous Monitor Analysis Report - All Electrodes")?;
    out.cells(["# Export Date:".to_owned(), crate::clock::now()])?;
    out.cells([
        "# Electrodes:".to_owned(),
        table
            .electrodes
            .iter()
            .map(|e| label(*e))
            .collect::<Vec<_>>()
            .join(", "),
    ])?;
    out.cells(["# Number of Files:".to_owned(), table.indices.len().to_string()])?;
    if let Some(summary) = summary {
        out.cells(["# Session:".to_owned(), summary.name.clone()])?;
        out.cells(["# Settings Revision:".to_owned(), summary.revision.to_string()])?;
    }
    out.line("")?;
    for frequency in &table.frequencies {
        peaks(&mut out, &table, *frequency)?;
    }
    for (k, frequency) in table.frequencies.iter().enumerate() {
        // Only the two frequencies of the pair are normalised by the trends.
        let normalized = |row: &TrendRow| match k {
            0 => row.normalized_low,
            _ if k + 1 == table.frequencies.len() => row.normalized_high,
            _ => None,
        };
        if k == 0 || k + 1 == table.frequencies.len() {
            out.line(&format!("# Normalized Peak {}Hz", hertz(*frequency)))?;
            trend_block(&mut out, &table, "Normalized", normalized)?;
        }
    }
    out.line("# KDM (%) - Formula: ((High_Freq_Normalized - Low_Freq_Normalized) + 1) * 100")?;
    trend_block(&mut out, &table, "KDM_%", |row| row.kdm)?;
    statistics(&mut out, &table)?;
    quality(&mut out, &table, measurements)
}

struct Table<'a> {
    electrodes: Vec<Option<u32>>,
    frequencies: Vec<f64>,
    indices: Vec<u32>,
    cells: BTreeMap<(Option<u32>, u64, u32), &'a Measurement>,
    trends: BTreeMap<(Option<u32>, u32), TrendRow>,
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
            if m.reason.as_deref() != Some("duplicate_index") {
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
            trends: trends.into_iter().map(|t| ((t.electrode, t.index), t)).collect(),
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

fn peaks<W: Write>(out: &mut Csv<'_, W>, table: &Table<'_>, frequency: f64) -> std::io::Result<()> {
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
            row.push(number(cell.and_then(|m| m.peak_current_a), exponential));
            row.push(number(cell.and_then(|m| m.peak_potential_v), |v| format!("{v:.4}")));
        }
        let values: Vec<f64> = table
            .electrodes
            .iter()
            .filter_map(|e| table.peak(*e, frequency, *index))
            .collect();
        row.push(number(mean(&values), exponential));
        row.push(number(deviation(&values), exponential));
        out.cells(row)?;
    }
    out.line("")
}

fn trend_block<W: Write>(
    out: &mut Csv<'_, W>,
    table: &Table<'_>,
    name: &str,
    value: impl Fn(&TrendRow) -> Option<f64>,
) -> std::io::Result<()> {
    let mut header = vec!["File_Number".to_owned()];
    header.extend(table.electrodes.iter().map(|e| format!("{}_{name}", label(*e))));
    header.extend([format!("Mean_{name}"), format!("Std_{name}")]);
    out.cells(header)?;
    let six = |v: f64| format!("{v:.6}");
    for index in &table.indices {
        let values: Vec<Option<f64>> = table
            .electrodes
            .iter()
            .map(|e| table.trends.get(&(*e, *index)).and_then(&value))
            .collect();
        let present: Vec<f64> = values.iter().copied().flatten().collect();
        let mut row = vec![index.to_string()];
        row.extend(values.iter().map(|v| number(*v, six)));
        row.extend([number(mean(&present), six), number(deviation(&present), six)]);
        out.cells(row)?;
    }
    out.line("")
}

fn statistics<W: Write>(out: &mut Csv<'_, W>, table: &Table<'_>) -> std::io::Result<()> {
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
                number(mean(&values), exponential),
                number(deviation(&values), exponential),
            ]);
        }
        let of_electrode = |index: &u32| table.trends.get(&(*electrode, *index)).and_then(|t| t.kdm);
        let kdm: Vec<f64> = table.indices.iter().filter_map(of_electrode).collect();
        row.extend([
            number(mean(&kdm), |v| format!("{v:.6}")),
            number(deviation(&kdm), |v| format!("{v:.6}")),
        ]);
        out.cells(row)?;
    }
    out.line("")
}

fn quality<W: Write>(out: &mut Csv<'_, W>, table: &Table<'_>, measurements: &[Measurement]) -> std::io::Result<()> {
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
            number(m.snr, |v| format!("{v:.3}")),
            m.reason.clone().unwrap_or_default(),
            m.file.clone(),
        ])?;
    }
    Ok(())
}

struct Csv<'w, W>(&'w mut W);

impl<W: Write> Csv<'_, W> {
    fn line(&mut self, text: &str) -> std::io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.write_all(b"\r\n")
    }

    fn cells(&mut self, cells: impl IntoIterator<Item = String>) -> std::io::Result<()> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut *self.0);
        csv.write_record(cells)?;
        csv.flush()
    }
}

fn label(electrode: Option<u32>) -> String {
    electrode.map_or("Averaged".to_owned(), |e| format!("E{e}"))
}

fn hertz(frequency: f64) -> String {
    format!("{frequency}")
}

fn number(value: Option<f64>, form: impl Fn(f64) -> String) -> String {
    value.map_or("N/A".to_owned(), form)
}

/// Six digits and an exponent of at least two, as the predecessor's language prints it: `5.000000e-07`.
fn exponential(value: f64) -> String {
    let text = format!("{value:.6e}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, digits) = exponent
        .strip_prefix('-')
        .map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Sample standard deviation; none of a single value.
fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_predecessor_did() {
        assert_eq!(exponential(5e-7), "5.000000e-07");
        assert_eq!(exponential(-3.535_534e-8), "-3.535534e-08");
        assert_eq!(exponential(0.0), "0.000000e+00");
        assert_eq!(exponential(1.5e120), "1.500000e+120");
        assert_eq!(deviation(&[1.0]), None);
    }
}
