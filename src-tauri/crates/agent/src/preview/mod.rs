//! What is in a folder, before anything is started: nothing is stored.

mod found;
mod inspecting;
mod proposal;
mod table_head;

pub use inspecting::inspect_file;
pub(crate) use proposal::{Seen, proposed, technique_in};

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use instrument::ScanName;
use protocol::query::{FolderPreview, HandleCount, RefusedName};
use protocol::refusal::Refusal;
use protocol::settings::Settings;

use crate::analysis::Rules;
use crate::intake::{Listed, list};
use found::Found;

/// Refused names that are shown.
const REFUSED: usize = 50;

/// A file whose name the settings accept.
struct Accepted {
    file: Listed,
    name: ScanName,
}

/// Looks into a folder and reads its files, or a sample where there are very many. `chosen` restricts it to these names.
///
/// # Errors
/// A folder that cannot be read, and settings that contradict themselves.
pub fn folder(folder: &Path, settings: &Settings, chosen: &[String]) -> Result<FolderPreview, Refusal> {
    let rules = Rules::new(settings)?;
    let mut files = list(folder).map_err(Refusal::from)?;
    let mut refused = Vec::new();
    if !chosen.is_empty() {
        let there: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let absent = chosen.iter().filter(|name| !there.contains(name.as_str()));
        refused.extend(absent.map(|name| RefusedName {
            file: name.clone(),
            reason: "absent".to_owned(),
            message: format!("{name} is not in the folder any more."),
        }));
        let wanted: HashSet<&str> = chosen.iter().map(String::as_str).collect();
        files.retain(|file| wanted.contains(file.name.as_str()));
    }
    files.sort_by(|a, b| instrument::names::natural_order(&a.name, &b.name));
    let all = files.len() as u64;
    let accepted = accepted(files, &rules, &mut refused);

    let mut handles = BTreeMap::new();
    for Accepted { name, .. } in &accepted {
        *handles.entry(name.handle.clone()).or_insert(0) += 1;
    }
    let mut handles: Vec<HandleCount> = handles
        .into_iter()
        .map(|(handle, files)| HandleCount { handle, files })
        .collect();
    handles.sort_by_key(|handle| std::cmp::Reverse(handle.files));
    let indices = || accepted.iter().filter_map(|file| file.name.index);

    let found = Found::look(folder, &accepted, &rules);
    refused.truncate(REFUSED);
    Ok(FolderPreview {
        folder: folder.to_string_lossy().into_owned(),
        files: all,
        matching: accepted.len() as u64,
        handles,
        pattern: settings.files.pattern.clone(),
        electrodes: found.electrodes(),
        frequencies_hz: found.frequencies_hz(),
        index_range: indices().min().zip(indices().max()),
        coverage: found.coverage(),
        unread: found.unread(),
        technique: found.technique(),
        table: table_head::of(folder, found.read()),
        inspected: found.into_shown(),
        refused,
    })
}

fn accepted(files: Vec<Listed>, rules: &Rules, refused: &mut Vec<RefusedName>) -> Vec<Accepted> {
    let mut accepted = Vec::with_capacity(files.len());
    for file in files {
        let refusal = match rules.pattern.parse_name(&file.name) {
            None => {
                let pattern = &rules.settings.files.pattern;
                let message = format!("{} does not fit the pattern {pattern}.", file.name);
                ("name_does_not_match".to_owned(), message)
            }
            Some(name) => {
                let Err(reason) = rules.filter.accepts(&file.name, &name) else {
                    accepted.push(Accepted { file, name });
                    continue;
                };
                (reason.code().to_owned(), reason.message())
            }
        };
        refused.push(RefusedName {
            file: file.name,
            reason: refusal.0,
            message: refusal.1,
        });
    }
    accepted
}
