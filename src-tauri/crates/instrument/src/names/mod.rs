//! What the name of a scan file says: handle, electrode, frequency, index.
//!
//! [`NamePattern`] reads a name, [`NameFilter`] says whether it belongs to a session, [`natural_order`] sorts names.

mod auto;
mod filter;
mod natural;
mod template;

pub use filter::{NameFilter, NameRefusal};
pub use natural::natural_order;
pub use template::TemplateError;

use template::Template;

/// What a file name states.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScanName {
    /// The common stem of a series.
    pub handle: String,
    /// Electrode number.
    pub electrode: Option<u32>,
    /// Frequency (Hz).
    pub frequency_hz: Option<f64>,
    /// File number in the series.
    pub index: Option<u32>,
    /// Whether this is the name of a copy (`.bak`, `(copy)`, `~`), which is why it states no place in the series: it
    /// would take that of the scan it was made from.
    pub copy: bool,
}

/// How names are read.
#[derive(Debug, Clone, PartialEq)]
pub struct NamePattern(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Auto,
    Template(Template),
}

impl NamePattern {
    /// Reads `auto`, or a template of literal text and `<H>` (handle), `<E>` (electrode), `<F>` (frequency, Hz) and `<N>`
    /// (index), each at most once. A template describes the name without its extension.
    ///
    /// # Errors
    /// [`TemplateError`], which says where the template is wrong.
    pub fn parse(pattern: &str) -> Result<Self, TemplateError> {
        let pattern = pattern.trim();
        if pattern.eq_ignore_ascii_case("auto") {
            return Ok(Self(Kind::Auto));
        }
        Template::parse(pattern).map(|template| Self(Kind::Template(template)))
    }

    /// What a file name states; `None` where it does not fit a template, as the name of a copy never does. In `auto` every name fits, and one that states
    /// nothing is a handle.
    pub fn parse_name(&self, file_name: &str) -> Option<ScanName> {
        match &self.0 {
            Kind::Auto => Some(auto::parse(file_name)),
            Kind::Template(_) if auto::is_copy(file_name) => None,
            Kind::Template(template) => template.parse_name(stem(file_name)),
        }
    }
}

/// A name without its extensions: `scan_1.DTA.txt` is `scan_1`, but `scan_2.5Hz` keeps its fraction.
pub(crate) fn stem(file_name: &str) -> &str {
    let mut stem = file_name;
    for _ in 0..2 {
        let Some((before, extension)) = stem.rsplit_once('.') else {
            break;
        };
        let is_extension = !before.is_empty()
            && (1..=9).contains(&extension.len())
            && extension.starts_with(|c: char| c.is_ascii_alphabetic())
            && extension.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_extension {
            break;
        }
        stem = before;
    }
    stem
}

/// A whole number as names state it; leading zeros do not count.
pub(crate) fn whole_number(digits: &str) -> Option<u32> {
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

/// A positive frequency as names state it, with a point or a comma.
pub(crate) fn frequency(text: &str) -> Option<f64> {
    let value: f64 = match text.split_once(',') {
        Some((whole, fraction)) => format!("{whole}.{fraction}").parse().ok()?,
        None => text.parse().ok()?,
    };
    (value > 0.0 && value <= 1e6).then_some(value)
}

#[cfg(test)]
mod tests;
