//! The page in the window, as a person reads and uses it.

use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::screen;
use crate::waiting::{answer, until};

/// More than any screen has to be tabbed through.
const MOST_TABS: usize = 120;

/// A key that is no letter.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    Tab,
    Enter,
    Escape,
}

impl Key {
    /// As WebDriver names it.
    fn code(self) -> &'static str {
        match self {
            Self::Tab => "\u{E004}",
            Self::Enter => "\u{E007}",
            Self::Escape => "\u{E00C}",
        }
    }
}

/// The page in the app's window.
pub struct Page(Client);

impl Page {
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Clicks the button with this name or title, as soon as it is there and may be used.
    pub async fn click(&self, name: &str) {
        let button = format!(
            "//button[not(@aria-disabled='true') and (normalize-space(.)={name} or @aria-label={name} \
             or .//*[normalize-space(.)={name}])]",
            name = quoted(name)
        );
        let mut before = None;
        until(&format!("the button {name:?} could be clicked"), async || {
            let button = self.0.find(Locator::XPath(&button)).await.ok()?;
            // While the page moves it, a click would land beside it.
            let place = button.rectangle().await.ok()?;
            if before.replace(place) != Some(place) {
                return None;
            }
            button.click().await.ok()
        })
        .await;
    }

    /// Clicks the checkbox or radio button with this label.
    pub async fn tick(&self, label: &str) {
        let label = format!("//label[normalize-space(.)={}]", quoted(label));
        until(&format!("the choice {label} could be clicked"), async || {
            let label = self.0.find(Locator::XPath(&label)).await.ok()?;
            label.click().await.ok()
        })
        .await;
    }

    /// Waits until the checkbox with this label may be used and is as it should be.
    pub async fn is_ticked(&self, label: &str, wanted: bool) {
        let script =
            "const label = [...document.querySelectorAll('label')].find((l) => l.innerText.trim() === arguments[0]);
            const box = label?.control;
            return box && !box.disabled ? box.checked : null;";
        until(&format!("the choice {label:?} is {wanted}"), async || {
            let ticked = self.0.execute(script, vec![json!(label)]).await.ok()?.as_bool();
            (ticked == Some(wanted)).then_some(())
        })
        .await;
    }

    /// Whether the page is dark or light.
    pub async fn theme(&self) -> String {
        let theme = self
            .0
            .execute("return document.documentElement.dataset.theme", vec![])
            .await;
        theme.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Puts a text into the field with this label, in place of what was there.
    pub async fn type_into(&self, label: &str, text: &str) {
        let field = format!("//input[@id=//label[normalize-space(.)={}]/@for]", quoted(label));
        let field = until(&format!("the field {label:?} is there"), async || {
            self.0.find(Locator::XPath(&field)).await.ok()
        })
        .await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses a key where the focus is.
    pub async fn press(&self, key: Key) {
        self.type_keys(key.code()).await;
    }

    /// Types where the focus is.
    pub async fn type_keys(&self, text: &str) {
        self.0.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// The name of what has the focus, as people read it.
    pub async fn focused(&self) -> String {
        let script = "const e = document.activeElement;
            return (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? '').trim();";
        let name = self.0.execute(script, vec![]).await.unwrap();
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Presses the tabulator key until the focus is on what begins with this name.
    pub async fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            let focused = self.focused().await;
            if focused.starts_with(name) {
                return;
            }
            passed.push(focused);
            self.press(Key::Tab).await;
        }
        screen::keep_picture("failed");
        panic!("the tabulator key does not lead to {name:?}, but to {passed:?}")
    }

    /// Waits until this text is somewhere on the page.
    pub async fn reads(&self, text: &str) {
        self.reads_such(&format!("the page reads {text:?}"), |page| page.contains(text))
            .await;
    }

    /// Waits until the page's text is as it should be, and returns it.
    pub async fn reads_such(&self, what: &str, mut is_so: impl FnMut(&str) -> bool) -> String {
        let mut last = String::new();
        let read = answer(async || {
            last = self.text().await;
            is_so(&last).then(|| last.clone())
        })
        .await;
        let Some(text) = read else {
            screen::keep_picture("failed");
            panic!("waited in vain until {what}; the page reads:\n{last}")
        };
        text
    }

    /// All text on the page, blanks folded.
    pub async fn text(&self) -> String {
        let text = self.0.execute("return document.body.innerText", vec![]).await;
        let text = text
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How many files of the session that is shown have been measured, as the page says.
    pub async fn files_measured(&self) -> u64 {
        let script = "const name = [...document.querySelectorAll('dt')].find((dt) => dt.innerText.trim() === 'Files');
            return parseInt(name?.nextElementSibling?.innerText.replaceAll(',', '') ?? '', 10) || null;";
        until("the page says how many files were measured", async || {
            self.0.execute(script, vec![]).await.ok()?.as_u64()
        })
        .await
    }

    /// Asks the engine as the page does, through the window's own commands.
    pub async fn query(&self, query: Value) -> Value {
        let script = "const [query, done] = arguments;
            window.__TAURI_INTERNALS__.invoke('plugin:sacmes|engine_query', { query }).then(done, done);";
        self.0.execute_async(script, vec![query]).await.unwrap()
    }

    /// Runs a script of the page's own, which calls its last argument when it has ended.
    #[allow(dead_code, reason = "the benchmark of the window has such scripts")]
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.0.execute_async(script, arguments).await.unwrap()
    }

    /// Calls one of the app's own commands as the page does.
    pub async fn call(&self, command: &str, arguments: Value) -> Value {
        self.call_of(None, command, arguments).await
    }

    /// Calls a command as a page does that began with this opening of a profile, if one is named.
    pub async fn call_of(&self, opening: Option<&str>, command: &str, arguments: Value) -> Value {
        let script = "const [command, args, opening, done] = arguments;
            const options = opening ? { headers: { 'sacmes-profile': opening } } : undefined;
            window.__TAURI_INTERNALS__.invoke('plugin:sacmes|' + command, args, options).then(done, done);";
        let arguments = vec![json!(command), arguments, json!(opening)];
        self.0.execute_async(script, arguments).await.unwrap()
    }

    /// Chooses the one of several that is labelled so.
    pub async fn choose(&self, label: &str) {
        let choice = format!("//label[contains(normalize-space(.), {})]//input", quoted(label));
        until(&format!("{label:?} could be chosen"), async || {
            let choice = self.0.find(Locator::XPath(&choice)).await.ok()?;
            choice.click().await.ok()
        })
        .await;
    }

    /// Lets simulated instruments that are started from now on take this long: what the start screen offers is made to be
    /// watched for minutes. Everything else stays as the page sends it.
    pub async fn shorten_simulations(&self, files: u32, interval_s: f64) {
        let script = "const [files, interval_s] = arguments;
            const send = window.fetch.bind(window);
            window.fetch = (target, init) => {
              if (typeof init?.body === 'string' && init.body.includes('start_session')) {
                const message = JSON.parse(init.body);
                Object.assign(message.command.source.instrument, { files, interval_s });
                init = { ...init, body: JSON.stringify(message) };
              }
              return send(target, init);
            };";
        self.0
            .execute(script, vec![json!(files), json!(interval_s)])
            .await
            .unwrap();
    }

    /// How many different colours each plot on the page shows.
    pub async fn colours_of_plots(&self) -> Vec<u64> {
        let script =
            "return [...document.querySelectorAll('canvas')].filter((c) => c.width * c.height > 10000).map((c) => {
              const pixels = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
              return new Set(new Uint32Array(pixels.buffer)).size;
            });";
        let colours = self.0.execute(script, vec![]).await.unwrap();
        colours
            .as_array()
            .unwrap()
            .iter()
            .map(|count| count.as_u64().unwrap())
            .collect()
    }
}

/// A text as an `XPath` literal.
fn quoted(text: &str) -> String {
    assert!(!text.contains('\''), "XPath has no escapes");
    format!("'{text}'")
}
