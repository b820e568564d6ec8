//! Settings, markers, exclusion, trends, exports.

use agent::Subscription;
use instrument::simulated::{FileFormat, WritingStyle};
use protocol::author::Author;
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{CommandId, MarkerId, SessionId};
use protocol::query::ColumnQuery;
use protocol::record::{Event, LiveEvent, OperationOutcome, RecordEvent};
use protocol::session::{Marker, MarkerKind, SessionState};
use protocol::settings::{PeakMethod, Settings};

use crate::bench::{Bench, next, play_into};

/// How the next long operation ends.
pub async fn outcome(subscription: &mut Subscription) -> OperationOutcome {
    loop {
        for event in next(subscription).await {
            if let Event::Live(LiveEvent::Progress {
                outcome: Some(outcome), ..
            }) = event
            {
                return outcome;
            }
        }
    }
}

/// A finished session of simulated scans.
pub async fn imported(bench: &Bench, electrodes: u8, files: u32) -> SessionId {
    play_into(
        bench.files.path(),
        electrodes,
        files,
        FileFormat::ChiText,
        WritingStyle::Burst,
    );
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    session
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

#[tokio::test(flavor = "multi_thread")]
async fn new_settings_measure_everything_anew_and_old_ones_give_the_old_numbers_back() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 20).await;
    let before = bench.results(session).await;
    let mut settings = Settings::default();
    settings.peak.method = PeakMethod::SacmesWeb;
    revise(&bench, session, 1, settings).await;
    let changed = bench.results(session).await;
    assert_eq!(changed.len(), before.len());
    for (old, new) in before.iter().zip(&changed) {
        assert_eq!((old.measurement, new.revision), (new.measurement, Some(2)));
        assert_eq!(new.method.as_deref(), Some("sacmes-web"));
        assert_ne!(old.peak_potential_v, new.peak_potential_v);
    }
    revise(&bench, session, 2, Settings::default()).await;
    let back = bench.results(session).await;
    let heights = |ms: &[protocol::measurement::Measurement]| ms.iter().map(|m| m.peak_current_a).collect::<Vec<_>>();
    assert_eq!(heights(&back), heights(&before));
    assert_eq!(bench.detail(session).await.revisions.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_based_on_old_settings_is_refused() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 2).await;
    let mut settings = Settings::default();
    settings.trend.normalize_to = 2;
    revise(&bench, session, 1, settings.clone()).await;
    let command = Command::ReviseSettings {
        session,
        seen_revision: 1,
        settings: Box::new(settings.clone()),
    };
    assert_eq!(
        bench.command(command).await.unwrap_err().code,
        "settings_changed_meanwhile"
    );
    settings.peak.range_v = vec![0.1, -0.1];
    let command = Command::ReviseSettings {
        session,
        seen_revision: 2,
        settings: Box::new(settings),
    };
    let refused = bench.command(command).await.unwrap_err();
    assert!(
        refused.code == "settings_invalid" && refused.message.contains("peak.range_v"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deselected_electrodes_come_back_under_their_old_ids() {
    let bench = Bench::new().await;
    let session = imported(&bench, 3, 4).await;
    let before: Vec<_> = bench
        .results(session)
        .await
        .iter()
        .map(|m| (m.measurement, m.electrode))
        .collect();
    let mut settings = Settings::default();
    settings.electrodes.selected = vec![2];
    revise(&bench, session, 1, settings).await;
    assert!(bench.results(session).await.iter().all(|m| m.electrode == Some(2)));
    assert_eq!(bench.detail(session).await.summary.measurements, 8);
    revise(&bench, session, 2, Settings::default()).await;
    let after: Vec<_> = bench
        .results(session)
        .await
        .iter()
        .map(|m| (m.measurement, m.electrode))
        .collect();
    assert_eq!(after, before);
    assert_eq!(bench.detail(session).await.summary.measurements, 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_averaged_trace_is_one_measurement_without_an_electrode() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 3, 2, FileFormat::Csv, WritingStyle::Burst);
    let mut settings = Settings::default();
    settings.electrodes.average = true;
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 4);
    assert!(
        results
            .iter()
            .all(|m| m.electrode.is_none() && m.peak_current_a.is_some())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excluded_point_leaves_the_trends_and_keeps_its_numbers() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 5).await;
    let trends = || async {
        let query = ColumnQuery::Trends {
            session,
            first_index: 0,
            last_index: 0,
        };
        bench
            .engine
            .columns(query)
            .await
            .unwrap()
            .column("kdm")
            .unwrap()
            .to_vec()
    };
    let before = trends().await;
    assert_eq!(before.len(), 5);
    assert!((before[0] - 100.0).abs() < 1e-9 && before.iter().all(|k| k.is_finite()));
    let third = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.index == Some(3))
        .unwrap();
    let measurements = vec![third.measurement.unwrap()];
    bench
        .command(Command::Exclude {
            session,
            measurements: measurements.clone(),
            excluded: true,
        })
        .await
        .unwrap();
    let without = trends().await;
    assert!(without[2].is_nan() && without[3] == before[3]);
    // It stays excluded when everything is measured anew.
    let mut settings = Settings::default();
    settings.peak.trim_points = 1;
    revise(&bench, session, 1, settings).await;
    let kept = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.measurement == third.measurement)
        .unwrap();
    assert!(kept.excluded && kept.peak_current_a.is_some());
    bench
        .command(Command::Exclude {
            session,
            measurements,
            excluded: false,
        })
        .await
        .unwrap();
    assert!(trends().await[2].is_finite());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_says_from_where_it_was_made() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 2).await;
    let mut settings = Settings::default();
    settings.peak.method = PeakMethod::SacmesWeb;
    revise(&bench, session, 1, settings).await;
    let back = Command::ReviseSettings {
        session,
        seen_revision: 2,
        settings: Box::default(),
    };
    bench
        .engine
        .command_by(CommandId::new(), Author::Afar, back)
        .await
        .unwrap();
    let detail = bench.detail(session).await;
    let from: Vec<_> = detail.revisions.iter().map(|revision| revision.from).collect();
    assert_eq!(from, [None, Some(Author::Here), Some(Author::Afar)]);
    let told = bench
        .until(session, |events| {
            let is_third = |e: &RecordEvent| matches!(e, RecordEvent::SettingsRevised { revision: 3, .. });
            events.iter().any(is_third)
        })
        .await;
    let from_afar = |e: &RecordEvent| matches!(e, RecordEvent::SettingsRevised { revision: 3, from, .. } if *from == Some(Author::Afar));
    assert!(told.iter().any(from_afar));
}

#[tokio::test(flavor = "multi_thread")]
async fn markers_are_kept_moved_and_removed() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 1).await;
    let mut marker = Marker {
        id: MarkerId::new(),
        kind: MarkerKind::Injection,
        index: 12.5,
        label: "100 nM".to_owned(),
        concentration_m: Some(1e-7),
        // What a command claims does not count.
        from: Some(Author::Afar),
    };
    bench
        .command(Command::PutMarker {
            session,
            marker: marker.clone(),
        })
        .await
        .unwrap();
    marker.index = 14.0;
    bench
        .command(Command::PutMarker {
            session,
            marker: marker.clone(),
        })
        .await
        .unwrap();
    marker.from = Some(Author::Here);
    assert_eq!(bench.detail(session).await.markers, [marker.clone()]);
    let from_afar = Command::PutMarker {
        session,
        marker: marker.clone(),
    };
    let by = Author::Afar;
    bench.engine.command_by(CommandId::new(), by, from_afar).await.unwrap();
    assert_eq!(bench.detail(session).await.markers[0].from, Some(by));
    bench
        .command(Command::RemoveMarker {
            session,
            marker: marker.id,
        })
        .await
        .unwrap();
    assert!(bench.detail(session).await.markers.is_empty());
    let wrong = Marker {
        concentration_m: Some(-1.0),
        ..marker.clone()
    };
    let refused = bench.command(Command::PutMarker { session, marker: wrong }).await;
    assert_eq!(refused.unwrap_err().code, "marker_concentration_invalid");
    marker.index = f64::NAN;
    assert_eq!(
        bench
            .command(Command::PutMarker { session, marker })
            .await
            .unwrap_err()
            .code,
        "marker_index_invalid"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_behind_a_point_is_the_one_that_was_measured() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 1).await;
    let point = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.electrode == Some(2))
        .unwrap();
    let query = ColumnQuery::Sweep {
        points: None,
        measurement: point.measurement.unwrap(),
        settings: None,
    };
    let columns = bench.engine.columns(query).await.unwrap();
    assert_eq!(columns.about["stored"]["peak_current_a"].as_f64(), point.peak_current_a);
    assert_eq!(
        columns.about["measurement"]["peak_current_a"].as_f64(),
        point.peak_current_a
    );
    assert!(columns.rows() > 100);
    assert!(columns.column("baseline_a").unwrap().iter().all(|a| a.is_finite()));
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_hold_every_row_or_leave_nothing_behind() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 10).await;
    let out = tempfile::tempdir().unwrap();
    let export = |layout, name: &str, selection| Command::Export {
        session,
        layout,
        destination: out.path().join(name).to_string_lossy().into_owned(),
        selection,
    };
    let mut subscription = bench.engine.subscribe().unwrap();
    bench
        .command(export(ExportLayout::Csv, "all.csv", Selection::default()))
        .await
        .unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let text = std::fs::read_to_string(out.path().join("all.csv")).unwrap();
    assert_eq!(text.lines().count(), 41);
    let second = Selection {
        electrodes: vec![2],
        frequencies_hz: vec![200.0],
        first_index: 3,
        last_index: 5,
    };
    bench
        .command(export(ExportLayout::Jsonl, "some.jsonl", second))
        .await
        .unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    assert_eq!(
        std::fs::read_to_string(out.path().join("some.jsonl"))
            .unwrap()
            .lines()
            .count(),
        3
    );
    bench
        .command(export(ExportLayout::SacmesWeb, "report.csv", Selection::default()))
        .await
        .unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let report = std::fs::read_to_string(out.path().join("report.csv")).unwrap();
    assert!(
        report.starts_with("# SACMES Continuous Monitor Analysis Report - All Electrodes\r\n"),
        "{report}"
    );
    assert!(
        report.contains(
            "\r\n# Peak Current 15Hz (A) and Peak Potential (V)\r\nFile_Number,E1_Peak_A,E1_Peak_V,E2_Peak_A,"
        )
    );
    let nothing = Selection {
        electrodes: vec![9],
        ..Selection::default()
    };
    bench
        .command(export(ExportLayout::Csv, "none.csv", nothing))
        .await
        .unwrap();
    let failed = outcome(&mut subscription).await;
    assert!(
        matches!(&failed, OperationOutcome::Failed { refusal } if refusal.code == "nothing_to_export"),
        "{failed:?}"
    );
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 3);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_way_leads_into_a_folder_that_a_session_reads_from() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 2).await;
    let out = tempfile::tempdir().unwrap();
    let inside = bench.files.path().join("results.csv");
    std::fs::write(&inside, "not a scan").unwrap();
    let link = out.path().join("link.csv");
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    let dotted = out.path().join("..").join(out.path().file_name().unwrap());
    let dotted = dotted
        .join("..")
        .join(bench.files.path().file_name().unwrap())
        .join("dotted.csv");
    let mut subscription = bench.engine.subscribe().unwrap();
    for destination in [inside.clone(), link, dotted] {
        let command = Command::Export {
            session,
            layout: ExportLayout::Csv,
            destination: destination.to_string_lossy().into_owned(),
            selection: Selection::default(),
        };
        bench.command(command).await.unwrap();
        let failed = outcome(&mut subscription).await;
        assert!(
            matches!(&failed, OperationOutcome::Failed { refusal } if refusal.code == "instrument_folder"),
            "{destination:?}: {failed:?}"
        );
    }
    assert_eq!(std::fs::read_to_string(inside).unwrap(), "not a scan");
}
