//! The memory of a day's run: one index each 20 s for 24 hours, at a hundred times the speed, with the session on screen.

use std::time::Duration;

use serde_json::json;

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiments::{FREQUENCIES, Instrument};
use crate::{memory, tell};

const INDICES: u32 = 24 * 3600 / 20;
/// From file to file.
const INTERVAL_S: f64 = 20.0 / 100.0 / FREQUENCIES as f64;
const LOOKS: u32 = 12;

pub async fn measure() {
    let _desktop = take_desktop().await;
    let (profile, folder) = (Profile::new(), tempfile::tempdir().unwrap());
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Watch a folder").await;
    app.page
        .call(
            "engine_command",
            json!({"id": uuid::Uuid::new_v4(), "command": {
                "command": "start_session", "name": "A day", "settings": {},
                "source": {"kind": "watched_folder", "folder": folder.path()},
            }}),
        )
        .await;
    app.page.reads("A day").await;
    let _instrument = Instrument::start(folder.path(), INDICES, INTERVAL_S);
    app.page.run(include_str!("open.js"), vec!["A day".into()]).await;
    let between = Duration::from_secs_f64(f64::from(INDICES * FREQUENCIES) * INTERVAL_S / f64::from(LOOKS));
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        tokio::time::sleep(between).await;
        let files = app.page.files_measured().await;
        let (all, engine) = (memory::of_tree(app.process()), memory::of_process(app.process()));
        looks.push(format!(
            "{all:.0} MiB, {engine:.0} of it without the webview, at {files} files"
        ));
    }
    tell(
        "memory of the app with its webview over 24 hours of 16 electrodes at 3 frequencies, at 100 times the speed",
        &looks.join(", "),
        "bounded",
    );
    crate::screen::keep_picture("bench-day");
    app.terminate(&profile).await;
}
