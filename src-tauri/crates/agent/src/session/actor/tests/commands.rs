//! Commands while a drive does not answer.

use std::sync::mpsc as blocking;

use super::*;

#[tokio::test]
async fn commands_are_heard_while_a_drive_does_not_answer() {
    let mut desk = Desk::new(&Settings::default()).await;
    let (answer, never) = blocking::channel::<()>();
    desk.scan().await;
    // As begun on a mount whose server is gone.
    desk.put("SWV_15Hz_1.txt", chi(1));
    desk.actor.agenda.put("SWV_15Hz_1.txt", Instant::now());
    desk.actor.listing = Some(tokio::task::spawn_blocking(move || {
        let _ = never.recv();
        panic!("nobody waits for this any more")
    }));
    let (messages, inbox) = mpsc::channel(8);
    let store = desk.store.clone();
    let id = desk.actor.id;
    let task = tokio::spawn(desk.actor.run(inbox));
    let told = |message: fn(CommandId, Reply) -> Message| {
        let messages = messages.clone();
        async move {
            let (reply, heard) = oneshot::channel();
            messages.send(message(CommandId::new(), reply)).await.unwrap();
            tokio::time::timeout(Duration::from_secs(30), heard)
                .await
                .unwrap()
                .unwrap()
        }
    };
    assert_eq!(told(Message::Pause).await, Ok(Outcome::Done));
    assert_eq!(store.session(id).unwrap().summary.state, SessionState::Paused);
    assert_eq!(told(Message::Stop).await, Ok(Outcome::Done));
    messages.send(Message::Shutdown).await.unwrap();
    tokio::time::timeout(Duration::from_secs(30), task)
        .await
        .unwrap()
        .unwrap();
    drop(answer);
}

#[tokio::test]
async fn closing_does_not_wait_for_a_drive_that_does_not_answer() {
    let mut desk = Desk::new(&Settings::default()).await;
    let (answer, never) = blocking::channel::<()>();
    desk.scan().await;
    desk.put("SWV_15Hz_1.txt", chi(1));
    desk.scan().await;
    desk.actor.listing = Some(tokio::task::spawn_blocking(move || {
        let _ = never.recv();
        panic!("nobody waits for this any more")
    }));
    let (_messages, inbox) = mpsc::channel(8);
    let task = tokio::spawn(desk.actor.run(inbox));
    desk.closing.send_replace(true);
    tokio::time::timeout(Duration::from_secs(30), task)
        .await
        .unwrap()
        .unwrap();
    drop(answer);
}

#[tokio::test]
async fn a_waiting_session_that_was_renamed_starts_to_run_under_its_new_name() {
    let mut desk = Desk::new(&Settings::default()).await;
    let row = desk.actor.row;
    desk.store
        .write_async(move |work| work.rename_session(row, "renamed"))
        .await
        .unwrap();
    desk.put("SWV_15Hz_1.txt", chi(1));
    desk.scan_and_look().await;
    let names: Vec<String> = desk
        .record()
        .into_iter()
        .filter_map(|entry| match entry.event {
            RecordEvent::SessionChanged { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["renamed"]);
    desk.store
        .write_async(move |work| work.rename_session(row, "again"))
        .await
        .unwrap();
    let (reply, heard) = oneshot::channel();
    desk.actor.obey(Message::Resume(CommandId::new(), reply)).await;
    let refused = heard.await.unwrap().unwrap_err();
    assert!(refused.message.contains("\"again\""), "{refused}");
}
