//! Following an agent elsewhere. A code comes from the page once, where a person pasted it, and none ever goes back there.

use agent::export::refuse_instrument_folder;
use agent::store::Store;
use protocol::command::Outcome;
use protocol::identity::KeptIn;
use protocol::query::Answer;
use protocol::refusal::Refusal;
use remote::remembered::RememberedAgent;
use serde_json::Value;
use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use super::{files, understood};
use crate::feed::{Feeds, Of};
use crate::following::{self, About, Followed, Following, Told};
use crate::profiles::Bound;
use crate::window;

/// The remembered agents, without their codes.
#[tauri::command]
pub async fn agents_remembered(profile: Bound) -> Result<Vec<RememberedAgent>, Refusal> {
    blocking(&profile.following, Following::remembered).await
}

/// Forgets an agent with its code.
#[tauri::command]
pub async fn agents_forget(profile: Bound, agent: Value) -> Result<(), Refusal> {
    let agent = understood(agent)?;
    blocking(&profile.following, move |following| following.forget(agent)).await
}

/// Follows whoever gave this code or link. `relay` counts where it is a code alone; `name` is what the window calls it.
#[tauri::command]
pub async fn follow_code<R: Runtime>(
    app: AppHandle<R>,
    profile: Bound,
    code: Value,
    relay: Value,
    name: Value,
) -> Result<About, Refusal> {
    let (code, relay, name): (String, String, String) = (understood(code)?, understood(relay)?, understood(name)?);
    let followed = profile.following.follow(&code, &relay, &name)?;
    Ok(shown(&app, &followed))
}

/// Follows a remembered agent.
#[tauri::command]
pub async fn follow_remembered<R: Runtime>(app: AppHandle<R>, profile: Bound, agent: Value) -> Result<About, Refusal> {
    let agent = understood(agent)?;
    let followed = blocking(&profile.following, move |following| following.follow_remembered(agent)).await?;
    // The keyring may have been waited for.
    profile
        .unless_switched(Ok(()))
        .inspect_err(|_| profile.following.end())?;
    Ok(shown(&app, &followed))
}

/// Remembers what is followed: in the keyring, or after consent in a file that only its owner can read.
#[tauri::command]
pub async fn followed_remember(
    profile: Bound,
    followed: Value,
    name: Value,
    in_file: Value,
) -> Result<RememberedAgent, Refusal> {
    let (followed, name): (_, String) = (understood(followed)?, understood(name)?);
    let kept_in = if understood(in_file)? {
        KeptIn::OwnerOnlyFile
    } else {
        KeptIn::Keyring
    };
    blocking(&profile.following, move |following| {
        following.remember(followed, &name, kept_in)
    })
    .await
}

/// Answers a [`protocol::query::Query`] there.
#[tauri::command]
pub async fn followed_query(profile: Bound, followed: Value, query: Value) -> Result<Answer, Refusal> {
    profile
        .following
        .get(understood(followed)?)?
        .query(understood(query)?)
        .await
}

/// Answers a [`protocol::query::ColumnQuery`] there, with bytes.
#[tauri::command]
pub async fn followed_columns(profile: Bound, followed: Value, query: Value) -> Result<Response, Refusal> {
    let followed = profile.following.get(understood(followed)?)?;
    Ok(Response::new(followed.columns(understood(query)?).await?))
}

/// Carries out a [`protocol::command::Command`] there, once per id.
#[tauri::command]
pub async fn followed_command(profile: Bound, followed: Value, id: Value, command: Value) -> Result<Outcome, Refusal> {
    let followed = profile.following.get(understood(followed)?)?;
    followed.command(understood(id)?, understood(command)?).await
}

/// Lets the user choose where a file from there is written: nothing from there is written anywhere else. Null where nothing was chosen.
#[tauri::command]
pub async fn followed_destination<R: Runtime>(
    window: WebviewWindow<R>,
    profile: Bound,
    followed: Value,
    suggested_name: Value,
) -> Result<Option<String>, Refusal> {
    let followed = profile.following.get(understood(followed)?)?;
    let Some(path) = files::ask_destination(&window, &understood::<String>(suggested_name)?).await? else {
        return Ok(None);
    };
    let database = profile.location.database();
    let chosen = path.clone();
    let may_be_written = tauri::async_runtime::spawn_blocking(move || -> Result<(), Refusal> {
        refuse_instrument_folder(&Store::open_read_only(&database)?, &chosen)?;
        Ok(())
    });
    may_be_written.await.map_err(|error| broken_off(&error))??;
    let text = files::text(&path)?;
    followed.choose(&path);
    Ok(Some(text))
}

/// Sends everything that happens there from now on, in order, in batches. For each batch the window answers with [`followed_received`].
#[tauri::command]
pub async fn followed_subscribe<R: Runtime>(
    window: WebviewWindow<R>,
    profile: Bound,
    feeds: State<'_, Feeds>,
    followed: Value,
    channel: Channel<Vec<Told>>,
) -> Result<(), Refusal> {
    let followed = profile.following.get(understood(followed)?)?;
    feeds.begin(window.label(), Of::Elsewhere, channel, |batches| {
        following::feed(followed, batches)
    });
    Ok(())
}

/// The window has taken one batch from this channel.
#[tauri::command]
pub fn followed_received<R: Runtime>(window: WebviewWindow<R>, feeds: State<'_, Feeds>, channel: u32) {
    feeds.received(window.label(), Of::Elsewhere, channel);
}

/// Ends following; the window shows this computer again.
#[tauri::command]
pub async fn followed_end<R: Runtime>(app: AppHandle<R>, profile: Bound, followed: Value) -> Result<(), Refusal> {
    // Another may be followed by now.
    if profile.following.get(understood(followed)?).is_ok() {
        profile.following.end();
        window::show_whose(&app, None);
    }
    Ok(())
}

fn shown<R: Runtime>(app: &AppHandle<R>, followed: &Followed) -> About {
    window::show_whose(app, Some(followed.title()));
    followed.about()
}

/// Away from the threads that serve everything else: a keyring may wait for its password.
async fn blocking<T: Send + 'static>(
    following: &Following,
    call: impl FnOnce(&Following) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let following = following.clone();
    tauri::async_runtime::spawn_blocking(move || call(&following))
        .await
        .map_err(|error| broken_off(&error))?
}

fn broken_off(error: &impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "broken_off",
        format!("This was broken off: {error}."),
        "Try again; restart SACMES if it happens again.",
    )
}
