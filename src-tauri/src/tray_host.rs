//! Whether anybody shows tray icons on this desktop.

/// Whether a desktop shows the icons that apps put into the tray. Only some Linux desktops do not.
#[cfg(target_os = "linux")]
pub async fn is_there() -> bool {
    use std::time::Duration;

    let asked = tokio::time::timeout(Duration::from_secs(1), status_notifier_host());
    matches!(asked.await, Ok(Ok(true)))
}

/// Windows and macOS always do.
#[cfg(not(target_os = "linux"))]
pub async fn is_there() -> bool {
    true
}

/// Asks for the freedesktop.org status notifier host, by the property in which its watcher tells of it.
#[cfg(target_os = "linux")]
async fn status_notifier_host() -> zbus::Result<bool> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    let bus = zbus::Connection::session().await?;
    let watcher = zbus::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}
