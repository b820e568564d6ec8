use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;

use protocol::codes::UserId;
use tempfile::TempDir;

use super::*;

use KeptIn::{Keyring as InKeyring, OwnerOnlyFile as InFile};

/// A keyring whose state the test sets.
#[derive(Default)]
struct Keyring {
    entries: Mutex<HashMap<String, String>>,
    trouble: Mutex<Option<StoreTrouble>>,
}

impl Keyring {
    fn texts(&self) -> Vec<String> {
        self.entries.lock().unwrap().values().cloned().collect()
    }

    fn become_(&self, trouble: Option<StoreTrouble>) {
        *self.trouble.lock().unwrap() = trouble;
    }

    fn trouble(&self) -> Result<(), StoreTrouble> {
        self.trouble.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl SecretStore for Keyring {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        match self.trouble() {
            Ok(()) => Ok(self.entries.lock().unwrap().get(name).cloned()),
            // As Secret Service does.
            Err(StoreTrouble::Locked(_)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        self.trouble()?;
        self.entries.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        if self.trouble().is_ok() {
            self.entries.lock().unwrap().remove(name);
        }
        Ok(())
    }
}

struct Pc {
    data: TempDir,
    keyring: Arc<Keyring>,
}

impl Pc {
    fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
            keyring: Arc::default(),
        }
    }

    fn agents(&self) -> RememberedAgents {
        self.agents_of("default")
    }

    fn agents_of(&self, profile: &str) -> RememberedAgents {
        let location = ProfileLocation::new(self.data.path(), profile).unwrap();
        RememberedAgents::with_keyring(&location, self.keyring.clone())
    }

    /// Everything in the profile's folder, as text.
    fn folder_as_text(&self) -> String {
        let folder = self.data.path().join("profiles/default");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let texts = files
            .filter(|path| path.is_file())
            .map(|path| fs::read_to_string(path).unwrap());
        texts.collect()
    }
}

fn relay() -> RelayAddress {
    "https://relay.example.org".parse().unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code
}

#[test]
fn an_agent_is_listed_without_its_code_opened_with_it_and_forgotten_with_it() {
    let (pc, id) = (Pc::new(), UserId::new_random());
    let (owner, view_only) = (Code::Owner(id), Code::ViewOnly(id.view_only_code(2)));
    let looked_at = pc
        .agents()
        .remember(" Room 214 ", &relay(), &view_only, InKeyring)
        .unwrap();
    let own = pc
        .agents()
        .remember("My potentiostat", &relay(), &owner, InKeyring)
        .unwrap();
    assert_eq!(
        (looked_at.name.as_str(), looked_at.access),
        ("Room 214", Access::ViewOnly)
    );
    assert_eq!(own.access, Access::UserId);
    assert_eq!(pc.agents().list().unwrap(), [own.clone(), looked_at.clone()]);
    assert_eq!(pc.agents_of("anna").list().unwrap(), []);

    let text = pc.folder_as_text();
    for secret in [owner.reveal(), view_only.reveal()] {
        assert!(pc.keyring.texts().contains(&secret));
        assert!(!text.contains(&secret));
    }
    assert!(
        pc.keyring
            .entries
            .lock()
            .unwrap()
            .keys()
            .all(|name| !name.contains("default"))
    );

    let found = pc.agents().find("room 214").unwrap().unwrap();
    assert_eq!(
        pc.agents().open(found.id).unwrap(),
        (looked_at.clone(), relay(), view_only)
    );
    pc.agents().forget(found.id).unwrap();
    assert_eq!(pc.agents().list().unwrap(), [own]);
    assert_eq!(pc.keyring.texts(), [owner.reveal()]);
    assert_eq!(refused(pc.agents().open(looked_at.id)), "agent_not_remembered");
    assert_eq!(refused(pc.agents().forget(looked_at.id)), "agent_not_remembered");
}

#[test]
fn a_renewed_code_takes_the_place_of_the_old_one() {
    let (pc, id) = (Pc::new(), UserId::new_random());
    let code = |generation| Code::ViewOnly(id.view_only_code(generation));
    let before = pc.agents().remember("Room 214", &relay(), &code(1), InKeyring).unwrap();
    let moved: RelayAddress = "https://other.example.org".parse().unwrap();
    let after = pc.agents().remember("Ada's", &moved, &code(2), InKeyring).unwrap();
    assert_eq!(after.id, before.id);
    assert_eq!(pc.agents().list().unwrap().len(), 1);
    assert_eq!(pc.agents().open(after.id).unwrap(), (after, moved, code(2)));
    assert_eq!(pc.keyring.texts(), [code(2).reveal()]);
}

#[test]
fn names_are_names_and_tell_agents_apart() {
    let pc = Pc::new();
    let code = Code::Owner(UserId::new_random());
    let remember = |name: &str| pc.agents().remember(name, &relay(), &code, InKeyring);
    for name in ["", "  ", "a\nb", &"x".repeat(81)] {
        assert_eq!(refused(remember(name)), "not_a_name");
    }
    let refusal = remember(&code.reveal()).unwrap_err();
    assert_eq!(refusal.code, "name_is_a_code");
    assert!(!refusal.to_string().contains(&code.reveal()));
    remember("Room 214").unwrap();
    let other = Code::Owner(UserId::new_random());
    let taken = pc.agents().remember("ROOM 214", &relay(), &other, InKeyring);
    assert_eq!(refused(taken), "name_taken");
    assert_eq!(pc.keyring.texts(), [code.reveal()]);
}

#[test]
fn without_a_keyring_nothing_is_remembered_until_somebody_agrees_to_a_file() {
    for (trouble, expected) in [
        (StoreTrouble::Absent("no bus".to_owned()), "keyring_absent"),
        (StoreTrouble::Locked("dismissed".to_owned()), "keyring_locked"),
    ] {
        let (pc, code) = (Pc::new(), Code::Owner(UserId::new_random()));
        pc.keyring.become_(Some(trouble));
        let refusal = pc
            .agents()
            .remember("Room 214", &relay(), &code, InKeyring)
            .unwrap_err();
        assert_eq!(refusal.code, expected);
        assert!(refusal.hint.contains("a file that only you can read"), "{refusal}");
        assert_eq!(pc.agents().list().unwrap(), []);
        assert!(!pc.data.path().join("profiles/default").join(FILES).exists());

        let agent = pc.agents().remember("Room 214", &relay(), &code, InFile).unwrap();
        assert_eq!(agent.kept_in, InFile);
        assert!(!pc.folder_as_text().contains(&code.reveal()), "the list has no codes");
        assert_eq!(pc.agents().open(agent.id).unwrap().2, code);

        // Once there is a keyring, remembering again moves the code there.
        pc.keyring.become_(None);
        pc.agents().remember("Room 214", &relay(), &code, InKeyring).unwrap();
        let files = fs::read_dir(pc.data.path().join("profiles/default").join(FILES)).unwrap();
        assert_eq!(files.count(), 0);
        assert_eq!(pc.agents().open(agent.id).unwrap().0.kept_in, InKeyring);
    }
}

#[test]
fn a_locked_keyring_loses_nothing() {
    let (pc, code) = (Pc::new(), Code::Owner(UserId::new_random()));
    let agent = pc.agents().remember("Room 214", &relay(), &code, InKeyring).unwrap();
    pc.keyring.become_(Some(StoreTrouble::Locked("dismissed".to_owned())));
    assert_eq!(refused(pc.agents().open(agent.id)), "code_missing");
    assert_eq!(refused(pc.agents().forget(agent.id)), "keyring_locked");
    assert_eq!(pc.agents().list().unwrap(), std::slice::from_ref(&agent));
    pc.keyring.become_(None);
    assert_eq!(pc.agents().open(agent.id).unwrap().2, code);
}

#[test]
fn a_code_of_somebody_else_in_the_keyring_is_not_followed() {
    let (pc, code) = (Pc::new(), Code::Owner(UserId::new_random()));
    let agent = pc.agents().remember("Room 214", &relay(), &code, InKeyring).unwrap();
    let other = UserId::new_random();
    for kept in [other.reveal(), other.view_only_code(1).reveal(), "hello".to_owned()] {
        pc.keyring.write(&entry_name(agent.id), &kept).unwrap();
        let refusal = pc.agents().open(agent.id).unwrap_err();
        assert_eq!(refusal.code, "code_damaged");
        assert!(!refusal.to_string().contains(&kept));
    }
}

#[test]
fn a_list_that_cannot_be_read_is_left_as_it_is() {
    let (pc, code) = (Pc::new(), Code::Owner(UserId::new_random()));
    pc.agents().remember("Room 214", &relay(), &code, InKeyring).unwrap();
    let file = pc.data.path().join("profiles/default/followed-agents.json");
    for text in ["{", "{\"version\": 2, \"agents\": []}", ""] {
        fs::write(&file, text).unwrap();
        assert_eq!(refused(pc.agents().list()), "followed_list_damaged");
        assert_eq!(
            refused(pc.agents().remember("Room 215", &relay(), &code, InKeyring)),
            "followed_list_damaged"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}
