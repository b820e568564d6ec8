//! Trends against the truth of the simulated potentiostat: drift, concentrations, times, and that a part costs a part.

use agent::analysis::TrendRow;
use agent::querying;
use agent::store::Store;
use instrument::simulated::binding::{ConcentrationProfile, Injection};
use instrument::simulated::drift::Drift;
use instrument::simulated::{ExperimentSettings, FileFormat, SweepProgram, WritingStyle};
use protocol::calibration::SessionCalibration;
use protocol::command::{Command, Outcome};
use protocol::ids::{MarkerId, SessionId};
use protocol::note::NoteFilter;
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::session::{Marker, MarkerKind, SessionState};
use protocol::settings::{
    CalibrationSettings, CalibrationSource, CalibrationStep, DriftCorrection, Settings, TrendTimes, TrendX,
};

use crate::bench::{Bench, play_experiment};

/// mol/L, ten scans each.
const DOSES_M: [f64; 7] = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4];

/// A titration over 70 indices, then 20 in 20 µmol/L and 10 in 5 µmol/L.
fn titration(drift: Drift) -> ExperimentSettings {
    let doses = DOSES_M.iter().copied().chain([2e-5, 2e-5, 5e-6]);
    let injections = (0..).zip(doses).map(|(k, concentration_m)| Injection {
        at_index: 10 * k + 1,
        concentration_m,
    });
    ExperimentSettings {
        electrodes: 2,
        files: 100,
        seed: 3,
        program: SweepProgram {
            increment_v: 0.004,
            ..SweepProgram::default()
        },
        concentration: Some(ConcentrationProfile {
            injections: injections.collect(),
            mixing_indices: 0.2,
        }),
        drift,
        ..ExperimentSettings::default()
    }
}

/// The titration without the scans in which the cell was still mixing.
fn steps() -> CalibrationSettings {
    let steps = (0..).zip(DOSES_M).map(|(k, concentration_m)| CalibrationStep {
        concentration_m,
        first_index: 10 * k + 3,
        last_index: 10 * k + 10,
    });
    CalibrationSettings {
        source: CalibrationSource::Steps,
        steps: steps.collect(),
        ..CalibrationSettings::default()
    }
}

async fn imported(bench: &Bench, experiment: ExperimentSettings, settings: Settings) -> SessionId {
    play_experiment(bench.files.path(), experiment, FileFormat::ChiText, WritingStyle::Burst);
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    session
}

fn store(bench: &Bench) -> Store {
    Store::open_read_only(&bench.engine.location().database()).unwrap()
}

fn trends(bench: &Bench, session: SessionId, first: u32, last: u32) -> Vec<TrendRow> {
    querying::trends(&store(bench), session, first, last).unwrap()
}

async fn revise(bench: &Bench, session: SessionId, seen_revision: u32, settings: Settings) {
    let command = Command::ReviseSettings {
        session,
        seen_revision,
        settings: Box::new(settings),
    };
    assert!(matches!(bench.command(command).await.unwrap(), Outcome::Revised { .. }));
}

async fn calibrations(
    bench: &Bench,
    session: SessionId,
    tried: Option<CalibrationSettings>,
) -> Vec<SessionCalibration> {
    let query = Query::Calibrations {
        session,
        calibration: tried.map(Box::new),
    };
    match bench.engine.query(query).await.unwrap() {
        Answer::Calibrations { calibrations } => calibrations,
        other => panic!("{other:?}"),
    }
}

/// Greatest deviation of the concentrations in a range from the truth, relative.
fn off_by(rows: &[TrendRow], from: u32, to: u32, truth_m: f64) -> f64 {
    rows.iter()
        .filter(|row| (from..=to).contains(&row.index))
        .map(|row| (row.concentration_m.unwrap_or(f64::NAN) / truth_m - 1.0).abs())
        .fold(0.0, |worst, off| if off > worst || off.is_nan() { off } else { worst })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_titration_calibrates_what_is_measured_after_it_and_another_session() {
    let bench = Bench::new().await;
    let settings = Settings {
        calibration: steps(),
        ..Settings::default()
    };
    let session = imported(&bench, titration(Drift::none()), settings).await;
    let rows = trends(&bench, session, 0, 0);
    assert_eq!(rows.len(), 200);
    assert!(off_by(&rows, 73, 90, 2e-5) < 0.15, "{}", off_by(&rows, 73, 90, 2e-5));
    assert!(off_by(&rows, 93, 100, 5e-6) < 0.2, "{}", off_by(&rows, 93, 100, 5e-6));
    let held = rows.iter().filter(|row| (73..=90).contains(&row.index));
    let held: Vec<bool> = held
        .map(|row| row.concentration_low_m.unwrap() <= 2e-5 && row.concentration_high_m.unwrap() >= 2e-5)
        .collect();
    assert!(
        held.iter().filter(|holds| **holds).count() * 10 >= held.len() * 7,
        "{held:?}"
    );
    // Any part is the same as in the whole.
    assert_eq!(trends(&bench, session, 81, 81), [rows[80].clone(), rows[180].clone()]);

    let found = calibrations(&bench, session, None).await;
    assert_eq!(
        found.iter().map(|c| c.electrode).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    for curve in &found {
        let (k, low, high) = (curve.k_m.unwrap(), curve.k_low_m.unwrap(), curve.k_high_m.unwrap());
        assert!((k / 1e-5 - 1.0).abs() < 0.15 && low < k && k < high, "{curve:?}");
        assert!(curve.r_squared.unwrap() > 0.999 && curve.points.len() == 7);
        assert!(curve.limit_of_detection_m.unwrap() < 2e-6, "{curve:?}");
    }
    let pooled = CalibrationSettings {
        pooled: true,
        hill: protocol::settings::HillChoice::Fitted,
        ..steps()
    };
    let together = calibrations(&bench, session, Some(pooled)).await;
    assert_eq!((together.len(), together[0].points.len()), (1, 14));
    assert!((together[0].hill.unwrap() - 1.0).abs() < 0.15, "{together:?}");

    // The curves, as a file of settings holds them, give another session the same concentrations.
    let kept = CalibrationSettings {
        source: CalibrationSource::Curves,
        curves: found.iter().filter_map(agent::analysis::kept_curve).collect(),
        ..CalibrationSettings::default()
    };
    let other = Settings::from_toml(&kept.to_toml().unwrap()).unwrap();
    let other = bench.import(other).await;
    bench.until_state(other, SessionState::Finished).await;
    let there = trends(&bench, other, 73, 90);
    let here = trends(&bench, session, 73, 90);
    for (a, b) in there.iter().zip(&here) {
        let (a, b) = (a.concentration_low_m.unwrap(), b.concentration_low_m.unwrap());
        assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn markers_with_concentrations_are_a_titration_and_follow_every_change() {
    let bench = Bench::new().await;
    let mut settings = Settings::default();
    settings.calibration.source = CalibrationSource::Markers;
    settings.calibration.settling = 2;
    let session = imported(&bench, titration(Drift::none()), settings).await;
    assert_eq!(
        trends(&bench, session, 80, 80)[0].reason.as_deref(),
        Some("calibration_no_titration")
    );
    let put = |marker: Marker| bench.command(Command::PutMarker { session, marker });
    let marker = |k: u32, concentration_m: Option<f64>| Marker {
        id: MarkerId::new(),
        kind: MarkerKind::Injection,
        index: f64::from(10 * k) + 0.5,
        label: "dose".to_owned(),
        concentration_m,
        from: None,
    };
    let mut last = marker(0, None);
    for (k, concentration) in (0..).zip(DOSES_M) {
        last = marker(k, Some(concentration));
        put(last.clone()).await.unwrap();
    }
    let by_markers = trends(&bench, session, 73, 90);
    assert!(off_by(&by_markers, 73, 90, 2e-5) < 0.15);
    let by_steps = calibrations(&bench, session, Some(steps())).await;
    let found = calibrations(&bench, session, None).await;
    // The last step has no end, and is as long as the others.
    assert_eq!(found, by_steps);
    // A corrected concentration changes the curve at once.
    last.concentration_m = Some(3e-3);
    put(last).await.unwrap();
    let after = calibrations(&bench, session, None).await;
    assert_eq!(after[0].highest_m, Some(3e-3));
    assert_ne!(after[0].k_m, found[0].k_m);
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_corrected_and_calibration_takes_what_is_left() {
    let bench = Bench::new().await;
    let blank = ExperimentSettings {
        electrodes: 1,
        frequencies_hz: vec![200.0],
        files: 120,
        concentration: Some(ConcentrationProfile {
            injections: Vec::new(),
            mixing_indices: 0.2,
        }),
        ..titration(Drift::default())
    };
    let session = imported(&bench, blank, Settings::default()).await;
    let uncorrected = trends(&bench, session, 0, 0);
    assert!(
        uncorrected
            .iter()
            .all(|row| row.drift_corrected.is_none() && row.reason.is_none())
    );
    assert!(uncorrected[119].normalized_low.unwrap() < 0.8);
    let mut settings = Settings::default();
    settings.trend.drift = DriftCorrection::Both;
    settings.trend.drift_range = vec![1, 80];
    revise(&bench, session, 1, settings).await;
    let rows = trends(&bench, session, 0, 0);
    let first = rows[0].drift_corrected.unwrap();
    for row in &rows {
        let corrected = row.drift_corrected.unwrap();
        assert!(
            (corrected / first - 1.0).abs() < 0.03,
            "{}: {corrected} {first}",
            row.index
        );
    }
    let mean_of_last = rows[100..].iter().map(|row| row.drift_corrected.unwrap()).sum::<f64>() / 20.0;
    assert!((mean_of_last - 1.0).abs() < 0.015, "{mean_of_last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_those_of_the_files_unless_the_settings_say_otherwise() {
    let bench = Bench::new().await;
    let experiment = ExperimentSettings {
        electrodes: 1,
        files: 5,
        ..titration(Drift::none())
    };
    let mut settings = Settings::default();
    settings.trend.x = TrendX::Time;
    let session = imported(&bench, experiment, settings.clone()).await;
    let by_file = trends(&bench, session, 0, 0);
    assert!(
        by_file
            .iter()
            .all(|row| row.time_source == "file" && row.reason.is_none())
    );
    assert_eq!(by_file[0].x, Some(0.0));
    assert!(
        by_file
            .windows(2)
            .all(|pair| pair[0].x < pair[1].x || pair[1].time_not_later)
    );
    settings.trend.times = TrendTimes::Modified;
    revise(&bench, session, 1, settings.clone()).await;
    let modified = trends(&bench, session, 0, 0);
    assert!(
        modified
            .iter()
            .all(|row| row.time_source == "modified" && row.x.is_some())
    );
    assert_ne!(modified[0].time, by_file[0].time);
    settings.trend.times = TrendTimes::Interval;
    revise(&bench, session, 2, settings).await;
    let xs: Vec<_> = trends(&bench, session, 0, 0).iter().map(|row| row.x).collect();
    assert_eq!(xs, [0.0, 20.0, 40.0, 60.0, 80.0].map(Some));
    let query = ColumnQuery::Trends {
        session,
        first_index: 0,
        last_index: 0,
    };
    let columns = bench.engine.columns(query).await.unwrap();
    assert_eq!(columns.names(), agent::analysis::TREND_COLUMNS);
    assert_eq!(columns.about["time_source"], "interval");
    assert_eq!(columns.column("time_not_later").unwrap(), [0.0; 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_an_earlier_version_opens_with_its_trends() {
    let mut bench = Bench::new().await;
    let experiment = ExperimentSettings {
        electrodes: 1,
        files: 3,
        ..titration(Drift::none())
    };
    let session = imported(&bench, experiment, Settings::default()).await;
    let before = trends(&bench, session, 0, 0);
    bench.engine.close().await;
    let connection = rusqlite::Connection::open(bench.engine.location().database()).unwrap();
    let earlier = "DROP TABLE marks; DROP TABLE note_words; DROP TABLE note_topics; DROP TABLE notes;
        DROP TABLE runs;
        DELETE FROM meta WHERE key = 'epoch';
        ALTER TABLE revisions DROP COLUMN author;
        ALTER TABLE sessions DROP COLUMN lifetime_s;
        ALTER TABLE sessions DROP COLUMN resting_since;
        DROP INDEX measurements_by_time_source;
        CREATE INDEX measurements_by_time ON measurements (session, time) WHERE current = 1;
        INSERT INTO markers SELECT id, '6f0a4d3c-0000-4000-8000-000000000001',
            '{\"id\":\"6f0a4d3c-0000-4000-8000-000000000001\",\"kind\":\"injection\",\"index\":2.0,\"label\":\"ATP\"}' FROM sessions;
        UPDATE revisions SET settings = '[trend]' || char(10) || 'normalize_to = 1';
        PRAGMA user_version = 3;";
    connection.execute_batch(earlier).unwrap();
    drop(connection);
    // Also when it is only read, which leaves it as it is.
    assert_eq!(trends(&bench, session, 0, 0), before);
    assert_eq!(store(&bench).notes_of(session).unwrap(), []);
    assert_eq!(store(&bench).marks(session).unwrap(), []);
    assert_eq!(
        store(&bench).notes(&NoteFilter::default(), 0, 1).unwrap(),
        (Vec::new(), 0)
    );
    bench.restart().await;
    assert_eq!(trends(&bench, session, 0, 0), before);
    let detail = bench.detail(session).await;
    assert_eq!(detail.markers[0].concentration_m, None);
    assert_eq!(detail.settings, Settings::default());
}

/// What a part reads is counted beside the trends themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_long_session_is_what_the_whole_holds_there() {
    let bench = Bench::new().await;
    let mut settings = Settings {
        calibration: steps(),
        ..Settings::default()
    };
    settings.trend.drift = DriftCorrection::Linear;
    settings.trend.drift_range = vec![1, 20];
    let session = imported(&bench, titration(Drift::none()), settings).await;
    let kept = store(&bench);
    let part = |first: u32| querying::trends(&kept, session, first, first + 1).unwrap();
    assert_eq!(part(95).len(), 4);
    // The session goes on: its last scans again and again, to index 10,000.
    let connection = rusqlite::Connection::open(bench.engine.location().database()).unwrap();
    let copied = connection
        .execute(
            "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 990)
             INSERT INTO measurements (session, file, file_revision, current, revision, electrode, frequency_hz, idx, time,
                 time_source, method, status, peak_current_a, excluded)
             SELECT session, file, file_revision, current, revision, electrode, frequency_hz, idx + 10 * k, time,
                 time_source, method, status, peak_current_a, excluded
             FROM measurements, n WHERE idx > 90",
            [],
        )
        .unwrap();
    assert_eq!(copied, 39_600);
    drop(connection);
    let all = querying::trends(&kept, session, 0, 0).unwrap();
    assert_eq!(all.len(), 20_000);
    let of_all: Vec<_> = all
        .into_iter()
        .filter(|row| (9_990..=9_991).contains(&row.index))
        .collect();
    assert_eq!(part(9_990), of_all);
}
