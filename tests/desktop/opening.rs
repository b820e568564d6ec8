//! Files that are opened from outside: "open with", in the real window.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiment::only_session;
use crate::lab::simulate;
use crate::waiting::until;

/// The files of a folder, as a file manager names them.
fn files_of(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<String> = paths.map(|path| path.to_string_lossy().into_owned()).collect();
    paths.sort();
    paths
}

/// What the file manager does with a program that runs already.
async fn open_with(profile: &Profile, paths: &[String]) {
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (status, written) = profile.start(&paths, &[]).ended().await;
    assert!(status.success(), "{status}: {written}");
}

#[tokio::test]
async fn a_thousand_files_become_one_temporary_session_that_is_kept_by_a_click() {
    let _desktop = take_desktop().await;
    let (profile, place) = (Profile::new(), tempfile::tempdir().unwrap());
    let folder = place.path().join("last week");
    simulate(&folder, 500);
    let files = files_of(&folder);
    assert_eq!(files.len(), 1000);
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Watch a folder").await;
    open_with(&profile, &files).await;
    app.page.reads("1,000 chosen files of this folder will be read").await;
    app.page.click("Start").await;
    app.page.reads("expires in").await;
    let session = until("all is measured", async || {
        let session = only_session(&app.page).await;
        (session["state"] == "finished").then_some(session)
    })
    .await;
    assert_eq!(session["files_measured"], json!(1000), "{session}");
    assert_eq!(session["expires_after_s"], json!(86_400), "{session}");
    app.page.click("Keep").await;
    let kept = until("it is kept", async || {
        let session = only_session(&app.page).await;
        session["expires_after_s"].is_null().then_some(session)
    })
    .await;
    assert!(kept["expires_at"].is_null(), "{kept}");
    assert_eq!(files_of(&folder), files, "the instrument's files are as they were");
    app.terminate(&profile).await;
}

#[tokio::test]
async fn a_folder_a_binary_and_what_is_not_there_are_each_told_what_they_are() {
    let _desktop = take_desktop().await;
    let (profile, place) = (Profile::new(), tempfile::tempdir().unwrap());
    let folder = place.path().join("mixed");
    simulate(&folder, 3);
    let noise: Vec<u8> = (0..4000_u32)
        .map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    fs::write(folder.join("photo.raw"), noise).unwrap();
    let missing: PathBuf = place.path().join("gone.txt");
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Watch a folder").await;
    open_with(
        &profile,
        &[
            folder.to_string_lossy().into_owned(),
            missing.to_string_lossy().into_owned(),
        ],
    )
    .await;
    app.page
        .reads_such("both are told", |text| {
            text.contains("photo.raw") && text.contains("gone.txt")
        })
        .await;
    app.page.reads("Not opened").await;
    app.page.reads("Not understood").await;
    app.page.click("Start").await;
    let session = until("it is over", async || {
        let session = only_session(&app.page).await;
        (session["state"] == "finished").then_some(session)
    })
    .await;
    assert_eq!(
        (&session["files_measured"], &session["files_skipped"]),
        (&json!(6), &json!(1)),
        "{session}"
    );
    app.terminate(&profile).await;
}
