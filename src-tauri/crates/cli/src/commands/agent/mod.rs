//! `sacmes agent`: one session over a folder, without a window.

mod idleness;
mod printing;
mod session;
mod sharing;
mod unmeasured;

use std::path::PathBuf;
use std::time::Duration;

use agent::{Engine, EngineOptions, Subscription};
use clap::Args;
use protocol::command::Command;
use protocol::ids::{CommandId, SessionId};
use protocol::record::Event;
use protocol::refusal::Refusal;
use protocol::settings::Settings;

use self::idleness::Idleness;
use self::printing::Printer;
use self::sharing::Sharing;
use super::id;
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::place::Place;
use crate::{interruption, settings_file};

#[derive(Debug, Args)]
pub struct Agent {
    /// Folder into which the potentiostat saves its files.
    #[arg(long, value_name = "DIR")]
    watch: PathBuf,

    /// Settings; a session that is continued gets them as a new revision if they differ from its own.
    #[arg(long, value_name = "FILE.toml")]
    settings: Option<PathBuf>,

    /// Name of the session; the same folder and name continue a session. Without it, the folder's name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// End the session and the program when nothing happened for so long.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    exit_after_idle: Option<Duration>,

    #[command(flatten)]
    sharing: Sharing,

    #[command(flatten)]
    place: Place,
}

/// Why the agent ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Somebody asked for it.
    Requested,
    /// Nothing happened for long enough.
    Idle,
    /// Nobody reads the events any more.
    ReaderGone,
    /// The engine closed by itself.
    Closed,
}

impl Agent {
    /// Watches until asked to end, or idle for long enough.
    pub fn run(self) -> Outcome {
        let settings = self.settings.as_deref().map(settings_file::read).transpose()?;
        if let Some(settings) = &settings {
            settings_file::rules(settings)?;
        }
        let runtime = super::runtime()?;
        let outcome = runtime.block_on(self.watch(settings));
        // A keyring that waits for its password does not hold up the end.
        runtime.shutdown_background();
        outcome
    }

    async fn watch(&self, settings: Option<Settings>) -> Outcome {
        let mut requested = tokio::spawn(interruption::requested());
        let options = EngineOptions::of("sacmes agent");
        let engine = Engine::open_at_rest(self.place.location()?, options).await?;
        // Those that were begun from afar, too.
        engine.let_expire();
        let mut events = engine.subscribe()?;
        let begun = session::continue_or_start(&engine, &self.watch, self.name.as_deref(), settings).await;
        let begun = match begun {
            Ok(begun) => begun,
            Err(refusal) => {
                engine.close().await;
                return Err(refusal.into());
            }
        };
        complain(&begun.in_words());
        let shared = match self.sharing.begin(&engine).await {
            Ok(shared) => shared,
            Err(refusal) => {
                engine.close().await;
                return Err(refusal.into());
            }
        };
        let keeping = tokio::spawn(keep_user_id(engine.clone()));

        let mut printer = Printer::start(begun.session)?;
        let mut idleness = Idleness::new(self.exit_after_idle);
        let end = loop {
            tokio::select! {
                biased;
                _ = &mut requested => break End::Requested,
                ready = printer.ready() => if ready.is_err() { break End::ReaderGone },
                batch = events.next(), if printer.is_free() => match batch {
                    Some(batch) => {
                        if batch.iter().any(|event| matches!(event, Event::Record(_))) {
                            idleness.interrupt();
                        }
                        printer.give(&batch);
                    }
                    None => break End::Closed,
                },
                () = idleness.over(&engine) => break End::Idle,
            }
        };
        tokio::spawn(interruption::requested_again());
        let ended = finish(&engine, begun.session, end).await;
        if let Ok(Some(none_measured)) = unmeasured::in_words(&engine, begun.session).await {
            complain(&none_measured);
        }
        // It publishes to the end what was measured, and holds the engine.
        if let Some(shared) = shared {
            shared.end().await;
        }
        keeping.abort();
        // It holds the engine, whose end is the end of the events.
        drop(keeping.await);
        engine.close().await;
        drop(engine);
        match end {
            End::ReaderGone => printer.finish().await?,
            End::Requested | End::Idle | End::Closed => print_rest(events, printer).await?,
        }
        ended?;
        Ok(Ending::Done)
    }
}

/// An agent that is idle for long enough says that the experiment is over; one that is asked to end goes on next time.
async fn finish(engine: &Engine, session: SessionId, end: End) -> Result<(), Refusal> {
    if end == End::Idle {
        complain(
            "nothing happened for the time given; the session is ended, and goes on when the agent is started again",
        );
        engine
            .command(CommandId::new(), Command::StopSession { session })
            .await?;
    }
    Ok(())
}

/// What was committed until the end is printed, whenever it was announced, unless the reader takes nothing any more.
async fn print_rest(mut events: Subscription, mut printer: Printer) -> Result<(), Failure> {
    while let Some(batch) = events.next().await {
        while !printer.is_free() {
            let taken = tokio::time::timeout(printing::PATIENCE, printer.ready()).await;
            if !matches!(taken, Ok(Ok(()))) {
                return printer.finish().await;
            }
        }
        printer.give(&batch);
    }
    printer.finish().await
}

/// The User ID is made at the first start, so that it is there when it is wanted; the agent works without it.
async fn keep_user_id(engine: Engine) {
    match id::keep(&engine).await {
        Ok(keeper) => match keeper.user_id() {
            Ok(_) => {
                if let Some(where_kept) = id::where_kept(&keeper, engine.location()) {
                    complain(&where_kept);
                }
            }
            Err(refusal) => complain(&format!("{refusal} The agent goes on without it.")),
        },
        Err(refusal) if refusal.code == "closing" => {}
        Err(refusal) => complain(&format!("{refusal} The agent goes on without its User ID.")),
    }
}

/// A number of seconds above 0.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= 1e9);
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "give a number of seconds above 0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_idle_time_is_a_number_above_0() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "nan", "inf", "1e300", "soon"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
