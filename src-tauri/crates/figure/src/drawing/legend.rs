//! Legends: inside the frame where no data are, else above it.

use super::frame::Rect;
use super::layers::{Placed, width_of};
use super::style::{LINE_HEIGHT, POINT, SMALL};
use crate::canvas::{Align, Canvas, PT, fitting, rgba, width};
use crate::error::FigureError;
use crate::font::Metrics;
use crate::panel::{Entry, Shape, Sign, Stroke};
use plotters::style::Color;

/// Longest list that may stand inside the frame.
const MOST_INSIDE: usize = 6;
/// Length of a sign and the gap to its words, mm.
const SIGN: f64 = 4.0;
const SIGN_GAP: f64 = 0.9;
/// Between two entries beside each other, mm.
const BESIDE: f64 = 2.8;
/// From the frame, mm.
const INSET: f64 = 1.4;
const ROW: f64 = 7.0 * PT * LINE_HEIGHT;

/// A legend with the place of each of its entries.
pub(super) struct Legend {
    places: Vec<(f64, f64)>,
    /// Width that an entry may have, mm.
    room: f64,
}

fn sign_width(entry: &Entry) -> f64 {
    if entry.sign == Sign::Words {
        0.0
    } else {
        SIGN + SIGN_GAP
    }
}

fn entry_width(metrics: &Metrics, entry: &Entry) -> f64 {
    sign_width(entry) + width(metrics, &entry.label, SMALL)
}

/// Words about all other entries have a row of their own.
fn has_heading(entries: &[Entry]) -> bool {
    matches!(entries, [first, second, ..] if first.sign == Sign::Words && second.sign != Sign::Words)
}

/// A place inside the frame at which the legend covers nothing; none for a long list or a full frame.
pub(super) fn inside(metrics: &Metrics, entries: &[Entry], frame: &Rect, layers: &[Placed]) -> Option<Legend> {
    if entries.len() > MOST_INSIDE {
        return None;
    }
    let wide = entries.iter().map(|e| entry_width(metrics, e)).fold(0.0, f64::max);
    let high = entries.len() as f64 * ROW;
    if wide + 2.0 * INSET > frame.width() * 0.75 || high + 2.0 * INSET > frame.height() {
        return None;
    }
    let (left, right) = (frame.left + INSET, frame.right - INSET - wide);
    let (top, bottom) = (frame.top + INSET, frame.bottom - INSET - high);
    let middle = left.midpoint(right);
    let places = [
        (right, top),
        (left, top),
        (right, bottom),
        (left, bottom),
        (middle, top),
        (middle, bottom),
    ];
    places
        .into_iter()
        .find(|(x, y)| {
            let rect = Rect {
                left: *x,
                top: *y,
                right: x + wide,
                bottom: y + high,
            };
            !layers.iter().any(|layer| layer.touches(&rect.grown(0.7)))
        })
        .map(|(x, y)| Legend {
            places: (0..entries.len()).map(|k| (x, y + (k as f64 + 0.5) * ROW)).collect(),
            room: frame.width(),
        })
}

/// Height of the legend above a frame, mm.
pub(super) fn height_above(metrics: &Metrics, entries: &[Entry], wide: f64) -> f64 {
    above(metrics, entries, 0.0, 0.0, wide).1
}

/// The legend in rows from this corner, and its height.
pub(super) fn above(metrics: &Metrics, entries: &[Entry], left: f64, top: f64, wide: f64) -> (Legend, f64) {
    let (mut x, mut row) = (0.0, 0.0);
    let mut places = Vec::with_capacity(entries.len());
    let headed = has_heading(entries);
    // Entries of a long list stand in columns.
    let listed = entries.iter().skip(usize::from(headed));
    let widest = listed.map(|e| entry_width(metrics, e)).fold(0.0, f64::max);
    for (k, entry) in entries.iter().enumerate() {
        let own = if entries.len() > MOST_INSIDE {
            widest
        } else {
            entry_width(metrics, entry)
        };
        if x > 0.0 && (x + own > wide || (headed && k == 1)) {
            x = 0.0;
            row += 1.0;
        }
        places.push((left + x, top + (row + 0.5) * ROW));
        x += own + BESIDE;
    }
    let height = if entries.is_empty() {
        0.0
    } else {
        (row + 1.0) * ROW + 0.8
    };
    (Legend { places, room: wide }, height)
}

impl Legend {
    pub fn draw(&self, canvas: &mut Canvas<'_>, metrics: &Metrics, entries: &[Entry]) -> Result<(), FigureError> {
        for (entry, &(x, y)) in entries.iter().zip(&self.places) {
            let colour = rgba(entry.paint);
            let middle = (x + SIGN / 2.0, y);
            let shape = |canvas: &Canvas<'_>, shape: Shape, hollow: bool| {
                let fill = if hollow {
                    crate::colours::PAPER.to_rgba()
                } else {
                    colour
                };
                canvas.shape(middle, shape, POINT, fill, colour)
            };
            match entry.sign {
                Sign::Line(stroke) => canvas.line(&[(x, y), (x + SIGN, y)], colour, width_of(stroke))?,
                Sign::Points(kind, hollow) => shape(canvas, kind, hollow)?,
                Sign::LinePoints(kind, hollow) => {
                    canvas.line(&[(x, y), (x + SIGN, y)], colour, width_of(Stroke::Strong))?;
                    shape(canvas, kind, hollow)?;
                }
                Sign::Area => {
                    let half = 0.9;
                    let corners = [(x, y - half), (x + SIGN, y - half), (x + SIGN, y + half), (x, y + half)];
                    canvas.area(&corners, colour.mix(0.2))?;
                }
                Sign::Words => {}
            }
            let label = fitting(metrics, &entry.label, SMALL, self.room - sign_width(entry));
            canvas.text(&label, (x + sign_width(entry), y), Align::Start, SMALL)?;
        }
        Ok(())
    }
}
