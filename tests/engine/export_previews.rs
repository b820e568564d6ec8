//! What an export would look like, before it is written.

use protocol::command::{Command, ExportLayout, Selection};
use protocol::figure::{FigureFormat, FigureRequest};
use protocol::query::{Answer, Query};
use protocol::record::OperationOutcome;

use crate::bench::Bench;
use crate::steering::{imported, outcome};

async fn beginning(bench: &Bench, query: Query) -> (String, bool) {
    let Answer::ExportPreview { beginning } = bench.engine.query(query).await.unwrap() else {
        panic!("another answer")
    };
    (beginning.text, beginning.is_whole)
}

async fn write(bench: &Bench, export: Command) {
    let mut subscription = bench.engine.subscribe().unwrap();
    bench.command(export).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
}

/// Reports of `SACMES_Web` say when they were written.
fn undated(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !line.starts_with("# Export Date:")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_the_beginning_of_the_file_in_every_layout_that_is_text() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 12).await;
    let out = tempfile::tempdir().unwrap();
    let selection = Selection {
        electrodes: vec![2],
        ..Selection::default()
    };
    for layout in [
        ExportLayout::Csv,
        ExportLayout::Jsonl,
        ExportLayout::Trends,
        ExportLayout::Sacmes,
        ExportLayout::SacmesWeb,
    ] {
        let query = Query::ExportPreview {
            session,
            layout,
            selection: selection.clone(),
        };
        let (text, is_whole) = beginning(&bench, query).await;
        let file = out.path().join(format!("{layout:?}"));
        let written = Command::Export {
            session,
            layout,
            destination: file.to_string_lossy().into_owned(),
            selection: selection.clone(),
        };
        write(&bench, written).await;
        let (text, written) = (undated(&text), undated(&std::fs::read_to_string(&file).unwrap()));
        assert!(written.starts_with(&text), "{layout:?}");
        assert!(text.lines().count() >= 11, "{layout:?}");
        assert_eq!(is_whole, text == written, "{layout:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_beginning_is_refused_with_a_way_out() {
    let bench = Bench::new().await;
    let session = imported(&bench, 1, 2).await;
    let ask = async |layout, first_index| {
        let selection = Selection {
            first_index,
            ..Selection::default()
        };
        let query = Query::ExportPreview {
            session,
            layout,
            selection,
        };
        bench.engine.query(query).await.unwrap_err()
    };
    for layout in [ExportLayout::Xlsx, ExportLayout::Archive] {
        assert_eq!(ask(layout, 0).await.code, "no_preview_of_layout");
    }
    assert_eq!(ask(ExportLayout::Csv, 1_000).await.code, "nothing_to_export");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_previewed_as_it_would_be_written() {
    let bench = Bench::new().await;
    let session = imported(&bench, 2, 6).await;
    let mut figure: FigureRequest =
        serde_json::from_str(r#"{"kind":"trends","format":"png","title":"Run 7"}"#).unwrap();
    let preview = async |figure: &FigureRequest| {
        let figure = Box::new(figure.clone());
        bench.engine.query(Query::FigurePreview { session, figure }).await
    };
    let Ok(Answer::FigurePreview { svg }) = preview(&figure).await else {
        panic!("no figure")
    };
    figure.format = FigureFormat::Svg;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("figure.svg");
    let written = Command::ExportFigure {
        session,
        destination: out.to_string_lossy().into_owned(),
        figure: Box::new(figure.clone()),
    };
    write(&bench, written).await;
    assert_eq!(svg, std::fs::read_to_string(&out).unwrap());
    assert!(svg.contains("Run 7"));
    figure.title = "x".repeat(201);
    assert_eq!(preview(&figure).await.unwrap_err().code, "title_too_long");
    figure.title.clear();
    figure.selection.electrodes = vec![9];
    assert_eq!(preview(&figure).await.unwrap_err().code, "nothing_to_draw");
}
