//! Layers on the page: what they draw, and the places that a legend must leave free.

use plotters::style::Color;

use super::frame::{Map, Rect};
use super::style::{DOT, POINT, STRONG_LINE, THIN_LINE, THINNING};
use crate::canvas::{Canvas, invisible, rgba};
use crate::colours::PAPER;
use crate::error::FigureError;
use crate::panel::{Layer, Paint, Point, Shape, Stroke};
use crate::thin::{thin, thin_band};

/// A layer with its places on the page.
pub(super) enum Placed {
    Line(Vec<Vec<Point>>, Paint, Stroke),
    /// Closed outlines.
    Areas(Vec<Vec<Point>>, Paint),
    Points(Vec<(Point, Option<(f64, f64)>)>, Paint, Shape, bool),
}

/// Places the layers of a panel.
pub(super) fn placed(layers: &[Layer], map: &Map) -> Vec<Placed> {
    layers
        .iter()
        .map(|layer| match layer {
            Layer::Line { runs, paint, stroke } => {
                let on_page = runs
                    .iter()
                    .map(|run| run.iter().map(|p| map.point(*p)).collect())
                    .collect();
                Placed::Line(thin(on_page, THINNING), *paint, *stroke)
            }
            Layer::Band { runs, paint } => {
                let on_page = runs
                    .iter()
                    .map(|run| run.iter().map(|(x, l, u)| (map.x(*x), map.y(*l), map.y(*u))).collect())
                    .collect();
                let outline = |run: Vec<(f64, f64, f64)>| -> Vec<Point> {
                    if let [(x, lower, upper)] = run.as_slice() {
                        // The interval of a single point is a bar of the width of a dot.
                        let (left, right) = (x - DOT, x + DOT);
                        return vec![(left, *lower), (right, *lower), (right, *upper), (left, *upper)];
                    }
                    let lower = run.iter().map(|p| (p.0, p.1));
                    let upper = run.iter().rev().map(|p| (p.0, p.2));
                    lower.chain(upper).collect()
                };
                let thinned = thin_band(on_page, THINNING);
                Placed::Areas(thinned.into_iter().map(outline).collect(), *paint)
            }
            Layer::Points {
                points,
                paint,
                shape,
                hollow,
            } => {
                let on_page = points
                    .iter()
                    .map(|(x, y, bar)| (map.point((*x, *y)), bar.map(|(low, high)| (map.y(low), map.y(high)))))
                    .collect();
                Placed::Points(on_page, *paint, *shape, *hollow)
            }
            Layer::Segment { from, to, paint } => {
                Placed::Line(vec![vec![map.point(*from), map.point(*to)]], *paint, Stroke::Thin)
            }
            Layer::Across { y } => {
                let y = map.y(*y);
                let across = vec![(map.frame.left, y), (map.frame.right, y)];
                Placed::Line(vec![across], Paint::Guide, Stroke::Thin)
            }
            Layer::Event { x, .. } => {
                let x = map.x(*x);
                let upright = vec![(x, map.frame.bottom), (x, map.frame.top)];
                Placed::Line(vec![upright], Paint::Guide, Stroke::Thin)
            }
        })
        .collect()
}

impl Placed {
    pub fn draw(&self, canvas: &Canvas<'_>) -> Result<(), FigureError> {
        match self {
            Self::Line(runs, paint, stroke) => {
                let colour = rgba(*paint);
                for run in runs {
                    if let [only] = run.as_slice() {
                        canvas.shape(*only, Shape::Circle, DOT, colour, invisible())?;
                    } else {
                        canvas.line(run, colour, width_of(*stroke))?;
                    }
                }
            }
            Self::Areas(outlines, paint) => {
                let colour = rgba(*paint).mix(0.2);
                for outline in outlines {
                    canvas.area(outline, colour)?;
                }
            }
            Self::Points(points, paint, shape, hollow) => {
                let colour = rgba(*paint);
                for (at, bar) in points {
                    if let Some((low, high)) = bar {
                        canvas.line(&[(at.0, *low), (at.0, *high)], colour, THIN_LINE)?;
                        for end in [*low, *high] {
                            canvas.line(&[(at.0 - POINT, end), (at.0 + POINT, end)], colour, THIN_LINE)?;
                        }
                    }
                }
                for (at, _) in points {
                    let fill = if *hollow { PAPER.to_rgba() } else { colour };
                    canvas.shape(*at, *shape, POINT, fill, colour)?;
                }
            }
        }
        Ok(())
    }

    /// Whether anything of it lies in a rectangle.
    pub fn touches(&self, rect: &Rect) -> bool {
        match self {
            // Lines that only help the eye may pass behind words.
            Self::Line(_, Paint::Guide, _) => false,
            Self::Line(runs, ..) => runs.iter().any(|run| line_touches(run, rect)),
            Self::Areas(outlines, _) => outlines.iter().any(|outline| {
                let middle = (rect.left.midpoint(rect.right), rect.top.midpoint(rect.bottom));
                line_touches(outline, rect) || contains(outline, middle)
            }),
            Self::Points(points, ..) => points.iter().any(|(at, bar)| {
                let (low, high) = bar.unwrap_or((at.1, at.1));
                line_touches(&[(at.0, low), (at.0, high), *at], &rect.grown(POINT))
            }),
        }
    }
}

pub(super) fn width_of(stroke: Stroke) -> f64 {
    match stroke {
        Stroke::Thin => THIN_LINE,
        Stroke::Strong => STRONG_LINE,
    }
}

fn line_touches(line: &[Point], rect: &Rect) -> bool {
    match line {
        [only] => segment_touches(*only, *only, rect),
        _ => line
            .windows(2)
            .any(|pair| matches!(pair, [from, to] if segment_touches(*from, *to, rect))),
    }
}

/// Liang and Barsky: whether any part of a segment is inside.
fn segment_touches(from: Point, to: Point, rect: &Rect) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, from.0 - rect.left),
        (dx, rect.right - from.0),
        (-dy, from.1 - rect.top),
        (dy, rect.bottom - from.1),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    enter <= leave
}

/// Whether a point is inside of an outline (even-odd rule).
fn contains(outline: &[Point], at: Point) -> bool {
    let around = outline.iter().zip(outline.iter().cycle().skip(1));
    around
        .filter(|(a, b)| (a.1 > at.1) != (b.1 > at.1))
        .filter(|(a, b)| at.0 < (b.0 - a.0) * (at.1 - a.1) / (b.1 - a.1) + a.0)
        .count()
        % 2
        == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect {
        left: 1.0,
        top: 1.0,
        right: 3.0,
        bottom: 2.0,
    };

    #[test]
    fn segments_through_a_rectangle_are_noticed() {
        assert!(segment_touches((0.0, 0.0), (4.0, 3.0), &RECT));
        assert!(segment_touches((2.0, 1.5), (2.0, 1.5), &RECT));
        assert!(!segment_touches((0.0, 0.0), (4.0, 0.5), &RECT));
        assert!(!segment_touches((0.0, 1.5), (0.5, 1.5), &RECT));
    }

    #[test]
    fn an_area_around_a_rectangle_is_noticed() {
        let around = vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)];
        assert!(Placed::Areas(vec![around.clone()], Paint::Ink).touches(&RECT));
        let beside: Vec<Point> = around.iter().map(|(x, y)| (x + 4.0, *y)).collect();
        assert!(!Placed::Areas(vec![beside], Paint::Ink).touches(&RECT));
    }
}
