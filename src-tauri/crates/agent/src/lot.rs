//! Files, folders and archives that were dropped or opened together: which session each would be in. Nothing is stored.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use protocol::lot::{ImportRules, Lot, LotPart};
use protocol::query::RefusedName;
use protocol::refusal::Refusal;
use protocol::settings::{Settings, Technique};
use rayon::prelude::*;

use crate::analysis::Rules;
use crate::archive::is_archive;
use crate::intake::{ImportLimits, list};
use crate::preview::{Seen, inspect_file, proposed, technique_in};
use crate::store::{MAX_CONTENT_BYTES, Store, StoreError};

/// Files that are read to find their technique; of more, those whose names begin alike are taken for alike.
const MOST_READ: usize = 2_000;

/// Files of one folder.
#[derive(Default)]
struct Chosen {
    names: HashSet<String>,
    is_whole: bool,
}

/// Sorts what came together: one part for the files of each folder and technique; what nobody understands goes with the most.
///
/// # Errors
/// Where nothing came.
pub fn sorted(paths: &[String]) -> Result<Lot, Refusal> {
    if paths.is_empty() {
        let hint = "Drop files, a folder, or an archive of SACMES.";
        return Err(Refusal::new("nothing_given", "Nothing was given to open.", hint));
    }
    let rules = Rules::new(&Settings::default())?;
    let mut lot = Lot {
        parts: Vec::new(),
        archives: Vec::new(),
        refused: Vec::new(),
    };
    let mut folders: BTreeMap<PathBuf, Chosen> = BTreeMap::new();
    for given in paths {
        if let Err((reason, message)) = take(given, &mut folders, &mut lot.archives) {
            lot.refused.push(RefusedName {
                file: given.clone(),
                reason: reason.to_owned(),
                message,
            });
        }
    }
    for (folder, chosen) in folders {
        lot.parts.extend(parts(&folder, chosen, &rules));
    }
    Ok(lot)
}

/// What imported files and temporary sessions are subject to.
///
/// # Errors
/// What the store reports.
pub fn rules(store: &Store) -> Result<ImportRules, StoreError> {
    let limits = ImportLimits::default();
    Ok(ImportRules {
        temporary_after_s: store.temporary_lifetime()?,
        largest_file_bytes: MAX_CONTENT_BYTES,
        most_files: limits.files as u64,
        most_bytes: limits.bytes,
    })
}

fn take(
    given: &str,
    folders: &mut BTreeMap<PathBuf, Chosen>,
    archives: &mut Vec<String>,
) -> Result<(), (&'static str, String)> {
    let path =
        std::path::absolute(given).map_err(|error| ("file_absent", format!("{given} is not a path: {error}.")))?;
    let about = std::fs::metadata(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ("file_absent", format!("{given} is not there.")),
        _ => ("cannot_be_read", format!("{given} cannot be read: {error}.")),
    })?;
    if about.is_dir() {
        let listed = list(&path).map_err(|trouble| ("folder_unreadable", Refusal::from(trouble).message))?;
        if listed.is_empty() {
            let message = format!("There is no file in the folder {given}; those in folders below it are not opened.");
            return Err(("folder_empty", message));
        }
        let chosen = folders.entry(path).or_default();
        chosen.names = listed.into_iter().map(|file| file.name).collect();
        chosen.is_whole = true;
        return Ok(());
    }
    if !about.is_file() {
        let message = format!("{given} is not a file, but a pipe or a device. Name a file or a folder.");
        return Err(("cannot_be_read", message));
    }
    if is_archive(&path) {
        archives.push(path.to_string_lossy().into_owned());
        return Ok(());
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        let message = format!("The name {given} cannot be read as text. Rename the file.");
        return Err(("path_not_text", message));
    };
    let chosen = folders.entry(folder.to_owned()).or_default();
    chosen.names.insert(name.to_owned());
    Ok(())
}

/// What one file holds.
#[derive(Clone, Copy)]
struct Held {
    seen: Option<Seen>,
}

fn parts(folder: &Path, chosen: Chosen, rules: &Rules) -> Vec<LotPart> {
    let Chosen { names, is_whole } = chosen;
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by(|a, b| instrument::names::natural_order(a, b));
    let held = held(folder, &names, rules);
    let mut groups: BTreeMap<Option<u8>, Vec<usize>> = BTreeMap::new();
    let kind = |held: &Held| {
        let seen = held.seen?;
        let technique = seen.technique.or(seen.frequency_hz.map(|_| Technique::Swv))?;
        Some(technique as u8)
    };
    for (place, held) in held.iter().enumerate() {
        groups.entry(kind(held)).or_default().push(place);
    }
    // What states no technique, or is not understood, is listed with its reason in the largest session.
    if let Some(rest) = groups.remove(&None) {
        match groups.values_mut().max_by_key(|group| group.len()) {
            Some(largest) => {
                largest.extend(rest);
                largest.sort_unstable();
            }
            None => drop(groups.insert(None, rest)),
        }
    }
    let is_one = groups.len() == 1;
    groups
        .into_values()
        .map(|group| LotPart {
            folder: folder.to_string_lossy().into_owned(),
            count: group.len() as u64,
            technique: proposed(group.iter().filter_map(|place| held[*place].seen)),
            not_understood: group.iter().filter(|place| held[**place].seen.is_none()).count() as u64,
            files: if is_one && is_whole {
                Vec::new()
            } else {
                group.into_iter().map(|place| names[place].clone()).collect()
            },
        })
        .collect()
}

/// What each file holds: by reading it, or where there are very many, one that is named alike.
fn held(folder: &Path, names: &[String], rules: &Rules) -> Vec<Held> {
    let read = |name: &str| {
        let inspection = inspect_file(&folder.join(name), name, rules);
        let is_understood = inspection.points > 0;
        Held {
            seen: is_understood.then(|| Seen {
                technique: technique_in(&inspection.technique),
                frequency_hz: inspection.frequency_hz,
            }),
        }
    };
    if names.len() <= MOST_READ {
        return names.par_iter().map(|name| read(name)).collect();
    }
    let kind = |name: &str| {
        let stated = rules.pattern.parse_name(name).unwrap_or_default();
        let extension = Path::new(name).extension().map(std::ffi::OsStr::to_owned);
        (stated.handle, extension, stated.frequency_hz.map(f64::to_bits))
    };
    let mut alike = BTreeMap::new();
    names
        .iter()
        .map(|name| *alike.entry(kind(name)).or_insert_with(|| read(name)))
        .collect()
}
