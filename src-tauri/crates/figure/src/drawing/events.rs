//! Labels of events above the frame, in as many rows as they need to stand apart.

use super::frame::Rect;
use super::style::{LINE_HEIGHT, SMALL};
use crate::canvas::{PT, width};
use crate::font::Metrics;

/// More rows would leave no room for the data.
const MOST_ROWS: usize = 5;
const ROW: f64 = 7.0 * PT * LINE_HEIGHT;
const APART: f64 = 1.2;

/// A label: its words, the middle of its line on the page, its row from below.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventLabel {
    pub text: String,
    pub line_x: f64,
    pub middle_x: f64,
    pub row: usize,
}

/// Places labels at their lines; numbers stand for them where words do not fit, and are explained in the second answer.
pub(super) fn place(
    metrics: &Metrics,
    events: &[(f64, String)],
    frame: &Rect,
    page: &Rect,
) -> (Vec<EventLabel>, Vec<String>) {
    if let Some(placed) = in_rows(metrics, events, frame, page) {
        return (placed, Vec::new());
    }
    let numbers: Vec<(f64, String)> = events
        .iter()
        .enumerate()
        .map(|(k, (x, _))| (*x, (k + 1).to_string()))
        .collect();
    let explained = events
        .iter()
        .enumerate()
        .map(|(k, (_, label))| format!("{}: {label}", k + 1))
        .collect();
    // Numbers that do not fit either may touch; their lines are that close.
    let placed = in_rows(metrics, &numbers, frame, page).unwrap_or_else(|| {
        let label = |(k, (x, text)): (usize, &(f64, String))| EventLabel {
            text: text.clone(),
            line_x: *x,
            middle_x: *x,
            row: k % MOST_ROWS,
        };
        numbers.iter().enumerate().map(label).collect()
    });
    (placed, explained)
}

fn in_rows(metrics: &Metrics, events: &[(f64, String)], frame: &Rect, page: &Rect) -> Option<Vec<EventLabel>> {
    let mut ends = [f64::NEG_INFINITY; MOST_ROWS];
    let mut order: Vec<&(f64, String)> = events.iter().collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order
        .into_iter()
        .map(|(x, text)| {
            let wide = width(metrics, text, SMALL);
            if wide > frame.width() * 0.6 {
                return None;
            }
            // A label at the edge of the page moves inwards.
            let middle = x.max(page.left + wide / 2.0).min(page.right - wide / 2.0);
            let row = ends.iter().position(|end| end + APART <= middle - wide / 2.0)?;
            if let Some(end) = ends.get_mut(row) {
                *end = middle + wide / 2.0;
            }
            Some(EventLabel {
                text: text.clone(),
                line_x: *x,
                middle_x: middle,
                row,
            })
        })
        .collect()
}

/// Height of the labels above a frame, mm.
pub(super) fn height(labels: &[EventLabel]) -> f64 {
    labels
        .iter()
        .map(|l| l.row + 1)
        .max()
        .map_or(0.0, |rows| rows as f64 * ROW + 0.6)
}

/// Middle of a row above the frame's top.
pub(super) fn row_y(frame_top: f64, row: usize) -> f64 {
    frame_top - 0.6 - (row as f64 + 0.5) * ROW
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Rect = Rect {
        left: 10.0,
        top: 0.0,
        right: 80.0,
        bottom: 50.0,
    };

    fn events(labels: &[(f64, &str)]) -> Vec<(f64, String)> {
        labels.iter().map(|(x, text)| (*x, (*text).to_owned())).collect()
    }

    #[test]
    fn labels_that_would_touch_stand_in_rows() {
        let metrics = Metrics::new();
        let some = events(&[(20.0, "injection"), (24.0, "wash"), (60.0, "injection")]);
        let (labels, explained) = place(&metrics, &some, &FRAME, &FRAME);
        assert_eq!(labels.iter().map(|l| l.row).collect::<Vec<_>>(), [0, 1, 0]);
        assert!(explained.is_empty());
    }

    #[test]
    fn too_many_labels_become_numbers_that_are_explained() {
        let metrics = Metrics::new();
        let many: Vec<(f64, String)> = (0..30).map(|k| (20.0 + f64::from(k), "injection".to_owned())).collect();
        let (labels, explained) = place(&metrics, &many, &FRAME, &FRAME);
        assert_eq!((labels.len(), explained.len()), (30, 30));
        assert_eq!(
            (labels[29].text.as_str(), explained[29].as_str()),
            ("30", "30: injection")
        );
    }
}
