//! Figures: a session's numbers gathered from the store and drawn by the crate `figure`.

mod ca;
mod calibration;
mod cv;
mod maps;
mod series;
mod sweeps;
mod trends;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use figure::{Drawn, Figure, FigureError, Layout};
use protocol::command::Selection;
use protocol::figure::{FigureFormat, FigureKind, FigureRequest};
use protocol::ids::SessionId;
use protocol::refusal::Refusal;
use protocol::settings::Settings;

use super::{AtomicFile, ExportError, Written, refuse_instrument_folder};
use crate::querying;
use crate::store::{SeriesRow, SessionRow, Store};

/// A session of which a figure is made.
struct Gathering<'a> {
    store: &'a Store,
    row: SessionRow,
    settings: Settings,
    request: &'a FigureRequest,
    cancelled: &'a AtomicBool,
}

impl<'a> Gathering<'a> {
    fn begin(
        store: &'a Store,
        session: SessionId,
        request: &'a FigureRequest,
        cancelled: &'a AtomicBool,
    ) -> Result<Self, ExportError> {
        refuse_long_title(&request.title)?;
        Ok(Self {
            store,
            row: store.session(session)?,
            settings: querying::current_settings(store, session)?,
            request,
            cancelled,
        })
    }

    /// The bytes of what was gathered, in the form asked for.
    fn draw(&self, figure: &Figure) -> Result<Vec<u8>, ExportError> {
        match drawn(figure, self.request) {
            Err(error @ FigureError::Empty(_)) => {
                let unindexed = unindexed(self)?.map(ExportError::from);
                Err(unindexed.unwrap_or_else(|| refusal(&error)))
            }
            drawn => drawn.map_err(|error| refusal(&error)),
        }
    }

    /// Ends the work where somebody stopped it.
    fn check(&self) -> Result<(), ExportError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
        Ok(())
    }

    /// The session's numbers in the selection, in record order, without duplicates of an index.
    /// `modified`: also when their files were modified.
    fn series(&self, modified: bool) -> Result<Vec<SeriesRow>, ExportError> {
        let mut rows = if modified {
            self.store.series_by_index(self.row.row, 0, u32::MAX, true)?
        } else {
            self.store.series(self.row.row, 0)?
        };
        rows.retain(|row| is_selected(&self.request.selection, row));
        self.check()?;
        Ok(rows)
    }

    fn nothing(&self) -> ExportError {
        ExportError::Nothing(self.row.summary.name.clone())
    }
}

/// Whether a row is in a selection and counts: of several peaks the one that trends follow is chosen by the caller.
fn is_selected(selection: &Selection, row: &SeriesRow) -> bool {
    let Selection {
        electrodes,
        frequencies_hz,
        first_index,
        last_index,
    } = selection;
    (electrodes.is_empty() || row.electrode.is_some_and(|e| electrodes.contains(&e)))
        && (frequencies_hz.is_empty() || row.frequency_hz.is_some_and(|f| frequencies_hz.contains(&f)))
        && (*first_index == 0 || row.index.is_some_and(|i| i >= *first_index))
        && (*last_index == 0 || row.index.is_some_and(|i| i <= *last_index))
        && row.reason.as_deref() != Some("duplicate_index")
}

/// A title is a line or a few of them, not a text.
const LONGEST_TITLE: usize = 200;

fn refuse_long_title(title: &str) -> Result<(), ExportError> {
    let length = title.trim().chars().count();
    if length > LONGEST_TITLE {
        return Err(Refusal::new(
            "title_too_long",
            format!("The title has {length} characters; a figure has room for {LONGEST_TITLE}."),
            "Shorten the title; the caption of the figure holds what is longer.",
        )
        .into());
    }
    Ok(())
}

/// A preview is shown beside its form; what is larger is for paper.
const LARGEST_PREVIEW: usize = 2 << 20;

/// The SVG of a figure, without writing it.
///
/// # Errors
/// [`ExportError`], as [`export`]; and `preview_too_large` where it is longer than 2 MiB.
pub fn preview(store: &Store, session: SessionId, mut request: FigureRequest) -> Result<String, ExportError> {
    request.format = FigureFormat::Svg;
    let never = AtomicBool::new(false);
    let gathering = Gathering::begin(store, session, &request, &never)?;
    let bytes = gathering.draw(&gather(&gathering)?)?;
    if bytes.len() > LARGEST_PREVIEW {
        return Err(Refusal::new(
            "preview_too_large",
            "The figure has too many points to be shown here.",
            "Export it all the same, or choose fewer electrodes, frequencies or files.",
        )
        .into());
    }
    // SVG is text by its making.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a figure of a session. `progress` hears of steps done and in all. The answer is the number of bytes.
///
/// # Errors
/// [`ExportError`]; then there is no file, and one that was there before is unchanged.
pub fn export(
    store: &Store,
    session: SessionId,
    request: &FigureRequest,
    destination: &Path,
    cancelled: &AtomicBool,
    mut progress: impl FnMut(u64, u64),
) -> Result<u64, ExportError> {
    refuse_instrument_folder(store, destination)?;
    let gathering = Gathering::begin(store, session, request, cancelled)?;
    progress(0, 3);
    let figure = gather(&gathering)?;
    progress(1, 3);
    gathering.check()?;
    let bytes = gathering.draw(&figure)?;
    progress(2, 3);
    gathering.check()?;
    let write = || -> Result<(), Written> {
        let mut file = AtomicFile::create(destination)?;
        file.write_all(&bytes)?;
        Ok(file.finish()?)
    };
    write().map_err(|error| ExportError::from(error).at(destination))?;
    progress(3, 3);
    Ok(bytes.len() as u64)
}

fn gather(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    match gathering.request.kind {
        FigureKind::Sweep => sweeps::figure(gathering),
        FigureKind::Trends => trends::figure(gathering),
        FigureKind::FrequencyMap => maps::map(gathering),
        FigureKind::Comparison => maps::comparison(gathering),
        FigureKind::Cv => cv::figure(gathering),
        FigureKind::Calibration => calibration::figure(gathering),
        FigureKind::Ca => ca::figure(gathering),
    }
}

/// Why a figure over the index has nothing to show, where it is for want of any index.
fn unindexed(gathering: &Gathering<'_>) -> Result<Option<Refusal>, ExportError> {
    let is_over_index = matches!(gathering.request.kind, FigureKind::Trends | FigureKind::Calibration);
    if !is_over_index || gathering.store.last_index(gathering.row.row)?.is_some() {
        return Ok(None);
    }
    Ok(querying::without_index(gathering.store, &gathering.row)?)
}

fn drawn(figure: &Figure, request: &FigureRequest) -> Result<Vec<u8>, FigureError> {
    let title = request.title.trim();
    let layout = Layout {
        width_mm: request.width_mm,
        title: (!title.is_empty()).then(|| title.to_owned()),
        reverse_potential: request.reverse_potential,
    };
    let drawn: Drawn = figure::draw(figure, &layout)?;
    match request.format {
        FigureFormat::Svg => Ok(drawn.svg().into_bytes()),
        FigureFormat::Pdf => drawn.pdf(),
        FigureFormat::Png => drawn.png(request.dpi),
    }
}

fn refusal(error: &FigureError) -> ExportError {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let sentence: String = first.chain(letters).chain(['.']).collect();
    let (code, hint) = match error {
        FigureError::Empty(_) => (
            "nothing_to_draw",
            "Choose other electrodes, frequencies, indices or another quantity.",
        ),
        FigureError::Width(_) => ("figure_width_invalid", "Choose another width."),
        FigureError::Dpi(_) => (
            "figure_dpi_invalid",
            "Choose another resolution; journals ask for 300 to 600 dpi.",
        ),
        FigureError::TooManyPixels(..) => (
            "figure_too_large",
            "Choose a lower resolution, or SVG or PDF, which have none.",
        ),
        FigureError::Drawing(_) => ("figure_not_drawn", "Try another form of file, and report this."),
    };
    ExportError::Refused(Refusal::new(code, sentence, hint))
}

/// How a line of an electrode is called.
fn electrode_label(electrode: Option<u32>) -> String {
    electrode.map_or_else(|| "Average".to_owned(), |number| format!("E{number}"))
}

fn frequency_label(frequency_hz: f64) -> String {
    format!("{frequency_hz} Hz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_is_a_text_is_refused() {
        assert!(refuse_long_title(&format!("  {}  ", "µ".repeat(200))).is_ok());
        let Err(ExportError::Refused(refusal)) = refuse_long_title(&"µ".repeat(201)) else {
            panic!("not refused");
        };
        assert_eq!(refusal.code, "title_too_long");
    }
}
