//! Messages outside of the window.

use std::env;

use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind, MessageDialogResult};

/// Set to `off` where nobody is there to close a message: what it says then goes to standard error alone.
const VARIABLE: &str = "SACMES_MESSAGES";

/// Shows a message and goes on.
pub fn show<R: Runtime>(app: &AppHandle<R>, kind: MessageDialogKind, text: &str) {
    if are_off() {
        eprintln!("{text}");
    } else {
        app.dialog().message(text).title("SACMES").kind(kind).show(|_| {});
    }
}

/// Shows a message and goes on when the person has closed it.
pub async fn show_and_wait<R: Runtime>(app: &AppHandle<R>, kind: MessageDialogKind, text: &str) {
    eprintln!("{text}");
    if are_off() {
        return;
    }
    let (close, closed) = tokio::sync::oneshot::channel();
    app.dialog().message(text).title("SACMES").kind(kind).show(|_| {
        close.send(()).ok();
    });
    closed.await.ok();
}

/// Asks a question with two answers; true only where the person chose the second one, which changes something. Closing the
/// question, or nobody being there to be asked, is the first answer.
pub async fn chose_second<R: Runtime>(app: &AppHandle<R>, text: &str, first: &str, second: &str) -> bool {
    if are_off() {
        eprintln!("{text}");
        return false;
    }
    let (answer, answered) = tokio::sync::oneshot::channel();
    let wanted = MessageDialogResult::Custom(second.to_owned());
    let buttons = MessageDialogButtons::OkCancelCustom(first.to_owned(), second.to_owned());
    app.dialog()
        .message(text)
        .title("SACMES")
        .kind(MessageDialogKind::Warning)
        .buttons(buttons)
        .show_with_result(move |chosen| {
            answer.send(chosen == wanted).ok();
        });
    answered.await.unwrap_or(false)
}

fn are_off() -> bool {
    env::var_os(VARIABLE).is_some_and(|value| value == "off")
}
