//! The report of a series over all electrodes: peaks, normalised peaks, KDM, statistics, quality.

use std::io::Write;

use protocol::measurement::{Measurement, Quality};
use protocol::session::SessionSummary;
use protocol::settings::Settings;

use super::form::{Report, Writer, decimals, deviation, label, labels, mean, number};
use super::grid::{Grid, Points, points};
use super::session_lines;
use crate::export::series::{normalized, trends_of};

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
    let grid = Grid::new(settings, measurements);
    let kdm = points(&trends_of(settings, measurements), |trend| trend.kdm);
    let mut out = Report::new(to, Writer::Server);
    out.line("# SACMES Continuous Monitor Analysis Report - All Electrodes")?;
    out.cells(["# Export Date:", &crate::clock::now()])?;
    out.cells(["# Electrodes:", &labels(&grid.electrodes)])?;
    out.cells(["# Number of Files:", &grid.indices.len().to_string()])?;
    session_lines(&mut out, summary)?;
    out.line("")?;
    for frequency in &grid.frequencies {
        peaks(&mut out, &grid, *frequency)?;
    }
    for frequency in &grid.frequencies {
        out.line(&format!("# Normalized Peak {}Hz", hertz(*frequency)))?;
        let values = normalized(settings, measurements, &grid.frequencies, *frequency);
        points_block(&mut out, &grid, "Normalized", &values)?;
    }
    out.line("# KDM (%) - Formula: ((High_Freq_Normalized - Low_Freq_Normalized) + 1) * 100")?;
    points_block(&mut out, &grid, "KDM_%", &kdm)?;
    statistics(&mut out, &grid, &kdm)?;
    quality(&mut out, &grid, measurements)
}

fn peaks<W: Write>(out: &mut Report<'_, W>, grid: &Grid<'_>, frequency: f64) -> std::io::Result<()> {
    out.line(&format!(
        "# Peak Current {}Hz (A) and Peak Potential (V)",
        hertz(frequency)
    ))?;
    let mut header = vec!["File_Number".to_owned()];
    header.extend(
        grid.electrodes
            .iter()
            .flat_map(|e| [format!("{}_Peak_A", label(*e)), format!("{}_Peak_V", label(*e))]),
    );
    header.extend(["Mean_Peak_A".to_owned(), "Std_Peak_A".to_owned()]);
    out.cells(header)?;
    for index in &grid.indices {
        let mut row = vec![index.to_string()];
        for electrode in &grid.electrodes {
            let cell = grid.cell(*electrode, frequency, *index);
            row.push(number(cell.and_then(|m| m.peak_current_a), |v| out.exponential(v)));
            row.push(number(cell.and_then(|m| m.peak_potential_v), decimals(4)));
        }
        let values: Vec<f64> = grid
            .electrodes
            .iter()
            .filter_map(|e| grid.peak(*e, frequency, *index))
            .collect();
        row.push(number(mean(&values), |v| out.exponential(v)));
        row.push(number(deviation(&values), |v| out.exponential(v)));
        out.cells(row)?;
    }
    out.line("")
}

fn points_block<W: Write>(
    out: &mut Report<'_, W>,
    grid: &Grid<'_>,
    name: &str,
    points: &Points,
) -> std::io::Result<()> {
    let mut header = vec!["File_Number".to_owned()];
    header.extend(grid.electrodes.iter().map(|e| format!("{}_{name}", label(*e))));
    header.extend([format!("Mean_{name}"), format!("Std_{name}")]);
    out.cells(header)?;
    let six = decimals(6);
    for index in &grid.indices {
        let at = |e: &Option<u32>| points.get(&(*e, *index)).copied();
        let values: Vec<Option<f64>> = grid.electrodes.iter().map(at).collect();
        let present: Vec<f64> = values.iter().copied().flatten().collect();
        let mut row = vec![index.to_string()];
        row.extend(values.iter().map(|v| number(*v, six)));
        row.extend([number(mean(&present), six), number(deviation(&present), six)]);
        out.cells(row)?;
    }
    out.line("")
}

fn statistics<W: Write>(out: &mut Report<'_, W>, grid: &Grid<'_>, kdm: &Points) -> std::io::Result<()> {
    out.line("# Summary Statistics per Electrode")?;
    let mut header = vec!["Electrode".to_owned()];
    for frequency in &grid.frequencies {
        header.extend([
            format!("Avg_Peak_{}Hz_A", hertz(*frequency)),
            format!("Std_Peak_{}Hz_A", hertz(*frequency)),
        ]);
    }
    header.extend(["Avg_KDM_%".to_owned(), "Std_KDM_%".to_owned()]);
    out.cells(header)?;
    for electrode in &grid.electrodes {
        let mut row = vec![label(*electrode)];
        for frequency in &grid.frequencies {
            let values: Vec<f64> = grid
                .indices
                .iter()
                .filter_map(|i| grid.peak(*electrode, *frequency, *i))
                .collect();
            row.extend([
                number(mean(&values), |v| out.exponential(v)),
                number(deviation(&values), |v| out.exponential(v)),
            ]);
        }
        let of_electrode = |index: &u32| kdm.get(&(*electrode, *index)).copied();
        let of_indices: Vec<f64> = grid.indices.iter().filter_map(of_electrode).collect();
        row.extend([
            number(mean(&of_indices), decimals(6)),
            number(deviation(&of_indices), decimals(6)),
        ]);
        out.cells(row)?;
    }
    out.line("")
}

fn quality<W: Write>(out: &mut Report<'_, W>, grid: &Grid<'_>, measurements: &[Measurement]) -> std::io::Result<()> {
    out.line("# Quality Control Warnings")?;
    out.line("# Only files/electrodes/frequencies with QC flags are listed below")?;
    out.line("")?;
    let flagged: Vec<&Measurement> = measurements
        .iter()
        .filter(|m| m.quality != Some(Quality::Pass) || m.reason.is_some())
        .filter(|m| m.electrode.is_some() || grid.electrodes.contains(&None) || m.reason.is_some())
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
