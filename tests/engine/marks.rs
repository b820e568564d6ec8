//! Points marked by hand: applied, kept through everything that is measured anew, and undone exactly.

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::author::Author;
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{MarkId, MeasurementId, SessionId};
use protocol::mark::{MarkedByHand, MarkedPoints, MarkedSweep};
use protocol::measurement::{Measurement, Status};
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::record::{OperationOutcome, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{FileState, SessionState};
use protocol::settings::{PeakMethod, Settings, Technique};

use crate::archives::archived;
use crate::bench::{Bench, play_into};
use crate::steering::{imported, outcome};

const BASELINE: MarkedPoints = MarkedPoints {
    peak_potential_v: None,
    baseline_v: Some([-0.42, -0.12]),
};

async fn put(bench: &Bench, session: SessionId, id: MeasurementId, points: MarkedPoints) -> Result<Outcome, Refusal> {
    let command = Command::PutMark {
        session,
        measurement: id,
        points,
    };
    bench.command(command).await
}

async fn remove(bench: &Bench, session: SessionId, marks: Vec<MarkId>) {
    bench.command(Command::RemoveMark { session, marks }).await.unwrap();
}

async fn marks(bench: &Bench, session: SessionId) -> Vec<MarkedSweep> {
    match bench.engine.query(Query::Marks { session }).await.unwrap() {
        Answer::Marks { marks } => marks,
        other => panic!("not marks: {other:?}"),
    }
}

async fn measurement(bench: &Bench, id: MeasurementId) -> Measurement {
    let query = Query::Measurement { measurement: id };
    match bench.engine.query(query).await.unwrap() {
        Answer::Measurement { measurement } => *measurement,
        other => panic!("not a measurement: {other:?}"),
    }
}

async fn revise(bench: &Bench, session: SessionId, seen_revision: u32, settings: Settings) {
    let mut subscription = bench.engine.subscribe().unwrap();
    let command = Command::ReviseSettings {
        session,
        seen_revision,
        settings: Box::new(settings),
    };
    bench.command(command).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
}

fn id(measurement: &Measurement) -> MeasurementId {
    measurement.measurement.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_overrides_visibly_and_its_undo_gives_back_exactly_what_was_there() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 3).await;
    let before = bench.results(session).await;
    let point = before.iter().find(|m| m.electrode == Some(2)).unwrap().clone();
    put(&bench, session, id(&point), BASELINE).await.unwrap();

    let marked = measurement(&bench, id(&point)).await;
    assert_eq!(marked.marked_by_hand, Some(MarkedByHand::Baseline));
    assert_eq!(marked.status, Status::Ok, "{:?}", marked.message);
    assert!(marked.peak_current_a.is_some() && marked.peak_current_a != point.peak_current_a);
    assert_eq!(
        (&marked.file, marked.index, marked.electrode),
        (&point.file, point.index, point.electrode)
    );
    let all = bench.results(session).await;
    assert_eq!(all.iter().filter(|m| m.marked_by_hand.is_some()).count(), 1);

    let listed = marks(&bench, session).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].measurement, listed[0].mark.points),
        (point.measurement, BASELINE)
    );
    assert_eq!(listed[0].automatic.as_deref(), Some(&point));
    assert_eq!(listed[0].mark.from, Author::Here);
    let told = bench.record(session).await.pop().unwrap();
    let RecordEvent::MarkChanged {
        removed,
        measurement: told,
        ..
    } = told.event
    else {
        panic!("not told: {told:?}")
    };
    assert!(!removed);
    assert_eq!(told.as_deref(), Some(&marked));

    remove(&bench, session, vec![listed[0].mark.id]).await;
    assert_eq!(bench.results(session).await, before);
    assert!(marks(&bench, session).await.is_empty());
    // What is gone already is no error.
    remove(&bench, session, vec![listed[0].mark.id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_holds_through_recomputations_and_restarts_and_its_undo_is_that_of_the_newest_settings() {
    let mut bench = Bench::new().await;
    let session = imported(&bench, 1, 4).await;
    let point = bench.results(session).await[2].clone();
    let both = MarkedPoints {
        peak_potential_v: Some(-0.26),
        ..BASELINE
    };
    put(&bench, session, id(&point), both).await.unwrap();
    let marked = measurement(&bench, id(&point)).await;
    assert_eq!(marked.marked_by_hand, Some(MarkedByHand::PeakAndBaseline));

    let mut settings = Settings::default();
    settings.peak.method = PeakMethod::Polynomial;
    settings.peak.range_v = vec![-0.35, -0.2];
    revise(&bench, session, 1, settings.clone()).await;
    let after = measurement(&bench, id(&point)).await;
    assert_eq!((after.revision, after.marked_by_hand), (Some(2), marked.marked_by_hand));
    // Neither range nor method of the settings says where a person's points are.
    assert_eq!(
        (after.peak_current_a, after.area_va),
        (marked.peak_current_a, marked.area_va)
    );

    bench.restart().await;
    assert_eq!(measurement(&bench, id(&point)).await, after);
    let listed = marks(&bench, session).await;
    remove(&bench, session, vec![listed[0].mark.id]).await;
    let undone = bench.results(session).await;
    // The same as if it had never been marked.
    let other = Bench::new().await;
    play_into(other.files.path(), 1, 4, FileFormat::ChiText, WritingStyle::Burst);
    let unmarked = other.import(settings).await;
    other.until_state(unmarked, SessionState::Finished).await;
    let numbers = |ms: &[Measurement]| {
        ms.iter()
            .map(|m| (m.peak_current_a, m.area_va, m.reason.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&undone), numbers(&other.results(unmarked).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_stays_with_a_new_content_of_its_file_with_a_doubt_until_it_is_marked_again() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::ChiText, WritingStyle::Burst);
    let session = bench.watch(Settings::default()).await;
    bench.until_files(session, FileState::Measured, 4).await;
    let point = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.file == "SWV_15Hz_1.txt")
        .unwrap();
    put(&bench, session, id(&point), BASELINE).await.unwrap();

    let other = std::fs::read(bench.files.path().join("SWV_15Hz_2.txt")).unwrap();
    bench.put("SWV_15Hz_1.txt", &other);
    let is_new = |e: &RecordEvent| matches!(e, RecordEvent::Measured { measurements } if measurements.iter().any(|m| m.file == point.file && m.file_revision == 2));
    bench.until(session, |events| events.iter().any(is_new)).await;
    let fresh = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.file == point.file)
        .unwrap();
    assert_ne!(fresh.measurement, point.measurement);
    assert_eq!(fresh.marked_by_hand, Some(MarkedByHand::Baseline));
    assert_eq!(
        (fresh.status, fresh.reason.as_deref()),
        (Status::Warning, Some("marked_in_earlier_content"))
    );
    let old = put(&bench, session, id(&point), BASELINE).await.unwrap_err();
    assert_eq!(old.code, "sweep_replaced");

    // Marked again in what is there now, there is no doubt left, and still one mark.
    put(&bench, session, id(&fresh), BASELINE).await.unwrap();
    let sure = measurement(&bench, id(&fresh)).await;
    assert_eq!((sure.status, sure.reason), (Status::Ok, None));
    let listed = marks(&bench, session).await;
    assert_eq!((listed.len(), listed[0].mark.file_revision), (1, 2));
    remove(&bench, session, vec![listed[0].mark.id]).await;
    let undone = measurement(&bench, id(&fresh)).await;
    let twin = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.file == "SWV_15Hz_2.txt")
        .unwrap();
    assert_eq!(
        (undone.peak_current_a, undone.marked_by_hand),
        (twin.peak_current_a, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn points_are_tried_without_effect_and_the_stored_ones_are_drawn() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 1).await;
    let point = bench.results(session).await[0].clone();
    let sweep = |points| ColumnQuery::Sweep {
        measurement: id(&point),
        settings: None,
        points,
    };
    let tried = bench.engine.columns(sweep(Some(BASELINE))).await.unwrap();
    assert_eq!(tried.about["marked"]["baseline_v"][0].as_f64(), Some(-0.42));
    assert_ne!(
        tried.about["measurement"]["peak_current_a"].as_f64(),
        point.peak_current_a
    );
    assert_eq!(measurement(&bench, id(&point)).await, point);

    put(&bench, session, id(&point), BASELINE).await.unwrap();
    let drawn = bench.engine.columns(sweep(None)).await.unwrap();
    assert_eq!(
        drawn.about["measurement"]["peak_current_a"],
        tried.about["measurement"]["peak_current_a"]
    );
    assert_eq!(
        drawn.about["stored"]["peak_current_a"],
        drawn.about["measurement"]["peak_current_a"]
    );
    let left = drawn.about["baseline_left"]["potential_v"].as_f64().unwrap();
    assert!((left - -0.42).abs() < 0.005, "{left}");
    let automatic = bench
        .engine
        .columns(sweep(Some(MarkedPoints::default())))
        .await
        .unwrap();
    assert_eq!(
        automatic.about["measurement"]["peak_current_a"].as_f64(),
        point.peak_current_a
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_marked_is_refused_with_the_reason() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 1).await;
    let point = bench.results(session).await[0].clone();
    let code = async |points| put(&bench, session, id(&point), points).await.unwrap_err().code;
    assert_eq!(code(MarkedPoints::default()).await, "nothing_marked");
    let infinite = MarkedPoints {
        peak_potential_v: Some(f64::INFINITY),
        baseline_v: None,
    };
    assert_eq!(code(infinite).await, "mark_invalid");
    let together = MarkedPoints {
        peak_potential_v: None,
        baseline_v: Some([-0.3, -0.3]),
    };
    assert_eq!(code(together).await, "mark_gives_no_peak");
    let unknown = put(&bench, session, MeasurementId(99_999), BASELINE).await.unwrap_err();
    assert_eq!(unknown.code, "no_such_measurement");
    let elsewhere = put(&bench, SessionId::new(), id(&point), BASELINE).await.unwrap_err();
    assert_eq!(elsewhere.code, "no_such_session");
    assert_eq!(measurement(&bench, id(&point)).await, point);
    assert!(marks(&bench, session).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_are_in_exports_archives_and_the_charge_of_frequency_maps() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::ChiText, WritingStyle::Burst);
    let settings = Settings {
        technique: Technique::FrequencyMap,
        ..Settings::default()
    };
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let point = bench.results(session).await[1].clone();
    put(&bench, session, id(&point), BASELINE).await.unwrap();
    let marked = measurement(&bench, id(&point)).await;
    let charge = marked.peak_current_a.unwrap() / marked.frequency_hz.unwrap();
    assert_eq!(marked.charge_c, Some(charge));

    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("all.csv");
    let mut subscription = bench.engine.subscribe().unwrap();
    let export = Command::Export {
        session,
        layout: ExportLayout::Csv,
        destination: path.to_string_lossy().into_owned(),
        selection: Selection::default(),
    };
    bench.command(export).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let text = std::fs::read_to_string(path).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let column = header.iter().position(|name| *name == "marked_by_hand").unwrap();
    let cells: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(column).unwrap())
        .collect();
    assert_eq!(cells.iter().filter(|cell| **cell == "baseline").count(), 1);
    assert_eq!(cells.iter().filter(|cell| cell.is_empty()).count(), cells.len() - 1);

    let zip = out.path().join("run.zip");
    archived(&bench, session, &zip).await;
    let other = Bench::new().await;
    let open = Command::OpenArchive {
        path: zip.to_string_lossy().into_owned(),
        name: String::new(),
        temporary: false,
    };
    let Outcome::Started { session: opened } = other.command(open).await.unwrap() else {
        panic!("not opened")
    };
    let listed = marks(&other, opened).await;
    assert_eq!((listed.len(), listed[0].mark.points), (1, BASELINE));
    let there = measurement(&other, listed[0].measurement.unwrap()).await;
    assert_eq!(
        (there.peak_current_a, there.marked_by_hand),
        (marked.peak_current_a, marked.marked_by_hand)
    );
    remove(&other, opened, vec![listed[0].mark.id]).await;
    let undone = measurement(&other, listed[0].measurement.unwrap()).await;
    assert_eq!(
        (undone.peak_current_a, undone.marked_by_hand),
        (point.peak_current_a, None)
    );
}
