//! Whose a channel is.

use protocol::relay::message::{FromAgent, ToAgent};
use protocol::relay::{CloseCode, Epoch, LabelKey, Process, Retirement};
use relay::limits::Limits;

use crate::peers::{Claiming, Peer, Viewer, someone};
use crate::stage::{Stage, over_both};

over_both! {
    a_second_program_is_refused_and_told_where_the_first_runs,
    a_program_that_does_not_answer_one_probe_is_taken_over,
    a_program_that_reconnects_takes_its_own_channel_at_once,
    a_proof_for_another_relay_or_with_another_key_is_refused,
    a_proof_that_comes_too_late_is_no_reason_to_stay_away,
    a_retired_channel_stays_closed,
    a_renewed_user_id_gives_up_the_channel_of_the_one_before_whoever_holds_it,
    what_is_no_message_closes_the_connection,
}

async fn a_second_program_is_refused_and_told_where_the_first_runs(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, _) = someone();
    let mut first = Claiming::new(&id, &running).claim(&running).await;
    let second = Claiming::new(&id, &running);
    let answers = async {
        // The first program runs: it answers the probe.
        while first.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Probe {}
        first.peer.say(&FromAgent::Alive).await;
    };
    let ((mut peer, _, answer), ()) = tokio::join!(second.hello(&running), answers);
    let Ok(ToAgent::InUse { run, label }) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(run, first.run);
    assert_eq!(label.open(&LabelKey::of(&id), run).unwrap(), "LAB-PC-7");
    assert_eq!(peer.hear::<ToAgent>().await, Err(Some(CloseCode::InUse)));
}

async fn a_program_that_does_not_answer_one_probe_is_taken_over(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, _) = someone();
    let mut silent = Claiming::new(&id, &running).claim(&running).await;
    let taken = Claiming::new(&id, &running).claim(&running).await;
    assert!(taken.fence > silent.fence);
    loop {
        match silent.peer.hear::<ToAgent>().await {
            Ok(_) => {}
            Err(code) => break assert_eq!(code, Some(CloseCode::Fenced)),
        }
    }
}

async fn a_program_that_reconnects_takes_its_own_channel_at_once(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, _) = someone();
    let claiming = Claiming::new(&id, &running);
    let mut old = claiming.claim(&running).await;
    old.begin(Epoch([1; 16]), 1).await;
    old.publish(1, "one").await;
    let mut new = claiming.claim(&running).await;
    assert_eq!(new.position.map(|position| position.offset), Some(1));
    new.publish(2, "two").await;
}

async fn a_proof_for_another_relay_or_with_another_key_is_refused(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, _) = someone();
    let mut elsewhere = Claiming::new(&id, &running);
    elsewhere.authority = "relay.example:443";
    let (_, _, answer) = elsewhere.hello(&running).await;
    assert_eq!(answer, Err(Some(CloseCode::Ownership)));
    assert_eq!(running.relay.counters.refused().get("ownership"), Some(&1));
}

async fn a_proof_that_comes_too_late_is_no_reason_to_stay_away(stage: &Stage) {
    let limits = Limits {
        proof_within: std::time::Duration::from_millis(50),
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let mut slow = Peer::connect(&running.authority, "/v1/agent").await;
    assert!(matches!(slow.hear().await, Ok(ToAgent::Challenge(_))));
    let Err(Some(code)) = slow.hear::<ToAgent>().await else {
        panic!("not closed");
    };
    assert!(code.is_worth_coming_back(), "{code:?}");
}

async fn a_retired_channel_stays_closed(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let claiming = Claiming::new(&id, &running);
    let mut agent = claiming.claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    agent.publish(1, "secret").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["secret"]);
    let retirement = Retirement::of(&id.owner_key());
    agent.peer.say(&FromAgent::Retire(retirement)).await;
    assert_eq!(viewer.hear().await, Err(Some(CloseCode::Retired)));
    let mut late = Viewer::join(&running, &code, None).await;
    assert_eq!(late.hear().await, Err(Some(CloseCode::Retired)));
    let (_, _, answer) = claiming.hello(&running).await;
    assert_eq!(answer, Err(Some(CloseCode::Retired)));
}

async fn a_renewed_user_id_gives_up_the_channel_of_the_one_before_whoever_holds_it(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let ((leaked, code), (renewed, _)) = (someone(), someone());
    // Somebody who found the old User ID passes for the agent.
    let mut thief = Claiming::new(&leaked, &running).claim(&running).await;
    thief.begin(Epoch([1; 16]), 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    let mut owner = Claiming::new(&renewed, &running).claim(&running).await;
    let given_up = Retirement::of(&leaked.owner_key());
    // Said twice, since the answer to the first may have been lost.
    for _ in 0..2 {
        owner.peer.say(&FromAgent::Retire(given_up)).await;
        loop {
            match owner.peer.hear::<ToAgent>().await.unwrap() {
                ToAgent::Retired(channel) => break assert_eq!(channel, leaked.channel()),
                ToAgent::Have(_) | ToAgent::Viewers(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    loop {
        match thief.peer.hear::<ToAgent>().await {
            Ok(_) => {}
            Err(code) => break assert_eq!(code, Some(CloseCode::Retired)),
        }
    }
    loop {
        match viewer.hear().await {
            Ok(_) => {}
            Err(code) => break assert_eq!(code, Some(CloseCode::Retired)),
        }
    }
    let (_, _, answer) = Claiming::new(&leaked, &running).hello(&running).await;
    assert_eq!(answer, Err(Some(CloseCode::Retired)));
    // A channel that this relay never saw is given up as well.
    let (unseen, code) = someone();
    owner
        .peer
        .say(&FromAgent::Retire(Retirement::of(&unseen.owner_key())))
        .await;
    while owner.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Retired(unseen.channel()) {}
    let mut late = Viewer::join(&running, &code, None).await;
    assert_eq!(late.hear().await, Err(Some(CloseCode::Retired)));
    let forged = Retirement {
        owner: Retirement::of(&renewed.owner_key()).owner,
        ..given_up
    };
    owner.peer.say(&FromAgent::Retire(forged)).await;
    loop {
        match owner.peer.hear::<ToAgent>().await {
            Ok(_) => {}
            Err(code) => break assert_eq!(code, Some(CloseCode::Ownership)),
        }
    }
}

async fn what_is_no_message_closes_the_connection(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    for path in ["/v1/agent", "/v1/view"] {
        let mut peer = Peer::connect(&running.authority, path).await;
        if path == "/v1/agent" {
            assert!(matches!(peer.hear().await, Ok(ToAgent::Challenge(_))));
        }
        peer.say_bytes(vec![99; 40]).await;
        assert_eq!(peer.hear::<ToAgent>().await, Err(Some(CloseCode::Protocol)), "{path}");
    }
    let mut agent = Claiming::new(&someone().0, &running).claim(&running).await;
    agent.peer.say_bytes(vec![3; 300_000]).await;
    loop {
        match agent.peer.hear::<ToAgent>().await {
            Ok(_) => {}
            Err(code) => break assert!(matches!(code, Some(CloseCode::FrameTooLarge) | None), "{code:?}"),
        }
    }
    let _ = Process::random();
}
