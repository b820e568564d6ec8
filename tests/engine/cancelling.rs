//! Operations that somebody stops.

use protocol::command::{Command, Outcome, Selection};
use protocol::figure::{FigureFormat, FigureKind, FigureMean, FigureRequest};
use protocol::record::OperationOutcome;

use crate::bench::Bench;
use crate::steering::{imported, outcome};

/// Whether the word comes before the end is up to the machine: it is tried until it does.
const TRIES: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_is_cancelled_leaves_no_file() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 3).await;
    let out = tempfile::tempdir().unwrap();
    let figure = FigureRequest {
        kind: FigureKind::Sweep,
        format: FigureFormat::Png,
        width_mm: 85.0,
        dpi: 150,
        title: String::new(),
        reverse_potential: false,
        selection: Selection::default(),
        measurements: Vec::new(),
        quantity: None,
        mean: FigureMean::Off,
        compared_with: None,
    };
    let mut subscription = bench.engine.subscribe().unwrap();
    for at in 0..TRIES {
        let destination = out.path().join(format!("{at}.png"));
        let export = Command::ExportFigure {
            session,
            destination: destination.to_string_lossy().into_owned(),
            figure: Box::new(figure.clone()),
        };
        let Outcome::Accepted { operation } = bench.command(export).await.unwrap() else {
            panic!("not accepted")
        };
        let cancelled = bench.command(Command::Cancel { operation }).await;
        match outcome(&mut subscription).await {
            OperationOutcome::Cancelled => {
                assert_eq!(cancelled, Ok(Outcome::Done));
                assert_eq!(
                    std::fs::read_dir(out.path()).unwrap().count(),
                    at,
                    "one of each that was not stopped"
                );
                return;
            }
            OperationOutcome::Done => assert!(destination.exists()),
            failed @ OperationOutcome::Failed { .. } => panic!("{failed:?}"),
        }
    }
    panic!("{TRIES} figures were done before the word came");
}
