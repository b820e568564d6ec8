//! Who may call what, through Tauri's real access control on its mock runtime: no display is needed.

use agent::profile::ProfileLocation;
use serde_json::{Value, json};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

use crate::profiles::Profiles;
use crate::{commands, opening, window};

/// An id that nothing has.
const NOBODY: &str = "5e551000-0000-4000-8000-000000000001";

/// Every command, with arguments that it refuses by itself where carrying it out would need a desktop.
fn commands() -> Vec<(&'static str, Value)> {
    vec![
        ("agents_forget", json!({"agent": "no id"})),
        ("agents_remembered", json!({})),
        ("app_info", json!({})),
        ("choose_destination", json!({"suggestedName": 1})),
        ("data_folder_size", json!({})),
        ("engine_columns", json!({"query": {"query": "sweep"}})),
        (
            "engine_command",
            json!({"id": "no id", "command": {"command": "pause_all"}}),
        ),
        ("engine_query", json!({"query": {"query": "sessions"}})),
        ("engine_received", json!({"channel": 1})),
        ("engine_subscribe", json!({"channel": "__CHANNEL__:7"})),
        ("files_arriving", json!({"channel": "__CHANNEL__:9"})),
        ("follow_code", json!({"code": "no code", "relay": "", "name": ""})),
        ("follow_remembered", json!({"agent": NOBODY})),
        (
            "followed_columns",
            json!({"followed": NOBODY, "query": {"query": "series", "session": NOBODY, "after": 0}}),
        ),
        (
            "followed_command",
            json!({"followed": NOBODY, "id": NOBODY, "command": {"command": "pause_all"}}),
        ),
        (
            "followed_destination",
            json!({"followed": NOBODY, "suggestedName": "a.csv"}),
        ),
        ("followed_end", json!({"followed": NOBODY})),
        (
            "followed_query",
            json!({"followed": NOBODY, "query": {"query": "sessions"}}),
        ),
        ("followed_received", json!({"channel": 1})),
        (
            "followed_remember",
            json!({"followed": NOBODY, "name": "Room 214", "inFile": true}),
        ),
        (
            "followed_subscribe",
            json!({"followed": NOBODY, "channel": "__CHANNEL__:8"}),
        ),
        ("identity_consent_to_file", json!({})),
        ("identity_copy", json!({"which": "password"})),
        ("identity_restore", json!({"text": "no code"})),
        ("identity_status", json!({})),
        ("login_start", json!({})),
        ("login_start_set", json!({"on": "perhaps"})),
        ("notification_test", json!({})),
        ("preferences", json!({})),
        ("preferences_keep", json!({"preferences": 7})),
        ("profile_create", json!({"name": "a/b"})),
        ("profile_current", json!({})),
        ("profile_delete", json!({"name": "default"})),
        ("profile_rename", json!({"name": "nobody", "to": "anna"})),
        ("profile_report", json!({})),
        ("profile_use", json!({"name": "nobody", "running": "keep"})),
        ("profiles_list", json!({})),
        ("reveal", json!({"path": "not/absolute"})),
        ("sharing_off", json!({})),
        ("sharing_on", json!({"relay": "not an address", "token": null})),
        ("sharing_renew_user_id", json!({ "old": "given_up" })),
        ("sharing_renew_view_only_code", json!({})),
        ("sharing_status", json!({})),
        ("updates_known", json!({})),
        ("updates_look", json!({})),
        ("updates_open_page", json!({})),
        ("window_shows", json!({"session": "no id"})),
        ("window_wishes", json!({"channel": "__CHANNEL__:9"})),
    ]
}

/// These open a dialog whatever their arguments; the capability file grants them as it grants the others.
const DIALOGS: [&str; 2] = ["choose_files", "choose_folder"];

struct Desk {
    app: App<MockRuntime>,
    _data: TempDir,
}

fn desk() -> Desk {
    let data = tempfile::tempdir().unwrap();
    let location = ProfileLocation::new(data.path(), "default").unwrap();
    let (opening, profile) = opening::prepare(location, "");
    let context = tauri::generate_context!(test = true);
    let profiles = Profiles::beginning_with(profile, "");
    let app = crate::builder(mock_builder(), profiles).build(context).unwrap();
    tauri::async_runtime::block_on(opening.run(|opened| opened.unwrap()));
    Desk { app, _data: data }
}

impl Desk {
    fn window(&self, label: &str, url: &str) -> WebviewWindow<MockRuntime> {
        let url = WebviewUrl::External(url.parse().unwrap());
        WebviewWindowBuilder::new(&self.app, label, url).build().unwrap()
    }
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: format!("plugin:{}|{command}", commands::PLUGIN),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: window.url().unwrap(),
        body: arguments.into(),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| match body {
        tauri::ipc::InvokeResponseBody::Json(text) => serde_json::from_str(&text).unwrap(),
        tauri::ipc::InvokeResponseBody::Raw(bytes) => json!({"bytes": bytes.len()}),
    })
}

fn is_refused_by_access_control(result: &Result<Value, Value>) -> bool {
    matches!(result, Err(Value::String(text)) if text.contains("not allowed"))
}

const LOCAL: &str = "tauri://localhost";

#[test]
fn the_main_window_may_call_every_command_and_gets_refusals_in_one_shape() {
    let desk = desk();
    let main = desk.window(window::MAIN, LOCAL);
    for (command, arguments) in commands() {
        let result = call(&main, command, arguments);
        assert!(!is_refused_by_access_control(&result), "{command}: {result:?}");
        if let Err(refusal) = result {
            let has = |part: &str| refusal[part].as_str().is_some_and(|text| !text.is_empty());
            assert!(has("code") && has("message") && has("hint"), "{command}: {refusal}");
        }
    }
}

#[test]
fn another_window_may_call_nothing() {
    let desk = desk();
    let other = desk.window("other", LOCAL);
    let dialogs = DIALOGS.map(|command| (command, json!({})));
    for (command, arguments) in commands().into_iter().chain(dialogs) {
        let result = call(&other, command, arguments);
        assert!(is_refused_by_access_control(&result), "{command}: {result:?}");
    }
}

#[test]
fn a_foreign_page_in_the_main_window_may_call_nothing() {
    let desk = desk();
    let main = desk.window(window::MAIN, "https://example.org");
    let dialogs = DIALOGS.map(|command| (command, json!({})));
    for (command, arguments) in commands().into_iter().chain(dialogs) {
        let result = call(&main, command, arguments);
        assert!(is_refused_by_access_control(&result), "{command}: {result:?}");
    }
}

#[test]
fn the_main_window_may_call_nothing_but_these() {
    let capability: Value = serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
    let mut granted: Vec<_> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p.as_str().unwrap())
        .collect();
    let mut expected: Vec<String> = commands()
        .into_iter()
        .map(|(command, _)| command)
        .chain(DIALOGS)
        .map(|command| format!("sacmes:allow-{}", command.replace('_', "-")))
        .collect();
    granted.sort_unstable();
    expected.sort_unstable();
    assert_eq!(granted, expected);

    let desk = desk();
    let main = desk.window(window::MAIN, LOCAL);
    for foreign in [
        "plugin:event|listen",
        "plugin:window|close",
        "plugin:clipboard-manager|read_text",
    ] {
        let request = InvokeRequest {
            cmd: foreign.to_owned(),
            callback: tauri::ipc::CallbackFn(0),
            error: tauri::ipc::CallbackFn(1),
            url: main.url().unwrap(),
            body: json!({}).into(),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        let result = get_ipc_response(&main, request).map(|_| Value::Null);
        assert!(is_refused_by_access_control(&result), "{foreign}: {result:?}");
    }
}

#[test]
fn answers_come_through() {
    let desk = desk();
    let main = desk.window(window::MAIN, LOCAL);
    let answer = call(&main, "engine_query", json!({"query": {"query": "sessions"}})).unwrap();
    assert_eq!(answer, json!({"answer": "sessions", "sessions": []}));
    let about = call(&main, "app_info", json!({})).unwrap();
    assert_eq!(
        (&about["profile"], &about["desktop"]),
        (&json!("default"), &json!(true))
    );
    let folder = desk.app.state::<Profiles>().current().location.folder();
    assert_eq!(about["data_folder"], folder.display().to_string());
    let misunderstood = call(&main, "engine_query", json!({"query": {"query": "everything"}})).unwrap_err();
    assert_eq!(misunderstood["code"], "not_understood");
}
