//! Entries of the record that fit in no frame: viewers get them from the agent, and end complete all the same.

use protocol::relay::Offset;
use remote::following::{Code, FollowEvent, Follower, From};

use super::bench::{Agent, Running, within};

/// Puts so long a reason into an entry that its frame would be above the limit.
fn lengthen(data: &std::path::Path, offset: Offset) {
    let mut state = offset;
    let noise: String = (0..300_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from_u32(0x4e00 + (state >> 49) as u32 % 20_000).unwrap()
        })
        .collect();
    let event = serde_json::json!({"event": "session_ended", "reason": noise}).to_string();
    let database = rusqlite::Connection::open(data.join("profiles/default/sacmes.db")).unwrap();
    let changed = database
        .execute(
            "UPDATE record SET event = ?1 WHERE at_offset = ?2",
            rusqlite::params![event, offset as i64],
        )
        .unwrap();
    assert_eq!(changed, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_too_large_for_a_frame_reaches_all_viewers_complete_and_in_order() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(5).await;
    agent.rename(session, 10).await;
    let head = agent.head().await;
    let (data, id) = agent.end().await;
    for offset in [head / 2, head - 1, head] {
        lengthen(data.path(), offset);
    }
    // A relay without memory gets all of it again; somebody waits there already.
    let relay = relay.restart().await;
    let follow = || {
        let code = Code::ViewOnly(id.view_only_code(1));
        Follower::start(code, relay.authority.parse().unwrap(), From::Beginning)
    };
    let early = follow();
    let agent = Agent::start_in(&relay, data, id, "LAB-PC-7").await;
    agent.online().await;
    agent.rename(session, 5).await;
    let late = follow();
    let through = agent.head().await;
    let record = agent.engine.history(0, u64::MAX, 100_000).await.unwrap().entries;
    for (_, mut events) in [early, late] {
        let mut entries: Vec<protocol::record::RecordEntry> = Vec::new();
        while entries.last().is_none_or(|entry| entry.offset < through) {
            match within(events.next()).await.expect("the follower goes on") {
                FollowEvent::Record { entries: more, .. } => entries.extend(more),
                FollowEvent::StartedOver => entries.clear(),
                FollowEvent::OutOfOrder(wrong) => panic!("{wrong:?}"),
                _ => {}
            }
        }
        assert!(entries == record, "not the record of the agent");
    }
    agent.end().await;
}
