//! Where trends read measurements from: the store, or measurements that are at hand.

use protocol::measurement::TimeSource;
use protocol::session::Marker;

use crate::store::SeriesRow;

/// Sources of time that the usable measurements of a series have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnownTimes {
    /// Some files state their time.
    pub file: bool,
    /// Some measurements have the modification time of their file instead.
    pub modified: bool,
    /// Some have no time.
    pub none: bool,
}

impl KnownTimes {
    /// Counts a source in.
    pub fn add(&mut self, source: Option<TimeSource>) {
        match source {
            Some(TimeSource::File) => self.file = true,
            Some(TimeSource::Modified) => self.modified = true,
            Some(TimeSource::Interval) | None => self.none = true,
        }
    }
}

/// Current measurements by index. Each call costs what it returns, however long the series is.
pub trait Series {
    /// Why they cannot be read.
    type Error;

    /// Measurements with an index from `first` to `last`, both included, ascending. `modified`: also when their files were modified.
    ///
    /// # Errors
    /// They cannot be read.
    fn rows(&self, first: u32, last: u32, modified: bool) -> Result<Vec<SeriesRow>, Self::Error>;

    /// Frequencies that were measured, ascending, Hz.
    ///
    /// # Errors
    /// They cannot be read.
    fn frequencies_hz(&self) -> Result<Vec<f64>, Self::Error>;

    /// Electrodes that were measured, ascending; an averaged trace has none.
    ///
    /// # Errors
    /// They cannot be read.
    fn electrodes(&self) -> Result<Vec<u32>, Self::Error>;

    /// Lowest index of a measurement that did not fail.
    ///
    /// # Errors
    /// They cannot be read.
    fn first_index(&self) -> Result<Option<u32>, Self::Error>;

    /// Index of the `count`-th measured index before `index`, or the first there is; `index` where none is before it.
    ///
    /// # Errors
    /// They cannot be read.
    fn before(&self, index: u32, count: u32) -> Result<u32, Self::Error>;

    /// The same after it.
    ///
    /// # Errors
    /// They cannot be read.
    fn after(&self, index: u32, count: u32) -> Result<u32, Self::Error>;

    /// Which sources of time there are.
    ///
    /// # Errors
    /// They cannot be read.
    fn known_times(&self) -> Result<KnownTimes, Self::Error>;

    /// Markers, by index.
    ///
    /// # Errors
    /// They cannot be read.
    fn markers(&self) -> Result<Vec<Marker>, Self::Error>;
}
