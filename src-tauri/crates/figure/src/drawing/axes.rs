//! Frame, ticks and names of the axes of a panel.

use super::frame::{Map, Range, Rect, name_of};
use super::style::{FRAME_LINE, LINE_HEIGHT, NAME, NAME_GAP, SMALL, SMALL_TICK, TICK, TICK_GAP};
use crate::canvas::{Align, Canvas, rgba, width};
use crate::error::FigureError;
use crate::font::Metrics;
use crate::panel::{Paint, Panel, Scale};
use crate::ticks::{self, Tick};

/// Least space between two numbers beside each other, mm.
const APART: f64 = 1.8;
/// Height of a number, mm.
const NUMBER: f64 = 2.5;

pub(super) fn y_ticks(range: &Range, height: f64, panel: &Panel) -> Vec<Tick> {
    let most = ((height / 7.0) as usize).clamp(3, 8);
    let apart = |ticks: &[Tick]| {
        let places = ticks
            .iter()
            .filter(|t| t.label.is_some())
            .map(|t| range.share(t.at) * height);
        stand_apart(places.map(|y| (y - NUMBER / 2.0, y + NUMBER / 2.0)).collect(), 0.6)
    };
    ticks_of(range, most, panel.y.whole, apart)
}

pub(super) fn x_ticks(metrics: &Metrics, range: &Range, frame: &Rect, panel: &Panel) -> Vec<Tick> {
    let wide = frame.width();
    let most = ((wide / 9.0) as usize).clamp(3, 11);
    let apart = |ticks: &[Tick]| {
        let places = ticks.iter().filter_map(|tick| {
            let half = width(metrics, tick.label.as_ref()?, SMALL) / 2.0;
            let x = range.share(tick.at) * wide;
            Some((x - half, x + half))
        });
        stand_apart(places.collect(), APART)
    };
    let mut ticks = ticks_of(range, most, panel.x.whole, apart);
    if let Some(zero) = panel.x.zero_at {
        // What stands for 0 is left of everything that a logarithm shows.
        ticks.retain(|tick| tick.at > zero * 2.5);
        let label = Some("0".to_owned());
        ticks.push(Tick { at: zero, label });
    }
    ticks
}

fn ticks_of(range: &Range, most: usize, whole: bool, fits: impl Fn(&[Tick]) -> bool) -> Vec<Tick> {
    match range.scale {
        Scale::Linear => ticks::linear(range.low, range.high, range.shown.factor, most, whole, fits),
        Scale::Log => ticks::log(range.low, range.high, range.shown.factor, fits),
    }
}

fn stand_apart(mut places: Vec<(f64, f64)>, apart: f64) -> bool {
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a.1 + apart <= b.0))
}

/// How far the last number reaches beyond the frame, at least what the frame itself keeps from the column's end.
pub(super) fn overhang(metrics: &Metrics, range: &Range, ticks: &[Tick], frame: &Rect, right: f64) -> f64 {
    let ends = ticks.iter().filter_map(|tick| {
        let half = width(metrics, tick.label.as_ref()?, SMALL) / 2.0;
        Some(frame.left + range.share(tick.at) * frame.width() + half)
    });
    let needed = ends.fold(frame.right, f64::max) - frame.right;
    needed.max(right - frame.right)
}

/// Numbers and name below a frame, mm.
pub(super) fn below_height() -> f64 {
    TICK + TICK_GAP + NUMBER + NAME_GAP + NAME * LINE_HEIGHT * 0.85
}

/// Ticks, numbers and name left of a frame, mm.
pub(super) fn left_margin(metrics: &Metrics, panel: &Panel, range: &Range, ticks: &[Tick], height: f64) -> f64 {
    let lines = name_lines(metrics, &name_of(&panel.y, range), height).len() as f64;
    TICK + TICK_GAP + widest(metrics, ticks) + NAME_GAP + lines * NAME * LINE_HEIGHT
}

fn widest(metrics: &Metrics, ticks: &[Tick]) -> f64 {
    ticks
        .iter()
        .filter_map(|t| t.label.as_ref())
        .map(|label| width(metrics, label, SMALL))
        .fold(0.0, f64::max)
}

/// The name of an upright axis in lines that are no longer than the axis.
fn name_lines(metrics: &Metrics, name: &str, height: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        match lines.last_mut() {
            Some(line) if width(metrics, &format!("{line} {word}"), NAME) <= height => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    map: &Map,
    x_ticks: &[Tick],
    y_ticks: &[Tick],
) -> Result<(), FigureError> {
    let frame = map.frame;
    let ink = rgba(Paint::Ink);
    let outline = [
        (frame.left, frame.top),
        (frame.right, frame.top),
        (frame.right, frame.bottom),
        (frame.left, frame.bottom),
        (frame.left, frame.top),
    ];
    canvas.line(&outline, ink, FRAME_LINE)?;
    let length = |tick: &Tick| if tick.label.is_some() { TICK } else { SMALL_TICK };
    for tick in x_ticks {
        let x = map.x(tick.at);
        canvas.line(&[(x, frame.bottom), (x, frame.bottom + length(tick))], ink, FRAME_LINE)?;
        if let Some(label) = tick.label.as_ref().filter(|_| !panel.x_below) {
            let y = frame.bottom + TICK + TICK_GAP + NUMBER / 2.0;
            canvas.text(label, (x, y), Align::Middle, SMALL)?;
        }
    }
    let mut numbers: f64 = 0.0;
    for tick in y_ticks {
        let y = map.y(tick.at);
        canvas.line(&[(frame.left - length(tick), y), (frame.left, y)], ink, FRAME_LINE)?;
        if let Some(label) = &tick.label {
            canvas.text(label, (frame.left - TICK - TICK_GAP, y), Align::End, SMALL)?;
            numbers = numbers.max(canvas.width(label, SMALL));
        }
    }
    if panel.x.zero_at.is_some() {
        draw_break(canvas, map, panel)?;
    }
    if !panel.x_below {
        let y = frame.bottom + TICK + TICK_GAP + NUMBER + NAME_GAP + NAME / 2.0;
        let middle = frame.left.midpoint(frame.right);
        canvas.text(&name_of(&panel.x, &map.x), (middle, y), Align::Middle, NAME)?;
    }
    let lines = name_lines(&Metrics::new(), &name_of(&panel.y, &map.y), frame.height());
    let middle = frame.top.midpoint(frame.bottom);
    for (k, line) in lines.iter().rev().enumerate() {
        let x = frame.left - TICK - TICK_GAP - numbers - NAME_GAP - (k as f64 + 0.5) * NAME * LINE_HEIGHT;
        canvas.text_upwards(line, (x, middle), NAME)?;
    }
    Ok(())
}

/// Two strokes across the lower line between what stands for 0 and the rest.
fn draw_break(canvas: &Canvas<'_>, map: &Map, panel: &Panel) -> Result<(), FigureError> {
    let Some(zero) = panel.x.zero_at else { return Ok(()) };
    let x = map.x(zero * 2.0);
    let y = map.frame.bottom;
    let (half, lean) = (0.8, 0.35);
    let gap = [(x - 0.45, y), (x + 0.45, y)];
    canvas.line(
        &gap,
        plotters::style::Color::to_rgba(&crate::colours::PAPER),
        2.0 * FRAME_LINE,
    )?;
    for x in [x - 0.45, x + 0.45] {
        canvas.line(
            &[(x - lean, y + half), (x + lean, y - half)],
            rgba(Paint::Ink),
            FRAME_LINE,
        )?;
    }
    Ok(())
}
