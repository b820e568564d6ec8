//! Files exported from afar.

use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::CommandId;
use protocol::record::LiveEvent;
use protocol::relay::body::{Ask, News, Reply, WholeAnswer};
use sha2::{Digest, Sha256};

use super::bench::{Agent, Running};
use super::viewer::Viewer;

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_file_is_offered_and_fetched() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(20).await;
    let mut viewer = Viewer::steering(&relay, &agent.id).await;
    let mut other = Viewer::steering(&relay, &agent.id).await;
    viewer.open().await;
    other.open().await;
    let export = |destination: &str| Command::Export {
        session,
        layout: ExportLayout::Csv,
        destination: destination.to_owned(),
        selection: Selection::default(),
    };
    let Reply::Refused { refusal } = viewer.command(CommandId::new(), export("/tmp/results.csv")).await else {
        panic!("not refused");
    };
    assert_eq!(refusal.code, "file_name_invalid");
    let id = CommandId::new();
    let accepted = viewer.command(id, export("results.csv")).await;
    let Reply::Outcome {
        outcome: Outcome::Accepted { operation },
    } = accepted
    else {
        panic!("not accepted: {accepted:?}");
    };
    let is_ready = |viewer: &Viewer| viewer.news.iter().any(|news| matches!(news, News::Ready { .. }));
    viewer.until(is_ready).await;
    let ready = viewer.news.last().cloned().unwrap();
    let News::Ready {
        operation: of,
        transfer,
        name,
        bytes,
        sha256,
    } = ready.clone()
    else {
        panic!("{ready:?}");
    };
    assert_eq!((of, name.as_str()), (operation, "results.csv"));
    let question = viewer.ask_with_control(Ask::Transfer { transfer, from: 0 }).await;
    let WholeAnswer::Bytes(file) = viewer.answer(question).await else {
        panic!("no file");
    };
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&file));
    assert_eq!((file.len() as u64, hash), (bytes, sha256));
    let lines = String::from_utf8(file.clone()).unwrap().lines().count();
    assert_eq!(lines, 41, "a heading and 40 measurements");
    // From a place on, after the connection was lost: whoever proves control in the frame itself.
    let label = |news: &News| match news {
        News::Progress {
            event: LiveEvent::Progress { label, .. },
        } => Some(label.clone()),
        _ => None,
    };
    assert!(
        viewer
            .news
            .iter()
            .filter_map(label)
            .all(|label| label == "Exporting results.csv")
    );
    let question = other.ask(Ask::Transfer { transfer, from: 100 }).await;
    assert_eq!(other.refusal(question).await.code, "control_needed");
    assert_eq!(other.command(id, export("results.csv")).await, accepted);
    other.until(is_ready).await;
    assert_eq!(other.news, [ready]);
    let question = other.ask(Ask::Transfer { transfer, from: 100 }).await;
    assert_eq!(
        other.refusal(question).await.code,
        "control_needed",
        "that the visit has shown control proves nothing of a frame that others could seal"
    );
    let question = other.ask_with_control(Ask::Transfer { transfer, from: 100 }).await;
    assert_eq!(other.answer(question).await, WholeAnswer::Bytes(file[100..].to_vec()));
    let folder = agent.data.path().join("profiles/default/transfers");
    assert!(folder.exists());
    assert_eq!(
        other.command(CommandId::new(), Command::Cancel { operation }).await,
        Reply::Outcome { outcome: Outcome::Done }
    );
    let question = other.ask_with_control(Ask::Transfer { transfer, from: 0 }).await;
    assert_eq!(other.refusal(question).await.code, "no_such_transfer");
    let (_data, _) = agent.end().await;
    assert!(!folder.exists());
}
