//! Files that come into the window by themselves: dragged over it and dropped, or named when the app was started ("open with").

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, DragDropEvent, Manager, Runtime};

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "arrival", rename_all = "snake_case")]
pub enum Arrival {
    /// So many are being dragged over the window.
    Over {
        /// How many.
        paths: usize,
    },
    /// They are not any more.
    Left,
    /// They are here.
    Came {
        /// Absolute paths.
        paths: Vec<String>,
    },
}

/// Files on their way to the page. What comes before the page listens waits for it.
#[derive(Default)]
pub struct Arrivals(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    page: Option<Channel<Arrival>>,
    waiting: Vec<String>,
}

impl Arrivals {
    /// The page listens: in place of an earlier one, which a page that was loaded anew has forgotten.
    pub fn listen(&self, page: Channel<Arrival>) {
        let mut inner = self.lock();
        let paths = std::mem::take(&mut inner.waiting);
        if !paths.is_empty()
            && let Err(error) = page.send(Arrival::Came { paths })
        {
            tracing::warn!(%error, "the window could not be told of files");
        }
        inner.page = Some(page);
    }

    /// Files were dragged over the window, away from it, or dropped.
    pub fn dragged(&self, event: &DragDropEvent) {
        match event {
            DragDropEvent::Enter { paths, .. } => self.tell(Arrival::Over { paths: paths.len() }),
            DragDropEvent::Drop { paths, .. } => self.came(paths),
            DragDropEvent::Leave => self.tell(Arrival::Left),
            // Where the pointer is does not matter: the whole window takes them.
            _ => {}
        }
    }

    /// Files are to be opened.
    pub fn came(&self, paths: &[PathBuf]) {
        // What is no text is named as well as can be, and refused by whoever looks for it.
        let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        if paths.is_empty() {
            return self.tell(Arrival::Left);
        }
        let mut inner = self.lock();
        match &inner.page {
            Some(page) if page.send(Arrival::Came { paths: paths.clone() }).is_ok() => {}
            _ => inner.waiting.extend(paths),
        }
    }

    fn tell(&self, arrival: Arrival) {
        if let Some(page) = &self.lock().page
            && let Err(error) = page.send(arrival)
        {
            tracing::debug!(%error, "the window could not be told of files");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens what a second start of the app named.
pub fn open_arguments<R: Runtime>(app: &AppHandle<R>, arguments: &[String], folder: &str) {
    app.state::<Arrivals>().came(&named(arguments, Path::new(folder)));
}

/// The files among a program's arguments, from the folder that it was started in. Options and what they are given are none.
pub fn named(arguments: &[String], folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut arguments = arguments.iter().skip(1);
    let mut only_files = false;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--" if !only_files => only_files = true,
            "--profile" | "--data-dir" if !only_files => drop(arguments.next()),
            option if option.starts_with('-') && !only_files => {}
            file => files.push(folder.join(file)),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, channel};

    use serde_json::{Value, json};
    use tauri::ipc::InvokeResponseBody;

    use super::*;

    fn page() -> (Channel<Arrival>, Receiver<Value>) {
        let (told, heard) = channel();
        let told = Arc::new(Mutex::new(told));
        let page = Channel::new(move |body| {
            if let InvokeResponseBody::Json(text) = body {
                told.lock().unwrap().send(serde_json::from_str(&text).unwrap()).ok();
            }
            Ok(())
        });
        (page, heard)
    }

    #[test]
    fn what_comes_before_the_page_listens_waits_for_it() {
        let arrivals = Arrivals::default();
        arrivals.came(&["/lab/a.txt".into()]);
        arrivals.came(&["/lab/b.txt".into()]);
        let (listening, heard) = page();
        arrivals.listen(listening);
        assert_eq!(
            heard.try_recv().unwrap(),
            json!({"arrival": "came", "paths": ["/lab/a.txt", "/lab/b.txt"]})
        );
        arrivals.came(&["/lab/c.txt".into()]);
        assert_eq!(heard.try_recv().unwrap()["paths"], json!(["/lab/c.txt"]));
        // Told once.
        let (anew, heard_anew) = page();
        arrivals.listen(anew);
        assert!(heard_anew.try_recv().is_err());
    }

    #[test]
    fn dragging_is_told_from_the_beginning_to_the_end() {
        let arrivals = Arrivals::default();
        let (listening, heard) = page();
        arrivals.listen(listening);
        let position = tauri::PhysicalPosition::new(1.0, 1.0);
        let paths: Vec<PathBuf> = vec!["/lab/run".into(), "/lab/a.txt".into()];
        arrivals.dragged(&DragDropEvent::Enter {
            paths: paths.clone(),
            position,
        });
        arrivals.dragged(&DragDropEvent::Over { position });
        arrivals.dragged(&DragDropEvent::Leave);
        arrivals.dragged(&DragDropEvent::Drop { paths, position });
        let told: Vec<Value> = heard.try_iter().collect();
        assert_eq!(
            told,
            [
                json!({"arrival": "over", "paths": 2}),
                json!({"arrival": "left"}),
                json!({"arrival": "came", "paths": ["/lab/run", "/lab/a.txt"]})
            ]
        );
    }

    #[test]
    fn files_are_told_from_options() {
        let arguments = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let folder = Path::new("/home/ada");
        let given = arguments(&[
            "sacmes-desktop",
            "--profile",
            "lab",
            "--hidden",
            "run 1.txt",
            "/data/run",
        ]);
        assert_eq!(
            named(&given, folder),
            [PathBuf::from("/home/ada/run 1.txt"), PathBuf::from("/data/run")]
        );
        assert_eq!(
            named(&arguments(&["sacmes-desktop", "--", "--odd"]), folder),
            [PathBuf::from("/home/ada/--odd")]
        );
        assert!(named(&arguments(&["sacmes-desktop"]), folder).is_empty());
    }
}
