//! Series as columns: what every technique has, and what only one has.

use std::time::Duration;

use instrument::simulated::cyclic::{CyclicExperiment, CyclicSettings};
use instrument::simulated::{FileFormat, Handle, PlaySettings, RealPace, ScanTime, StopSignal, WritingStyle, play};
use protocol::columns::Columns;
use protocol::command::Command;
use protocol::ids::SessionId;
use protocol::measurement::{CvNumbers, Direction, Measurement, PeakProcess};
use protocol::query::ColumnQuery;
use protocol::session::SessionState;
use protocol::settings::{Settings, Technique};

use crate::bench::{Bench, play_into};

async fn series(bench: &Bench, session: SessionId) -> Columns {
    let query = ColumnQuery::Series { session, after: 0 };
    bench.engine.columns(query).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn square_wave_voltammograms_have_the_common_columns_only() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 1, FileFormat::Csv, WritingStyle::Burst);
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let columns = series(&bench, session).await;
    assert_eq!((columns.names().len(), columns.names().last()), (17, Some(&"marked")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_settings_change_the_technique_has_the_columns_of_the_new_one() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::Csv, WritingStyle::Burst);
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let settings = Settings {
        technique: Technique::Ca,
        ..Settings::default()
    };
    let command = Command::ReviseSettings {
        session,
        seen_revision: 1,
        settings: Box::new(settings),
    };
    bench.command(command).await.unwrap();
    assert_eq!(bench.detail(session).await.summary.technique, Technique::Ca);
    assert!(series(&bench, session).await.names().contains(&"tau1_s"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cyclic_voltammograms_have_their_own_behind_them() {
    let bench = Bench::new().await;
    let experiment = CyclicExperiment::new(CyclicSettings {
        files: 2,
        ..CyclicSettings::surface()
    })
    .unwrap();
    let settings = PlaySettings {
        folder: bench.files.path().to_owned(),
        handle: Handle::new("CV").unwrap(),
        format: FileFormat::GamryDta,
        style: WritingStyle::Burst,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    play(&experiment, &settings, &RealPace::start(StopSignal::new()), |_| {}).unwrap();
    let mut settings = Settings {
        technique: Technique::Cv,
        ..Settings::default()
    };
    // A table of numbers does not state it, and without it there is no charge.
    settings.cv.scan_rate_v_s = 0.1;
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    let columns = series(&bench, session).await;
    assert_eq!(columns.rows(), results.len());
    assert_eq!(&columns.names()[15..19], ["duplicate", "marked", "segment", "cycle"]);
    let is_column = |name: &str, of: &dyn Fn(&Measurement, &CvNumbers) -> Option<f64>| {
        let column = columns.column(name).unwrap_or_else(|| panic!("no {name}"));
        let mut numbers = 0;
        for (m, cell) in results.iter().zip(column) {
            let wanted = of(m, m.cv.as_ref().unwrap());
            numbers += usize::from(wanted.is_some());
            assert!(
                wanted.map_or(cell.is_nan(), |wanted| wanted == *cell),
                "{name}: {cell} for {wanted:?}"
            );
        }
        assert!(numbers > 0, "nothing to compare: {name}");
    };
    is_column("segment", &|_, cv| Some(f64::from(cv.segment)));
    is_column("cycle", &|_, cv| cv.cycle.map(f64::from));
    is_column("direction", &|_, cv| {
        Some(if cv.direction == Direction::Forward { 0.0 } else { 1.0 })
    });
    is_column("process", &|_, cv| {
        cv.process.map(|p| if p == PeakProcess::Anodic { 0.0 } else { 1.0 })
    });
    is_column("charge_c", &|m, _| m.charge_c);
    is_column("peak_separation_v", &|_, cv| cv.peak_separation_v);
    is_column("half_wave_potential_v", &|_, cv| cv.half_wave_potential_v);
    is_column("peak_ratio", &|_, cv| cv.peak_ratio);
    is_column("scan_rate_v_s", &|_, cv| cv.scan_rate_v_s);
}
