use super::*;

fn names(pc: &Pc) -> Vec<String> {
    let mut names: Vec<_> = pc.keyring.entries.lock().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[tokio::test]
async fn the_next_id_takes_the_place_of_the_one_before() {
    for state in [KeyringState::Usable, KeyringState::Absent] {
        let pc = Pc::new(state);
        let keeper = pc.open(FileIfNoKeyring, None).await;
        keeper.use_generation(7);
        let before = keeper.user_id().unwrap();
        let renewal = keeper.begin_renewal().await.unwrap();
        assert_eq!(renewal.given_up().channel(), Some(before.channel()));
        assert_eq!(keeper.user_id().unwrap(), before, "not before the store knows it");
        let channel = renewal.channel();
        keeper.finish_renewal(renewal).await;
        let renewed = keeper.user_id().unwrap();
        assert!(renewed != before && renewed.channel() == channel);
        assert_eq!(keeper.channel(), Some(channel));
        assert_eq!(
            keeper.view_only_code().unwrap(),
            renewed.view_only_code(1).reveal(),
            "its codes begin with the first generation"
        );
        assert_eq!(
            pc.open(FileIfNoKeyring, Some(channel)).await.user_id().unwrap(),
            renewed
        );
        // Nothing of the one that is given up stays.
        if state == KeyringState::Usable {
            assert_eq!(names(&pc), [pc.entry()]);
        } else {
            let folder = pc.file().parent().unwrap().to_path_buf();
            let kept = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
            let mut kept: Vec<_> = kept.collect();
            kept.sort();
            assert_eq!(kept, ["user-id", "user-id.lock"]);
        }
    }
}

#[tokio::test]
async fn whenever_the_program_ends_the_id_that_the_store_knows_is_found() {
    for state in [KeyringState::Usable, KeyringState::Absent] {
        let pc = Pc::new(state);
        let keeper = pc.open(FileIfNoKeyring, None).await;
        let before = keeper.user_id().unwrap();
        let renewal = keeper.begin_renewal().await.unwrap();
        let channel = renewal.channel();
        drop((keeper, renewal));
        // Killed before the store knew of it.
        let keeper = pc.open(FileIfNoKeyring, Some(before.channel())).await;
        assert_eq!(keeper.user_id().unwrap(), before);
        // Killed after.
        let renewed = pc.open(FileIfNoKeyring, Some(channel)).await.user_id().unwrap();
        assert_eq!(renewed.channel(), channel);
        let again = pc.open(FileIfNoKeyring, Some(channel)).await;
        assert_eq!(again.user_id().unwrap(), renewed, "and then in its place");
        if state == KeyringState::Usable {
            assert_eq!(names(&pc), [pc.entry()]);
        }
    }
}

#[tokio::test]
async fn a_keyring_that_locks_meanwhile_leaves_the_id_as_it_was() {
    let pc = Pc::new(KeyringState::Usable);
    let keeper = pc.open(AskBeforeFile, None).await;
    let before = keeper.user_id().unwrap();
    pc.keyring.become_(KeyringState::Locked);
    let Err(refusal) = keeper.begin_renewal().await else {
        panic!("kept in a locked keyring");
    };
    assert_eq!(refusal.code, "keyring_locked");
    assert_eq!(keeper.user_id().unwrap(), before);
    pc.keyring.become_(KeyringState::Usable);
    let renewal = keeper.begin_renewal().await.unwrap();
    let channel = renewal.channel();
    // The store knows it already: it goes on with the new one, which is found at the next start.
    pc.keyring.become_(KeyringState::Locked);
    keeper.finish_renewal(renewal).await;
    assert_eq!(keeper.user_id().unwrap().channel(), channel);
    pc.keyring.become_(KeyringState::Usable);
    let found = pc.open(AskBeforeFile, Some(channel)).await.user_id().unwrap();
    assert_eq!(found.channel(), channel);
}
