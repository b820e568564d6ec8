//! The continuous series: a row per file number, columns per frequency and electrode.

use std::collections::{BTreeMap, BTreeSet};

use protocol::measurement::Measurement;
use protocol::settings::{Quantity, Settings};

use super::table::{Table, over};
use crate::analysis::TrendRow;
use crate::export::series::trends_of;

const MICRO: f64 = 1e6;

/// What a row is of. Files without an index come last, each with a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row<'a> {
    Index(u32),
    File(&'a str),
}

impl<'a> Row<'a> {
    fn of(measurement: &'a Measurement) -> Self {
        measurement.index.map_or(Self::File(&measurement.file), Self::Index)
    }

    /// The layout has numbers only, so a file without one is `nan`.
    fn number(self) -> Option<u32> {
        match self {
            Self::Index(index) => Some(index),
            Self::File(_) => None,
        }
    }
}

/// Values of a place in the order of the rows.
struct Series<'a> {
    rows: Vec<Row<'a>>,
    values: BTreeMap<(Option<u32>, u64, Row<'a>), f64>,
    trends: BTreeMap<(Option<u32>, u32), &'a TrendRow>,
}

impl Series<'_> {
    fn values(&self, electrode: Option<u32>, frequency: f64) -> Vec<Option<f64>> {
        let at = |row: &Row<'_>| self.values.get(&(electrode, frequency.to_bits(), *row)).copied();
        self.rows.iter().map(at).collect()
    }

    fn trend(&self, electrode: Option<u32>, number: impl Fn(&TrendRow) -> Option<f64>) -> Vec<Option<f64>> {
        let at = |row: &Row<'_>| number(self.trends.get(&(electrode, row.number()?))?);
        self.rows.iter().map(at).collect()
    }
}

/// The table of a series.
pub fn table(settings: &Settings, measurements: &[Measurement]) -> Table {
    let (mut electrodes, mut rows, mut frequencies) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut values = BTreeMap::new();
    for m in measurements {
        // Every file has its row, one that could not be measured too.
        rows.insert(Row::of(m));
        let Some(frequency) = m.frequency_hz else { continue };
        if m.electrode.is_none() && !settings.electrodes.average {
            continue;
        }
        electrodes.insert(m.electrode);
        frequencies.push(frequency);
        let value = match settings.peak.quantity {
            Quantity::Height => m.peak_current_a,
            Quantity::Area => m.area_va,
        };
        let usable =
            !m.excluded && m.peak.is_none_or(|peak| peak == 1) && m.reason.as_deref() != Some("duplicate_index");
        if let Some(value) = value.filter(|_| usable) {
            values
                .entry((m.electrode, frequency.to_bits(), Row::of(m)))
                .or_insert(value * MICRO);
        }
    }
    frequencies.sort_by(f64::total_cmp);
    frequencies.dedup();
    let trends = trends_of(settings, measurements);
    let series = Series {
        rows: rows.into_iter().collect(),
        values,
        trends: trends.iter().map(|t| ((t.electrode, t.index), t)).collect(),
    };
    columns(
        settings,
        &series,
        &electrodes.into_iter().collect::<Vec<_>>(),
        &frequencies,
    )
}

fn columns(settings: &Settings, series: &Series<'_>, electrodes: &[Option<u32>], frequencies: &[f64]) -> Table {
    let quantity = match settings.peak.quantity {
        Quantity::Height => "PeakHeight",
        Quantity::Area => "AUC",
    };
    let several = electrodes.len() > 1;
    let mut table = Table::default();
    let numbers = || series.rows.iter().map(|row| row.number().map(f64::from));
    let hours = |n: f64| n * settings.trend.sampling_interval_s / 3600.0;
    table.column("File", numbers().collect());
    table.column("Time(Hrs)", numbers().map(|n| n.map(hours)).collect());
    for f in frequencies {
        for e in electrodes {
            table.column(format!("{quantity}_{}_{f}Hz", label(*e)), series.values(*e, *f));
        }
    }
    for f in frequencies.iter().filter(|_| several) {
        let all: Vec<_> = electrodes.iter().map(|e| series.values(*e, *f)).collect();
        table.column(format!("Avg_{quantity}_{f}Hz"), over(&all).0);
    }
    let normalized: Vec<Vec<_>> = frequencies
        .iter()
        .map(|f| {
            electrodes
                .iter()
                .map(|e| normalized(settings, series, *e, *f, frequencies))
                .collect()
        })
        .collect();
    for (f, of_electrodes) in frequencies.iter().zip(&normalized) {
        for (e, values) in electrodes.iter().zip(of_electrodes) {
            table.column(format!("Norm_{}_{f}Hz", label(*e)), values.clone());
        }
    }
    if several {
        for (f, all) in frequencies.iter().zip(&normalized) {
            table.column(format!("Average_Norm_{f}Hz"), over(all).0);
        }
        for (f, all) in frequencies.iter().zip(&normalized) {
            table.column(format!("SD_Norm_{f}Hz"), over(all).1);
        }
    }
    if frequencies.len() > 1 {
        let ratio = |row: &TrendRow| row.ratio;
        let kdm = |row: &TrendRow| row.kdm.map(|percent| percent / 100.0);
        pair(
            &mut table,
            series,
            electrodes,
            ["NormalizedRatio_", "NormalizedRatioAvg", "NormalizedRatioSTD"],
            ratio,
        );
        pair(&mut table, series, electrodes, ["KDM_", "AvgKDM", "KDM_STD"], kdm);
    }
    table
}

fn pair(
    table: &mut Table,
    series: &Series<'_>,
    electrodes: &[Option<u32>],
    [each, mean, deviation]: [&str; 3],
    number: impl Fn(&TrendRow) -> Option<f64>,
) {
    let all: Vec<_> = electrodes.iter().map(|e| series.trend(*e, &number)).collect();
    for (electrode, values) in electrodes.iter().zip(&all) {
        table.column(format!("{each}{}", label(*electrode)), values.clone());
    }
    if electrodes.len() > 1 {
        let (means, deviations) = over(&all);
        table.column(mean, means);
        table.column(deviation, deviations);
    }
}

/// Over the reference index; the low frequency of the pair with its correction.
fn normalized(
    settings: &Settings,
    series: &Series<'_>,
    electrode: Option<u32>,
    frequency: f64,
    frequencies: &[f64],
) -> Vec<Option<f64>> {
    let low = Some(settings.trend.low_frequency_hz).filter(|hz| *hz > 0.0);
    if frequencies.len() > 1 && Some(frequency) == low.or(frequencies.first().copied()) {
        return series.trend(electrode, |row| row.normalized_low);
    }
    let values = series.values(electrode, frequency);
    let Ok(reference) = u32::try_from(settings.trend.normalize_to) else {
        return values;
    };
    let at = series.rows.iter().position(|row| *row == Row::Index(reference));
    let reference = at.and_then(|at| values[at]).filter(|value| *value != 0.0);
    values.into_iter().map(|value| Some(value? / reference?)).collect()
}

/// `E3`, or what stands for the average of several.
pub fn label(electrode: Option<u32>) -> String {
    electrode.map_or("Avg".to_owned(), |electrode| format!("E{electrode}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::tests::measurement;

    fn text(settings: &Settings, measurements: &[Measurement]) -> String {
        let mut bytes = Vec::new();
        table(settings, measurements).write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_header_is_that_of_the_original() {
        let of_electrode = |e| {
            [
                measurement(e, 30.0, 1, Some(1e-6)),
                measurement(e, 240.0, 1, Some(2e-6)),
            ]
        };
        let text = text(&Settings::default(), &[of_electrode(1), of_electrode(2)].concat());
        assert_eq!(
            text.split("\r\n").next().unwrap(),
            "File Time(Hrs) PeakHeight_E1_30Hz PeakHeight_E2_30Hz PeakHeight_E1_240Hz PeakHeight_E2_240Hz \
             Avg_PeakHeight_30Hz Avg_PeakHeight_240Hz Norm_E1_30Hz Norm_E2_30Hz Norm_E1_240Hz Norm_E2_240Hz \
             Average_Norm_30Hz Average_Norm_240Hz SD_Norm_30Hz SD_Norm_240Hz NormalizedRatio_E1 NormalizedRatio_E2 \
             NormalizedRatioAvg NormalizedRatioSTD KDM_E1 KDM_E2 AvgKDM KDM_STD"
        );
    }

    #[test]
    fn numbers_are_microampere_and_fractions_and_a_missing_one_is_nan() {
        let rows = [
            measurement(4, 15.0, 1, Some(5e-7)),
            measurement(4, 200.0, 1, Some(6e-7)),
            measurement(4, 15.0, 3, Some(4.5e-7)),
            measurement(4, 200.0, 3, None),
        ];
        let text = text(&Settings::default(), &rows);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        assert_eq!(rows.len(), 3, "{text}");
        assert_eq!(rows[0][2], "PeakHeight_E4_15Hz");
        assert_eq!(rows[2][0], "3");
        let numbers: Vec<f64> = rows[1].iter().map(|cell| cell.parse().unwrap()).collect();
        assert!((numbers[2] - 0.5).abs() < 1e-12 && (numbers[4] - 1.0).abs() < 1e-12);
        assert!((numbers[7] - 1.0).abs() < 1e-12, "KDM as a fraction: {numbers:?}");
        assert_eq!((rows[2][3], rows[2][7]), ("nan", "nan"));
    }
    #[test]
    fn a_file_without_an_index_or_without_a_measurement_has_its_row() {
        let mut unnumbered = [
            measurement(1, 30.0, 1, Some(1e-6)),
            measurement(2, 30.0, 1, Some(2e-6)),
            measurement(1, 30.0, 1, Some(3e-6)),
        ];
        for (m, file) in unnumbered.iter_mut().zip(["one.csv", "one.csv", "two.csv"]) {
            (m.index, m.file) = (None, file.to_owned());
        }
        let mut failed = measurement(1, 30.0, 4, None);
        (failed.electrode, failed.frequency_hz) = (None, None);
        let numbered = measurement(1, 30.0, 3, Some(4e-6));
        let rows = [&unnumbered[..], &[failed, numbered]].concat();
        let text = text(&Settings::default(), &rows);
        let cells: Vec<Vec<&str>> = text
            .lines()
            .skip(1)
            .map(|line| line.split(' ').take(4).collect())
            .collect();
        assert_eq!(cells.len(), 4, "{text}");
        assert_eq!((cells[0][0], cells[0][2]), ("3", "4"));
        assert_eq!((cells[1][0], cells[1][2], cells[1][3]), ("4", "nan", "nan"));
        assert_eq!(cells[2], ["nan", "nan", "1", "2"]);
        assert_eq!(cells[3], ["nan", "nan", "3", "nan"]);
    }
}
