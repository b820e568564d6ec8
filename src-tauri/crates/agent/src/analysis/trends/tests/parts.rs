//! A part of a series is what the whole holds there, and costs no more.

use super::*;

/// Parts of a few indices, from one end to the other, against the whole.
fn assert_parts_are_of_the_whole(settings: &Settings, rows: &[SeriesRow], indices: &[u32]) {
    let whole = trends_of(settings, rows, 0, 0);
    for window in indices.windows(3).step_by((indices.len() / 21).max(1)) {
        let (first, last) = (window[0], window[2]);
        let expected: Vec<_> = whole
            .iter()
            .filter(|t| (first..=last).contains(&t.index))
            .cloned()
            .collect();
        assert_eq!(trends_of(settings, rows, first, last), expected, "{first} to {last}");
    }
}

#[test]
fn outliers_of_electrodes_that_take_turns_are_flagged_the_same_in_every_part() {
    for stride in [1, 100] {
        let indices: Vec<u32> = (1..=160).map(|k| k * stride).collect();
        let mut rows: Vec<_> = (0_u32..)
            .zip(&indices)
            .map(|(k, index)| row(k % 8 + 1, 15.0, *index, Some(5e-7 * (1.0 + wobble(k / 8)))))
            .collect();
        rows[83].peak_current_a = Some(8e-7);
        let mut settings = Settings::default();
        settings.trend.normalization = TrendNormalization::Mean;
        settings.trend.normalize_range = vec![stride, 8 * stride];
        let whole = trends_of(&settings, &rows, 0, 0);
        let flagged: Vec<_> = whole
            .iter()
            .filter(|t| t.outlier == Some(true))
            .map(|t| (t.electrode, t.index))
            .collect();
        assert_eq!(flagged, [(Some(4), indices[83])], "stride {stride}");
        assert!(whole.iter().filter(|t| t.outlier.is_some()).count() == rows.len());
        assert_parts_are_of_the_whole(&settings, &rows, &indices);
    }
}

#[test]
fn an_electrode_that_is_not_in_a_part_is_missing_there_as_in_the_whole() {
    let mut rows = series(12, |_| 1.0);
    rows.extend([1, 2, 9].map(|index| row(2, 15.0, index, Some(5e-7))));
    // Its clock went back between its scans 2 and 9.
    rows[14].time = rows[0].time.clone();
    let mut settings = Settings::default();
    for outliers in [true, false] {
        settings.trend.outliers = outliers;
        assert!(trends_of(&settings, &rows, 9, 9)[1].time_not_later);
        let part = trends_of(&settings, &rows, 4, 5);
        let of_second = part.iter().filter(|t| t.electrode == Some(2));
        let reasons: Vec<_> = of_second.map(|t| t.reason.as_deref()).collect();
        assert_eq!(reasons, [Some("index_missing"); 2]);
        assert_parts_are_of_the_whole(&settings, &rows, &(1..=12).collect::<Vec<_>>());
    }
}

#[test]
fn a_gap_is_listed_by_its_own_length() {
    let indices = [1, 2, 103, 205, 206];
    let rows = indices.map(|index| row(1, 15.0, index, Some(5e-7)));
    let mut settings = Settings::default();
    for outliers in [true, false] {
        settings.trend.outliers = outliers;
        // A hundred are missing before 103, a hundred and one before 205.
        assert_eq!(trends_of(&settings, &rows, 0, 0).len(), 105);
        assert_parts_are_of_the_whole(&settings, &rows, &indices);
        let within = trends_of(&settings, &rows, 50, 52);
        assert_eq!(within.iter().map(|t| t.index).collect::<Vec<_>>(), [50, 51, 52]);
    }
}

/// Counts the measurements that are read.
struct Counting {
    series: AtHand,
    read: std::cell::Cell<usize>,
}

impl Series for Counting {
    type Error = std::convert::Infallible;

    fn rows(&self, first: u32, last: u32, modified: bool) -> Result<Vec<SeriesRow>, Self::Error> {
        let rows = self.series.rows(first, last, modified)?;
        self.read.set(self.read.get() + rows.len());
        Ok(rows)
    }

    fn frequencies_hz(&self) -> Result<Vec<f64>, Self::Error> {
        self.series.frequencies_hz()
    }

    fn electrodes(&self) -> Result<Vec<u32>, Self::Error> {
        self.series.electrodes()
    }

    fn first_index(&self) -> Result<Option<u32>, Self::Error> {
        self.series.first_index()
    }

    fn before(&self, index: u32, count: u32) -> Result<u32, Self::Error> {
        self.series.before(index, count)
    }

    fn after(&self, index: u32, count: u32) -> Result<u32, Self::Error> {
        self.series.after(index, count)
    }

    fn known_times(&self) -> Result<KnownTimes, Self::Error> {
        self.series.known_times()
    }

    fn markers(&self) -> Result<Vec<protocol::session::Marker>, Self::Error> {
        self.series.markers()
    }
}

#[test]
fn what_is_read_for_a_part_does_not_grow_with_the_series() {
    let (_, mut settings) = titration();
    settings.trend.drift = DriftCorrection::Linear;
    settings.trend.drift_range = vec![1, 10];
    let read = |indices: u32, at: u32| {
        let series = Counting {
            series: AtHand::of(series(indices, |index| 1.0 + wobble(index))),
            read: std::cell::Cell::new(0),
        };
        let Ok(rows) = trend_rows(&settings, &series, at, at + 1);
        assert_eq!(rows.len(), 2);
        series.read.get()
    };
    // First scan, reference, drift, titration, and the part with a window on both sides.
    assert_eq!(read(200, 120), 1 + 1 + 10 + 70 + 24);
    assert_eq!(read(5_000, 4_000), read(200, 120));
}
