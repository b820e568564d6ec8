//! Opening a session of 100,000 measurements, and moving in it.

use serde_json::Value;

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiments::{ELECTRODES, FREQUENCIES, Instrument, take_in};
use crate::{memory, tell};

/// So many indices make 100,000 measurements.
const INDICES: u32 = 100_000_u32.div_ceil(ELECTRODES * FREQUENCIES);
const NAME: &str = "A hundred thousand";
const TIMES: usize = 5;

pub async fn measure() {
    let _desktop = take_desktop().await;
    let (profile, folder) = (Profile::new(), tempfile::tempdir().unwrap());
    Instrument::start(folder.path(), INDICES, 0.0).finish();
    take_in(folder.path(), profile.data_dir(), NAME);
    let app = DrivenApp::start(&profile).await;
    app.page.reads(NAME).await;
    let mut opened_ms = Vec::new();
    for _ in 0..TIMES {
        let opened = app.page.run(include_str!("open.js"), vec![NAME.into()]).await;
        opened_ms.push(opened.as_f64().unwrap_or_else(|| panic!("it did not open: {opened}")));
        app.page.run(include_str!("leave.js"), vec![]).await;
    }
    opened_ms.sort_by(f64::total_cmp);
    tell(
        "session of 100,032 measurements, click to first plot: fastest / median / slowest of 5",
        &format!(
            "{:.0} / {:.0} / {:.0} ms",
            opened_ms[0],
            opened_ms[TIMES / 2],
            opened_ms[TIMES - 1]
        ),
        "under 1 s",
    );
    app.page.run(include_str!("open.js"), vec![NAME.into()]).await;
    let frames = app.page.run(include_str!("frames.js"), vec![Value::Bool(true)]).await;
    for (name, aim) in [
        ("rest", ""),
        ("cursor", "30 frames/s"),
        ("pan", "30 frames/s, 60 with a GPU"),
    ] {
        tell(&format!("frames in it, {name}"), &in_words(&frames[name]), aim);
    }
    tell(
        "memory of the app with its webview then",
        &format!("{:.0} MiB", memory::of_tree(app.process())),
        "",
    );
    crate::screen::keep_picture("bench-opening");
    app.terminate(&profile).await;
}

/// Frames a second, and the times between them.
pub fn in_words(frames: &Value) -> String {
    let number = |name: &str| frames[name].as_f64().unwrap_or(f64::NAN);
    format!(
        "{:.0} frames/s, 95 % within {:.0} ms, longest {:.0} ms",
        number("per_s"),
        number("p95_ms"),
        number("longest_ms")
    )
}
