mod renewing;

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use protocol::codes::{Channel, UserId};
use protocol::identity::{IdentityStatus, KeptIn};
use tempfile::TempDir;

use super::{EntryName, Keeper, KeepingPolicy, SecretStore, StoreTrouble};
use crate::profile::ProfileLocation;

use KeepingPolicy::{AskBeforeFile, FileIfNoKeyring};

/// A keyring whose state the test sets.
#[derive(Default)]
struct Keyring {
    entries: Mutex<HashMap<String, String>>,
    state: Mutex<KeyringState>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum KeyringState {
    #[default]
    Usable,
    Absent,
    /// Claims to be empty and refuses to be written, as Secret Service does.
    Locked,
    /// Takes secrets and keeps none.
    Forgetful,
    Damaged,
}

impl Keyring {
    fn become_(&self, state: KeyringState) {
        *self.state.lock().unwrap() = state;
    }
    fn entry(&self, name: &str) -> Option<String> {
        self.entries.lock().unwrap().get(name).cloned()
    }
    fn put(&self, name: &str, secret: &str) {
        self.entries.lock().unwrap().insert(name.to_owned(), secret.to_owned());
    }
}

impl SecretStore for Keyring {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        match *self.state.lock().unwrap() {
            KeyringState::Usable => Ok(self.entry(name)),
            KeyringState::Absent => Err(StoreTrouble::Absent("no bus".to_owned())),
            KeyringState::Locked | KeyringState::Forgetful => Ok(None),
            KeyringState::Damaged => Err(StoreTrouble::Damaged("not text".to_owned())),
        }
    }
    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        match *self.state.lock().unwrap() {
            KeyringState::Usable | KeyringState::Damaged => self.put(name, secret),
            KeyringState::Absent => return Err(StoreTrouble::Absent("no bus".to_owned())),
            KeyringState::Locked => return Err(StoreTrouble::Locked("dismissed".to_owned())),
            KeyringState::Forgetful => {}
        }
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
}

impl Pc {
    fn new(state: KeyringState) -> Self {
        let keyring = Arc::new(Keyring::default());
        keyring.become_(state);
        Self {
            data: tempfile::tempdir().unwrap(),
            keyring,
        }
    }
    fn profile(&self, name: &str) -> ProfileLocation {
        ProfileLocation::new(self.data.path(), name).unwrap()
    }
    fn entry(&self) -> String {
        EntryName::of(&self.profile("default")).to_string()
    }
    fn file(&self) -> PathBuf {
        self.profile("default").folder().join("user-id")
    }
    async fn open(&self, policy: KeepingPolicy, known: Option<Channel>) -> Keeper {
        Keeper::open_with(self.keyring.clone(), &self.profile("default"), policy, known).await
    }
}

fn code(keeper: &Keeper) -> String {
    match keeper.status() {
        IdentityStatus::Known { .. } => "known".to_owned(),
        IdentityStatus::NeedsConsent { refusal } => format!("consent {}", refusal.code),
        IdentityStatus::Unavailable { refusal } => refusal.code,
    }
}

fn kept_in(keeper: &Keeper) -> KeptIn {
    match keeper.status() {
        IdentityStatus::Known { kept_in, .. } => kept_in,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_start_makes_an_id_and_later_starts_find_it() {
    let pc = Pc::new(KeyringState::Usable);
    let first = pc.open(AskBeforeFile, None).await;
    let user_id = first.user_id().unwrap();
    assert_eq!(kept_in(&first), KeptIn::Keyring);
    assert_eq!(pc.keyring.entry(&pc.entry()).unwrap(), user_id.reveal());
    assert!(!pc.file().exists());

    // Also when the program was killed before its store could remember the channel.
    for known in [None, first.channel()] {
        assert_eq!(pc.open(AskBeforeFile, known).await.user_id().unwrap(), user_id);
    }
    assert_eq!(first.channel(), Some(user_id.channel()));
}

#[tokio::test]
async fn every_profile_and_data_directory_has_its_own() {
    let (pc, other_pc) = (Pc::new(KeyringState::Usable), Pc::new(KeyringState::Usable));
    let names = [pc.profile("default"), pc.profile("anna"), other_pc.profile("default")].map(|p| EntryName::of(&p));
    assert!(
        names[0] != names[1] && names[0] != names[2] && names[1] != names[2],
        "{names:?}"
    );
    assert!(names[1].as_str().starts_with("anna ("));
    #[cfg(unix)]
    {
        let link = other_pc.data.path().join("link");
        std::os::unix::fs::symlink(pc.data.path(), &link).unwrap();
        let through_link = ProfileLocation::new(link, "default").unwrap();
        assert_eq!(EntryName::of(&through_link), names[0]);
    }
}

#[tokio::test]
async fn nothing_replaces_an_id_that_cannot_be_read() {
    for (state, expected) in [
        (KeyringState::Absent, "keyring_absent"),
        (KeyringState::Locked, "keyring_locked"),
        (KeyringState::Damaged, "user_id_damaged"),
        (KeyringState::Usable, "user_id_missing"),
    ] {
        for policy in [AskBeforeFile, FileIfNoKeyring] {
            let pc = Pc::new(state);
            let known = UserId::new_random().channel();
            let keeper = pc.open(policy, Some(known)).await;
            assert_eq!(code(&keeper), expected);
            assert_eq!(keeper.user_id().unwrap_err().code, expected);
            assert_eq!(keeper.channel(), Some(known));
            assert!(keeper.consent_to_file().await.is_err());
            assert!(!pc.file().exists());
            assert!(
                pc.keyring.entries.lock().unwrap().is_empty(),
                "{expected}: left something behind"
            );
        }
    }
}

#[tokio::test]
async fn unlocking_the_keyring_later_is_enough() {
    let pc = Pc::new(KeyringState::Usable);
    let user_id = pc.open(AskBeforeFile, None).await.user_id().unwrap();
    pc.keyring.become_(KeyringState::Locked);
    let keeper = pc.open(AskBeforeFile, Some(user_id.channel())).await;
    assert_eq!(code(&keeper), "keyring_locked");
    pc.keyring.become_(KeyringState::Usable);
    keeper.look_again().await;
    assert_eq!(keeper.user_id().unwrap(), user_id);
}

#[tokio::test]
async fn without_a_keyring_a_person_is_asked_and_a_program_keeps_a_file() {
    for state in [KeyringState::Absent, KeyringState::Locked, KeyringState::Forgetful] {
        let pc = Pc::new(state);
        let asking = pc.open(AskBeforeFile, None).await;
        assert!(code(&asking).starts_with("consent "), "{}", code(&asking));
        assert!(!pc.file().exists() && asking.channel().is_none());
        asking.consent_to_file().await.unwrap();
        assert_eq!(kept_in(&asking), KeptIn::OwnerOnlyFile);
        let user_id = asking.user_id().unwrap();
        for policy in [AskBeforeFile, FileIfNoKeyring] {
            assert_eq!(pc.open(policy, asking.channel()).await.user_id().unwrap(), user_id);
        }

        let alone = Pc::new(state);
        let keeper = alone.open(FileIfNoKeyring, None).await;
        assert_eq!(kept_in(&keeper), KeptIn::OwnerOnlyFile);
        assert_eq!(alone.open(FileIfNoKeyring, None).await.user_id(), keeper.user_id());
    }
}

#[tokio::test]
async fn a_pasted_id_is_taken_only_where_it_belongs() {
    let pc = Pc::new(KeyringState::Usable);
    let (right, wrong) = (UserId::new_random(), UserId::new_random());
    let keeper = pc.open(AskBeforeFile, Some(right.channel())).await;
    assert_eq!(keeper.restore("no code").await.unwrap_err().code, "not_a_user_id");
    assert_eq!(
        keeper.restore(&wrong.reveal()).await.unwrap_err().code,
        "user_id_of_other_data"
    );
    keeper
        .restore(&format!("  {}\n", right.reveal().to_uppercase()))
        .await
        .unwrap();
    assert_eq!(keeper.user_id().unwrap(), right);
    assert_eq!(pc.keyring.entry(&pc.entry()).unwrap(), right.reveal());
    keeper.restore(&right.reveal()).await.unwrap();
    assert_eq!(
        keeper.restore(&wrong.reveal()).await.unwrap_err().code,
        "user_id_in_place"
    );

    let fresh = Pc::new(KeyringState::Absent).open(AskBeforeFile, None).await;
    assert_eq!(
        fresh.restore(&right.reveal()).await.unwrap_err().code,
        "user_id_never_made"
    );
}

#[tokio::test]
async fn restoring_keeps_the_other_id_and_asks_before_a_file() {
    let pc = Pc::new(KeyringState::Usable);
    let (right, other) = (UserId::new_random(), UserId::new_random());
    pc.keyring.put(&pc.entry(), &other.reveal());
    let keeper = pc.open(AskBeforeFile, Some(right.channel())).await;
    assert_eq!(code(&keeper), "user_id_of_other_data");
    keeper.restore(&right.reveal()).await.unwrap();
    assert_eq!(
        pc.keyring.entry(&format!("{} replaced", pc.entry())).unwrap(),
        other.reveal()
    );

    let pc = Pc::new(KeyringState::Absent);
    let keeper = pc.open(AskBeforeFile, Some(right.channel())).await;
    keeper.restore(&right.reveal()).await.unwrap();
    assert_eq!(code(&keeper), "consent keyring_absent");
    keeper.look_again().await;
    keeper.consent_to_file().await.unwrap();
    assert_eq!(keeper.user_id().unwrap(), right);
    assert_eq!(
        pc.open(AskBeforeFile, Some(right.channel())).await.user_id().unwrap(),
        right
    );
}

#[tokio::test]
async fn what_is_kept_is_parsed_not_trusted() {
    for text in ["", "hello", "0b5c1e9e-6f0a-1d3c-9a7e-2f4b8d6c1a35"] {
        let pc = Pc::new(KeyringState::Usable);
        pc.keyring.put(&pc.entry(), text);
        assert_eq!(code(&pc.open(FileIfNoKeyring, None).await), "user_id_damaged");
        assert_eq!(pc.keyring.entry(&pc.entry()).unwrap(), text);
    }
}

#[tokio::test]
async fn nothing_shows_the_secret() {
    let pc = Pc::new(KeyringState::Usable);
    let keeper = pc.open(AskBeforeFile, None).await;
    let (whole, code) = (keeper.user_id().unwrap().reveal(), keeper.view_only_code().unwrap());
    let shown = format!("{keeper:?}");
    assert!(!shown.contains(&whole) && !shown.contains(&code), "{shown}");
}

#[cfg(unix)]
mod owner_only {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    async fn kept_in_file() -> (Pc, UserId) {
        let pc = Pc::new(KeyringState::Absent);
        let user_id = pc.open(FileIfNoKeyring, None).await.user_id().unwrap();
        (pc, user_id)
    }

    #[tokio::test]
    async fn the_file_is_its_owners_alone_and_alone_in_its_folder() {
        let (pc, user_id) = kept_in_file().await;
        assert_eq!(fs::metadata(pc.file()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(pc.file()).unwrap().trim(), user_id.reveal());
        let mut names: Vec<_> = fs::read_dir(pc.file().parent().unwrap())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["user-id", "user-id.lock"]);
    }

    #[tokio::test]
    async fn a_file_that_others_can_reach_is_refused() {
        for mode in [0o644, 0o640, 0o604, 0o620] {
            let (pc, user_id) = kept_in_file().await;
            fs::set_permissions(pc.file(), fs::Permissions::from_mode(mode)).unwrap();
            let keeper = pc.open(FileIfNoKeyring, Some(user_id.channel())).await;
            assert_eq!(code(&keeper), "user_id_file_unsafe", "{mode:o}");
            // Also where a new one could be made: it is not passed over in silence.
            assert_eq!(code(&pc.open(FileIfNoKeyring, None).await), "user_id_file_unsafe");
        }
    }

    #[tokio::test]
    async fn links_pipes_and_foreign_files_are_refused() {
        let (pc, user_id) = kept_in_file().await;
        let elsewhere = pc.data.path().join("elsewhere");
        let refused = async |expected: &str| {
            assert_eq!(code(&pc.open(FileIfNoKeyring, Some(user_id.channel())).await), expected);
        };
        fs::rename(pc.file(), &elsewhere).unwrap();
        symlink(&elsewhere, pc.file()).unwrap();
        refused("user_id_file_unsafe").await;
        fs::remove_file(pc.file()).unwrap();
        fs::hard_link(&elsewhere, pc.file()).unwrap();
        refused("user_id_file_unsafe").await;
        fs::remove_file(pc.file()).unwrap();
        fs::create_dir(pc.file()).unwrap();
        refused("user_id_file_unsafe").await;
        fs::remove_dir(pc.file()).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, pc.file(), rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        refused("user_id_file_unsafe").await;
        fs::remove_file(pc.file()).unwrap();
        refused("keyring_absent").await;

        // Only root can give a file away.
        fs::rename(&elsewhere, pc.file()).unwrap();
        if std::os::unix::fs::chown(pc.file(), Some(12345), None).is_ok() {
            refused("user_id_file_unsafe").await;
        } else {
            eprintln!("skipped: a file of another owner (not root)");
        }
    }

    #[tokio::test]
    async fn a_damaged_or_foreign_file_is_set_aside_by_restoring() {
        let (pc, user_id) = kept_in_file().await;
        let other = UserId::new_random();
        fs::write(pc.file(), other.reveal()).unwrap();
        let keeper = pc.open(FileIfNoKeyring, Some(user_id.channel())).await;
        assert_eq!(code(&keeper), "keyring_absent");
        keeper.restore(&user_id.reveal()).await.unwrap();
        assert_eq!(
            pc.open(AskBeforeFile, Some(user_id.channel())).await.user_id().unwrap(),
            user_id
        );
        let aside = fs::read_dir(pc.file().parent().unwrap())
            .unwrap()
            .map(|e| e.unwrap().path());
        let aside: Vec<_> = aside.filter(|p| p.to_string_lossy().contains("replaced")).collect();
        assert_eq!(fs::read_to_string(&aside[0]).unwrap(), other.reveal());

        fs::write(pc.file(), [0xff; 1000]).unwrap();
        assert_eq!(
            code(&pc.open(AskBeforeFile, Some(user_id.channel())).await),
            "user_id_damaged"
        );
    }
}

mod patience {
    use super::*;
    use crate::identity::patience::Patient;
    use std::sync::mpsc;
    use std::time::Duration;

    /// Does not answer before the test lets it.
    struct Prompting(Mutex<mpsc::Receiver<()>>);

    impl SecretStore for Prompting {
        fn read(&self, _: &str) -> Result<Option<String>, StoreTrouble> {
            self.0.lock().unwrap().recv().ok();
            Ok(None)
        }
        fn write(&self, _: &str, _: &str) -> Result<(), StoreTrouble> {
            Ok(())
        }
        fn delete(&self, _: &str) -> Result<(), StoreTrouble> {
            Ok(())
        }
    }

    #[test]
    fn a_keyring_that_waits_for_its_password_holds_up_nothing() {
        let (unlock, locked) = mpsc::channel();
        let patient = Patient::new(Arc::new(Prompting(Mutex::new(locked))), Duration::from_millis(1));
        assert!(matches!(patient.read("x"), Err(StoreTrouble::Locked(_))));
        assert!(
            matches!(patient.write("x", "y"), Err(StoreTrouble::Locked(_))),
            "asked although it still waits"
        );
        unlock.send(()).unwrap();
        while patient.write("x", "y").is_err() {
            std::thread::yield_now();
        }
    }
}
