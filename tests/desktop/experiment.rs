//! A simulated experiment, from the start screen to the last point.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::page::Page;
use crate::screen;

/// What the start screen simulates, but for its length.
pub const ELECTRODES: u64 = 4;
pub const FREQUENCIES: [f64; 2] = [15.0, 200.0];

/// Starts the simulated instrument with one click, cut to so many indices.
pub async fn start_simulation(page: &Page, indices: u32, interval_s: f64) {
    page.reads("Try a simulated instrument").await;
    page.shorten_simulations(indices, interval_s).await;
    page.click("Try a simulated instrument").await;
    page.reads("Simulated titration").await;
}

/// The only session's line of the list.
pub async fn only_session(page: &Page) -> Value {
    let answer = page.query(json!({"query": "sessions"})).await;
    let sessions = answer["sessions"]
        .as_array()
        .unwrap_or_else(|| panic!("no sessions: {answer}"));
    assert_eq!(sessions.len(), 1, "{answer}");
    sessions[0].clone()
}

/// Asserts that the session has every point of so many indices, each exactly once, each measured.
pub async fn assert_every_point_once(page: &Page, indices: u32) {
    let session = only_session(page).await["session"].clone();
    let query = json!({"query": "results", "session": session, "after": 0, "limit": 10_000});
    let answer = page.query(query).await;
    assert_eq!(answer["next"], Value::Null);
    let mut seen = BTreeMap::new();
    for measurement in answer["measurements"].as_array().unwrap() {
        assert!(measurement["peak_current_a"].is_f64(), "{measurement}");
        let number = |name: &str| measurement[name].as_f64().unwrap() as u64;
        *seen
            .entry((number("index"), number("frequency_hz"), number("electrode")))
            .or_insert(0) += 1;
    }
    for index in 1..=u64::from(indices) {
        for frequency in FREQUENCIES {
            for electrode in 1..=ELECTRODES {
                assert_eq!(
                    seen.remove(&(index, frequency as u64, electrode)),
                    Some(1),
                    "index {index}, {frequency} Hz, electrode {electrode}"
                );
            }
        }
    }
    assert!(seen.is_empty(), "points that the instrument did not write: {seen:?}");
}

#[tokio::test]
async fn a_simulated_experiment_runs_from_the_start_screen_to_its_last_point() {
    const INDICES: u32 = 40;

    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    screen::keep_picture("start");

    start_simulation(&app.page, INDICES, 0.05).await;
    app.page
        .reads_such("the first files are measured", |page| page.contains("Running"))
        .await;
    screen::keep_picture("experiment-running");
    app.page
        .reads_such("all files are done", |page| {
            page.contains("Finished") && page.contains("80 of 80")
        })
        .await;

    assert_every_point_once(&app.page, INDICES).await;
    let session = only_session(&app.page).await;
    assert_eq!(
        (&session["files_measured"], &session["files_skipped"]),
        (&json!(80), &json!(0))
    );
    let colours = app.page.colours_of_plots().await;
    assert!(
        colours.len() >= 2 && colours.iter().filter(|count| **count > 8).count() >= 2,
        "plots are empty: {colours:?}"
    );
    screen::keep_picture("experiment-finished");
    app.terminate(&profile).await;
}
