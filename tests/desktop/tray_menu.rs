//! The tray icon's menu over D-Bus, as the desktop's panel shows and clicks it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy};

use crate::waiting::until;

/// Stands in for the desktop's panel: icons of the tray register here.
pub struct Panel {
    connection: Connection,
    icons: Arc<Mutex<Vec<(String, String)>>>,
}

struct Watcher {
    icons: Arc<Mutex<Vec<(String, String)>>>,
}

// D-Bus asks an object for its properties and hands each call its header by value.
#[allow(clippy::unused_self, clippy::needless_pass_by_value)]
#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, item: String, #[zbus(header)] header: zbus::message::Header<'_>) {
        let sender = header.sender().unwrap().to_string();
        // Icons give the path of their object, or their bus name.
        let path = if item.starts_with('/') {
            item
        } else {
            "/StatusNotifierItem".to_owned()
        };
        self.icons.lock().unwrap().push((sender, path));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

impl Panel {
    pub async fn start() -> Self {
        let icons = Arc::default();
        let watcher = Watcher {
            icons: Arc::clone(&icons),
        };
        let builder = zbus::connection::Builder::session().unwrap();
        let builder = builder.serve_at("/StatusNotifierWatcher", watcher).unwrap();
        let connection = builder
            .name("org.kde.StatusNotifierWatcher")
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection, icons }
    }

    /// The menu of the icon that a process has put into the tray.
    pub async fn menu_of(&self, process: u32) -> TrayMenu {
        let bus = zbus::fdo::DBusProxy::new(&self.connection).await.unwrap();
        let (owner, path) = until("the app has put its icon into the tray", async || {
            let icons = self.icons.lock().unwrap().clone();
            for (owner, path) in icons {
                let name = owner.as_str().try_into().unwrap();
                if bus.get_connection_unix_process_id(name).await.ok() == Some(process) {
                    return Some((owner, path));
                }
            }
            None
        })
        .await;
        let icon = Proxy::new(&self.connection, owner.clone(), path, "org.kde.StatusNotifierItem")
            .await
            .unwrap();
        let menu: OwnedObjectPath = icon.get_property("Menu").await.unwrap();
        let menu = Proxy::new(&self.connection, owner, menu, "com.canonical.dbusmenu")
            .await
            .unwrap();
        TrayMenu(menu.clone())
    }
}

/// The menu of a tray icon.
pub struct TrayMenu(Proxy<'static>);

type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl TrayMenu {
    /// The texts of the menu's lines, top to bottom, without separators.
    pub async fn lines(&self) -> Vec<String> {
        self.items().await.into_iter().map(|(_, text)| text).collect()
    }

    /// Clicks a line.
    pub async fn click(&self, line: &str) {
        let id = until(&format!("the tray's menu has the line {line:?}"), async || {
            self.items()
                .await
                .into_iter()
                .find_map(|(id, text)| (text == line).then_some(id))
        })
        .await;
        let _: () = self
            .0
            .call("Event", &(id, "clicked", Value::from(0_i32), 0_u32))
            .await
            .unwrap();
    }

    async fn items(&self) -> Vec<(i32, String)> {
        let properties: &[&str] = &[];
        let (_, (_, _, children)): (u32, Layout) =
            self.0.call("GetLayout", &(0_i32, -1_i32, properties)).await.unwrap();
        let item = |child: OwnedValue| {
            let (id, mut properties, _) = Layout::try_from(child).ok()?;
            Some((id, String::try_from(properties.remove("label")?).ok()?))
        };
        children.into_iter().filter_map(item).collect()
    }
}
