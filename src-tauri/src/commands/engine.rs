//! The engine's queries, commands and events.

use protocol::command::Outcome;
use protocol::query::Answer;
use protocol::record::Event;
use protocol::refusal::Refusal;
use serde_json::Value;
use tauri::ipc::{Channel, Response};
use tauri::{Runtime, State, WebviewWindow};

use super::understood;
use crate::feed::{self, Feeds, Of};
use crate::profiles::Bound;

/// Answers a [`protocol::query::Query`].
#[tauri::command]
pub async fn engine_query(profile: Bound, query: Value) -> Result<Answer, Refusal> {
    let answer = profile.engine.get().await?.query(understood(query)?).await;
    profile.unless_switched(answer)
}

/// Answers a [`protocol::query::ColumnQuery`] with bytes, not JSON: it is large.
#[tauri::command]
pub async fn engine_columns(profile: Bound, query: Value) -> Result<Response, Refusal> {
    let columns = profile.engine.get().await?.columns(understood(query)?).await;
    Ok(Response::new(profile.unless_switched(columns)?.to_bytes()))
}

/// Carries out a [`protocol::command::Command`], once per id.
#[tauri::command]
pub async fn engine_command(profile: Bound, id: Value, command: Value) -> Result<Outcome, Refusal> {
    let engine = profile.engine.get().await?;
    let outcome = engine.command(understood(id)?, understood(command)?).await;
    profile.unless_switched(outcome)
}

/// Sends everything that happens from now on, in order, in batches. For each batch the window answers with
/// [`engine_received`]; until it has, only a few more are sent.
#[tauri::command]
pub async fn engine_subscribe<R: Runtime>(
    window: WebviewWindow<R>,
    profile: Bound,
    feeds: State<'_, Feeds>,
    channel: Channel<Vec<Event>>,
) -> Result<(), Refusal> {
    let subscription = profile.unless_switched(profile.engine.get().await?.subscribe())?;
    feeds.begin(window.label(), Of::Engine, channel, |batches| {
        feed::engine(subscription, batches)
    });
    Ok(())
}

/// The window has taken one batch from this channel.
#[tauri::command]
pub fn engine_received<R: Runtime>(window: WebviewWindow<R>, feeds: State<'_, Feeds>, channel: u32) {
    feeds.received(window.label(), Of::Engine, channel);
}
