//! The clipboard as other programs see it.

use std::process::{Command, Stdio};

/// Forgets what was copied before, so that nothing but a new copy can be found.
pub fn clear() {
    let cleared = Command::new("xclip")
        .args(["-selection", "clipboard", "-i", "/dev/null"])
        .stdout(Stdio::null())
        .status();
    assert!(cleared.expect("xclip is installed").success());
}

/// The text on the clipboard, if there is any.
pub fn text() -> Option<String> {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard", "-o"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.success() && !text.is_empty()).then_some(text)
}
