//! Chronoamperometry from the file to every answer of the engine, against the truth of the simulated potentiostat.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use instrument::simulated::step::{StepExperiment, StepSettings};
use instrument::simulated::{FileFormat, Handle, PlaySettings, RealPace, ScanTime, StopSignal, WritingStyle, play};
use protocol::command::{Command, Outcome};
use protocol::ids::SessionId;
use protocol::measurement::{CaNumbers, Measurement, Status};
use protocol::query::ColumnQuery;
use protocol::record::RecordEvent;
use protocol::session::{FileState, SessionState};
use protocol::settings::{CaModel, Settings, Technique};

use crate::bench::{Bench, play_into};

const FILES: u32 = 6;

fn experiment() -> StepExperiment {
    let settings = StepSettings {
        electrodes: 2,
        files: FILES,
        seed: 7,
        ..StepSettings::default()
    };
    StepExperiment::new(settings).unwrap()
}

fn play_steps(folder: &Path, format: FileFormat, style: WritingStyle) {
    let settings = PlaySettings {
        folder: folder.to_owned(),
        handle: Handle::new("CA").unwrap(),
        format,
        style,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    play(&experiment(), &settings, &RealPace::start(StopSignal::new()), |_| {}).unwrap();
}

fn settings(model: CaModel) -> Settings {
    let mut settings = Settings {
        technique: Technique::Ca,
        ..Settings::default()
    };
    settings.ca.model = model;
    settings
}

fn numbers(measurement: &Measurement) -> &CaNumbers {
    measurement
        .ca
        .as_ref()
        .unwrap_or_else(|| panic!("no numbers: {measurement:?}"))
}

async fn revise(bench: &Bench, session: SessionId, seen_revision: u32, settings: Settings) {
    let command = Command::ReviseSettings {
        session,
        seen_revision,
        settings: Box::new(settings),
    };
    let Outcome::Revised { revision, .. } = bench.command(command).await.unwrap() else {
        panic!("not revised")
    };
    let is_done = |e: &RecordEvent| matches!(e, RecordEvent::Recomputed { revision: r, .. } if *r == revision);
    bench.until(session, |events| events.iter().any(is_done)).await;
}

/// Both time constants within four of their standard errors of the truth, and half-lives that belong to them.
fn is_true(measurement: &Measurement) {
    let truth = experiment()
        .scan(measurement.electrode.unwrap() as u8, measurement.index.unwrap())
        .unwrap()
        .truth;
    let ca = numbers(measurement);
    for (found, error, truth) in [
        (ca.tau1_s, ca.tau1_error_s, truth.tau1_s),
        (ca.tau2_s, ca.tau2_error_s, truth.tau2_s),
        (ca.offset_a, ca.offset_error_a, truth.offset_a),
    ] {
        let (found, error) = (found.unwrap(), error.unwrap());
        assert!(
            (found - truth).abs() <= 4.0 * error,
            "{found} ± {error} for {truth}: {measurement:?}"
        );
        assert!(error < 0.05 * truth, "{error} of {truth}");
    }
    let half_life = ca.half_life2_s.unwrap();
    assert!((half_life / ca.tau2_s.unwrap() - std::f64::consts::LN_2).abs() < 1e-12);
    assert_eq!((measurement.status, &measurement.reason), (Status::Ok, &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_session_survives_a_restart_and_gives_the_truth_with_two_exponentials() {
    let mut bench = Bench::new().await;
    let session = bench.watch(settings(CaModel::Mono)).await;
    play_steps(bench.files.path(), FileFormat::ChiText, WritingStyle::Append);
    bench.until_files(session, FileState::Measured, FILES as usize).await;
    let mono = bench.results(session).await;
    assert_eq!(mono.len(), 2 * FILES as usize);
    for m in &mono {
        let ca = numbers(m);
        assert!(ca.tau1_s.is_some() && ca.tau2_s.is_none() && ca.amplitude2_a.is_none() && ca.step == Some(1));
        // The charging is an exponential of its own, which one exponential cannot describe.
        assert_eq!(m.reason.as_deref(), Some("residuals_correlated"), "{m:?}");
    }

    bench.restart().await;
    assert_eq!(bench.results(session).await, mono, "as they were kept");

    revise(&bench, session, 1, settings(CaModel::Bi)).await;
    let bi = bench.results(session).await;
    for (old, new) in mono.iter().zip(&bi) {
        assert_eq!((old.measurement, new.revision), (new.measurement, Some(2)));
        is_true(new);
    }

    let columns = bench
        .engine
        .columns(ColumnQuery::Series { session, after: 0 })
        .await
        .unwrap();
    assert_eq!(&columns.names()[..3], ["measurement", "electrode", "frequency_hz"]);
    for (name, of) in [
        ("tau1_s", (|ca| ca.tau1_s) as fn(&CaNumbers) -> Option<f64>),
        ("tau2_s", |ca| ca.tau2_s),
        ("amplitude1_a", |ca| ca.amplitude1_a),
        ("amplitude2_a", |ca| ca.amplitude2_a),
        ("offset_a", |ca| ca.offset_a),
        ("half_life1_s", |ca| ca.half_life1_s),
        ("half_life2_s", |ca| ca.half_life2_s),
        ("step", |ca| ca.step.map(f64::from)),
    ] {
        let wanted: Vec<f64> = bi.iter().map(|m| of(numbers(m)).unwrap()).collect();
        assert_eq!(columns.column(name).unwrap(), wanted, "{name}");
    }

    let measurement = bi[3].measurement.unwrap();
    let query = ColumnQuery::Sweep {
        points: None,
        measurement,
        settings: None,
    };
    let sweep = bench.engine.columns(query).await.unwrap();
    assert_eq!(sweep.names(), ["time_s", "raw_a", "fitted_a", "residual_a", "step"]);
    assert_eq!(sweep.rows(), 1000);
    let (raw, fitted, residual) = (
        sweep.column("raw_a").unwrap(),
        sweep.column("fitted_a").unwrap(),
        sweep.column("residual_a").unwrap(),
    );
    assert!((0..1000).all(|k| (raw[k] - fitted[k] - residual[k]).abs() < 1e-18));
    let deviation = (residual.iter().map(|r| r * r).sum::<f64>() / 1000.0).sqrt();
    assert!((deviation / 2e-9 - 1.0).abs() < 0.1, "the noise is left: {deviation}");
    assert_eq!(sweep.about["measurement"]["tau2_s"].as_f64(), numbers(&bi[3]).tau2_s);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_another_technique_are_named() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 1, FileFormat::GamryDta, WritingStyle::Burst);
    let session = bench.import(settings(CaModel::Mono)).await;
    bench.until_state(session, SessionState::Finished).await;
    let files = bench.files(session).await;
    assert_eq!(files.len(), 2);
    for file in &files {
        assert_eq!(file.reason.as_deref(), Some("other_technique"), "{file:?}");
        let message = file.message.as_deref().unwrap();
        assert!(
            message.contains("square-wave") && message.contains("measures chronoamperograms"),
            "{message}"
        );
    }
}

/// A rest, two pulses of -0.4 V with a return between them; time constants in ms.
fn pulses(tau_ms: [f64; 3]) -> String {
    let mut text = "Time (s),Potential (V),Current (A)\n".to_owned();
    let mut row = |t: f64, v: f64, i: f64| {
        let wobble = 1e-10 * (t * 17e3).sin();
        writeln!(text, "{t:.4},{v},{:e}", i + wobble).unwrap();
    };
    for k in 0..=20 {
        row(-0.002 + 1e-4 * f64::from(k), 0.0, 1e-9);
    }
    for (pulse, (level, tau)) in [-0.4, 0.0, -0.4].into_iter().zip(tau_ms).enumerate() {
        for k in 1..=400 {
            let t = 1e-4 * f64::from(k);
            let amplitude = if level < 0.0 { 2e-6 } else { -2e-6 };
            row(
                0.04 * pulse as f64 + t,
                level,
                amplitude * (-t / (1e-3 * tau)).exp() + 1e-8,
            );
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_file_is_a_measurement_and_repeats_can_be_one() {
    let bench = Bench::new().await;
    bench.put("pulses_1.csv", pulses([5.0, 8.0, 5.0]));
    let session = bench.import(settings(CaModel::Mono)).await;
    bench.until_state(session, SessionState::Finished).await;
    let found = |measurements: &[Measurement]| -> Vec<(u32, u32, f64, f64)> {
        let rounded = |tau: Option<f64>| (tau.unwrap() * 1e4).round() / 10.0;
        let of = |ca: &CaNumbers| {
            let potential_v = ca.step_potential_v.unwrap();
            (ca.step.unwrap(), ca.repeats.unwrap(), potential_v, rounded(ca.tau1_s))
        };
        measurements.iter().map(|m| of(numbers(m))).collect()
    };
    let each = bench.results(session).await;
    assert_eq!(found(&each), [(1, 1, -0.4, 5.0), (2, 1, 0.0, 8.0), (3, 1, -0.4, 5.0)]);
    assert!(numbers(&each[1]).amplitude1_a.unwrap() < 0.0);

    let mut merged = settings(CaModel::Mono);
    merged.ca.merge_repeats = true;
    revise(&bench, session, 1, merged.clone()).await;
    let two = bench.results(session).await;
    assert_eq!(found(&two), [(1, 2, -0.4, 5.0), (2, 1, 0.0, 8.0)]);
    assert_eq!(numbers(&two[0]).fit_points, Some(800));
    assert_eq!(
        (two[0].measurement, two[1].measurement),
        (each[0].measurement, each[1].measurement)
    );

    merged.ca.merge_repeats = false;
    merged.ca.step = 3;
    revise(&bench, session, 2, merged.clone()).await;
    let third = bench.results(session).await;
    assert_eq!(found(&third), [(3, 1, -0.4, 5.0)]);
    assert_eq!(third[0].measurement, each[2].measurement);

    merged.ca.step = 4;
    revise(&bench, session, 3, merged).await;
    let none = bench.results(session).await;
    assert_eq!((none.len(), none[0].reason.as_deref()), (1, Some("step_missing")));
    assert!(none[0].message.as_deref().unwrap().contains("3 step(s)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_exponential_that_is_not_there_is_not_invented() {
    let bench = Bench::new().await;
    bench.put("pulses_1.csv", pulses([5.0, 8.0, 5.0]));
    let session = bench.import(settings(CaModel::Bi)).await;
    bench.until_state(session, SessionState::Finished).await;
    for m in bench.results(session).await {
        let ca = numbers(&m);
        assert_eq!(
            (m.status, m.reason.as_deref()),
            (Status::Warning, Some("one_exponential_suffices")),
            "{m:?}"
        );
        assert_eq!(
            (ca.model, ca.tau1_s, ca.tau2_s, ca.offset_a),
            (CaModel::Bi, None, None, None)
        );
    }
}
