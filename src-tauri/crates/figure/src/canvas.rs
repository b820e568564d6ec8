//! The page: drawing in millimetres through plotters, in hundredths of a millimetre underneath.

use std::collections::BTreeSet;
use std::fmt::Display;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    BLACK, Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle,
};

use crate::colours::{GUIDE, INK, RAW};
use crate::error::FigureError;
use crate::font::{FAMILY, Metrics};
use crate::panel::{Paint, Shape};
use crate::quantity::RAISE;

/// Units of the drawing in a millimetre.
pub(crate) const UNITS_PER_MM: f64 = 100.0;
/// Millimetres in a point.
pub(crate) const PT: f64 = 25.4 / 72.0;

/// plotters writes font sizes divided by this.
const PLOTTERS_FONT_SCALE: f64 = 1.24;
/// Capital height and depth of a line of text in its size; the base line stands a quarter of it below the middle that the
/// drawing is anchored at.
const BELOW_MIDDLE: f64 = 0.25;
/// A raised text: its size, and how far it is raised, in the size of the others.
const RAISED_SIZE: f64 = 0.7;
const RAISED_BY: f64 = 0.36;

/// Where a text stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Start,
    Middle,
    End,
}

pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    metrics: &'a Metrics,
    used: BTreeSet<char>,
}

impl<'a> Canvas<'a> {
    pub fn new(svg: &'a mut String, metrics: &'a Metrics, width_mm: f64, height_mm: f64) -> Self {
        let size = (units(width_mm) as u32, units(height_mm) as u32);
        Self {
            area: SVGBackend::with_string(svg, size).into_drawing_area(),
            metrics,
            used: BTreeSet::new(),
        }
    }

    /// Ends the drawing and says which characters were written.
    pub fn finish(self) -> Result<BTreeSet<char>, FigureError> {
        self.area.present().map_err(refused)?;
        Ok(self.used)
    }

    pub fn line(&self, points: &[(f64, f64)], colour: RGBAColor, width: f64) -> Result<(), FigureError> {
        let mut places: Vec<(i32, i32)> = points.iter().map(|p| place(*p)).collect();
        places.dedup();
        if places.len() < 2 {
            return Ok(());
        }
        let style = ShapeStyle {
            color: colour,
            filled: false,
            stroke_width: units(width).max(1) as u32,
        };
        self.area.draw(&PathElement::new(places, style)).map_err(refused)
    }

    pub fn area(&self, corners: &[(f64, f64)], colour: RGBAColor) -> Result<(), FigureError> {
        let places: Vec<(i32, i32)> = corners.iter().map(|p| place(*p)).collect();
        self.area.draw(&Polygon::new(places, colour)).map_err(refused)
    }

    pub fn shape(
        &self,
        at: (f64, f64),
        shape: Shape,
        radius: f64,
        fill: RGBAColor,
        edge: RGBAColor,
    ) -> Result<(), FigureError> {
        let width = 0.6 * PT;
        if shape == Shape::Circle {
            self.area
                .draw(&Circle::new(place(at), units(radius), fill.filled()))
                .map_err(refused)?;
            let style = ShapeStyle {
                color: edge,
                filled: false,
                stroke_width: units(width) as u32,
            };
            return self
                .area
                .draw(&Circle::new(place(at), units(radius), style))
                .map_err(refused);
        }
        let corners: &[(f64, f64)] = match shape {
            Shape::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Shape::Triangle => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
            Shape::Tip => &[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
            Shape::Left => &[(-1.2, 0.0), (0.8, -1.1), (0.8, 1.1)],
            Shape::Right => &[(1.2, 0.0), (-0.8, -1.1), (-0.8, 1.1)],
            Shape::Hourglass => &[(-1.0, -1.1), (1.0, -1.1), (-1.0, 1.1), (1.0, 1.1)],
            Shape::Plus => &[
                (-0.3, -1.2),
                (0.3, -1.2),
                (0.3, -0.3),
                (1.2, -0.3),
                (1.2, 0.3),
                (0.3, 0.3),
                (0.3, 1.2),
                (-0.3, 1.2),
                (-0.3, 0.3),
                (-1.2, 0.3),
                (-1.2, -0.3),
                (-0.3, -0.3),
            ],
            Shape::Cross => &[
                (0.0, -0.42),
                (0.64, -1.06),
                (1.06, -0.64),
                (0.42, 0.0),
                (1.06, 0.64),
                (0.64, 1.06),
                (0.0, 0.42),
                (-0.64, 1.06),
                (-1.06, 0.64),
                (-0.42, 0.0),
                (-1.06, -0.64),
                (-0.64, -1.06),
            ],
            Shape::Circle | Shape::Diamond => &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
        };
        let mut corners: Vec<(f64, f64)> = corners
            .iter()
            .map(|(x, y)| (at.0 + x * radius, at.1 + y * radius))
            .collect();
        self.area(&corners, fill)?;
        corners.extend(corners.first().copied());
        self.line(&corners, edge, width)
    }

    /// Width of a text in mm.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        width(self.metrics, text, size)
    }

    /// Writes a text so that its capitals are centred at the place.
    pub fn text(&mut self, text: &str, at: (f64, f64), align: Align, size: f64) -> Result<(), FigureError> {
        self.write(text, at, align, size, false, INK)
    }

    /// Writes a text from bottom to top, centred at the place.
    pub fn text_upwards(&mut self, text: &str, at: (f64, f64), size: f64) -> Result<(), FigureError> {
        self.write(text, at, Align::Middle, size, true, INK)
    }

    fn write(
        &mut self,
        text: &str,
        at: (f64, f64),
        align: Align,
        size: f64,
        upwards: bool,
        colour: RGBColor,
    ) -> Result<(), FigureError> {
        // What XML cannot hold is a blank.
        let clean = text.replace(|c: char| c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c), " ");
        let whole = self.width(&clean, size);
        let parts = parts(&clean);
        // One part is left to the reader's font to align; several are placed one after the other.
        let (mut along, anchor) = match align {
            _ if parts.len() > 1 => {
                let before = match align {
                    Align::Start => 0.0,
                    Align::Middle => -whole / 2.0,
                    Align::End => -whole,
                };
                (before, HPos::Left)
            }
            Align::Start => (0.0, HPos::Left),
            Align::Middle => (0.0, HPos::Center),
            Align::End => (0.0, HPos::Right),
        };
        for part in parts {
            let part_size = if part.raised { size * RAISED_SIZE } else { size };
            let raised = if part.raised { size * RAISED_BY } else { 0.0 };
            // Capitals are 0.72 high, so that the base line is 0.36 below the middle; plotters' is 0.25 below its place.
            let below = size * 0.36 - raised - part_size * BELOW_MIDDLE;
            let here = if upwards {
                (at.0 + below, at.1 - along)
            } else {
                (at.0 + along, at.1 + below)
            };
            let size_in_units = part_size * UNITS_PER_MM * PLOTTERS_FONT_SCALE;
            let mut desc = FontDesc::new(FontFamily::Name(FAMILY), size_in_units, FontStyle::Normal);
            if upwards {
                desc = desc.transform(FontTransform::Rotate270);
            }
            let text_style = TextStyle::from(desc).color(&colour).pos(Pos::new(anchor, VPos::Center));
            self.area
                .draw_text(part.text, &text_style, place(here))
                .map_err(refused)?;
            self.used.extend(part.text.chars());
            along += self.metrics.width(part.text, part_size);
        }
        Ok(())
    }
}

/// Width of a text in mm.
pub(crate) fn width(metrics: &Metrics, text: &str, size: f64) -> f64 {
    parts(text)
        .into_iter()
        .map(|part| metrics.width(part.text, if part.raised { size * RAISED_SIZE } else { size }))
        .sum()
}

/// A text that fits into this room; what had to go is an ellipsis.
pub(crate) fn fitting(metrics: &Metrics, text: &str, size: f64, room: f64) -> String {
    if width(metrics, text, size) <= room {
        return text.to_owned();
    }
    let (mut kept, mut raised) = (String::new(), false);
    let mut used = metrics.width("…", size);
    for c in text.chars() {
        match c {
            RAISE => raised = true,
            ' ' | ')' => raised = false,
            _ => {}
        }
        if c != RAISE {
            let own = if raised { size * RAISED_SIZE } else { size };
            used += metrics.width(c.encode_utf8(&mut [0; 4]), own);
        }
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

struct Part<'t> {
    text: &'t str,
    raised: bool,
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(RAISE) {
        let end = after.find([' ', ')']).unwrap_or(after.len());
        let (raised, left) = after.split_at(end);
        parts.push(Part {
            text: before,
            raised: false,
        });
        parts.push(Part {
            text: raised,
            raised: true,
        });
        rest = left;
    }
    parts.push(Part {
        text: rest,
        raised: false,
    });
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// The colour of what a paint stands for.
pub(crate) fn rgba(paint: Paint) -> RGBAColor {
    match paint {
        Paint::Of(colour) => colour.rgb().to_rgba(),
        Paint::Pale(colour) => colour.rgb().mix(0.45),
        Paint::Raw => RAW.to_rgba(),
        Paint::Ink => INK.to_rgba(),
        Paint::Guide => GUIDE.to_rgba(),
    }
}

/// Nothing is drawn with it.
pub(crate) fn invisible() -> RGBAColor {
    BLACK.mix(0.0)
}

fn units(mm: f64) -> i32 {
    (mm * UNITS_PER_MM).round() as i32
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

fn refused(error: impl Display) -> FigureError {
    FigureError::Drawing(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_into_its_room_however_long_it_is() {
        let metrics = Metrics::new();
        assert_eq!(fitting(&metrics, "E1", 3.0, 20.0), "E1");
        let long = "m".repeat(1_000_000);
        let kept = fitting(&metrics, &long, 3.0, 20.0);
        let shown = width(&metrics, &kept, 3.0);
        assert!(kept.ends_with("m…") && shown <= 20.0 && shown > 17.0, "{kept}");
        let raised = format!("10{RAISE}{}", "6".repeat(100));
        assert!(width(&metrics, &fitting(&metrics, &raised, 3.0, 20.0), 3.0) <= 20.0);
        assert_eq!(fitting(&metrics, &long, 3.0, 0.5), "…");
    }
}
