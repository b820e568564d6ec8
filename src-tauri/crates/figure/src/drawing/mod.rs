//! From panels to a page: margins that fit the texts, ticks that fit the margins, legends where no data are.

mod axes;
mod events;
mod frame;
mod layers;
mod legend;
mod style;

use frame::{Map, Range, Rect, ranges};
use layers::{Placed, placed};
use legend::Legend;
use style::{COLUMN_GAP, EDGE, LINE_HEIGHT, PANEL_GAP, STRONG_LINE, TITLE, plot_height};

use crate::Layout;
use crate::canvas::{Align, Canvas, fitting, width};
use crate::error::FigureError;
use crate::font::Metrics;
use crate::output::Drawn;
use crate::panel::{Entry, Layer, Paint, Panel, Sign};
use crate::ticks::Tick;

/// Events of a panel: page x and label.
type Events = Vec<(f64, String)>;

/// A panel on its way to the page.
struct Plot<'p> {
    panel: &'p Panel,
    x: Range,
    y: Range,
    /// The legend stands above the frame.
    above: bool,
    frame: Rect,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    legend: Vec<Entry>,
    labels: Vec<events::EventLabel>,
    /// Plots beside each other begin at the same height: room that this one keeps above its frame at least.
    least_above: f64,
    /// How far to the right a legend above the frame may reach.
    legend_end: Option<f64>,
}

struct Column<'p> {
    plots: Vec<Plot<'p>>,
    left: f64,
    right: f64,
}

/// Draws columns of panels, from left to right and from top to bottom.
pub(crate) fn draw(columns: &[Vec<Panel>], layout: &Layout) -> Result<Drawn, FigureError> {
    let metrics = Metrics::new();
    let column_count = columns.len().max(1) as f64;
    let column_width = (layout.width_mm - 2.0 * EDGE - (column_count - 1.0) * COLUMN_GAP) / column_count;
    let title = Title::of(&metrics, layout);
    let mut page = Vec::with_capacity(columns.len());
    for (k, panels) in columns.iter().enumerate() {
        let left = EDGE + k as f64 * (column_width + COLUMN_GAP);
        page.push(Column::of(panels, left, left + column_width)?);
    }
    let top = EDGE + title.height();
    let mut bottom = top;
    // A legend that finds no free place moves above the frame, which moves everything below.
    for _ in 0..2 * columns.iter().map(Vec::len).sum::<usize>() + 3 {
        bottom = page
            .iter_mut()
            .map(|column| column.measure(&metrics, top, None))
            .fold(top, f64::max);
        for column in &mut page {
            column.measure(&metrics, top, Some(bottom));
        }
        let mut moved = false;
        for column in &mut page {
            moved |= column.move_legends(&metrics);
        }
        let before = room_above(&page);
        begin_alike(&mut page, &metrics, layout.width_mm - EDGE);
        if !moved && before == room_above(&page) {
            break;
        }
    }
    let height_mm = bottom + EDGE;
    let mut svg = String::new();
    let mut canvas = Canvas::new(&mut svg, &metrics, layout.width_mm, height_mm);
    title.draw(&mut canvas)?;
    for part in page.iter().flat_map(|column| &column.plots) {
        part.draw(&mut canvas, &metrics)?;
    }
    let used = canvas.finish()?;
    Ok(Drawn::new(&svg, &used, layout.width_mm, height_mm))
}

fn room_above(page: &[Column<'_>]) -> Vec<f64> {
    page.iter()
        .filter_map(|column| Some(column.plots.first()?.least_above))
        .collect()
}

/// The first plots of all columns get the same room above; one legend may then run over all of them.
fn begin_alike(page: &mut [Column<'_>], metrics: &Metrics, right: f64) {
    let tops = || page.iter().filter_map(|column| column.plots.first());
    let only_one = tops().filter(|plot| !plot.legend.is_empty()).count() <= 1;
    let needed = tops().map(|plot| plot.needed_above(metrics)).fold(0.0, f64::max);
    let several = page.len() > 1;
    for plot in page.iter_mut().filter_map(|column| column.plots.first_mut()) {
        plot.least_above = needed;
        plot.legend_end = (several && only_one).then_some(right);
    }
}

impl<'p> Column<'p> {
    fn of(panels: &'p [Panel], left: f64, right: f64) -> Result<Self, FigureError> {
        let mut plots: Vec<Plot<'p>> = panels.iter().map(Plot::of).collect::<Result<_, _>>()?;
        // Panels above each other that share an axis share its range.
        for k in (1..plots.len()).rev() {
            let below = plots.get(k).map(|b| b.x.clone());
            if let (Some(below), Some(this)) = (below, plots.get_mut(k - 1))
                && this.panel.x_below
            {
                this.x.low = this.x.low.min(below.low);
                this.x.high = this.x.high.max(below.high);
                let (low, high, shown) = (this.x.low, this.x.high, this.x.shown.clone());
                if let Some(below) = plots.get_mut(k) {
                    (below.x.low, below.x.high, below.x.shown) = (low, high, shown);
                }
            }
        }
        Ok(Self { plots, left, right })
    }

    /// Places the frames from `top` down and gives the lower end. Without a `bottom`, frames have their natural height;
    /// with one, they share what is there.
    fn measure(&mut self, metrics: &Metrics, top: f64, bottom: Option<f64>) -> f64 {
        let natural = plot_height(self.right - self.left);
        let weights: f64 = self.plots.iter().map(|b| b.panel.weight).sum();
        let fixed: f64 = self.plots.iter().map(|b| b.fixed_height(metrics)).sum::<f64>()
            + PANEL_GAP * (self.plots.len().saturating_sub(1)) as f64;
        let height = bottom.map_or(natural * weights, |bottom| bottom - top - fixed) / weights.max(f64::MIN_POSITIVE);
        for part in &mut self.plots {
            part.frame.bottom = part.frame.top + height * part.panel.weight;
            part.y_ticks = axes::y_ticks(&part.y, part.frame.height(), part.panel);
        }
        let margin = self
            .plots
            .iter()
            .map(|b| axes::left_margin(metrics, b.panel, &b.y, &b.y_ticks, b.frame.height()))
            .fold(0.0, f64::max);
        let mut overhang = 1.0;
        for _ in 0..2 {
            for part in &mut self.plots {
                part.frame.left = self.left + margin;
                part.frame.right = self.right - overhang;
                part.x_ticks = axes::x_ticks(metrics, &part.x, &part.frame, part.panel);
            }
            overhang = self
                .plots
                .iter()
                .map(|b| axes::overhang(metrics, &b.x, &b.x_ticks, &b.frame, self.right))
                .fold(overhang, f64::max);
        }
        let column = Rect {
            left: self.left,
            right: self.right,
            ..Rect::default()
        };
        let mut y = top;
        for part in &mut self.plots {
            part.place_events(metrics, &column);
            let above = part.above_height(metrics);
            part.frame.top = y + above;
            part.frame.bottom = part.frame.top + height * part.panel.weight;
            y = part.frame.bottom + part.below_height() + PANEL_GAP;
        }
        y - PANEL_GAP
    }

    /// Moves legends above their frames where they would cover data; whether any moved.
    fn move_legends(&mut self, metrics: &Metrics) -> bool {
        let mut moved = false;
        for part in &mut self.plots {
            if !part.above && !part.legend.is_empty() {
                let layers = placed(&part.panel.layers, &part.map());
                part.above = legend::inside(metrics, &part.legend, &part.frame, &layers).is_none();
                moved |= part.above;
            }
        }
        moved
    }
}

impl<'p> Plot<'p> {
    fn of(panel: &'p Panel) -> Result<Self, FigureError> {
        let (x, y) = ranges(panel)
            .ok_or_else(|| FigureError::Empty(format!("{} has no number in this selection", panel.y.quantity.name)))?;
        Ok(Self {
            panel,
            x,
            y,
            above: false,
            frame: Rect::default(),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
            legend: panel.legend.clone(),
            labels: Vec::new(),
            least_above: 0.0,
            legend_end: None,
        })
    }

    fn map(&self) -> Map {
        Map {
            frame: self.frame,
            x: self.x.clone(),
            y: self.y.clone(),
        }
    }

    fn place_events(&mut self, metrics: &Metrics, page: &Rect) {
        let map = self.map();
        let events: Events = self
            .panel
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Event { x, label } => Some((map.x(*x), label.clone())),
                _ => None,
            })
            .collect();
        let (labels, explained) = events::place(metrics, &events, &self.frame, page);
        self.labels = labels;
        self.legend.clone_from(&self.panel.legend);
        self.legend.extend(explained.into_iter().map(|label| Entry {
            label,
            paint: Paint::Ink,
            sign: Sign::Words,
        }));
    }

    fn legend_width(&self) -> f64 {
        self.legend_end.unwrap_or(self.frame.right) - self.frame.left
    }

    /// What stands above the frame needs this much, mm.
    fn needed_above(&self, metrics: &Metrics) -> f64 {
        let legend = if self.above {
            legend::height_above(metrics, &self.legend, self.legend_width())
        } else {
            0.0
        };
        let overhang = if legend > 0.0 || !self.labels.is_empty() {
            0.0
        } else {
            0.8
        };
        legend + events::height(&self.labels) + overhang
    }

    fn above_height(&self, metrics: &Metrics) -> f64 {
        self.needed_above(metrics).max(self.least_above)
    }

    fn below_height(&self) -> f64 {
        if self.panel.x_below { 0.0 } else { axes::below_height() }
    }

    fn fixed_height(&self, metrics: &Metrics) -> f64 {
        self.above_height(metrics) + self.below_height()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, metrics: &Metrics) -> Result<(), FigureError> {
        let layers: Vec<Placed> = placed(&self.panel.layers, &self.map());
        for layer in &layers {
            layer.draw(canvas)?;
        }
        axes::draw(canvas, self.panel, &self.map(), &self.x_ticks, &self.y_ticks)?;
        for label in &self.labels {
            let y = events::row_y(self.frame.top, label.row);
            canvas.text(&label.text, (label.middle_x, y), Align::Middle, style::SMALL)?;
            if label.row > 0 {
                // The line reaches up to its label.
                let end = events::row_y(self.frame.top, label.row - 1) - 0.5;
                let line = [(label.line_x, self.frame.top), (label.line_x, end)];
                if !self.crosses_label(metrics, label) {
                    canvas.line(&line, crate::canvas::rgba(Paint::Guide), style::THIN_LINE)?;
                }
            }
        }
        let place = if self.above {
            let top = self.frame.top - self.above_height(metrics);
            Some(legend::above(metrics, &self.legend, self.frame.left, top, self.legend_width()).0)
        } else {
            legend::inside(metrics, &self.legend, &self.frame, &layers)
        };
        place.map_or(Ok(()), |place: Legend| place.draw(canvas, metrics, &self.legend))
    }

    /// Whether the line up to a label would run through another label below it.
    fn crosses_label(&self, metrics: &Metrics, label: &events::EventLabel) -> bool {
        self.labels.iter().any(|other| {
            let half = width(metrics, &other.text, style::SMALL) / 2.0 + STRONG_LINE;
            other.row < label.row && (other.middle_x - label.line_x).abs() < half
        })
    }
}

/// The title in as many lines as it needs.
struct Title {
    lines: Vec<String>,
    middle: f64,
}

impl Title {
    fn of(metrics: &Metrics, layout: &Layout) -> Self {
        let room = layout.width_mm - 4.0 * EDGE;
        let mut lines: Vec<String> = Vec::new();
        for word in layout.title.iter().flat_map(|title| title.split_whitespace()) {
            match lines.last_mut() {
                Some(line) if width(metrics, &format!("{line} {word}"), TITLE) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(fitting(metrics, word, TITLE, room)),
            }
        }
        Self {
            lines,
            middle: layout.width_mm / 2.0,
        }
    }

    fn height(&self) -> f64 {
        if self.lines.is_empty() {
            0.0
        } else {
            self.lines.len() as f64 * TITLE * LINE_HEIGHT + 1.0
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<(), FigureError> {
        for (k, line) in self.lines.iter().enumerate() {
            let y = EDGE + (k as f64 + 0.5) * TITLE * LINE_HEIGHT;
            canvas.text(line, (self.middle, y), Align::Middle, TITLE)?;
        }
        Ok(())
    }
}
