//! Exports that run beside everything else, with progress and an end that is told.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use protocol::command::{ExportLayout, Outcome, Selection};
use protocol::figure::FigureRequest;
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;

use crate::engine::Engine;
use crate::export;
use crate::store::StoreError;

/// What is written.
pub(super) enum Exported {
    Results { layout: ExportLayout, selection: Selection },
    Figure(Box<FigureRequest>),
}

pub(super) async fn start_export(
    engine: &Engine,
    command: CommandId,
    session: SessionId,
    what: Exported,
    destination: PathBuf,
) -> Result<Outcome, Refusal> {
    if !destination.is_absolute() {
        let message = format!("{} is not an absolute path.", destination.display());
        return Err(Refusal::new(
            "destination_invalid",
            message,
            "Choose the file to write.",
        ));
    }
    let operation = OperationId::new();
    let cancelled = Arc::new(AtomicBool::new(false));
    engine
        .inner
        .operations
        .lock()
        .map_err(|_| StoreError::Closed)?
        .insert(operation, Arc::clone(&cancelled));
    let outcome = Outcome::Accepted { operation };
    let settled = outcome.clone();
    engine
        .inner
        .store
        .write_async(move |work| work.settle_command(command, &settled))
        .await?;
    let (engine, label) = (engine.clone(), format!("Exporting {}", destination.display()));
    tokio::task::spawn_blocking(move || {
        let inner = &engine.inner;
        let tell = |done, total, outcome| {
            let label = label.clone();
            inner.announcements.live(LiveEvent::Progress {
                operation,
                session,
                label,
                done,
                total,
                outcome,
            });
        };
        let mut last = (0, 0);
        let heard = |done, total| {
            last = (done, total);
            tell(done, total, None);
        };
        let store = &inner.store;
        let result = match &what {
            Exported::Results { layout, selection } => {
                export::export(store, session, *layout, selection, &destination, &cancelled, heard)
            }
            Exported::Figure(request) => {
                export::figure::export(store, session, request, &destination, &cancelled, heard)
            }
        };
        let outcome = match result {
            Ok(_) => OperationOutcome::Done,
            Err(export::ExportError::Cancelled) => OperationOutcome::Cancelled,
            Err(error) => OperationOutcome::Failed { refusal: error.into() },
        };
        tell(last.0, last.1, Some(outcome));
        if let Ok(mut operations) = inner.operations.lock() {
            operations.remove(&operation);
        }
    });
    Ok(outcome)
}
