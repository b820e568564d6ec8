//! Figures of made-up data, one and more of every kind.

use figure::{
    Calibration, CalibrationGroup, CalibrationPoint, Chronoamperogram, Colour, Comparison, ComparisonSeries,
    CurvePoint, CyclicVoltammogram, Event, Figure, FittedDecay, FrequencyMap, MapPoint, MapSeries, MeanPoint, Peak,
    Quantity, Segment, Spread, Trace, Trend, TrendAxis, TrendLine, TrendPoint, Unit, ValuePoint, Voltammogram,
};

/// Noise without a random number generator: the same everywhere.
fn noise(k: usize) -> f64 {
    let x = (k as f64 * 12.9898).sin() * 43_758.545_3;
    2.0 * (x - x.floor()) - 1.0
}

/// A sweep with a peak of this height (A) on a sloping line.
pub fn trace(label: &str, colour: Colour, height_a: f64) -> Trace {
    let potential_v: Vec<f64> = (0..=225).map(|k| -0.5 + 0.002 * f64::from(k)).collect();
    let baseline = |v: f64| 4e-7 - 3e-7 * v;
    let curve = |v: f64| baseline(v) + height_a * (-((v + 0.28) / 0.045).powi(2)).exp();
    Trace {
        label: label.to_owned(),
        colour,
        raw_a: potential_v
            .iter()
            .enumerate()
            .map(|(k, v)| Some(curve(*v) + 0.02 * height_a * noise(k)))
            .collect(),
        smoothed_a: potential_v.iter().map(|v| Some(curve(*v))).collect(),
        baseline_a: potential_v.iter().map(|v| Some(baseline(*v))).collect(),
        baseline_v: Some((-0.4, -0.16)),
        peak: Some(Peak {
            potential_v: -0.28,
            height_a,
            baseline_a: baseline(-0.28),
        }),
        potential_v,
    }
}

pub fn sweep(height_a: f64) -> Figure {
    Figure::Voltammogram(Voltammogram {
        traces: vec![trace("E1", Colour::Electrode(Some(1)), height_a)],
    })
}

pub fn overlay(frequencies_hz: &[f64]) -> Figure {
    let of = |hz: &f64| trace(&format!("{hz} Hz"), Colour::Frequency(*hz), 2e-8 * hz.powf(0.8));
    Figure::Voltammogram(Voltammogram {
        traces: frequencies_hz.iter().map(of).collect(),
    })
}

/// A trend of KDM with gaps and failed points.
pub fn trend(electrodes: u32, points: usize, band: bool, events: &[(f64, &str)]) -> Figure {
    let line = |electrode: u32| TrendLine {
        label: format!("E{electrode}"),
        colour: Colour::Electrode(Some(electrode)),
        points: (0..points)
            .map(|k| {
                let share = k as f64 / points as f64;
                let step = if share > 0.55 {
                    30.0
                } else if share > 0.25 {
                    14.0
                } else {
                    0.0
                };
                let y = 100.0 + f64::from(electrode) + step + 2.0 * noise(k + 977 * electrode as usize);
                let missing = (points / 3..points / 3 + points / 20).contains(&k) || k % 97 == 41;
                TrendPoint {
                    x: Some(k as f64 * 20.0),
                    y: (!missing).then_some(y),
                    interval: band.then_some((y - 4.0, y + 4.0)),
                }
            })
            .collect(),
    };
    Figure::Trend(Trend {
        x: TrendAxis::Time,
        y: Quantity::new("KDM", Unit::Percent),
        lines: (1..=electrodes).map(line).collect(),
        events: events
            .iter()
            .map(|(x, label)| Event {
                x: *x,
                label: (*label).to_owned(),
            })
            .collect(),
    })
}

/// Trend of peak currents of two frequencies with few points.
pub fn short_trend() -> Figure {
    let line = |hz: f64, height: f64| TrendLine {
        label: format!("{hz} Hz"),
        colour: Colour::Frequency(hz),
        points: (1..=24)
            .map(|k| TrendPoint {
                x: Some(f64::from(k)),
                y: (k != 9 && k != 15).then(|| height * (1.0 + 0.01 * f64::from(k) + 0.02 * noise(k as usize))),
                interval: None,
            })
            .collect(),
    };
    Figure::Trend(Trend {
        x: TrendAxis::Index,
        y: Quantity::new("Peak current", Unit::Ampere),
        lines: vec![line(15.0, 3.2e-7), line(200.0, 5.5e-7)],
        events: vec![],
    })
}

pub fn frequency_map(electrodes: u32, mean: bool, sign: f64) -> Figure {
    let frequencies: Vec<f64> = (0..12)
        .map(|k| (10_f64 * 10_f64.powf(f64::from(k) / 6.0)).round())
        .collect();
    let current = |electrode: u32, hz: f64| {
        let peak = 1e-6 * (1.0 + 0.07 * f64::from(electrode)) * hz / (hz + 90.0) * (-hz / 900.0).exp();
        sign * peak
    };
    let series = (1..=electrodes)
        .map(|electrode| MapSeries {
            label: format!("E{electrode}"),
            colour: Colour::Electrode(Some(electrode)),
            points: frequencies
                .iter()
                .enumerate()
                .map(|(k, &hz)| {
                    let current = (electrode != 2 || k != 5).then(|| current(electrode, hz));
                    MapPoint {
                        frequency_hz: hz,
                        peak_current_a: current,
                        charge_c: current.map(|a| a / hz),
                    }
                })
                .collect(),
        })
        .collect();
    let spread = |mean: f64| Spread {
        mean,
        interval: Some((mean - 0.12 * mean.abs(), mean + 0.12 * mean.abs())),
    };
    let means = frequencies.iter().map(|&hz| MeanPoint {
        frequency_hz: hz,
        peak_current_a: Some(spread(current(electrodes / 2, hz))),
        charge_c: Some(spread(current(electrodes / 2, hz) / hz)),
    });
    Figure::FrequencyMap(FrequencyMap {
        caption: "File 3".to_owned(),
        series,
        mean: if mean { means.collect() } else { vec![] },
        mean_label: "Mean ± SD".to_owned(),
    })
}

pub fn comparison(electrodes: u32) -> Figure {
    let frequencies: Vec<f64> = (0..14)
        .map(|k| (8_f64 * 10_f64.powf(f64::from(k) / 7.0)).round())
        .collect();
    let gain = |electrode: u32, hz: f64| 60.0 * ((hz / 60.0).ln() * 0.7).tanh() + 2.0 * f64::from(electrode);
    let mut series: Vec<ComparisonSeries> = (1..=electrodes)
        .map(|electrode| ComparisonSeries {
            label: format!("E{electrode}"),
            colour: Colour::Electrode(Some(electrode)),
            points: frequencies
                .iter()
                .map(|&hz| ValuePoint {
                    x: hz,
                    y: Some(gain(electrode, hz)),
                    interval: None,
                })
                .collect(),
        })
        .collect();
    series.push(ComparisonSeries {
        label: "Mean ± SD".to_owned(),
        colour: Colour::Neutral,
        points: frequencies
            .iter()
            .map(|&hz| ValuePoint {
                x: hz,
                y: Some(gain(1, hz)),
                interval: Some((gain(1, hz) - 5.0, gain(1, hz) + 5.0)),
            })
            .collect(),
    });
    Figure::Comparison(Comparison {
        y: Quantity::new("Signal gain", Unit::Percent),
        caption: "After, file 2, against Before, file 1".to_owned(),
        no_change: 0.0,
        series,
    })
}

pub fn calibration(blank: bool) -> Figure {
    let curve = |c: f64| 100.0 + 60.0 * c / (c + 2e-5);
    let mut steps = vec![1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
    if blank {
        steps.insert(0, 0.0);
    }
    let group = |electrode: u32| {
        let points = steps
            .iter()
            .enumerate()
            .map(|(k, &c)| {
                let value = curve(c) + 1.5 * noise(k + 31 * electrode as usize);
                CalibrationPoint {
                    concentration_m: c,
                    value,
                    interval: Some((value - 2.0, value + 2.0)),
                }
            })
            .collect();
        CalibrationGroup {
            label: format!("E{electrode}"),
            colour: Colour::Electrode(Some(electrode)),
            points,
            curve: vec![],
        }
    };
    let fit = CalibrationGroup {
        label: "Fit".to_owned(),
        colour: Colour::Neutral,
        points: vec![],
        curve: (0..=120)
            .map(|k| {
                let c = 1e-7 * 10_f64.powf(f64::from(k) / 29.0);
                CurvePoint {
                    concentration_m: c,
                    value: curve(c),
                    interval: Some((curve(c) - 1.8, curve(c) + 1.8)),
                }
            })
            .collect(),
    };
    Figure::Calibration(Calibration {
        y: Quantity::new("KDM", Unit::Percent),
        confidence: 0.95,
        groups: vec![fit, group(1), group(2)],
        facts: vec!["K = 20.0 µM".to_owned(), "n = 1.00".to_owned()],
    })
}

pub fn cyclic() -> Figure {
    let segment = |forward: bool| {
        let potential_v: Vec<f64> = (0..=300)
            .map(|k| {
                let share = f64::from(k) / 300.0;
                if forward { -0.2 + 0.8 * share } else { 0.6 - 0.8 * share }
            })
            .collect();
        let sign = if forward { 1.0 } else { -1.0 };
        let centre = if forward { 0.25 } else { 0.18 };
        let baseline = |v: f64| sign * 3e-6 + 2e-6 * v;
        let height = sign * 1.2e-5;
        Segment {
            forward,
            label: if forward {
                "Segment 1, forward"
            } else {
                "Segment 2, reverse"
            }
            .to_owned(),
            current_a: potential_v
                .iter()
                .map(|v| Some(baseline(*v) + height * (-((v - centre) / 0.08).powi(2)).exp()))
                .collect(),
            baseline_a: potential_v
                .iter()
                .map(|v| ((v - centre).abs() < 0.2).then(|| baseline(*v)))
                .collect(),
            peak: Some(Peak {
                potential_v: centre,
                height_a: height,
                baseline_a: baseline(centre),
            }),
            potential_v,
        }
    };
    Figure::CyclicVoltammogram(CyclicVoltammogram {
        label: "E1, 0.1 V/s".to_owned(),
        colour: Colour::Electrode(Some(1)),
        whole: vec![],
        segments: vec![segment(true), segment(false)],
    })
}

pub fn decay(sign: f64) -> Figure {
    let time_s: Vec<f64> = (0..=2000).map(|k| 5e-5 * f64::from(k)).collect();
    let fitted = |t: f64| sign * (4e-6 * (-t / 0.008).exp() + 3e-8);
    Figure::Chronoamperogram(Chronoamperogram {
        label: "E1".to_owned(),
        colour: Colour::Electrode(Some(1)),
        current_a: time_s
            .iter()
            .enumerate()
            .map(|(k, t)| Some(fitted(*t) + 2e-8 * noise(k)))
            .collect(),
        fit: Some(FittedDecay {
            current_a: time_s.iter().map(|t| (*t >= 0.001).then(|| fitted(*t))).collect(),
            facts: vec!["τ = 8.00 ms".to_owned(), "R² = 0.998".to_owned()],
        }),
        time_s,
    })
}

/// All of them, with names and widths (mm).
pub fn all() -> Vec<(&'static str, f64, Figure)> {
    let injections = [(900.0, "10 µM"), (960.0, "20 µM"), (2200.0, "wash")];
    let many: Vec<(f64, String)> = (0..24)
        .map(|k| (f64::from(k) * 160.0, format!("injection {k}")))
        .collect();
    let many: Vec<(f64, &str)> = many.iter().map(|(x, label)| (*x, label.as_str())).collect();
    vec![
        ("sweep", 85.0, sweep(1.3e-6)),
        ("sweep-down", 85.0, sweep(-1.3e-7)),
        ("overlay", 120.0, overlay(&[10.0, 15.0, 60.0, 200.0, 500.0])),
        ("trend-1", 85.0, trend(1, 200, true, &injections)),
        ("trend-3", 178.0, trend(3, 200, true, &injections)),
        ("trend-16", 85.0, trend(16, 200, false, &[])),
        ("trend-events", 85.0, trend(2, 200, false, &many)),
        ("trend-short", 85.0, short_trend()),
        ("trend-100000", 178.0, trend(2, 100_000, true, &[])),
        ("map-3", 85.0, frequency_map(3, true, 1.0)),
        ("map-1", 120.0, frequency_map(1, false, -1.0)),
        ("map-16", 178.0, frequency_map(16, true, 1.0)),
        ("comparison", 85.0, comparison(4)),
        ("calibration", 85.0, calibration(true)),
        ("calibration-wide", 120.0, calibration(false)),
        ("cv", 85.0, cyclic()),
        ("ca", 85.0, decay(1.0)),
        ("ca-wide", 178.0, decay(-1.0)),
    ]
}
