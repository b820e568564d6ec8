//! Stands in for the desktop that shows notifications.
#![allow(
    clippy::used_underscore_binding,
    reason = "what the macro makes of arguments that nobody needs"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::Connection;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

const PATH: &str = "/org/freedesktop/Notifications";

/// What was shown.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: u32,
    pub title: String,
    pub body: String,
    pub is_closed: bool,
}

/// The desktop's notifications, which the test sees and clicks.
pub struct NotificationServer {
    connection: Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
}

struct Desktop {
    shown: Arc<Mutex<Vec<Shown>>>,
}

// D-Bus asks an object for its properties and hands each call its arguments by value.
#[allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    reason = "the interface is not ours"
)]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let word = |text: &str| text.to_owned();
        (word("test"), word("sacmes"), word("1"), word("1.2"))
    }

    fn notify(
        &self,
        _app_name: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        assert!(actions.contains(&"default".to_owned()), "{actions:?}");
        let mut shown = self.shown.lock().unwrap();
        let id = if replaces == 0 {
            u32::try_from(shown.len()).unwrap() + 1
        } else {
            replaces
        };
        shown.push(Shown {
            id,
            title,
            body,
            is_closed: false,
        });
        id
    }

    fn close_notification(&self, id: u32) {
        let mut shown = self.shown.lock().unwrap();
        shown
            .iter_mut()
            .filter(|shown| shown.id == id)
            .for_each(|shown| shown.is_closed = true);
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

impl NotificationServer {
    pub async fn start() -> Self {
        let shown: Arc<Mutex<Vec<Shown>>> = Arc::default();
        let desktop = Desktop {
            shown: Arc::clone(&shown),
        };
        let builder = zbus::connection::Builder::session().unwrap();
        let builder = builder.serve_at(PATH, desktop).unwrap();
        let connection = builder
            .name("org.freedesktop.Notifications")
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection, shown }
    }

    /// Everything that was shown so far.
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }

    /// The newest whose title ends so.
    pub fn titled(&self, end: &str) -> Option<Shown> {
        self.shown().into_iter().rfind(|shown| shown.title.ends_with(end))
    }

    /// Clicks one.
    pub async fn click(&self, id: u32) {
        let emitter = SignalEmitter::new(&self.connection, PATH).unwrap();
        Desktop::action_invoked(&emitter, id, "default").await.unwrap();
    }
}
