//! Codes onto the clipboard, from Rust: the window never needs the right to write there.

use agent::identity::Keeper;
use protocol::refusal::Refusal;
use tauri::{AppHandle, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::commands::CodeKind;

/// Puts the User ID or the view-only code on the clipboard.
///
/// # Errors
/// Where the User ID is not there, or this system gives no clipboard.
pub fn copy<R: Runtime>(app: &AppHandle<R>, keeper: &Keeper, which: CodeKind) -> Result<(), Refusal> {
    let text = match which {
        CodeKind::UserId => keeper.user_id()?.reveal(),
        CodeKind::ViewOnlyCode => keeper.view_only_code()?,
    };
    app.clipboard().write_text(text).map_err(|error| {
        Refusal::new(
            "clipboard_unusable",
            format!("The clipboard of this system did not take the code: {error}."),
            "Select the code in the window and copy it by hand.",
        )
    })
}
