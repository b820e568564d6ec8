//! Which profile this process is for, and the name under which other processes find it.

use std::path::{Path, PathBuf};

use agent::data_dir::default_data_dir;
use agent::identity::{KeepingPolicy, system_keyring};
use agent::profile::{DEFAULT_PROFILE, ProfileLocation};
use agent::profiles::Profiles;
use protocol::refusal::Refusal;
use sha2::{Digest, Sha256};

use crate::arguments::Arguments;

/// The profile that this process is for.
#[derive(Debug, Clone)]
pub struct Place {
    /// Where it is kept.
    pub location: ProfileLocation,
    /// Added to the app's identifier, so that "one running instance" and the window's state are per profile that was asked for;
    /// empty where none was, or the one that everybody starts with. A process that has the profile open already, whatever it was
    /// started with, is found by its own.
    pub suffix: String,
}

impl Place {
    /// The profile that the arguments name, or else the one that was used last.
    ///
    /// # Errors
    /// A profile name that cannot be one, or a system without a home folder.
    pub fn of(arguments: &Arguments) -> Result<Self, Refusal> {
        let usual = default_data_dir();
        let data_dir = arguments.data_dir.clone().or_else(|| usual.clone()).ok_or_else(|| {
            Refusal::new(
                "no_home_folder",
                "This system does not say where your home folder is.",
                "Name a folder with --data-dir.",
            )
        })?;
        // Relative paths would name another profile after a change of the working directory.
        let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
        let profiles = Profiles::of(&data_dir, system_keyring(KeepingPolicy::AskBeforeFile));
        profiles.settle();
        let name = arguments.profile.clone().unwrap_or_else(|| profiles.next());
        let location = ProfileLocation::new(&data_dir, &name)?;
        let is_usual = usual.is_some_and(|usual| canonical(&usual) == canonical(&data_dir));
        let asked = arguments.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
        let own = || match asked {
            DEFAULT_PROFILE if is_usual => String::new(),
            asked => format!(".p{}", fingerprint(&canonical(&data_dir), asked)),
        };
        let suffix = location
            .in_use_by()
            .and_then(|holder| holder.instance)
            .unwrap_or_else(own);
        Ok(Self { location, suffix })
    }
}

/// The folder in the spelling that all processes agree on: links resolved, as far as it exists already.
fn canonical(folder: &Path) -> PathBuf {
    let resolved = folder.ancestors().find_map(|existing| {
        let rest = folder.strip_prefix(existing).ok()?;
        // Collected anew, because joining an empty rest would add a separator.
        Some(existing.canonicalize().ok()?.join(rest).components().collect())
    });
    resolved.unwrap_or_else(|| folder.to_path_buf())
}

fn fingerprint(data_dir: &Path, profile: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(data_dir.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(profile.as_bytes());
    let folded = hash.finalize()[..8]
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    format!("{folded:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(data_dir: Option<PathBuf>, profile: &str) -> Place {
        Place::of(&Arguments {
            profile: Some(profile.to_owned()),
            data_dir,
            hidden: false,
            files: Vec::new(),
        })
        .unwrap()
    }

    #[test]
    fn every_profile_in_every_data_folder_has_its_own_name() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let names = [
            place(Some(one.path().into()), "default").suffix,
            place(Some(one.path().into()), "anna").suffix,
            place(Some(two.path().into()), "default").suffix,
        ];
        assert!(
            names[0] != names[1] && names[0] != names[2] && names[1] != names[2],
            "{names:?}"
        );
        assert!(
            names.iter().all(|name| name.starts_with(".p") && name.len() == 18),
            "{names:?}"
        );
        assert_eq!(place(Some(one.path().join(".")), "anna").suffix, names[1]);
        let new = one.path().join("not/there/yet");
        let before = place(Some(new.clone()), "default").suffix;
        std::fs::create_dir_all(&new).unwrap();
        assert_eq!(place(Some(new), "default").suffix, before);
        #[cfg(unix)]
        {
            let link = two.path().join("link");
            std::os::unix::fs::symlink(one.path(), &link).unwrap();
            assert_eq!(place(Some(link.join("not/there/yet")), "default").suffix, before);
        }
    }

    #[test]
    fn the_usual_profile_has_the_plain_name() {
        if let Some(usual) = default_data_dir() {
            assert_eq!(place(None, DEFAULT_PROFILE).suffix, "");
            assert_eq!(place(Some(usual), DEFAULT_PROFILE).suffix, "");
            assert_ne!(place(None, "anna").suffix, "");
        }
    }

    #[test]
    fn without_a_name_the_last_used_profile_is_opened_and_found_again() {
        let data = tempfile::tempdir().unwrap();
        let start = || {
            Place::of(&Arguments {
                profile: None,
                data_dir: Some(data.path().into()),
                hidden: false,
                files: Vec::new(),
            })
            .unwrap()
        };
        let first = start();
        assert_eq!(first.location.profile(), DEFAULT_PROFILE);
        let profiles = Profiles::of(data.path(), system_keyring(KeepingPolicy::AskBeforeFile));
        profiles.create("anna").unwrap();
        profiles.use_next("anna").unwrap();
        let second = start();
        assert_eq!((second.location.profile(), &second.suffix), ("anna", &first.suffix));
        // A process that turned to a profile is found by who asks for that profile.
        let asked = || place(Some(data.path().into()), "anna").suffix;
        assert_ne!(asked(), first.suffix);
        let _lock = second
            .location
            .lock_as("the SACMES window", Some(&first.suffix))
            .unwrap();
        assert_eq!(asked(), first.suffix);
    }

    #[test]
    fn a_bad_profile_name_is_refused() {
        let arguments = Arguments {
            profile: Some("../x".to_owned()),
            data_dir: None,
            hidden: false,
            files: Vec::new(),
        };
        assert_eq!(Place::of(&arguments).unwrap_err().code, "profile_name_invalid");
    }
}
