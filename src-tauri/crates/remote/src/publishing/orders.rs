//! Commands from afar: which are carried out, and in which form.

use protocol::command::Command;
use protocol::refusal::Refusal;
use protocol::relay::body::{COMMAND_WITHIN_MS, Order};

use super::transfers::{Place, Transfers};

/// A command that may be carried out.
pub enum Judged {
    /// By the engine; with a place for the file that it writes, if it writes one.
    CarryOut(Box<Command>, Option<Place>),
    /// It was about a finished export, and is done.
    Done,
}

/// Whether an order came while what its sender saw was still so.
pub fn is_in_time(order: &Order, tick_ms: u64) -> Result<(), Refusal> {
    // From the future: no status of this run said so.
    let in_time = order.tick_ms <= tick_ms && tick_ms - order.tick_ms <= COMMAND_WITHIN_MS;
    in_time.then_some(()).ok_or_else(|| {
        Refusal::new(
            "too_late",
            "The command came too late, and nothing was done.",
            "Look at what there is now, then try again.",
        )
    })
}

/// What an order means here: files are written into a folder of the agent's own, and nothing is read from paths that
/// somebody else names.
pub fn judge(command: Command, transfers: &mut Transfers) -> Result<Judged, Refusal> {
    let carried_out = match command {
        Command::OpenArchive { .. } => {
            return Err(Refusal::new(
                "not_from_afar",
                "An archive is opened where it is.",
                "Open it on the computer that has the file.",
            ));
        }
        Command::Export {
            session,
            layout,
            destination,
            selection,
        } => {
            let place = transfers.place(session, &destination)?;
            let destination = place.path.to_string_lossy().into_owned();
            let command = Command::Export {
                session,
                layout,
                destination,
                selection,
            };
            return Ok(Judged::CarryOut(Box::new(command), Some(place)));
        }
        Command::ExportFigure {
            session,
            destination,
            figure,
        } => {
            let place = transfers.place(session, &destination)?;
            let destination = place.path.to_string_lossy().into_owned();
            let command = Command::ExportFigure {
                session,
                destination,
                figure,
            };
            return Ok(Judged::CarryOut(Box::new(command), Some(place)));
        }
        Command::Cancel { operation } if transfers.cancel(operation) => return Ok(Judged::Done),
        other => other,
    };
    Ok(Judged::CarryOut(Box::new(carried_out), None))
}

#[cfg(test)]
mod tests {
    use protocol::ids::CommandId;

    use super::*;

    #[test]
    fn an_order_is_good_for_thirty_seconds() {
        let order = |tick_ms| Order {
            question: 1,
            id: CommandId::new(),
            tick_ms,
            command: Command::PauseAll,
        };
        assert!(is_in_time(&order(10_000), 10_000).is_ok() && is_in_time(&order(10_000), 40_000).is_ok());
        assert!(is_in_time(&order(10_000), 40_001).is_err());
        assert!(is_in_time(&order(10_001), 10_000).is_err(), "from the future");
    }

    #[test]
    fn an_archive_is_not_opened_from_afar() {
        let profile = tempfile::tempdir().unwrap();
        let command = Command::OpenArchive {
            path: "/data/run.zip".to_owned(),
            name: String::new(),
            temporary: false,
        };
        let refused = judge(command, &mut Transfers::new(profile.path())).err().unwrap();
        assert_eq!(refused.code, "not_from_afar");
    }
}
