//! What the tray's menu says of sessions and of the relay.

use serde_json::{Value, json};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::lab;
use crate::tray_menu::Panel;
use crate::waiting::until;

#[tokio::test]
async fn the_tray_says_how_sharing_goes() {
    let _desktop = take_desktop().await;
    let (panel, profile) = (Panel::start().await, Profile::new());
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    let menu = panel.menu_of(app.process()).await;
    let line = async |wanted: &str| {
        until(&format!("the tray says {wanted:?}"), async || {
            menu.lines()
                .await
                .iter()
                .any(|line| line.starts_with(wanted))
                .then_some(())
        })
        .await;
    };
    line("Not shared").await;
    let (address, relay) = lab::start_relay();
    let turned_on = app
        .page
        .call("sharing_on", json!({"relay": address, "token": null}))
        .await;
    assert_eq!(turned_on, Value::Null);
    line("Sharing online, 0 viewers").await;
    drop(relay);
    line("Relay unreachable since ").await;
    app.page.call("sharing_off", json!({})).await;
    line("Not shared").await;
    app.terminate(&profile).await;
}
