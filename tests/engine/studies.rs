//! Studies over sessions: frequency maps compared, peaks against the scan rate.

use std::time::Duration;

use instrument::simulated::cyclic::{self, CyclicExperiment, CyclicProgram, CyclicSettings, SolutionCouple};
use instrument::simulated::{
    Experiment, ExperimentSettings, FileFormat, Handle, PlaySettings, RealPace, Run, ScanTime, StopSignal,
    WritingStyle, play,
};
use protocol::command::Command;
use protocol::ids::SessionId;
use protocol::measurement::PeakProcess;
use protocol::query::{Answer, Query};
use protocol::session::SessionState;
use protocol::settings::{MassTransport, Settings, Technique};
use protocol::study::{Couple, FrequencyMaps, Regime};

use crate::bench::Bench;

fn write(bench: &Bench, run: &dyn Run, format: FileFormat) {
    let play_settings = PlaySettings {
        folder: bench.files.path().to_owned(),
        handle: Handle::new("S").unwrap(),
        format,
        style: WritingStyle::Burst,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    play(run, &play_settings, &RealPace::start(StopSignal::new()), |_| {}).unwrap();
}

/// A session of frequency maps: without target and with 100 µmol/L.
async fn maps(bench: &Bench) -> SessionId {
    let settings = ExperimentSettings {
        electrodes: 2,
        frequencies_hz: vec![10.0, 100.0, 300.0],
        ..ExperimentSettings::frequency_maps(2)
    };
    write(bench, &Experiment::new(settings).unwrap(), FileFormat::ChiText);
    let settings = Settings {
        technique: Technique::FrequencyMap,
        ..Settings::default()
    };
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    session
}

async fn study(bench: &Bench, session: SessionId, mean: bool) -> FrequencyMaps {
    let sessions = vec![session];
    match bench
        .engine
        .query(Query::FrequencyMaps { sessions, mean })
        .await
        .unwrap()
    {
        Answer::FrequencyMaps { study } => *study,
        other => panic!("no maps: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_maps_of_a_session_are_its_indices_and_excluded_points_are_missing() {
    let bench = Bench::new().await;
    let session = maps(&bench).await;
    let before = study(&bench, session, false).await;
    assert_eq!(
        before.maps.iter().map(|map| map.index).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    assert!(
        before
            .maps
            .iter()
            .all(|map| map.complete && map.session == Some(session))
    );
    let changes = &before.comparisons[0];
    assert!(changes.pair.is_some() && changes.means.iter().all(|mean| mean.gain.count == 2));

    let results = bench.results(session).await;
    let point = results
        .iter()
        .find(|m| (m.index, m.electrode, m.frequency_hz) == (Some(2), Some(1), Some(100.0)));
    let measurements = vec![point.unwrap().measurement.unwrap()];
    let exclude = Command::Exclude {
        session,
        measurements,
        excluded: true,
    };
    bench.command(exclude).await.unwrap();
    let after = study(&bench, session, false).await;
    let missing: Vec<_> = after.maps[1].points.iter().filter(|p| p.reason.is_some()).collect();
    assert_eq!(missing.len(), 1);
    assert_eq!((missing[0].frequency_hz, missing[0].electrode), (100.0, Some(1)));
    assert_eq!(
        (missing[0].reason.as_deref(), missing[0].peak_current_a),
        (Some("excluded"), None)
    );
    assert_eq!(after.comparisons[0].means[1].gain.count, 1);

    let mean = study(&bench, session, true).await;
    assert_eq!(
        (mean.maps.len(), mean.comparisons.len(), mean.maps[0].points[0].repeats),
        (1, 0, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_technique_is_refused() {
    let bench = Bench::new().await;
    let session = maps(&bench).await;
    let query = Query::ScanRates {
        sessions: vec![session],
        couple: Couple::default(),
    };
    let refusal = bench.engine.query(query).await.unwrap_err();
    assert_eq!(refusal.code, "other_technique");
    let nowhere = Query::FrequencyMaps {
        sessions: vec![SessionId::new()],
        mean: false,
    };
    assert_eq!(bench.engine.query(nowhere).await.unwrap_err().code, "no_such_session");
}

/// A reversible couple of known diffusion coefficient, electrode and concentration.
#[tokio::test(flavor = "multi_thread")]
async fn the_diffusion_coefficient_is_that_of_the_simulated_couple() {
    let bench = Bench::new().await;
    let couple = SolutionCouple {
        rate_cm_s: 1.0,
        ..SolutionCouple::ferricyanide()
    };
    let simulated = CyclicSettings {
        files: 5,
        program: CyclicProgram {
            cycles: 1,
            scan_rates_v_s: vec![0.02, 0.05, 0.1, 0.2, 0.5],
            ..CyclicProgram::between(-0.15, 0.55)
        },
        couple: cyclic::Couple::Solution(couple),
        sensitivity_spread: 0.0,
        ..CyclicSettings::solution()
    };
    write(&bench, &CyclicExperiment::new(simulated).unwrap(), FileFormat::GamryDta);
    let mut settings = Settings {
        technique: Technique::Cv,
        ..Settings::default()
    };
    settings.cv.mass_transport = MassTransport::Solution;
    settings.cv.area_m2 = 1e-4 * couple.area_cm2;
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let query = Query::ScanRates {
        sessions: vec![session],
        couple: Couple {
            concentration_mol_m3: Some(1e3 * couple.concentration_m),
            ..Couple::default()
        },
    };
    let Answer::ScanRates { study } = bench.engine.query(query).await.unwrap() else {
        panic!()
    };
    // Ferricyanide is reduced first; the way back stands on the tail of the wave.
    let cathodic = study
        .studies
        .iter()
        .find(|s| s.process == PeakProcess::Cathodic)
        .unwrap();
    assert_eq!((cathodic.peaks, cathodic.rates), (5, 5), "{:?}", study.left_out);
    assert_eq!((cathodic.better, cathodic.clear), (Some(Regime::Diffusion), Some(true)));
    assert!((cathodic.log_log.unwrap().slope - 0.5).abs() < 0.01, "{cathodic:?}");
    let found = cathodic.diffusion_coefficient_m2_s.unwrap();
    let truth = 1e-4 * couple.diffusion_cm2_s;
    assert!((found / truth - 1.0).abs() < 0.05, "{found:e}");
}
