//! What is drawn, read back from the SVG.

use figure::{
    Colour, Figure, FigureError, Layout, Quantity, Trend, TrendAxis, TrendLine, TrendPoint, Unit, Voltammogram,
};
use roxmltree::{Document, Node};

use crate::samples;

fn svg(figure: &Figure, width_mm: f64) -> String {
    let layout = Layout {
        width_mm,
        ..Layout::default()
    };
    figure::draw(figure, &layout).unwrap().svg()
}

/// All texts, raised parts on their own.
fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts.filter_map(|n| n.text().map(|t| t.trim().to_owned())).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn points(node: Node<'_, '_>) -> Vec<(f64, f64)> {
    let words = node.attribute("points").unwrap().split_whitespace();
    words
        .map(|word| {
            let (x, y) = word.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

const FONT: &[u8] = include_bytes!("../../src-tauri/crates/figure/fonts/LiberationSans-Regular.ttf");

/// Left, top, right and bottom of a text.
fn text_box(node: Node<'_, '_>) -> (f64, f64, f64, f64) {
    let size = number(node, "font-size");
    let (x, y) = (number(node, "x"), number(node, "y"));
    let face = ttf_parser::Face::parse(FONT, 0).unwrap();
    let advance = |c: char| f64::from(face.glyph_hor_advance(face.glyph_index(c).unwrap()).unwrap());
    let wide = node.text().unwrap().trim().chars().map(advance).sum::<f64>() / 2048.0 * size;
    let (from, to) = match node.attribute("text-anchor").unwrap() {
        "start" => (0.0, wide),
        "middle" => (-wide / 2.0, wide / 2.0),
        _ => (-wide, 0.0),
    };
    if node.attribute("transform").is_some() {
        (x - size / 2.0, y - to, x + size / 2.0, y - from)
    } else {
        (x + from, y - size / 2.0, x + to, y + size / 2.0)
    }
}

#[test]
fn every_figure_stays_on_its_page_and_holds_no_number_that_is_none() {
    for (name, width_mm, figure) in samples::all() {
        for width_mm in [width_mm, 60.0, 178.0] {
            let svg = svg(&figure, width_mm);
            let (_, drawn) = svg.split_once("</style>").unwrap();
            assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{name}");
            let document = Document::parse(&svg).unwrap();
            let view: Vec<f64> = document
                .root_element()
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(|n| n.parse().unwrap())
                .collect();
            assert_eq!(
                document.root_element().attribute("width"),
                Some(format!("{width_mm:.2}mm").as_str())
            );
            let inside = |x: f64, y: f64, what: &str| {
                assert!(
                    (0.0..=view[2]).contains(&x) && (0.0..=view[3]).contains(&y),
                    "{name}: {what} at {x}, {y}"
                );
            };
            let mut lines = 0;
            for node in document.descendants() {
                match node.tag_name().name() {
                    "polyline" | "polygon" => {
                        lines += 1;
                        for (x, y) in points(node) {
                            inside(x, y, "a line");
                        }
                    }
                    "circle" => inside(number(node, "cx"), number(node, "cy"), "a point"),
                    "text" => {
                        let (left, top, right, bottom) = text_box(node);
                        let words = node.text().unwrap().trim();
                        inside(left, top, words);
                        inside(right, bottom, words);
                    }
                    _ => {}
                }
            }
            assert!(lines > 5, "{name}");
        }
    }
}

#[test]
fn numbers_at_ticks_never_touch() {
    for (name, width_mm, figure) in samples::all() {
        for width_mm in [width_mm, 50.0, 240.0] {
            let svg = svg(&figure, width_mm);
            let document = Document::parse(&svg).unwrap();
            // What is centred and not turned: numbers below, the name of the axis, events.
            let boxes: Vec<_> = document
                .descendants()
                .filter(|n| n.has_tag_name("text") && n.attribute("transform").is_none())
                .filter(|n| n.attribute("text-anchor") != Some("start"))
                .filter(|n| {
                    n.text()
                        .unwrap()
                        .trim()
                        .chars()
                        .all(|c| c.is_ascii_digit() || "−.".contains(c))
                })
                .map(|n| (n.text().unwrap().trim().to_owned(), text_box(n)))
                .collect();
            for (k, (words, a)) in boxes.iter().enumerate() {
                for (others, b) in boxes.iter().skip(k + 1) {
                    let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
                    assert!(apart, "{name} at {width_mm} mm: {words} {a:?} on {others} {b:?}");
                }
            }
        }
    }
}

#[test]
fn a_sweep_says_what_its_lines_are_in_the_units_of_its_data() {
    let words = texts(&svg(&samples::sweep(1.3e-6), 85.0));
    for word in [
        "Potential (V)",
        "Current (µA)",
        "Raw",
        "Smoothed",
        "Baseline",
        "1.30 µA at −0.280 V",
        "−0.4",
    ] {
        assert!(words.iter().any(|w| w == word), "no {word} in {words:?}");
    }
    let down = texts(&svg(&samples::sweep(-1.3e-7), 85.0));
    assert!(
        down.iter().any(|w| w == "Current (nA)") && down.iter().any(|w| w == "−130 nA at −0.280 V"),
        "{down:?}"
    );
}

#[test]
fn curves_of_several_frequencies_have_their_colours_and_words() {
    let drawn = svg(&samples::overlay(&[15.0, 200.0]), 85.0);
    let document = Document::parse(&drawn).unwrap();
    let strong: Vec<_> = document
        .descendants()
        .filter(|n| n.has_tag_name("polyline") && points(*n).len() > 100)
        .filter_map(|n| n.attribute("stroke"))
        .collect();
    assert_eq!(strong.len(), 4, "two curves and two baselines");
    assert_ne!(strong[0], strong[2]);
    let words = texts(&drawn);
    assert!(
        words.contains(&"15 Hz".to_owned()) && words.contains(&"200 Hz".to_owned()),
        "{words:?}"
    );
}

#[test]
fn the_potential_axis_runs_as_it_is_told() {
    let places = |reverse_potential: bool| {
        let layout = Layout {
            reverse_potential,
            ..Layout::default()
        };
        let svg = figure::draw(&samples::sweep(1e-6), &layout).unwrap().svg();
        let document = Document::parse(&svg).unwrap();
        let at = |words: &str| {
            let mut texts = document.descendants().filter(|n| n.has_tag_name("text"));
            number(texts.find(|n| n.text().unwrap().trim() == words).unwrap(), "x")
        };
        (at("−0.4"), at("−0.1"))
    };
    let (low, high) = places(false);
    assert!(low < high);
    let (low, high) = places(true);
    assert!(low > high);
}

fn line(points: &[(f64, Option<f64>)]) -> Figure {
    Figure::Trend(Trend {
        x: TrendAxis::Index,
        y: Quantity::new("Peak current", Unit::Ampere),
        lines: vec![TrendLine {
            label: "E1".to_owned(),
            colour: Colour::Electrode(Some(1)),
            points: points
                .iter()
                .map(|(x, y)| TrendPoint {
                    x: Some(*x),
                    y: *y,
                    interval: None,
                })
                .collect(),
        }],
        events: vec![],
    })
}

#[test]
fn gaps_stay_gaps_and_a_single_point_is_seen() {
    let one = Some(1e-6);
    let gapped: Vec<_> = [one, one, None, one, None, Some(f64::NAN), one, one, one]
        .iter()
        .enumerate()
        .map(|(k, y)| (k as f64, *y))
        .collect();
    let drawn = svg(&line(&gapped), 85.0);
    let document = Document::parse(&drawn).unwrap();
    let own = Some("#21689E");
    let lines: Vec<usize> = document
        .descendants()
        .filter(|n| n.has_tag_name("polyline") && n.attribute("stroke") == own)
        .map(|n| points(n).len())
        .collect();
    assert_eq!(lines, [2, 3]);
    let dots = document
        .descendants()
        .filter(|n| n.has_tag_name("circle") && n.attribute("fill") == own)
        .count();
    assert_eq!(dots, 6 + 1, "a dot a point, and one for the run of one");
}

#[test]
fn events_are_labelled_lines() {
    let drawn = svg(
        &samples::trend(2, 100, false, &[(500.0, "10 µM glucose"), (1500.0, "wash")]),
        85.0,
    );
    let words = texts(&drawn);
    assert!(
        words.contains(&"10 µM glucose".to_owned()) && words.contains(&"wash".to_owned()),
        "{words:?}"
    );
}

#[test]
fn powers_are_raised() {
    let wide = line(&[(1.0, Some(1e-9)), (2.0, Some(1e-9))]);
    assert!(texts(&svg(&wide, 85.0)).iter().all(|w| !w.contains('^')));
    let Figure::Calibration(mut calibration) = samples::calibration(false) else {
        unreachable!()
    };
    // From pmol/L to mol/L.
    for (k, step) in calibration.groups[1].points.iter_mut().enumerate() {
        step.concentration_m = 10_f64.powi(2 * k as i32 - 12);
    }
    let words = texts(&svg(&Figure::Calibration(calibration), 85.0));
    assert!(
        words.iter().any(|w| w == "10") && words.iter().any(|w| w == "−6"),
        "{words:?}"
    );
}

#[test]
fn a_title_is_written_as_it_is_and_breaks_into_lines() {
    let layout = Layout {
        title: Some(
            "Titration <A&B> of an aptamer sensor that has quite a long name, in whole blood at 37 °C".to_owned(),
        ),
        ..Layout::default()
    };
    let drawn = figure::draw(&samples::sweep(1e-6), &layout).unwrap();
    let words = texts(&drawn.svg()).join(" ");
    assert!(words.contains("Titration <A&B> of"), "{words}");
    assert!(drawn.pdf().unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_trend_of_a_hundred_thousand_points_is_bounded() {
    let figure = samples::trend(2, 100_000, true, &[]);
    let drawn = svg(&figure, 178.0);
    assert!(drawn.len() < 1_000_000, "{}", drawn.len());
    // The extremes are there: the highest point of the data is the highest of the picture.
    let all: Vec<_> = (0..100_000)
        .map(|k| (f64::from(k), Some(if k == 54_321 { 5e-6 } else { 1e-6 })))
        .collect();
    let drawn = svg(&line(&all), 85.0);
    let document = Document::parse(&drawn).unwrap();
    let own = document
        .descendants()
        .filter(|n| n.has_tag_name("polyline") && n.attribute("stroke") == Some("#21689E"));
    let heights: Vec<f64> = own.flat_map(points).map(|p| p.1).collect();
    assert!(heights.len() < 4_000);
    let top = heights.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(heights.iter().filter(|y| **y == top).count(), 1);
}

#[test]
fn an_empty_selection_is_refused() {
    let empty = |figure: Figure| matches!(figure::draw(&figure, &Layout::default()), Err(FigureError::Empty(_)));
    assert!(empty(Figure::Voltammogram(Voltammogram { traces: vec![] })));
    assert!(empty(line(&[])));
    assert!(empty(line(&[(1.0, None), (2.0, Some(f64::INFINITY))])));
    assert!(empty(samples::frequency_map(0, false, 1.0)));
    let mut trace = samples::trace("E1", Colour::Electrode(Some(1)), 1e-6);
    trace.potential_v.clear();
    trace.peak = None;
    assert!(empty(Figure::Voltammogram(Voltammogram { traces: vec![trace] })));
}

#[test]
fn a_width_or_resolution_that_is_none_is_refused() {
    for width_mm in [0.0, -85.0, 49.9, 301.0, f64::NAN] {
        let layout = Layout {
            width_mm,
            ..Layout::default()
        };
        let refused = figure::draw(&samples::sweep(1e-6), &layout);
        assert!(matches!(refused, Err(FigureError::Width(_))), "{width_mm}");
    }
    let drawn = figure::draw(&samples::sweep(1e-6), &Layout::default()).unwrap();
    assert_eq!(drawn.png(71).unwrap_err(), FigureError::Dpi(71));
    assert_eq!(drawn.png(1201).unwrap_err(), FigureError::Dpi(1201));
}
