//! The report of one frequency map: charge, current and potential, a row per frequency.

use std::io::Write;

use protocol::session::SessionSummary;
use voltammetry::frequency_map::{FrequencyMap, MapAverage, MapCell};
use voltammetry::trend::ReplicateValue;

use super::form::{Report, Writer, decimals, number};
use super::session_lines;

/// Writes the report of a map.
///
/// # Errors
/// What the destination reports.
pub fn report(to: &mut impl Write, summary: Option<&SessionSummary>, map: &FrequencyMap) -> std::io::Result<()> {
    let mut out = Report::new(to, Writer::Server);
    out.line("# SACMES Frequency Map Analysis Report")?;
    out.cells(["# Export Date:", &crate::clock::now()])?;
    let numbered = map.electrodes.iter().flatten().map(|e| electrode(*e));
    out.cells(["# Electrodes:", &numbered.collect::<Vec<_>>().join(", ")])?;
    out.cells(["# Number of Frequencies:", &map.frequencies_hz.len().to_string()])?;
    session_lines(&mut out, summary)?;
    for quantity in Quantity::ALL {
        out.line("")?;
        out.line(&format!("# {}", quantity.heading()))?;
        table(&mut out, map, quantity)?;
    }
    Ok(())
}

/// What a table of a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Charge,
    Current,
    Potential,
}

impl Quantity {
    pub const ALL: [Self; 3] = [Self::Charge, Self::Current, Self::Potential];

    pub fn heading(self) -> &'static str {
        match self {
            Self::Charge => "Charge (C)",
            Self::Current => "Peak Current (A)",
            Self::Potential => "Peak Potential (V)",
        }
    }

    fn of_cell(self, cell: &MapCell) -> Option<f64> {
        match self {
            Self::Charge => cell.charge_c,
            Self::Current => cell.peak_current_a,
            Self::Potential => cell.peak_potential_v,
        }
    }

    fn of_average(self, average: &MapAverage) -> ReplicateValue {
        match self {
            Self::Charge => average.charge_c,
            Self::Current => average.peak_current_a,
            Self::Potential => average.peak_potential_v,
        }
    }
}

/// A row per frequency. The trace averaged over several electrodes has no column of its own: it is the average.
pub fn table<W: Write>(out: &mut Report<'_, W>, map: &FrequencyMap, quantity: Quantity) -> std::io::Result<()> {
    let mut header = vec!["Frequency (Hz)".to_owned(), "Averaged".to_owned()];
    header.extend(map.electrodes.iter().flatten().map(|e| electrode(*e)));
    header.push("Std".to_owned());
    out.cells(header)?;
    let rows = map.frequencies_hz.iter().zip(&map.cells).zip(&map.averages);
    for ((frequency, cells), average) in rows {
        let shown = |out: &Report<'_, W>, value: Option<f64>| match quantity {
            Quantity::Potential => number(value, decimals(4)),
            Quantity::Charge | Quantity::Current => number(value, |v| out.exponential(v)),
        };
        let average = quantity.of_average(average);
        let mut row = vec![frequency.to_string(), shown(out, average.mean)];
        let numbered = map.electrodes.iter().zip(cells).filter(|(e, _)| e.is_some());
        row.extend(numbered.map(|(_, cell)| shown(out, quantity.of_cell(cell))));
        row.push(shown(out, average.standard_deviation));
        out.cells(row)?;
    }
    Ok(())
}

fn electrode(number: u32) -> String {
    format!("Electrode {number}")
}

#[cfg(test)]
mod tests {
    use protocol::settings::{Settings, Technique};

    use crate::export::series::tests::measurement;
    use crate::export::write_sacmes_web;

    #[test]
    fn a_map_is_three_tables_over_the_electrodes() {
        let mut settings = Settings {
            technique: Technique::FrequencyMap,
            ..Settings::default()
        };
        let mut averaged = measurement(1, 10.0, 1, Some(3e-6));
        averaged.peak_potential_v = Some(-0.25);
        let rows = [
            measurement(2, 40.0, 1, Some(8e-6)),
            measurement(5, 40.0, 1, None),
            averaged.clone(),
        ];
        let text = |settings: &Settings, rows: &[_]| {
            let mut bytes = Vec::new();
            write_sacmes_web(&mut bytes, settings, rows).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let report = text(&settings, &rows);
        let lines: Vec<&str> = report.split("\r\n").collect();
        assert_eq!(lines[2], "# Electrodes:,\"Electrode 1, Electrode 2, Electrode 5\"");
        assert_eq!(
            &lines[5..9],
            [
                "# Charge (C)",
                "Frequency (Hz),Averaged,Electrode 1,Electrode 2,Electrode 5,Std",
                "10,3.000000e-07,3.000000e-07,N/A,N/A,N/A",
                "40,2.000000e-07,N/A,2.000000e-07,N/A,N/A",
            ]
        );
        assert_eq!(lines[15], "# Peak Potential (V)");
        assert_eq!(lines[17], "10,-0.2500,-0.2500,N/A,N/A,N/A");

        settings.electrodes.average = true;
        averaged.electrode = None;
        let report = text(&settings, &[averaged]);
        assert!(
            report.contains("Frequency (Hz),Averaged,Std\r\n10,3.000000e-07,N/A\r\n"),
            "{report}"
        );
    }
}
