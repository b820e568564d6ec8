//! Twenty agents and a hundred viewers for a minute: everybody gets what is theirs, and nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::News;
use tokio::time::{Instant, sleep};

use super::dice::Dice;
use super::lab::Lab;
use super::onlooker::{Heard, Onlooker};
use super::stage::{Shared, Stage};
use crate::bench::within;

const LABS: usize = 20;
const VIEWERS: usize = 5;
const STEERING: usize = 2;
/// Files of each lab's experiment.
const FILES: u32 = 3;
const LASTS: Duration = Duration::from_mins(1);
/// For what is still on its way after that.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_are_isolated_in_memory() {
    users_are_isolated(Shared::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_are_isolated_over_redis() {
    users_are_isolated(Shared::Redis).await;
}

async fn users_are_isolated(shared: Shared) {
    let mut dice = Dice::of_this_run();
    let relays = if shared == Shared::Redis { 2 } else { 1 };
    let stage = Stage::set(shared, relays, LABS, VIEWERS, STEERING).await;
    stage.begin().await;
    for lab in &stage.labs {
        lab.begin_experiment(FILES).await;
    }
    let until = Instant::now() + LASTS;
    let (mut changing, mut visiting) = (Vec::new(), Vec::new());
    for (lab, onlookers) in stage.all() {
        let (changed, own) = (Arc::clone(lab), dice.split());
        changing.push(tokio::spawn(async move { changed.keep_changing(own, 50, 500).await }));
        for onlooker in onlookers {
            let (onlooker, lab, own) = (Arc::clone(onlooker), Arc::clone(lab), dice.split());
            visiting.push(tokio::spawn(visit(lab, onlooker, own, until)));
        }
    }
    let mut began: HashMap<String, HashSet<OperationId>> = HashMap::new();
    let mut asked = 0;
    for visited in visiting {
        let Visited {
            who,
            operations,
            questions,
        } = visited.await.unwrap();
        asked += questions;
        began.insert(who, operations);
    }
    for changes in changing {
        changes.abort();
        assert!(changes.await.unwrap_err().is_cancelled(), "a lab stopped early");
    }
    let (mut entries, mut seen) = (0, HashSet::new());
    for (lab, onlookers) in stage.all() {
        lab.conclude().await;
        let record = lab.record().await;
        for entry in &record {
            assert!(seen.insert((entry.session, entry.seq)), "two labs have the same entry");
        }
        entries += record.len();
        for onlooker in onlookers {
            onlooker.has_everything_of(lab, PATIENCE).await;
            // What others began is told to others.
            onlooker.heard(|heard| {
                assert_eq!(heard.operations, began[&onlooker.name], "{}", onlooker.name);
            });
        }
    }
    let exports: usize = began.values().map(HashSet::len).sum();
    println!("{entries} entries, {asked} questions and commands, {exports} exports");
    assert!(asked > 1_000 && exports > 20, "it was too quiet");
}

/// What a viewer has done.
struct Visited {
    who: String,
    operations: HashSet<OperationId>,
    questions: usize,
}

/// Does this and that; every answer must be the viewer's own.
async fn visit(lab: Arc<Lab>, viewer: Arc<Onlooker>, mut dice: Dice, until: Instant) -> Visited {
    viewer.live().await;
    let mut visited = Visited {
        who: viewer.name.clone(),
        operations: HashSet::new(),
        questions: 0,
    };
    while Instant::now() < until {
        sleep(dice.between_ms(100, 1_500)).await;
        visited.questions += 1;
        match dice.below(if viewer.may_steer() { 10 } else { 6 }) {
            0 | 1 => sees_its_own_sessions(&lab, &viewer).await,
            2 => is_refused_what_is_not_there(&viewer).await,
            3 | 8 => cannot_or_can_steer(&lab, &viewer, &mut dice).await,
            4 => {
                viewer.look_on().await;
                viewer.live().await;
            }
            5 if dice.percent(30) => {
                viewer.look_anew().await;
                viewer.live().await;
            }
            6 | 7 => visited.operations.extend(exports(&lab, &viewer, &mut dice).await),
            _ => {}
        }
    }
    visited
}

async fn sees_its_own_sessions(lab: &Lab, viewer: &Onlooker) {
    match viewer.follower().unwrap().query(Query::Sessions).await.unwrap() {
        Answer::Sessions { sessions } => {
            let own: HashSet<SessionId> = lab.sessions().into_iter().collect();
            assert!(sessions.iter().all(|s| s.name.starts_with(&format!("{} ", lab.name))));
            // One may have begun that the lab's list does not have yet.
            let known = sessions.iter().filter(|s| own.contains(&s.session)).count();
            assert!(known + 1 >= sessions.len(), "{}", viewer.name);
        }
        other => panic!("{other:?}"),
    }
}

/// The refusal is about what this viewer asked for.
async fn is_refused_what_is_not_there(viewer: &Onlooker) {
    let session = SessionId::new();
    let refused = viewer
        .follower()
        .unwrap()
        .query(Query::Session { session })
        .await
        .unwrap_err();
    assert_eq!(refused.code, "no_such_session");
    assert!(refused.message.contains(&session.to_string()), "{refused:?}");
}

async fn cannot_or_can_steer(lab: &Lab, viewer: &Onlooker, dice: &mut Dice) {
    let session = *dice.one_of(&lab.sessions());
    let (_, command) = lab.new_marker(session);
    let outcome = viewer.follower().unwrap().command(CommandId::new(), command).await;
    if viewer.may_steer() {
        assert_eq!(outcome.unwrap(), Outcome::Done);
    } else {
        assert_eq!(outcome.unwrap_err().code, "view_only");
    }
}

/// Exports and fetches; the operation, where one began. A session without measurements cannot be exported, which is told to
/// whoever wanted it.
async fn exports(lab: &Lab, viewer: &Onlooker, dice: &mut Dice) -> Option<OperationId> {
    let follower = viewer.follower().unwrap();
    let session = *dice.one_of(&lab.sessions());
    let command = Command::Export {
        session,
        layout: ExportLayout::Csv,
        destination: format!("{}.csv", viewer.name),
        selection: Selection::default(),
    };
    let operation = match follower.command(CommandId::new(), command).await {
        Ok(Outcome::Accepted { operation }) => operation,
        // Eight files are kept for all who steer this lab.
        Err(refusal) if refusal.code == "too_many_exports" => return None,
        other => panic!("{}: {other:?}", viewer.name),
    };
    let told = within(async {
        loop {
            if let Some(told) = viewer.heard(|heard| told(heard, operation)) {
                return told;
            }
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    match told {
        Ok(ready) => {
            let mut file = Vec::new();
            let bytes = follower.fetch(&ready, &mut file).await.unwrap();
            assert_eq!(bytes, file.len() as u64);
            assert_eq!(session, lab.experiment(), "{}", viewer.name);
            let lines = String::from_utf8(file).unwrap().lines().count();
            assert_eq!(lines, 1 + 2 * FILES as usize, "a heading and a line for each frequency");
            if dice.percent(80) {
                let cancel = Command::Cancel { operation };
                follower.command(CommandId::new(), cancel).await.unwrap();
            }
        }
        Err(refusal) => {
            assert_eq!(refusal.code, "nothing_to_export");
            assert!(
                session != lab.experiment() && refusal.message.contains(&lab.name),
                "{refusal:?}"
            );
        }
    }
    Some(operation)
}

/// What a viewer was told in the end of an operation of its own.
fn told(heard: &Heard, of: OperationId) -> Option<Result<News, Refusal>> {
    let ready = |news: &&News| matches!(news, News::Ready { operation, .. } if *operation == of);
    let failed = |event: &LiveEvent| match event {
        LiveEvent::Progress {
            operation,
            outcome: Some(OperationOutcome::Failed { refusal }),
            ..
        } if *operation == of => Some(refusal.clone()),
        _ => None,
    };
    let refusal = heard.progress.iter().find_map(failed);
    heard.ready.iter().find(ready).cloned().map(Ok).or(refusal.map(Err))
}
