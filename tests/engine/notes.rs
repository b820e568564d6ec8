//! Notes: written, changed, found, counted, deleted, told of, and taken along in exports.

use agent::Subscription;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, MeasurementId, NoteId, SessionId};
use protocol::note::{Author, FoundNote, Note, NoteDraft, NoteFilter, NoteLink, NoteStatistics, TextRange};
use protocol::query::{Answer, Query};
use protocol::record::{Event, LiveEvent};

use crate::archives::archived;
use crate::bench::{Bench, next};
use crate::steering::imported;

fn draft(text: &str, topics: &[&str], link: Option<NoteLink>) -> NoteDraft {
    NoteDraft {
        id: NoteId::new(),
        text: text.to_owned(),
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        link,
    }
}

async fn put(bench: &Bench, note: NoteDraft) -> NoteId {
    let id = note.id;
    let command = Command::PutNote { note, seen_revision: 0 };
    assert_eq!(bench.command(command).await.unwrap(), Outcome::Done);
    id
}

async fn refused(bench: &Bench, command: Command) -> String {
    bench.command(command).await.unwrap_err().code
}

fn matching(search: &str) -> NoteFilter {
    NoteFilter {
        search: search.to_owned(),
        ..NoteFilter::default()
    }
}

fn about(topic: &str) -> NoteFilter {
    NoteFilter {
        topic: Some(topic.to_owned()),
        ..NoteFilter::default()
    }
}

async fn found(bench: &Bench, filter: NoteFilter) -> Vec<FoundNote> {
    let query = Query::Notes {
        filter,
        offset: 0,
        limit: 100,
    };
    match bench.engine.query(query).await.unwrap() {
        Answer::Notes { notes, total } => {
            assert_eq!(total as usize, notes.len());
            notes
        }
        other => panic!("not notes: {other:?}"),
    }
}

async fn all(bench: &Bench) -> Vec<Note> {
    let found = found(bench, NoteFilter::default()).await;
    found.into_iter().map(|found| found.note).collect()
}

async fn texts(bench: &Bench, filter: NoteFilter) -> Vec<String> {
    let found = found(bench, filter).await;
    found.into_iter().map(|found| found.note.text).collect()
}

async fn topics(bench: &Bench) -> Vec<(String, u64)> {
    let filter = NoteFilter::default();
    match bench.engine.query(Query::NoteTopics { filter }).await.unwrap() {
        Answer::NoteTopics { topics } => topics.into_iter().map(|topic| (topic.topic, topic.notes)).collect(),
        other => panic!("no topics: {other:?}"),
    }
}

async fn statistics(bench: &Bench, filter: NoteFilter) -> NoteStatistics {
    let query = Query::NoteStatistics {
        filter,
        utc_offset_min: 60,
    };
    match bench.engine.query(query).await.unwrap() {
        Answer::NoteStatistics { statistics } => *statistics,
        other => panic!("no statistics: {other:?}"),
    }
}

/// The version behind a known one that is told of next; the newest may be told again to whoever has just come.
async fn told(subscription: &mut Subscription, known: u64) -> u64 {
    loop {
        for event in next(subscription).await {
            if let Event::Live(LiveEvent::NotesChanged { version }) = event
                && version > known
            {
                return version;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_changed_and_deleted_and_each_is_told() {
    let mut bench = Bench::new().await;
    let mut subscription = bench.engine.subscribe().unwrap();
    let mut note = draft("  Buffer A,\r\nfresh \n\n", &["Buffer", "buffer"], None);
    put(&bench, note.clone()).await;
    let first = told(&mut subscription, 0).await;
    let [written] = &all(&bench).await[..] else {
        panic!("not one note")
    };
    assert_eq!((written.text.as_str(), written.revision), ("  Buffer A,\nfresh", 1));
    assert_eq!(written.topics, ["Buffer"]);
    assert_eq!(
        (&written.link, &written.place, &written.former_session),
        (&None, &None, &None)
    );
    assert_eq!(
        (written.created_by, &written.created_at),
        (Author::Here, &written.changed_at)
    );

    note.text = "Buffer B".to_owned();
    let change = |seen_revision| Command::PutNote {
        note: note.clone(),
        seen_revision,
    };
    assert_eq!(refused(&bench, change(0)).await, "note_exists");
    assert_eq!(refused(&bench, change(2)).await, "note_changed_meanwhile");
    bench
        .engine
        .command_by(CommandId::new(), Author::Afar, change(1))
        .await
        .unwrap();
    told(&mut subscription, first).await;
    bench.restart().await;
    let [changed] = &all(&bench).await[..] else {
        panic!("not one note")
    };
    assert_eq!((changed.text.as_str(), changed.revision), ("Buffer B", 2));
    assert_eq!((changed.created_by, changed.changed_by), (Author::Here, Author::Afar));
    assert_eq!(changed.created_at, written.created_at);

    let delete = Command::DeleteNote { note: changed.id };
    bench.command(delete.clone()).await.unwrap();
    assert_eq!(refused(&bench, delete).await, "no_such_note");
    assert_eq!(refused(&bench, change(2)).await, "no_such_note");
    assert_eq!((all(&bench).await.len(), topics(&bench).await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_writes_one_note() {
    let bench = Bench::new().await;
    let (id, note) = (CommandId::new(), draft("once", &[], None));
    for _ in 0..2 {
        let command = Command::PutNote {
            note: note.clone(),
            seen_revision: 0,
        };
        assert_eq!(bench.engine.command(id, command).await.unwrap(), Outcome::Done);
    }
    assert_eq!(texts(&bench, NoteFilter::default()).await, ["once"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_notes_come_all_or_none_and_in_their_order() {
    let bench = Bench::new().await;
    let known = put(&bench, draft("before", &[], None)).await;
    let mut notes = vec![
        draft("first", &["Day 1"], None),
        draft("second", &["day 1"], None),
        draft("third", &[], None),
    ];
    bench.command(Command::AddNotes { notes: notes.clone() }).await.unwrap();
    assert_eq!(
        texts(&bench, NoteFilter::default()).await,
        ["first", "second", "third", "before"]
    );
    // The last of them has an id that is taken.
    for note in &mut notes {
        note.id = NoteId::new();
    }
    notes[2].id = known;
    assert_eq!(
        refused(&bench, Command::AddNotes { notes: notes.clone() }).await,
        "note_exists"
    );
    notes[2] = draft("", &[], None);
    assert_eq!(refused(&bench, Command::AddNotes { notes }).await, "note_empty");
    assert_eq!(all(&bench).await.len(), 4);
    // Of topics that differ in case only, the spelling that is there counts.
    assert_eq!(topics(&bench).await, [("day 1".to_owned(), 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_note_is_about_must_be_there_and_is_told_with_its_place() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 3).await;
    let measurements = bench.results(session).await;
    let point = &measurements[3];
    let measurement = point.measurement.unwrap();
    let link = NoteLink::Point { session, measurement };
    put(&bench, draft("odd", &[], Some(link))).await;
    put(
        &bench,
        draft("bubble", &[], Some(NoteLink::Sweep { session, index: 2 })),
    )
    .await;
    put(&bench, draft("chip 12", &[], Some(NoteLink::Session { session }))).await;
    put(&bench, draft("of nothing", &[], None)).await;
    let of_session = NoteFilter {
        session: Some(session),
        ..NoteFilter::default()
    };
    let notes = found(&bench, of_session).await;
    let places: Vec<_> = notes.iter().map(|found| found.note.place.clone().unwrap()).collect();
    let name = bench.detail(session).await.summary.name;
    assert!(places.iter().all(|place| place.session_name == name));
    assert_eq!((places[0].index, places[0].electrode), (None, None));
    assert_eq!((places[1].index, places[1].electrode), (Some(2), None));
    assert_eq!((places[2].index, places[2].electrode), (point.index, point.electrode));
    assert_eq!(
        (places[2].frequency_hz, places[2].file.as_ref()),
        (point.frequency_hz, Some(&point.file))
    );
    assert_eq!(notes[2].note.link, Some(link));
    let only_of_sessions = NoteFilter {
        of_sessions_only: true,
        ..NoteFilter::default()
    };
    assert_eq!(texts(&bench, only_of_sessions).await, ["chip 12", "bubble", "odd"]);

    let put = |link| Command::PutNote {
        note: draft("x", &[], Some(link)),
        seen_revision: 0,
    };
    let nowhere = SessionId::new();
    assert_eq!(
        refused(&bench, put(NoteLink::Session { session: nowhere })).await,
        "no_such_session"
    );
    let measurement = MeasurementId(i64::MAX);
    assert_eq!(
        refused(&bench, put(NoteLink::Point { session, measurement })).await,
        "no_such_measurement"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_outlives_its_session_and_knows_its_name() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 2).await;
    let name = bench.detail(session).await.summary.name;
    put(
        &bench,
        draft("chip 12", &["Chips"], Some(NoteLink::Sweep { session, index: 1 })),
    )
    .await;
    let mut subscription = bench.engine.subscribe().unwrap();
    let before = told(&mut subscription, 0).await;
    bench.command(Command::DeleteSession { session }).await.unwrap();
    told(&mut subscription, before).await;
    let [note] = &all(&bench).await[..] else {
        panic!("not one note")
    };
    assert_eq!(
        (&note.link, &note.place, note.former_session.as_ref()),
        (&None, &None, Some(&name))
    );
    assert_eq!(texts(&bench, matching("chip")).await, ["chip 12"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_as_people_type_them_and_where_they_stand() {
    let bench = Bench::new().await;
    put(
        &bench,
        draft(
            "Köhler's buffer, 10 µM ATP 🧪 in the buffered cell",
            &["Réglages"],
            None,
        ),
    )
    .await;
    put(
        &bench,
        draft("wash; drop table notes -- \"AND\" OR NOT *", &["Wash"], None),
    )
    .await;
    for (typed, expected) in [
        ("buff", 1),
        ("kohler BUFFER", 1),
        ("atp 10", 1),
        ("\"10 µM\"", 1),
        ("\"µM 10\"", 0),
        ("reglages", 1),
        ("buffer -cell", 0),
        ("-cell", 1),
        ("-\"10 µM\" wash", 1),
        ("uffer", 0),
        ("AND", 1),
        ("\"", 0),
        ("text:wash", 0),
        ("a* OR (", 1),
        ("°", 0),
        ("", 2),
        ("  ", 2),
    ] {
        assert_eq!(found(&bench, matching(typed)).await.len(), expected, "{typed}");
    }
    let [note] = &found(&bench, matching("buffer \"10 µm\"")).await[..] else {
        panic!("not found")
    };
    let stretch = |range: &TextRange| -> String {
        let length = (range.to - range.from) as usize;
        note.note.text.chars().skip(range.from as usize).take(length).collect()
    };
    let stretches: Vec<String> = note.matches.iter().map(stretch).collect();
    assert_eq!(stretches, ["buffer", "10 µM", "buffered"]);
    let long = Query::Notes {
        filter: matching(&"x".repeat(201)),
        offset: 0,
        limit: 1,
    };
    assert_eq!(bench.engine.query(long).await.unwrap_err().code, "search_too_long");
    // What was changed is found by its new words only.
    let mut changed = draft("rinse", &[], None);
    changed.id = all(&bench).await[0].id;
    let command = Command::PutNote {
        note: changed,
        seen_revision: 1,
    };
    bench.command(command).await.unwrap();
    assert_eq!(texts(&bench, matching("wash")).await, [""; 0]);
    assert_eq!(texts(&bench, matching("rins")).await, ["rinse"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_come_in_pages_the_newest_first() {
    let bench = Bench::new().await;
    let notes = (0..7).map(|k| draft(&format!("note {k}"), &[], None)).collect();
    bench.command(Command::AddNotes { notes }).await.unwrap();
    let mut seen = Vec::new();
    for offset in [0, 3, 6, 9] {
        let query = Query::Notes {
            filter: NoteFilter::default(),
            offset,
            limit: 3,
        };
        let Answer::Notes { notes, total } = bench.engine.query(query).await.unwrap() else {
            panic!("not notes")
        };
        assert_eq!(total, 7);
        seen.extend(notes.into_iter().map(|found| found.note.text));
    }
    let expected: Vec<String> = (0..7).map(|k| format!("note {k}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_of_a_topic_and_all_notes_go_if_they_are_those_that_were_seen() {
    let bench = Bench::new().await;
    put(&bench, draft("a", &["Buffer", "Chip"], None)).await;
    put(&bench, draft("b", &["buffer"], None)).await;
    put(&bench, draft("c", &["Chip"], None)).await;
    put(&bench, draft("d", &[], None)).await;
    assert_eq!(texts(&bench, about("BUFFER")).await, ["b", "a"]);
    assert_eq!(texts(&bench, about("")).await, ["d"]);
    let of_topic = |seen| Command::DeleteNotesOfTopic {
        topic: "buffer ".to_owned(),
        seen,
    };
    assert_eq!(refused(&bench, of_topic(1)).await, "notes_changed_meanwhile");
    bench.command(of_topic(2)).await.unwrap();
    assert_eq!(texts(&bench, NoteFilter::default()).await, ["d", "c"]);
    assert_eq!(topics(&bench).await, [("Chip".to_owned(), 1)]);
    assert_eq!(
        refused(&bench, Command::ClearNotes { seen: 3 }).await,
        "notes_changed_meanwhile"
    );
    bench.command(Command::ClearNotes { seen: 2 }).await.unwrap();
    assert_eq!(all(&bench).await, []);
    assert_eq!(texts(&bench, matching("c")).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_counted() {
    let bench = Bench::new().await;
    assert_eq!(statistics(&bench, NoteFilter::default()).await.newest_at, None);
    let session = imported(&bench, 1, 1).await;
    put(
        &bench,
        draft("two words", &["A", "B"], Some(NoteLink::Session { session })),
    )
    .await;
    put(&bench, draft("three words here", &["b"], None)).await;
    put(&bench, draft("one", &[], None)).await;
    let numbers = statistics(&bench, NoteFilter::default()).await;
    assert_eq!((numbers.notes, numbers.words, numbers.of_sessions), (3, 6, 1));
    assert_eq!((numbers.without_topic, numbers.changed), (1, 0));
    let topics: Vec<_> = numbers.topics.iter().map(|t| (t.notes, t.words)).collect();
    assert_eq!(topics, [(2, 5), (1, 2)]);
    assert_eq!(numbers.days.iter().map(|day| day.notes).sum::<u64>(), 3);
    assert_eq!(numbers.weeks.iter().map(|week| week.notes).sum::<u64>(), 3);
    assert!(numbers.oldest_at <= numbers.newest_at && numbers.newest_at.is_some());
    let filter = NoteFilter {
        session: Some(session),
        ..NoteFilter::default()
    };
    assert_eq!(statistics(&bench, filter).await.notes, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_come_back_from_an_archive_with_what_they_are_about() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 3).await;
    let measurements = bench.results(session).await;
    let point = &measurements[4];
    let measurement = point.measurement.unwrap();
    put(
        &bench,
        draft("odd", &["Noise"], Some(NoteLink::Point { session, measurement })),
    )
    .await;
    put(
        &bench,
        draft("bubble", &[], Some(NoteLink::Sweep { session, index: 2 })),
    )
    .await;
    put(&bench, draft("not of it", &[], None)).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.zip");
    archived(&bench, session, &path).await;
    let before = all(&bench).await;

    let other = Bench::new().await;
    let open = Command::OpenArchive {
        path: path.to_string_lossy().into_owned(),
        name: "Again".to_owned(),
    };
    let Outcome::Started { session: opened } = other.command(open.clone()).await.unwrap() else {
        panic!("not opened")
    };
    let notes = all(&other).await;
    let said: Vec<_> = notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(said, ["bubble", "odd"]);
    let odd = &notes[1];
    assert_eq!((&odd.topics, odd.created_by), (&vec!["Noise".to_owned()], Author::Here));
    assert_eq!(odd.created_at, before[2].created_at);
    let Some(NoteLink::Point {
        session: of,
        measurement,
    }) = odd.link
    else {
        panic!("not about a point: {odd:?}")
    };
    let its = other
        .results(opened)
        .await
        .into_iter()
        .find(|m| m.measurement == Some(measurement));
    let its = its.unwrap();
    assert_eq!(
        (of, its.electrode, its.index, its.file),
        (opened, point.electrode, point.index, point.file.clone())
    );
    assert_eq!(
        notes[0].link,
        Some(NoteLink::Sweep {
            session: opened,
            index: 2
        })
    );
    // Opened where the first notes still are, it brings its own.
    bench.command(open).await.unwrap();
    assert_eq!(all(&bench).await.len(), 5);
}
