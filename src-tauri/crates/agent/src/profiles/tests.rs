use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;

use protocol::codes::UserId;
use tempfile::TempDir;

use super::*;
use crate::identity::{EntryName, Keeper, KeepingPolicy, StoreTrouble};
use crate::store::Store;
use crate::{Engine, EngineOptions};

/// A keyring whose state the test sets.
#[derive(Default)]
struct Keyring {
    entries: Mutex<HashMap<String, String>>,
    is_locked: Mutex<bool>,
}

impl Keyring {
    fn lock(&self, locked: bool) {
        *self.is_locked.lock().unwrap() = locked;
    }

    fn entry(&self, name: &str) -> Option<String> {
        self.entries.lock().unwrap().get(name).cloned()
    }

    fn len(&self) -> usize {
        self.entries.lock().unwrap().len()
    }
}

/// A locked one claims to be empty and refuses to be written, as Secret Service does.
impl SecretStore for Keyring {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        Ok(self.entry(name).filter(|_| !*self.is_locked.lock().unwrap()))
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        if *self.is_locked.lock().unwrap() {
            return Err(StoreTrouble::Locked("dismissed".to_owned()));
        }
        self.entries.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        self.entries.lock().unwrap().remove(name);
        Ok(())
    }
}

struct Pc {
    data: TempDir,
    keyring: Arc<Keyring>,
    profiles: Profiles,
}

impl Pc {
    fn new() -> Self {
        let (data, keyring) = (tempfile::tempdir().unwrap(), Arc::new(Keyring::default()));
        let profiles = Profiles::of(data.path(), keyring.clone());
        Self {
            data,
            keyring,
            profiles,
        }
    }

    fn that_fails_after(&self, step: Step) -> Profiles {
        Profiles {
            cut_short_after: Some(step),
            ..self.profiles.clone()
        }
    }

    fn location(&self, name: &str) -> ProfileLocation {
        ProfileLocation::new(self.data.path(), name).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let list = self.profiles.list().unwrap();
        list.into_iter().map(|profile| profile.name).collect()
    }

    /// Opens a profile as the window does, and gives its User ID.
    async fn user_id(&self, name: &str) -> Result<UserId, Refusal> {
        let location = self.location(name);
        let engine = Engine::open_at_rest(location.clone(), EngineOptions::default()).await?;
        let known = engine.remembered_channel().await?;
        let keeper = Keeper::open_with(self.keyring.clone(), &location, KeepingPolicy::AskBeforeFile, known).await;
        if let Some(channel) = keeper.channel() {
            engine.remember_channel(channel).await?;
        }
        engine.close().await;
        keeper.user_id()
    }

    fn entry(&self, name: &str) -> Option<String> {
        self.keyring.entry(EntryName::of(&self.location(name)).as_str())
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code
}

#[test]
fn profiles_are_made_listed_and_chosen() {
    let pc = Pc::new();
    assert_eq!((pc.names(), pc.profiles.next()), (vec![], "default".to_owned()));
    pc.profiles.create("grace").unwrap();
    pc.profiles.create(" Ada Lovelace ").unwrap();
    assert_eq!(pc.names(), ["Ada Lovelace", "grace"]);
    for (name, refused) in [
        ("ada lovelace", "profile_exists"),
        ("a/b", "profile_name_invalid"),
        ("", "profile_name_invalid"),
    ] {
        assert_eq!(code(pc.profiles.create(name)), refused, "{name:?}");
    }
    pc.profiles.use_next("ADA LOVELACE").unwrap();
    assert_eq!(pc.profiles.next(), "Ada Lovelace");
    assert_eq!(code(pc.profiles.use_next("nobody")), "no_such_profile");
    let ada = pc.profiles.about("ada lovelace").unwrap();
    assert_eq!((ada.sessions, ada.notes, ada.opens_next), (Some(0), Some(0), true));
    assert_eq!((ada.in_use_by, ada.last_used), (None, None));
}

#[test]
fn who_has_a_profile_open_is_said_and_it_stays_as_it_is() {
    let pc = Pc::new();
    let location = pc.profiles.create("ada").unwrap();
    let lock = location.lock("sacmes agent").unwrap();
    let ada = pc.profiles.about("ada").unwrap();
    assert_eq!(ada.in_use_by.unwrap().program, "sacmes agent");
    assert!(ada.last_used.is_some());
    assert_eq!(code(pc.profiles.rename("ada", "grace")), "profile_in_use");
    assert_eq!(code(pc.profiles.delete("ada", &[])), "profile_in_use");
    assert_eq!(pc.names(), ["ada"]);
    drop(lock);
    pc.profiles.rename("ada", "grace").unwrap();
    assert_eq!(pc.names(), ["grace"]);
    pc.profiles.rename("grace", "Grace").unwrap();
    assert_eq!(pc.names(), ["Grace"]);
    pc.profiles.create("ada").unwrap();
    assert_eq!(code(pc.profiles.rename("ada", "grace")), "profile_exists");
}

#[tokio::test]
async fn a_renamed_profile_keeps_its_user_id_and_gives_its_name_free() {
    let pc = Pc::new();
    let before = pc.user_id("ada").await.unwrap();
    pc.profiles.use_next("ada").unwrap();
    let renamed = pc.profiles.rename("ada", "grace").unwrap();
    assert_eq!((renamed.location.profile(), renamed.warnings.len()), ("grace", 0));
    assert_eq!(pc.profiles.next(), "grace");
    assert_eq!(pc.user_id("grace").await.unwrap(), before);
    assert_eq!(pc.entry("ada"), None);
    pc.profiles.create("ada").unwrap();
    assert_ne!(pc.user_id("ada").await.unwrap(), before);
    assert_eq!(pc.user_id("grace").await.unwrap(), before);
}

#[tokio::test]
async fn a_rename_that_is_cut_short_is_taken_back_or_finished() {
    for (step, name) in [
        (Step::Noted, "ada"),
        (Step::FolderMoved, "grace"),
        (Step::KeyringChanged, "grace"),
    ] {
        let pc = Pc::new();
        let before = pc.user_id("ada").await.unwrap();
        assert_eq!(code(pc.that_fails_after(step).rename("ada", "grace")), "cut_short");
        // Whatever was opened first afterwards: nobody gets a second User ID, nobody another's.
        let other = if name == "ada" { "grace" } else { "ada" };
        assert_eq!(code(pc.user_id(other).await), "profile_changing", "{step:?}");
        assert_eq!(pc.user_id(name).await.unwrap(), before, "{step:?}");
        assert_eq!(pc.names(), [name], "{step:?}");
        assert!(Journal::of(pc.data.path()).changes().is_empty(), "{step:?}");
        assert_eq!(pc.user_id(name).await.unwrap(), before, "{step:?}");
        assert_ne!(pc.user_id(other).await.unwrap(), before, "{step:?}");
    }
}

#[tokio::test]
async fn a_locked_keyring_keeps_a_profile_as_it_is() {
    let pc = Pc::new();
    let before = pc.user_id("ada").await.unwrap();
    pc.keyring.lock(true);
    assert_eq!(code(pc.profiles.rename("ada", "grace")), "keyring_locked");
    assert_eq!(code(pc.profiles.delete("ada", &[])), "keyring_locked");
    pc.keyring.lock(false);
    assert_eq!(pc.user_id("ada").await.unwrap(), before);
}

#[tokio::test]
async fn entries_that_a_locked_keyring_kept_back_follow_when_it_is_unlocked() {
    let pc = Pc::new();
    let before = pc.user_id("ada").await.unwrap();
    assert_eq!(
        code(pc.that_fails_after(Step::FolderMoved).rename("ada", "grace")),
        "cut_short"
    );
    pc.keyring.lock(true);
    assert_eq!(pc.names(), ["grace"]);
    assert_eq!(code(pc.profiles.create("ada")), "profile_unsettled");
    assert_eq!(code(pc.user_id("grace").await), "keyring_locked");
    pc.keyring.lock(false);
    assert_eq!(pc.user_id("grace").await.unwrap(), before);
    pc.profiles.create("ada").unwrap();
    assert_ne!(pc.user_id("ada").await.unwrap(), before);
}

#[tokio::test]
async fn a_deleted_profile_leaves_neither_data_nor_secrets() {
    let pc = Pc::new();
    let before = pc.user_id("ada").await.unwrap();
    pc.keyring.write("followed agent 1", "code").unwrap();
    pc.profiles.use_next("ada").unwrap();
    let deleted = pc.profiles.delete("Ada", &["followed agent 1".to_owned()]).unwrap();
    assert_eq!((deleted.profile.as_str(), deleted.warnings.len()), ("ada", 0));
    assert_eq!(pc.keyring.len(), 0);
    assert_eq!(pc.names(), [""; 0]);
    let left: Vec<_> = fs::read_dir(pc.data.path().join("profiles"))
        .unwrap()
        .flatten()
        .collect();
    assert!(
        left.iter().all(|entry| entry.file_name() == ".changes.lock"),
        "{left:?}"
    );
    assert_ne!(pc.user_id("ada").await.unwrap(), before);
}

#[tokio::test]
async fn a_deletion_that_is_cut_short_is_taken_back_or_finished() {
    for (step, is_there) in [
        (Step::Noted, true),
        (Step::FolderMoved, false),
        (Step::KeyringChanged, false),
        (Step::FolderRemoved, false),
    ] {
        let pc = Pc::new();
        let before = pc.user_id("ada").await.unwrap();
        assert_eq!(code(pc.that_fails_after(step).delete("ada", &[])), "cut_short");
        if !is_there {
            assert_eq!(code(pc.user_id("ada").await), "profile_changing", "{step:?}");
        }
        assert_eq!(pc.names().len(), usize::from(is_there), "{step:?}");
        assert_eq!(pc.keyring.len(), usize::from(is_there), "{step:?}");
        assert!(Journal::of(pc.data.path()).changes().is_empty(), "{step:?}");
        assert_eq!(pc.user_id("ada").await.unwrap() == before, is_there, "{step:?}");
    }
}

/// The list of changes lies in the data folder, which may be somebody else's disk. It had any folder of this computer deleted.
#[tokio::test]
async fn a_foreign_list_of_changes_deletes_nothing_but_what_a_deletion_has_set_aside() {
    let pc = Pc::new();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("thesis.txt"), "important").unwrap();
    pc.keyring
        .write("default (0123456789abcdef)", "of another data folder")
        .unwrap();
    let profiles = pc.data.path().join("profiles");
    for folder in ["ada", "grace", ".deleted-0a1b"] {
        fs::create_dir_all(profiles.join(folder)).unwrap();
    }
    fs::create_dir_all(pc.data.path().join("kept")).unwrap();
    let delete = |set_aside: &str| {
        serde_json::json!({
            "change": "delete", "profile": "nobody", "set_aside": set_aside, "entries": ["default (0123456789abcdef)"]
        })
    };
    let outside = elsewhere.path().to_str().unwrap();
    for set_aside in [
        outside,
        "../kept",
        ".deleted-/../../kept",
        "ada",
        "",
        ".",
        ".deleted-",
        ".deleted-0a1b",
    ] {
        fs::write(
            profiles.join(".changes.json"),
            serde_json::json!([delete(set_aside)]).to_string(),
        )
        .unwrap();
        assert_eq!(pc.names(), ["ada", "grace"], "{set_aside}");
    }
    assert!(elsewhere.path().join("thesis.txt").exists());
    assert!(pc.data.path().join("kept").exists());
    assert!(!profiles.join(".deleted-0a1b").exists(), "what is ours is finished");
    assert_eq!(
        pc.keyring.entry("default (0123456789abcdef)").as_deref(),
        Some("of another data folder")
    );
}

#[tokio::test]
async fn sources_in_the_profile_s_folder_follow_it() {
    let pc = Pc::new();
    pc.user_id("ada").await.unwrap();
    let folder = pc.location("ada").folder();
    let connection = rusqlite::Connection::open(pc.location("ada").database()).unwrap();
    for (id, folder) in [("1", folder.join("simulated/1")), ("2", "/lab/run 7".into())] {
        let source = serde_json::json!({"kind": "imported_files", "folder": folder, "files": []}).to_string();
        connection
            .execute(
                "INSERT INTO sessions (uuid, name, source, technique, state, created_at)
                 VALUES (?1, 'x', ?2, 'swv', 'finished', '2025-01-01T00:00:00.000Z')",
                [format!("5e551000-0000-4000-8000-00000000000{id}"), source],
            )
            .unwrap();
    }
    drop(connection);
    let to = pc.profiles.rename("ada", "grace").unwrap().location;
    pc.user_id("grace").await.unwrap();
    let store = Store::open_read_only(&to.database()).unwrap();
    let mut folders: Vec<_> = store
        .sessions()
        .unwrap()
        .into_iter()
        .map(|row| row.summary.folder)
        .collect();
    folders.sort();
    let expected = [
        "/lab/run 7".to_owned(),
        to.folder().join("simulated/1").display().to_string(),
    ];
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(folders, expected);
}
