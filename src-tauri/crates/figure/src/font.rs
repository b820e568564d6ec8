//! The one font of all figures: Liberation Sans, which has the metrics of Arial (`fonts/LICENSE-OFL.txt`).

use ttf_parser::Face;

const REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");

/// What a figure asks for: journals want Arial or Helvetica, and whoever edits the SVG has one of them. The file's own
/// `@font-face` gives a browser the embedded font under the first name.
pub(crate) const FAMILY: &str = "Arial, Liberation Sans, Helvetica, sans-serif";

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The font file of a weight.
pub(crate) fn bytes(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => REGULAR,
        Weight::Bold => BOLD,
    }
}

/// Widths of texts.
pub(crate) struct Metrics {
    regular: Option<Face<'static>>,
    bold: Option<Face<'static>>,
}

impl Metrics {
    pub fn new() -> Self {
        Self {
            regular: Face::parse(REGULAR, 0).ok(),
            bold: Face::parse(BOLD, 0).ok(),
        }
    }

    /// Width of a text in the unit of `size`, without kerning (which only makes it narrower).
    pub fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let face = match weight {
            Weight::Regular => self.regular.as_ref(),
            Weight::Bold => self.bold.as_ref(),
        };
        let per_em = face.map_or(1.0, |face| f64::from(face.units_per_em()));
        let advance = |c: char| {
            face.and_then(|face| face.glyph_hor_advance(face.glyph_index(c).unwrap_or_default()))
                .map_or(0.6 * per_em, f64::from)
        };
        text.chars().map(advance).sum::<f64>() / per_em * size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_every_sign_that_figures_use() {
        for weight in [Weight::Regular, Weight::Bold] {
            let face = Face::parse(bytes(weight), 0).unwrap();
            for sign in "µ−ΩΔΓτνσ±·×√–…°²³ABCabc0123456789%()/".chars() {
                assert!(face.glyph_index(sign).is_some(), "{sign} in {weight:?}");
            }
        }
    }

    #[test]
    fn widths_are_those_of_arial() {
        let metrics = Metrics::new();
        assert!((metrics.width("0", 1000.0, Weight::Regular) - 556.0).abs() < 1.0);
        assert!((metrics.width("00", 1000.0, Weight::Bold) - 1112.0).abs() < 2.0);
    }
}
