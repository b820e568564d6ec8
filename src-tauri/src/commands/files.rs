//! Dialogs for folders and files, and showing them in the system's file manager.

use std::path::{Path, PathBuf};

use protocol::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use super::understood;
use crate::dropping::{Arrival, Arrivals};

/// Files that the user chose, all of one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChosenFiles {
    /// Absolute path of the folder.
    pub folder: String,
    /// Names in it.
    pub files: Vec<String>,
}

/// Lets the user choose a folder; null where none was chosen.
#[tauri::command]
pub async fn choose_folder<R: Runtime>(window: WebviewWindow<R>) -> Result<Option<String>, Refusal> {
    let (chosen, choice) = oneshot::channel();
    dialog(&window)
        .set_title("Choose the folder to watch")
        .pick_folder(|folder| {
            chosen.send(folder).ok();
        });
    chosen_path(choice.await.ok().flatten())?
        .map(|path| text(&path))
        .transpose()
}

/// Lets the user choose files of one folder; null where none were chosen.
#[tauri::command]
pub async fn choose_files<R: Runtime>(window: WebviewWindow<R>) -> Result<Option<ChosenFiles>, Refusal> {
    let (chosen, choice) = oneshot::channel();
    dialog(&window).set_title("Choose files to open").pick_files(|files| {
        chosen.send(files).ok();
    });
    let Some(files) = choice.await.ok().flatten() else {
        return Ok(None);
    };
    let paths = files
        .into_iter()
        .map(|file| Ok(chosen_path(Some(file))?.unwrap_or_default()));
    of_one_folder(&paths.collect::<Result<Vec<PathBuf>, Refusal>>()?)
}

/// Lets the user choose where a file is written; null where nothing was chosen.
#[tauri::command]
pub async fn choose_destination<R: Runtime>(
    window: WebviewWindow<R>,
    suggested_name: Value,
) -> Result<Option<String>, Refusal> {
    let chosen = ask_destination(&window, &understood::<String>(suggested_name)?).await?;
    chosen.map(|path| text(&path)).transpose()
}

/// Asks where a file is to be written.
pub(super) async fn ask_destination<R: Runtime>(
    window: &WebviewWindow<R>,
    suggested: &str,
) -> Result<Option<PathBuf>, Refusal> {
    // A name only: whatever it was made from must not choose the folder.
    let name = Path::new(suggested).file_name().unwrap_or_default().to_string_lossy();
    let (chosen, choice) = oneshot::channel();
    dialog(window)
        .set_title("Export to")
        .set_file_name(name)
        .save_file(|file| {
            chosen.send(file).ok();
        });
    chosen_path(choice.await.ok().flatten())
}

/// Tells the page of files that come by themselves, from now on.
#[tauri::command]
pub fn files_arriving(arrivals: State<'_, Arrivals>, channel: Channel<Arrival>) {
    arrivals.listen(channel);
}

/// Shows a file or folder in the system's file manager.
#[tauri::command]
pub async fn reveal<R: Runtime>(app: AppHandle<R>, path: Value) -> Result<(), Refusal> {
    let path: PathBuf = understood(path)?;
    if !path.is_absolute() || !path.exists() {
        return Err(Refusal::new(
            "path_gone",
            format!("{} is not there any more.", path.display()),
            "It may have been moved, renamed or deleted.",
        ));
    }
    app.opener().reveal_item_in_dir(&path).map_err(|error| {
        Refusal::new(
            "file_manager_failed",
            format!("The file manager could not show {}: {error}.", path.display()),
            "Open the folder by hand.",
        )
    })
}

fn dialog<R: Runtime>(window: &WebviewWindow<R>) -> FileDialogBuilder<R> {
    window.dialog().file().set_parent(window)
}

fn chosen_path(chosen: Option<FilePath>) -> Result<Option<PathBuf>, Refusal> {
    chosen.map(FilePath::into_path).transpose().map_err(|error| {
        Refusal::new(
            "path_not_local",
            format!("What was chosen is not a place on this computer: {error}."),
            "Choose another.",
        )
    })
}

/// The path as text, which is how it travels and is kept.
pub(super) fn text(path: &Path) -> Result<String, Refusal> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Refusal::new(
            "path_not_text",
            format!("The name {} cannot be read as text.", path.display()),
            "Rename the folder or file, or choose another.",
        )
    })
}

fn of_one_folder(paths: &[PathBuf]) -> Result<Option<ChosenFiles>, Refusal> {
    let Some(folder) = paths.first().and_then(|path| path.parent()) else {
        return Ok(None);
    };
    if paths.iter().any(|path| path.parent() != Some(folder)) {
        return Err(Refusal::new(
            "files_of_several_folders",
            "The chosen files are not all in one folder.",
            "Choose files of one folder; each folder can be a session of its own.",
        ));
    }
    let names = paths
        .iter()
        .map(|path| text(Path::new(path.file_name().unwrap_or_default())));
    Ok(Some(ChosenFiles {
        folder: text(folder)?,
        files: names.collect::<Result<_, _>>()?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_files_are_named_within_their_folder() {
        let chosen = of_one_folder(&["/lab/run/b.txt".into(), "/lab/run/a 1.txt".into()])
            .unwrap()
            .unwrap();
        assert_eq!(
            chosen,
            ChosenFiles {
                folder: "/lab/run".to_owned(),
                files: vec!["b.txt".to_owned(), "a 1.txt".to_owned()]
            }
        );
        assert_eq!(of_one_folder(&[]).unwrap(), None);
        let mixed = of_one_folder(&["/lab/run/a.txt".into(), "/lab/other/a.txt".into()]);
        assert_eq!(mixed.unwrap_err().code, "files_of_several_folders");
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_refused_not_changed() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"/lab/\xff.txt");
        assert_eq!(of_one_folder(&[name.into()]).unwrap_err().code, "path_not_text");
    }
}
