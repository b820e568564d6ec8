//! TypeScript types of everything that the UI sees, generated from the Rust types.

use std::path::Path;

use ts_rs::{Config, ExportError, TS};

/// Writes one `.ts` file per type into `folder`.
///
/// # Errors
/// When a file cannot be written.
pub fn export(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    crate::query::Query::export_all(&config)?;
    crate::query::ColumnQuery::export_all(&config)?;
    crate::query::Answer::export_all(&config)?;
    crate::command::Command::export_all(&config)?;
    crate::command::Outcome::export_all(&config)?;
    crate::record::Event::export_all(&config)?;
    crate::measurement::CvNumbers::export_all(&config)?;
    crate::measurement::CaNumbers::export_all(&config)?;
    crate::identity::IdentityStatus::export_all(&config)?;
    crate::session::SimulatedInstrument::export_all(&config)?;
    crate::note::Note::export_all(&config)?;
    crate::sharing::OldUserId::export_all(&config)?;
    crate::sharing::SharingStatus::export_all(&config)?;
    crate::relay::body::Question::export_all(&config)?;
    crate::relay::body::Order::export_all(&config)?;
    crate::relay::body::Reply::export_all(&config)?;
    crate::relay::body::News::export_all(&config)?;
    crate::relay::body::AgentStatus::export_all(&config)?;
    crate::refusal::Refusal::export_all(&config)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn files(folder: &std::path::Path) -> BTreeMap<String, String> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter_map(|e| {
                Some((
                    e.file_name().into_string().ok()?,
                    std::fs::read_to_string(e.path()).ok()?,
                ))
            })
            .collect()
    }

    /// The committed types in `ui/src/protocol` are those of today's Rust types. `SACMES_WRITE_TYPES=1` rewrites them.
    #[test]
    fn committed_typescript_is_current() {
        let committed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/protocol");
        if std::env::var_os("SACMES_WRITE_TYPES").is_some() {
            std::fs::remove_dir_all(&committed).ok();
            super::export(&committed).unwrap();
        }
        let fresh = tempfile::tempdir().unwrap();
        super::export(fresh.path()).unwrap();
        let (old, new) = (files(&committed), files(fresh.path()));
        let stale: Vec<_> = new
            .iter()
            .filter(|(name, text)| old.get(*name) != Some(text))
            .map(|(name, _)| name)
            .collect();
        let gone: Vec<_> = old.keys().filter(|name| !new.contains_key(*name)).collect();
        assert!(
            stale.is_empty() && gone.is_empty(),
            "ui/src/protocol is out of date (changed {stale:?}, no longer there {gone:?}); run `cargo xtask types`"
        );
    }
}
