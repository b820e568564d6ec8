//! Every screen in the real webview: drawn, without a violation that axe finds, and reached by the keyboard alone.

use serde_json::{Value, json};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::page::{Key, Page};
use crate::screen;
use crate::waiting::until;

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules/axe-core/axe.min.js");

/// Asserts that axe finds nothing on what is shown.
async fn assert_accessible(page: &Page, what: &str) {
    let axe = std::fs::read_to_string(AXE).unwrap();
    let script = format!(
        "{axe}; const done = arguments[arguments.length - 1];
        axe.run(document, {{ resultTypes: ['violations'] }}).then(
          ({{ violations }}) => done(violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes.map((n) => n.html).slice(0, 3).join(' ')}}`)),
          (thrown) => done([String(thrown)]),
        );"
    );
    let found = page.run(&script, vec![]).await;
    if found != json!([]) {
        screen::keep_picture("inaccessible");
    }
    assert_eq!(found, json!([]), "{what}");
}

/// A simulated experiment of a technique, once its last file is measured and drawn.
async fn simulated(page: &Page, door: &str) {
    page.reads("Try a simulated instrument").await;
    page.click(door).await;
    page.reads("Simulated instrument").await;
    until("the experiment is over", async || {
        let answer = page.query(json!({"query": "sessions"})).await;
        let sessions = answer["sessions"].as_array()?;
        let is_over = |session: &Value| session["state"] == "finished";
        sessions.iter().all(is_over).then_some(())
    })
    .await;
    until("its plots are drawn", async || {
        let colours = page.colours_of_plots().await;
        (!colours.is_empty() && colours.iter().all(|count| *count >= 4)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn each_technique_has_a_screen_that_is_drawn_and_accessible() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    let page = &app.page;
    page.reads("Try a simulated instrument").await;
    assert_accessible(page, "start").await;
    page.shorten_simulations(4, 0.05).await;
    for (door, name) in [("Frequency map", "map"), ("CV", "cv"), ("CA", "ca")] {
        simulated(page, door).await;
        screen::keep_picture(&format!("screen-{name}"));
        assert_accessible(page, door).await;
        page.click("New session").await;
    }
    for (door, text) in [
        ("Compare", "Compare"),
        ("Notes", "New note"),
        ("Settings", "About SACMES"),
    ] {
        page.click(door).await;
        page.reads(text).await;
        assert_accessible(page, door).await;
    }
    app.terminate(&profile).await;
}

#[tokio::test]
async fn the_keyboard_alone_starts_an_experiment_and_exports_it() {
    const INDICES: u32 = 5;

    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    let page = &app.page;
    page.reads("Try a simulated instrument").await;
    page.shorten_simulations(INDICES, 0.05).await;
    page.tab_to("Try a simulated instrument").await;
    page.press(Key::Enter).await;
    page.reads("10 of 10").await;
    page.tab_to("Export").await;
    page.press(Key::Enter).await;
    page.reads("The first lines").await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("peaks.csv");
    page.tab_to("File").await;
    page.type_keys(&file.to_string_lossy()).await;
    page.press(Key::Enter).await;
    page.tab_to("Export").await;
    page.press(Key::Enter).await;
    page.reads("Written to").await;
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("measurement,session,revision,file,"), "{written}");
    // Five files of two frequencies with four electrodes, below a line of names.
    assert_eq!(written.lines().count(), 1 + 5 * 2 * 4);
    page.press(Key::Escape).await;
    until("the dialog is gone, and the focus is where it was", async || {
        (page.focused().await == "Export" && !page.text().await.contains("Written to")).then_some(())
    })
    .await;
    app.terminate(&profile).await;
}
