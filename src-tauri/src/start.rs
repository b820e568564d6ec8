//! From the command line to the running app.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use protocol::refusal::Refusal;
use tauri::{AppHandle, Builder, Manager, RunEvent, WindowEvent, Wry};
use tauri_plugin_dialog::MessageDialogKind;
use tauri_plugin_window_state::StateFlags;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::arguments::Arguments;
use crate::dropping::Arrivals;
use crate::feed::Feeds;
use crate::opening::{self, Opening};
use crate::place::Place;
use crate::profiles::{self, Meanwhile, Profiles};
use crate::tray::{self, Tray};
use crate::{closing, dropping, messages, quit, rendering, tray_host, updates, window};

/// Set to `off` to let several processes try to open one profile, as tests of the profile's lock do.
const SINGLE_INSTANCE: &str = "SACMES_SINGLE_INSTANCE";

/// Runs the desktop app until it is quit.
pub fn run() -> ExitCode {
    rendering::prefer_fast_software_drawing();
    let arguments = Arguments::parse();
    log();
    match start(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("sacmes-desktop: {refusal}");
            ExitCode::FAILURE
        }
    }
}

/// What happens is said on standard error, as `RUST_LOG` chooses.
fn log() {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // The WebSocket library would write whole frames, and with them the relay's access token: whatever is asked for.
    let without_frames =
        filter_fn(|about| !(about.target().starts_with("tungstenite") && *about.level() > tracing::Level::INFO));
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(chosen.and(without_frames));
    registry().with(layer).init();
}

fn start(arguments: &Arguments) -> Result<(), Refusal> {
    let place = Place::of(arguments)?;
    if !has_display() {
        return Err(Refusal::new(
            "no_display",
            "There is no display to open a window on.",
            "Use `sacmes agent` to watch a folder without a window.",
        ));
    }
    let mut context = tauri::generate_context!();
    // Windows' mutex, the D-Bus name and the window's state file are all named after the identifier.
    context.config_mut().identifier.push_str(&place.suffix);
    let (opening, profile) = opening::prepare(place.location, &place.suffix);
    let hidden = arguments.hidden;
    let files: Vec<_> = arguments
        .files
        .iter()
        .filter_map(|file| std::path::absolute(file).ok())
        .collect();
    let profiles = Profiles::beginning_with(profile.clone(), &place.suffix);
    let app = with_system(crate::builder(Builder::default(), profiles))
        .setup(move |app| {
            window::make(app.handle())?;
            let tray = tray::build(app.handle());
            if let Some(tray) = tray {
                app.manage(tray);
            }
            quit::on_signals(app.handle());
            if !files.is_empty() {
                app.state::<Arrivals>().came(&files);
            }
            tauri::async_runtime::spawn(open(app.handle().clone(), opening, hidden));
            profiles::watch(app.handle(), &profile);
            updates::begin(app.handle());
            Ok(())
        })
        .build(context)
        .map_err(|error| {
            Refusal::new(
                "window_failed",
                format!("The window could not be made: {error}."),
                "Restart the computer, or use `sacmes agent`.",
            )
        })?;
    app.run(on_event);
    Ok(())
}

/// The plugins that need a desktop. "One running instance" comes first: a second process ends there.
fn with_system(builder: Builder<Wry>) -> Builder<Wry> {
    let builder = if env::var_os(SINGLE_INSTANCE).is_some_and(|value| value == "off") {
        builder
    } else {
        builder.plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            let is_hidden = arguments.iter().any(|argument| argument == "--hidden");
            if !quit::started_again(app) && !is_hidden {
                window::raise(app);
                show_profile(app, &arguments);
                dropping::open_arguments(app, &arguments, &folder);
            }
        }))
    };
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        // Whether it is visible is not the window's own affair: it opens when it is asked to.
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
                .build(),
        )
}

/// Opens the profile and shows the window. A profile that another program has open ends this one; any other trouble is
/// shown in the window, where nothing else works then.
async fn open(app: AppHandle, opening: Opening, hidden: bool) {
    // Hidden where nothing shows the tray, it could not be found.
    let show = !hidden || app.try_state::<Tray<Wry>>().is_none() || !tray_host::is_there().await;
    let mut in_use = None;
    let shown = app.clone();
    opening
        .run(|opened| match opened {
            Err(refusal) if refusal.code == "profile_in_use" => in_use = Some(refusal.to_string()),
            Err(_) => window::raise(&shown),
            Ok(()) if show => window::raise(&shown),
            Ok(()) => {}
        })
        .await;
    if let Some(text) = in_use {
        messages::show_and_wait(&app, MessageDialogKind::Error, &text).await;
        app.exit(1);
    }
}

/// Turns the window to the profile that a second start asked for; what runs in the one before goes on.
fn show_profile(app: &AppHandle, arguments: &[String]) {
    let Some(name) = Arguments::try_parse_from(arguments)
        .ok()
        .and_then(|arguments| arguments.profile)
    else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(refusal) = profiles::use_profile(&app, &name, Meanwhile::Keep).await {
            messages::show(&app, MessageDialogKind::Warning, &refusal.to_string());
        }
    });
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } if label == window::MAIN => {
            api.prevent_close();
            closing::window_closed(app);
        }
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::Destroyed,
            ..
        } => {
            profiles::of(app).current().following.end();
            app.state::<Feeds>().end(&label);
        }
        // The last window is gone without having been asked to close: an end like any other.
        RunEvent::ExitRequested { api, code: None, .. } => {
            api.prevent_exit();
            quit::quit(app);
        }
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::DragDrop(event),
            ..
        } if label == window::MAIN => app.state::<Arrivals>().dragged(&event),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let files: Vec<_> = urls.iter().filter_map(|url| url.to_file_path().ok()).collect();
            app.state::<Arrivals>().came(&files);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::raise(app),
        _ => {}
    }
}

#[cfg(target_os = "linux")]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}
