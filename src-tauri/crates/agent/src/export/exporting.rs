//! An export that goes on.

use std::sync::atomic::{AtomicBool, Ordering};

use protocol::command::{ExportLayout, Selection};
use protocol::ids::SessionId;
use protocol::measurement::Measurement;
use protocol::session::SettingsRevision;
use protocol::settings::Settings;

use super::{ExportError, Written, is_selected, refuse_layout, tidy};
use crate::store::{SessionRow, Store, StoreError};

/// Measurements read from the store at a time.
pub const PAGE: u32 = 2_000;

/// A session, what of it is exported, and how its exporter is told to stop and tells how far it is.
pub(crate) struct Exporting<'a> {
    pub store: &'a Store,
    pub row: SessionRow,
    pub revisions: Vec<SettingsRevision>,
    pub settings: Settings,
    pub selection: &'a Selection,
    cancelled: &'a AtomicBool,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl<'a> Exporting<'a> {
    /// Begins it.
    ///
    /// # Errors
    /// There is no such session, its technique has no such layout, or the store cannot be read.
    pub fn begin(
        store: &'a Store,
        session: SessionId,
        layout: ExportLayout,
        selection: &'a Selection,
        cancelled: &'a AtomicBool,
        progress: &'a mut dyn FnMut(u64, u64),
    ) -> Result<Self, ExportError> {
        let row = store.session(session)?;
        let revisions = store.revisions(row.row)?;
        let settings = revisions.last().map(|r| r.settings.clone()).unwrap_or_default();
        refuse_layout(layout, &settings)?;
        Ok(Self {
            store,
            row,
            revisions,
            settings,
            selection,
            cancelled,
            progress,
        })
    }

    /// Ends the export where somebody stopped it.
    pub fn check(&self) -> Result<(), ExportError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
        Ok(())
    }

    /// The column that says what is marked by hand, where something is.
    pub fn marked_column(&self) -> Result<Option<&'static str>, StoreError> {
        let marks = self.store.marks(self.row.summary.session)?;
        Ok((!marks.is_empty()).then_some(tidy::MARKED_COLUMN))
    }

    /// Hands over the selected measurements in record order, page by page, and counts them.
    pub fn pages(&mut self, take: impl FnMut(Vec<Measurement>) -> Result<(), Written>) -> Result<u64, ExportError> {
        self.pages_of(self.selection, take)
    }

    /// The same of another selection.
    pub fn pages_of(
        &mut self,
        selection: &Selection,
        mut take: impl FnMut(Vec<Measurement>) -> Result<(), Written>,
    ) -> Result<u64, ExportError> {
        let total = self.row.summary.measurements;
        let (mut after, mut seen, mut written) = (0, 0, 0_u64);
        loop {
            self.check()?;
            let page = self.store.results(self.row.summary.session, after, PAGE)?;
            let Some(last) = page.last().and_then(|m| m.measurement) else {
                break;
            };
            after = last.0;
            seen += page.len() as u64;
            let chosen: Vec<Measurement> = page.into_iter().filter(|m| is_selected(selection, m)).collect();
            written += chosen.len() as u64;
            take(chosen)?;
            (self.progress)(seen, total.max(seen));
        }
        if written == 0 {
            return Err(ExportError::Nothing(self.row.summary.name.clone()));
        }
        Ok(written)
    }

    /// All selected measurements, for the layouts that need them together.
    pub fn all(&mut self) -> Result<Vec<Measurement>, ExportError> {
        let mut all = Vec::new();
        self.pages(|page| {
            all.extend(page);
            Ok(())
        })?;
        Ok(all)
    }
}
