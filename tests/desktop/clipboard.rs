//! The clipboard as other programs see it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::waiting::until;

/// What is on the clipboard where nothing was copied since.
const NOTHING: &str = "(nothing)";

/// Forgets what was copied before, so that nothing but a new copy can be found. Waits until that is so: xclip has ended before
/// the clipboard is its own, and would otherwise take it away from a copy that was made meanwhile.
pub async fn clear() {
    let mut xclip = Command::new("xclip")
        .args(["-selection", "clipboard", "-i"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("xclip is installed");
    xclip.stdin.take().unwrap().write_all(NOTHING.as_bytes()).unwrap();
    assert!(xclip.wait().unwrap().success());
    until("the clipboard is cleared", async || {
        (read().as_deref() == Some(NOTHING)).then_some(())
    })
    .await;
}

/// The text on the clipboard, if any was copied.
pub fn text() -> Option<String> {
    read().filter(|text| !text.is_empty() && text != NOTHING)
}

fn read() -> Option<String> {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard", "-o"])
        .output()
        .unwrap();
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).unwrap())
}
