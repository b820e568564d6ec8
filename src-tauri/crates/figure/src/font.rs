//! The one font of all figures: Liberation Sans, which has the metrics of Arial (`fonts/LICENSE-OFL.txt`).

use ttf_parser::Face;

/// The font file.
pub(crate) const FONT: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");

/// What a figure asks for: journals want Arial or Helvetica, and whoever edits the SVG has one of them. The file's own
/// `@font-face` gives a browser the embedded font under the first name.
pub(crate) const FAMILY: &str = "Arial, Liberation Sans, Helvetica, sans-serif";

/// Widths of texts.
pub(crate) struct Metrics {
    face: Option<Face<'static>>,
}

impl Metrics {
    pub fn new() -> Self {
        Self {
            face: Face::parse(FONT, 0).ok(),
        }
    }

    /// Width of a text in the unit of `size`, without kerning (which only makes it narrower).
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let face = self.face.as_ref();
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
        let face = Face::parse(FONT, 0).unwrap();
        for sign in "µ−ΩΔΓτνσ±·×√–…°²³₁₂ABCabc0123456789%()/|".chars() {
            assert!(face.glyph_index(sign).is_some(), "{sign}");
        }
    }

    #[test]
    fn widths_are_those_of_arial() {
        let metrics = Metrics::new();
        assert!((metrics.width("0", 1000.0) - 556.0).abs() < 1.0);
        assert!((metrics.width("MM", 1000.0) - 1666.0).abs() < 1.0);
    }
}
