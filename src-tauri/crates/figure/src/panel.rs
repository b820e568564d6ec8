//! What one plot of a figure holds: two axes and layers, in the units of the data.

use crate::colours::Colour;
use crate::quantity::Quantity;

/// A place in the data: x, y.
pub(crate) type Point = (f64, f64);

/// A place with the lower and the upper end of its bar.
pub(crate) type Marked = (f64, f64, Option<(f64, f64)>);

/// How numbers become lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear,
    Log,
}

#[derive(Debug, Clone)]
pub(crate) struct Axis {
    pub quantity: Quantity,
    pub scale: Scale,
    /// High numbers to the left.
    pub reversed: bool,
    /// Numbers that must be in range beside those of the layers.
    pub include: Vec<f64>,
    /// A place left of a logarithmic axis that stands for 0, in data units.
    pub zero_at: Option<f64>,
    /// Only whole numbers are marked.
    pub whole: bool,
    /// All that is shown of the range; what lies beyond runs to the frame, and the legend has to say so.
    pub view: Option<(f64, f64)>,
    /// A number whose SI prefix the axis takes, so that panels beside each other have the same one; else it follows the range.
    pub typical: Option<f64>,
}

impl Axis {
    pub fn new(quantity: Quantity, scale: Scale) -> Self {
        Self {
            quantity,
            scale,
            reversed: false,
            include: Vec::new(),
            zero_at: None,
            whole: false,
            view: None,
            typical: None,
        }
    }
}

/// Shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    /// A triangle on its tip.
    Tip,
    Plus,
    Cross,
    Hourglass,
    /// A triangle that points to the left.
    Left,
    /// A triangle that points to the right.
    Right,
}

/// Marks on a line of many points.
const MARKS: usize = 7;

impl Shape {
    /// Shapes beside the colours, for who sees none: sixteen, each with whether it is hollow. Lines are not dashed, because gaps in a line
    /// say that numbers are missing.
    pub fn of(place: usize) -> (Self, bool) {
        const SHAPES: [(Shape, bool); 16] = [
            (Shape::Circle, false),
            (Shape::Square, false),
            (Shape::Triangle, false),
            (Shape::Diamond, false),
            (Shape::Tip, false),
            (Shape::Plus, false),
            (Shape::Cross, false),
            (Shape::Hourglass, false),
            (Shape::Circle, true),
            (Shape::Square, true),
            (Shape::Triangle, true),
            (Shape::Diamond, true),
            (Shape::Tip, true),
            (Shape::Left, false),
            (Shape::Right, false),
            (Shape::Left, true),
        ];
        SHAPES
            .get(place % SHAPES.len())
            .copied()
            .unwrap_or((Self::Circle, false))
    }
}

/// A few points of the `k`-th of `of` lines that lie close together, evenly along it and never at the places of the other lines: where colours are
/// not enough, shapes tell which line is which.
pub(crate) fn marks(points: impl Iterator<Item = Point>, k: usize, of: usize) -> Vec<Marked> {
    let points: Vec<Point> = points.collect();
    let apart = (points.len() / MARKS).max(1);
    let first = apart * k / of.max(1);
    let chosen = points.iter().skip(first).step_by(apart);
    chosen.map(|(x, y)| (*x, *y, None)).collect()
}

/// Strength of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    /// 0.5 pt: what stands behind.
    Thin,
    /// 0.9 pt: the result.
    Strong,
}

/// How something is coloured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Paint {
    /// A colour with its meaning.
    Of(Colour),
    /// Measured numbers behind a result.
    Raw,
    /// The same in the colour of its result.
    Pale(Colour),
    /// Text and baselines.
    Ink,
    /// Lines that only help the eye.
    Guide,
}

/// What is drawn, first to last. Gaps are between the runs of a line: nothing is drawn across one.
#[derive(Debug, Clone)]
pub(crate) enum Layer {
    /// A line through each run; a run of one point is drawn as a dot.
    Line {
        runs: Vec<Vec<Point>>,
        paint: Paint,
        stroke: Stroke,
    },
    /// A shaded area between the lower and the upper edge, run by run: x, lower, upper.
    Band {
        runs: Vec<Vec<(f64, f64, f64)>>,
        paint: Paint,
    },
    /// Points, with bars where an interval is given: x, y, lower and upper.
    Points {
        points: Vec<Marked>,
        paint: Paint,
        shape: Shape,
        hollow: bool,
    },
    /// A line from one place to another, such as a peak's height.
    Segment { from: Point, to: Point, paint: Paint },
    /// A line across the whole plot at this height.
    Across { y: f64 },
    /// A labelled line from bottom to top.
    Event { x: f64, label: String },
}

/// A sign in the legend.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub label: String,
    pub paint: Paint,
    pub sign: Sign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Line(Stroke),
    Points(Shape, bool),
    LinePoints(Shape, bool),
    Area,
    /// Only words.
    Words,
}

#[derive(Debug, Clone)]
pub(crate) struct Panel {
    pub x: Axis,
    pub y: Axis,
    pub layers: Vec<Layer>,
    pub legend: Vec<Entry>,
    /// Share of the height of its column.
    pub weight: f64,
    /// Shares the axis below: neither numbers nor a name at its own.
    pub x_below: bool,
}

impl Panel {
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            x,
            y,
            layers: Vec::new(),
            legend: Vec::new(),
            weight: 1.0,
            x_below: false,
        }
    }

    /// Every place that must be in view.
    pub fn extent(&self) -> impl Iterator<Item = (Option<f64>, Option<f64>)> + '_ {
        let of_layers = self.layers.iter().flat_map(Layer::places);
        let xs = self.x.include.iter().map(|x| (Some(*x), None));
        let ys = self.y.include.iter().map(|y| (None, Some(*y)));
        of_layers.chain(xs).chain(ys)
    }
}

type Places<'a> = Box<dyn Iterator<Item = (Option<f64>, Option<f64>)> + 'a>;

impl Layer {
    fn places(&self) -> Places<'_> {
        match self {
            Self::Line { runs, .. } => Box::new(runs.iter().flatten().map(|(x, y)| (Some(*x), Some(*y)))),
            Self::Band { runs, .. } => Box::new(
                runs.iter()
                    .flatten()
                    .flat_map(|(x, lower, upper)| [(Some(*x), Some(*lower)), (Some(*x), Some(*upper))]),
            ),
            Self::Points { points, .. } => Box::new(points.iter().flat_map(|(x, y, bar)| {
                let (lower, upper) = bar.unwrap_or((*y, *y));
                [(Some(*x), Some(*y)), (Some(*x), Some(lower)), (Some(*x), Some(upper))]
            })),
            Self::Segment { from, to, .. } => {
                Box::new([(Some(from.0), Some(from.1)), (Some(to.0), Some(to.1))].into_iter())
            }
            Self::Across { y } => Box::new(std::iter::once((None, Some(*y)))),
            Self::Event { x, .. } => Box::new(std::iter::once((Some(*x), None))),
        }
    }
}

/// Runs of points that are there, in order: what is missing ends a run.
pub(crate) fn runs<T>(points: impl IntoIterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for point in points {
        match point {
            Some(point) => run.push(point),
            None if !run.is_empty() => runs.push(std::mem::take(&mut run)),
            None => {}
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// A point whose numbers are all there.
pub(crate) fn point(x: Option<f64>, y: Option<f64>) -> Option<Point> {
    let (x, y) = (x?, y?);
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_lines_have_sixteen_shapes() {
        let shapes: Vec<_> = (0..16).map(Shape::of).collect();
        for (k, shape) in shapes.iter().enumerate() {
            assert!(!shapes[..k].contains(shape), "{k}: {shape:?}");
        }
        assert_eq!(Shape::of(16), Shape::of(0));
    }
}
