//! The report of a series whose replicates are grouped: a row per group, each number with its standard error.
//!
//! The predecessor wrote the electrode that was shown, without its name; here every electrode has its blocks. Groups are
//! those of the trends: they follow the index, so that a missing scan makes its group smaller and shifts no other, and the
//! last group may be smaller too.

use std::io::Write;

use protocol::measurement::Measurement;
use protocol::session::SessionSummary;
use protocol::settings::{Settings, TrendX};
use voltammetry::trend::ReplicateValue;

use super::form::{Report, Writer, decimals, label, labels, number};
use super::grid::{Grid, Points, points};
use super::session_lines;
use crate::analysis::first_of_group;
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
    let series = Series::new(settings, measurements);
    let mut out = Report::new(to, Writer::Page);
    out.line("# SACMES SWV Data - Grouped by Replication")?;
    out.line(&format!("# Export Date: {}", crate::clock::now()))?;
    out.line(&format!("# Replication: n={}", settings.trend.replicates))?;
    let points: usize = series.groups.iter().map(Vec::len).sum();
    out.line(&format!("# Original Data Points: {points}"))?;
    out.line(&format!("# Grouped Data Points: {}", series.groups.len()))?;
    let frequencies: Vec<String> = series.grid.frequencies.iter().map(f64::to_string).collect();
    out.line(&format!("# Frequencies (Hz): {}", frequencies.join(", ")))?;
    out.line(match settings.trend.x {
        TrendX::Index => "# X-axis: File Number",
        TrendX::Time => "# X-axis: Experiment Time",
    })?;
    out.line(&format!("# Electrodes: {}", labels(&series.grid.electrodes)))?;
    session_lines(&mut out, summary)?;
    let kinds = [Kind::Peak, Kind::Normalized, Kind::Kdm];
    for (electrode, kind) in series.grid.electrodes.iter().flat_map(|e| kinds.map(|kind| (*e, kind))) {
        out.line("")?;
        out.line(&format!("## {} - {}", kind.heading(), label(electrode)))?;
        out.line("")?;
        series.table(&mut out, electrode, kind, settings.trend.x)?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Peak,
    Normalized,
    Kdm,
}

impl Kind {
    fn heading(self) -> &'static str {
        match self {
            Self::Peak => "Peak Current Trends",
            Self::Normalized => "Normalized Peak Current Trends",
            Self::Kdm => "KDM Trend",
        }
    }
}

struct Series<'a> {
    grid: Grid<'a>,
    /// Indices that were measured, by group.
    groups: Vec<Vec<u32>>,
    /// One a frequency.
    peaks: Vec<Points>,
    /// One a frequency.
    normalized: Vec<Points>,
    kdm: Points,
    x: Points,
}

impl<'a> Series<'a> {
    fn new(settings: &Settings, measurements: &'a [Measurement]) -> Self {
        let grid = Grid::new(settings, measurements);
        let mut single = settings.clone();
        single.trend.replicates = 1;
        let trends = trends_of(&single, measurements);
        let size = settings.trend.replicates;
        let same_group = |a: &u32, b: &u32| first_of_group(*a, size) == first_of_group(*b, size);
        Self {
            groups: grid.indices.chunk_by(same_group).map(<[u32]>::to_vec).collect(),
            peaks: grid.frequencies.iter().map(|hz| grid.peaks(*hz)).collect(),
            normalized: grid
                .frequencies
                .iter()
                .map(|hz| normalized(settings, measurements, &grid.frequencies, *hz))
                .collect(),
            kdm: points(&trends, |trend| trend.kdm),
            x: points(&trends, |trend| trend.x),
            grid,
        }
    }

    fn table<W: Write>(
        &self,
        out: &mut Report<'_, W>,
        electrode: Option<u32>,
        kind: Kind,
        x: TrendX,
    ) -> std::io::Result<()> {
        let (name, seconds_or_index) = match x {
            TrendX::Index => ("Group Number", 1.0),
            TrendX::Time => ("Time (min)", 60.0),
        };
        let mut header = vec![name.to_owned(), "X_SE".to_owned()];
        let columns: &[Points] = match kind {
            Kind::Peak => &self.peaks,
            Kind::Normalized => &self.normalized,
            Kind::Kdm => std::slice::from_ref(&self.kdm),
        };
        match kind {
            Kind::Kdm => header.extend(["KDM_Mean (%)".to_owned(), "KDM_SE (%)".to_owned()]),
            Kind::Peak | Kind::Normalized => {
                let of_frequency = |f: &f64| [format!("{f}Hz_Mean"), format!("{f}Hz_SE")];
                header.extend(self.grid.frequencies.iter().flat_map(of_frequency));
            }
        }
        out.cells(header)?;
        for group in &self.groups {
            let over = |points: &Points| {
                let values = group.iter().map(|index| points.get(&(electrode, *index)).copied());
                ReplicateValue::of(values)
            };
            let place = over(&self.x);
            let scaled = |value: Option<f64>| value.map(|value| value / seconds_or_index);
            let mut row = vec![
                number(scaled(place.mean), decimals(4)),
                number(scaled(place.standard_error), decimals(6)),
            ];
            for points in columns {
                let value = over(points);
                let shown = |value| match kind {
                    Kind::Peak => number(value, |v| out.exponential(v)),
                    Kind::Normalized => number(value, decimals(6)),
                    Kind::Kdm => number(value, decimals(4)),
                };
                row.extend([shown(value.mean), shown(value.standard_error)]);
            }
            out.cells(row)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::tests::measurement;

    #[test]
    fn every_electrode_has_its_groups() {
        let mut settings = Settings::default();
        settings.trend.replicates = 2;
        let mut rows = Vec::new();
        for (index, low, high) in [(1, 5e-7, 6e-7), (2, 4e-7, 6.6e-7), (4, 4.5e-7, 6e-7), (5, 5e-7, 6e-7)] {
            for electrode in [1, 3] {
                rows.push(measurement(electrode, 15.0, index, Some(low)));
                rows.push(measurement(electrode, 100.0, index, Some(2.0 * low)));
                rows.push(measurement(electrode, 200.0, index, Some(high)));
            }
        }
        let mut bytes = Vec::new();
        report(&mut bytes, None, &settings, &rows).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[2..8],
            [
                "# Replication: n=2",
                "# Original Data Points: 4",
                "# Grouped Data Points: 3",
                "# Frequencies (Hz): 15, 100, 200",
                "# X-axis: File Number",
                "# Electrodes: E1, E3",
            ]
        );
        let block = |heading: &str| {
            let at = lines.iter().position(|line| *line == heading).unwrap();
            lines[at + 2..at + 6].to_vec()
        };
        assert_eq!(
            block("## Peak Current Trends - E3"),
            [
                "Group Number,X_SE,15Hz_Mean,15Hz_SE,100Hz_Mean,100Hz_SE,200Hz_Mean,200Hz_SE",
                "1.5000,0.500000,4.500000e-7,5.000000e-8,9.000000e-7,1.000000e-7,6.300000e-7,3.000000e-8",
                "4.0000,N/A,4.500000e-7,N/A,9.000000e-7,N/A,6.000000e-7,N/A",
                "5.0000,N/A,5.000000e-7,N/A,1.000000e-6,N/A,6.000000e-7,N/A",
            ]
        );
        assert_eq!(
            block("## Normalized Peak Current Trends - E1")[1],
            "1.5000,0.500000,0.900000,0.100000,0.900000,0.100000,1.050000,0.050000"
        );
        assert_eq!(
            block("## KDM Trend - E1")[..2],
            [
                "Group Number,X_SE,KDM_Mean (%),KDM_SE (%)",
                "1.5000,0.500000,115.0000,15.0000"
            ]
        );
    }
}
