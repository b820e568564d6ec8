//! Notifications of Linux desktops, by the freedesktop.org specification over D-Bus: they can be clicked and taken back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use protocol::refusal::Refusal;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::Mutex;
use tokio::time::timeout;
use zbus::zvariant::Value;
use zbus::{Connection, Proxy};

use super::{clicked, not_shown};
use crate::attention::{Cause, Notice};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The file in the menu of programs that the notice belongs to, and its icon's name.
const DESKTOP_ENTRY: &str = "SACMES";
const ICON: &str = "sacmes-desktop";

/// A desktop that takes longer to show a notice shows none.
const MAY_TAKE: Duration = Duration::from_secs(5);

/// As long as the desktop shows such things.
const USUAL: i32 = -1;
/// Until somebody closes it.
const FOR_EVER: i32 = 0;

/// The connection to the desktop, and what is on the screen.
#[derive(Default)]
pub struct Notifier(Arc<Mutex<Option<Desktop>>>);

struct Desktop {
    proxy: Proxy<'static>,
    has_markup: bool,
    shown: HashMap<Cause, u32>,
}

pub async fn show<R: Runtime>(app: &AppHandle<R>, notice: &Notice) -> Result<(), Refusal> {
    let notifier = Arc::clone(&app.state::<Notifier>().0);
    let mut desktop = notifier.lock().await;
    let showing = async {
        match &mut *desktop {
            Some(desktop) => desktop.notify(notice).await,
            none => none.insert(connect(app, &notifier).await?).notify(notice).await,
        }
    };
    let refusal = match timeout(MAY_TAKE, showing).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => not_shown(&error),
        Err(_) => not_shown(&"what shows them does not answer"),
    };
    // A service that went away may come back under another connection.
    *desktop = None;
    Err(refusal)
}

pub async fn withdraw<R: Runtime>(app: &AppHandle<R>, cause: Cause) {
    let notifier = Arc::clone(&app.state::<Notifier>().0);
    let mut desktop = notifier.lock().await;
    let Some(desktop) = &mut *desktop else { return };
    if let Some(id) = desktop.shown.remove(&cause) {
        let arguments = (id,);
        let closing = desktop.proxy.call::<_, _, ()>("CloseNotification", &arguments);
        if !matches!(timeout(MAY_TAKE, closing).await, Ok(Ok(()))) {
            // Most likely somebody has closed it.
            tracing::debug!("a notification could not be taken back");
        }
    }
}

async fn connect<R: Runtime>(app: &AppHandle<R>, notifier: &Arc<Mutex<Option<Desktop>>>) -> zbus::Result<Desktop> {
    let bus = Connection::session().await?;
    let proxy = Proxy::new(&bus, SERVICE, PATH, SERVICE).await?;
    let can: Vec<String> = proxy.call("GetCapabilities", &()).await?;
    let clicks = proxy.receive_signal("ActionInvoked").await?;
    tauri::async_runtime::spawn(heed_clicks(app.clone(), clicks, Arc::clone(notifier)));
    Ok(Desktop {
        proxy,
        has_markup: can.iter().any(|can| can == "body-markup"),
        shown: HashMap::new(),
    })
}

/// Clicks are told to every program; only those on our own notices count.
async fn heed_clicks<R: Runtime>(
    app: AppHandle<R>,
    mut clicks: zbus::proxy::SignalStream<'static>,
    notifier: Arc<Mutex<Option<Desktop>>>,
) {
    while let Some(click) = clicks.next().await {
        let Ok((id, _action)) = click.body().deserialize::<(u32, String)>() else {
            continue;
        };
        let cause = notifier.lock().await.as_ref().and_then(|desktop| {
            let mut shown = desktop.shown.iter();
            shown.find_map(|(cause, shown)| (*shown == id).then_some(*cause))
        });
        if let Some(cause) = cause {
            clicked(&app, cause.session());
        }
    }
}

impl Desktop {
    async fn notify(&mut self, notice: &Notice) -> zbus::Result<()> {
        let body = if self.has_markup {
            without_markup(&notice.body)
        } else {
            notice.body.clone()
        };
        let hints = HashMap::from([
            ("desktop-entry", Value::from(DESKTOP_ENTRY)),
            ("urgency", Value::from(1_u8)),
        ]);
        let lasts = if notice.cause.needs_somebody() { FOR_EVER } else { USUAL };
        let replaced = self.shown.get(&notice.cause).copied().unwrap_or_default();
        let actions = ["default", "Show"];
        let id: u32 = self
            .proxy
            .call(
                "Notify",
                &(
                    "SACMES",
                    replaced,
                    ICON,
                    &notice.title,
                    body,
                    &actions[..],
                    hints,
                    lasts,
                ),
            )
            .await?;
        self.shown.insert(notice.cause, id);
        Ok(())
    }
}

/// Names of files and sessions are texts, whatever characters are in them.
fn without_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_cannot_format_a_notice() {
        assert_eq!(super::without_markup("a <b>&"), "a &lt;b&gt;&amp;");
    }
}
