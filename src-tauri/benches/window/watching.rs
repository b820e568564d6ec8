//! A live experiment of 16 electrodes at 3 frequencies with 2,000 indices, on screen.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiments::{FREQUENCIES, Files, Instrument, take_in};
use crate::opening::in_words;
use crate::{memory, tell};

const NAME: &str = "Live";
/// What is there before the live part, so that the plots are as full as at the end of such an experiment.
const BEFORE: u32 = 1_900;
const INDICES: u32 = 2_000;

pub async fn measure() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    // Side by side on one disk, so that a file is moved in one step.
    let place = tempfile::tempdir().unwrap();
    let (written, folder) = (place.path().join("written"), place.path().join("measured"));
    fs::create_dir(&folder).unwrap();
    Instrument::start(&written, INDICES, 0.0).finish();
    let mut files = Files::of(&written);
    files
        .move_into(&folder, (BEFORE * FREQUENCIES) as usize, Duration::ZERO)
        .await;
    take_in(&folder, profile.data_dir(), NAME);
    let app = DrivenApp::start(&profile).await;
    app.page.reads(NAME).await;
    let session = app.page.query(json!({"query": "sessions"})).await["sessions"][0]["session"].clone();
    app.page
        .call(
            "engine_command",
            json!({"id": uuid::Uuid::new_v4(), "command": {"command": "reopen_session", "session": session}}),
        )
        .await;
    app.page.run(include_str!("open.js"), vec![NAME.into()]).await;
    // 20 files a second: 16 x 20 = 320 measurements a second.
    let (to, script) = (folder.clone(), include_str!("frames.js"));
    let arriving = tokio::spawn(async move { files.move_into(&to, usize::MAX, Duration::from_millis(50)).await });
    let frames = app.page.run(script, vec![Value::Bool(false)]).await;
    arriving.abort();
    tell(
        "live, 16 x 3 x 2,000, 20 files/s: frames at rest",
        &in_words(&frames["rest"]),
        "30 frames/s",
    );
    tell(
        "live: frames while panning",
        &in_words(&frames["pan"]),
        "30 frames/s, 60 with a GPU",
    );
    tell(
        "memory of the app with its webview then",
        &format!("{:.0} MiB", memory::of_tree(app.process())),
        "",
    );
    crate::screen::keep_picture("bench-live");
    app.terminate(&profile).await;
}
