//! What a study is over: sessions, folders and files, in the order in which they are named.

use std::path::{Path, PathBuf};

use agent::export::refuse_instrument_folder;
use agent::store::{SessionRow, Store};
use protocol::refusal::Refusal;

use super::analyze;
use crate::ending::Failure;
use crate::place::Place;
use crate::session_choice;

/// One session, or the files of one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Words for a session.
    Session(String),
    /// Files.
    Files {
        /// Name of their folder; of the file, where it is the only one.
        name: String,
        /// The folder itself, or files of it.
        paths: Vec<PathBuf>,
    },
}

/// Tells sessions from paths: what exists, or looks like a path, is one. Files of one folder are together one source.
pub fn named(words: &[String]) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for word in words {
        let path = PathBuf::from(word);
        if !path.exists() && !word.contains(['/', '\\']) {
            all.push(Named::Session(word.clone()));
        } else if path.is_dir() {
            let name = name_of(&path);
            all.push(Named::Files {
                name,
                paths: vec![path],
            });
        } else {
            let together = all.iter_mut().find_map(|named| match named {
                Named::Files { name, paths }
                    if paths
                        .first()
                        .is_some_and(|first| first.is_file() && first.parent() == path.parent()) =>
                {
                    Some((name, paths))
                }
                _ => None,
            });
            match together {
                Some((name, paths)) => {
                    *name = path.parent().map(name_of).unwrap_or_default();
                    paths.push(path);
                }
                None => all.push(Named::Files {
                    name: name_of(&path),
                    paths: vec![path],
                }),
            }
        }
    }
    all
}

/// The last part of a path, also of `.` and of the empty path, which is the working folder.
fn name_of(path: &Path) -> String {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = if whole.is_file() {
        whole.file_stem()
    } else {
        whole.file_name()
    };
    name.map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The store, opened when the first session is asked for.
pub struct Sessions<'a> {
    place: &'a Place,
    store: Option<Store>,
}

impl<'a> Sessions<'a> {
    /// Sessions of a profile.
    pub fn of(place: &'a Place) -> Self {
        Self { place, store: None }
    }

    /// The session that the words mean, and the store that has it.
    ///
    /// # Errors
    /// There is none, or the store cannot be read.
    pub fn find(&mut self, words: &str) -> Result<(&Store, SessionRow), Failure> {
        let neither = |failure: Failure| match failure {
            Failure::Refused(refusal) if matches!(refusal.code.as_str(), "no_such_session" | "database_absent") => {
                Failure::Refused(Refusal::new(
                    "neither_file_nor_session",
                    format!("There is neither a file nor a session \"{words}\"."),
                    "Check the path; `sacmes sessions` lists the sessions, --data-dir and --profile say where.",
                ))
            }
            other => other,
        };
        let store = match self.store.take() {
            Some(store) => store,
            None => self.place.read_store().map_err(neither)?,
        };
        let store = &*self.store.insert(store);
        let row = session_choice::find(store, words).map_err(neither)?;
        Ok((store, row))
    }

    /// Results are written into no folder that is read from, nor into one that a session of the store reads from, also where no session is
    /// named.
    ///
    /// # Errors
    /// The destination lies in one, or there is a store that cannot be read.
    pub fn refuse_inside(&mut self, sources: &[Named], out: &Path) -> Result<(), Failure> {
        if self.store.is_none() {
            self.store = match self.place.read_store() {
                Ok(store) => Some(store),
                Err(Failure::Refused(refusal)) if refusal.code == "database_absent" => None,
                Err(other) => return Err(other),
            };
        }
        if let Some(store) = &self.store {
            refuse_instrument_folder(store, out).map_err(|error| Failure::Refused(error.into()))?;
        }
        let paths = sources.iter().flat_map(|source| match source {
            Named::Files { paths, .. } => paths.as_slice(),
            Named::Session(_) => &[],
        });
        let paths: Vec<PathBuf> = paths.cloned().collect();
        analyze::refuse_inside(&paths, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_folder_are_one_source_and_folders_and_sessions_are_each_their_own() {
        let data = tempfile::tempdir().unwrap();
        let path = |name: &str| data.path().join(name).to_string_lossy().into_owned();
        for folder in ["pre", "post"] {
            std::fs::create_dir(data.path().join(folder)).unwrap();
            for file in ["a.txt", "b.txt"] {
                std::fs::write(data.path().join(folder).join(file), "").unwrap();
            }
        }
        let words = [
            path("pre/a.txt"),
            path("post/a.txt"),
            path("pre/b.txt"),
            path("post"),
            "Titration 7".to_owned(),
        ];
        let files = |name: &str, paths: &[&str]| Named::Files {
            name: name.to_owned(),
            paths: paths.iter().map(|p| data.path().join(p)).collect(),
        };
        assert_eq!(
            named(&words),
            [
                files("pre", &["pre/a.txt", "pre/b.txt"]),
                files("a", &["post/a.txt"]),
                files("post", &["post"]),
                Named::Session("Titration 7".to_owned()),
            ]
        );
    }
}
