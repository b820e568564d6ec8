//! What was measured is there after the worst end.

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiment::{assert_every_point_once, only_session, start_simulation};
use crate::screen;
use crate::waiting::until;

#[tokio::test]
async fn a_session_goes_on_after_kill_9_with_every_point() {
    const INDICES: u32 = 40;

    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    start_simulation(&app.page, INDICES, 0.1).await;
    let measured = until("some files are measured", async || {
        let files = only_session(&app.page).await["files_measured"].as_u64().unwrap();
        (files >= 15).then_some(files)
    })
    .await;
    app.kill(&profile).await;

    let app = DrivenApp::start(&profile).await;
    app.page.reads("Simulated titration").await;
    let session = only_session(&app.page).await;
    assert!(
        session["files_measured"].as_u64().unwrap() >= measured,
        "points are gone: {session}"
    );
    until("the experiment is over", async || {
        (only_session(&app.page).await["state"] == "finished").then_some(())
    })
    .await;
    assert_every_point_once(&app.page, INDICES).await;
    let session = only_session(&app.page).await;
    // The sidebar sorts it among the ended ones first: a click at that moment would land beside it.
    app.page.reads("Ended").await;
    app.page.click(session["name"].as_str().unwrap()).await;
    app.page.reads("80 of 80").await;
    screen::keep_picture("reopened-after-kill");
    app.terminate(&profile).await;
}
