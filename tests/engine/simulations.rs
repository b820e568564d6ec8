//! Simulated instruments of every technique, as sessions.

use protocol::command::Command;
use protocol::measurement::Status;
use protocol::session::{SessionState, SimulatedFormat, SimulatedInstrument, Source, WritingStyle};
use protocol::settings::{Settings, Technique};

use crate::bench::Bench;

fn source(technique: Technique) -> Source {
    Source::Simulated {
        folder: String::new(),
        instrument: SimulatedInstrument {
            technique,
            electrodes: 2,
            frequencies_hz: Vec::new(),
            files: 3,
            interval_s: 0.0,
            format: SimulatedFormat::Csv,
            style: WritingStyle::Burst,
            handle: String::new(),
            ..SimulatedInstrument::default()
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_technique_is_simulated_and_measured_to_its_end() {
    let bench = Bench::new().await;
    for (technique, scans, name) in [
        (Technique::Swv, 2, "Simulated experiment"),
        (Technique::FrequencyMap, 16, "Simulated frequency maps"),
        (Technique::Cv, 1, "Simulated cyclic voltammetry"),
        (Technique::Ca, 1, "Simulated chronoamperometry"),
    ] {
        let settings = Settings {
            technique,
            ..Settings::default()
        };
        let session = bench.start(source(technique), settings).await;
        bench.until_state(session, SessionState::Finished).await;
        let detail = bench.detail(session).await;
        let summary = detail.summary;
        assert_eq!(summary.name, name);
        assert_eq!(
            (summary.files_measured, summary.files_expected),
            (3 * scans, Some(3 * scans)),
            "{technique:?}"
        );
        assert_eq!(detail.electrodes, [1, 2]);
        let results = bench.results(session).await;
        let failed: Vec<_> = results.iter().filter(|m| m.status == Status::Failed).collect();
        assert!(failed.is_empty(), "{technique:?}: {failed:?}");
        // What was left to the technique is told as it was chosen.
        let Source::Simulated { instrument, .. } = detail.source else {
            panic!("not simulated")
        };
        assert_eq!(
            instrument.frequencies_hz.len() as u64,
            if scans > 1 { scans } else { 0 }
        );
        assert!(!instrument.handle.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_technique_does_not_have_is_refused() {
    let bench = Bench::new().await;
    let Source::Simulated { instrument, .. } = source(Technique::Ca) else {
        unreachable!()
    };
    let command = Command::StartSession {
        name: String::new(),
        source: Source::Simulated {
            folder: String::new(),
            instrument: SimulatedInstrument {
                scan_rates_v_s: vec![0.1],
                ..instrument
            },
        },
        settings: Box::new(Settings::default()),
        temporary: false,
    };
    let refused = bench.command(command).await.unwrap_err();
    assert!(refused.message.contains("scan rates"), "{refused}");
}
