//! Writing an archive.

use std::io::{Seek, Write};

use data_encoding::HEXLOWER;
use protocol::command::Selection;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::manifest::{ArchivedFile, Manifest};
use super::{CHECKSUMS, FORMAT, MANIFEST, MEASUREMENTS, RAW, README, SETTINGS, VERSION};
use crate::export::{CITATION, ExportError, Exporting, Written, write_jsonl};

/// Raw files read from the store at a time: at most so many, and about so many bytes.
const FILES: usize = 256;
const BYTES: u64 = 16 * 1024 * 1024;

/// The zip with the checksums of what was put into it.
struct Parts<W: Write + Seek> {
    zip: ZipWriter<W>,
    checksums: String,
}

impl<W: Write + Seek> Parts<W> {
    fn add(&mut self, name: &str, content: &[u8]) -> Result<String, Written> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(content.len() as u64 >= u64::from(u32::MAX));
        self.zip.start_file(name, options)?;
        self.zip.write_all(content)?;
        let sum = HEXLOWER.encode(&Sha256::digest(content));
        self.checksums.extend([sum.as_str(), "  ", name, "\n"]);
        Ok(sum)
    }
}

/// Writes the whole session, whatever is selected: a part of one could not be measured anew. Returns its measurements.
pub fn write(mut exporting: Exporting<'_>, to: impl Write + Seek) -> Result<u64, ExportError> {
    let mut parts = Parts {
        zip: ZipWriter::new(to),
        checksums: String::new(),
    };
    let (store, row) = (exporting.store, exporting.row.row);
    let mut measurements = Vec::new();
    let written = exporting.pages_of(&Selection::default(), |page| Ok(write_jsonl(&mut measurements, &page)?))?;
    parts.add(MEASUREMENTS, &measurements)?;
    drop(measurements);

    let mut sums = std::collections::HashMap::new();
    let mut after = 0;
    loop {
        exporting.check()?;
        let kept = store.kept_files(row, after, FILES, BYTES)?;
        let Some(last) = kept.last() else { break };
        after = last.row;
        for file in kept {
            let sum = parts.add(&format!("{RAW}{}", file.name), &file.content)?;
            sums.insert(file.name, sum);
        }
    }
    let files = store.files(row)?.into_iter().map(|file| ArchivedFile {
        sha256: sums.get(&file.entry.file).cloned(),
        modified_ns: file.modified_ns,
        electrode: file.electrode,
        entry: file.entry,
    });
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        written_by: format!("SACMES {}", env!("CARGO_PKG_VERSION")),
        written_at: crate::clock::now(),
        citation: CITATION.to_owned(),
        session: exporting.row.summary.clone(),
        source: exporting.row.source.clone(),
        revisions: exporting.revisions.clone(),
        markers: store.markers(row)?,
        notes: store.notes_of(exporting.row.summary.session)?,
        marks: store.marks(exporting.row.summary.session)?,
        files: files.collect(),
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Written::File(e.into()))?;
    parts.add(MANIFEST, &text)?;
    parts.add(SETTINGS, exporting.settings.to_toml().as_bytes())?;
    parts.add(README, readme(&manifest).as_bytes())?;
    let sums = std::mem::take(&mut parts.checksums);
    parts.add(CHECKSUMS, sums.as_bytes())?;
    parts.zip.finish().map_err(Written::from)?;
    Ok(written)
}

fn readme(manifest: &Manifest) -> String {
    format!(
        "Session \"{}\", archived by {} at {}.\n\n\
         {RAW}             the instrument's files, byte for byte\n\
         {MANIFEST}     session, files, markers, points marked by hand, notes, all settings revisions\n\
         {SETTINGS}    the newest settings\n\
         {MEASUREMENTS}  one measurement a line; SI base units (V, A, s, Hz, C)\n\
         {CHECKSUMS}       SHA-256 of every part; check with: sha256sum -c {CHECKSUMS}\n\n\
         Open it again: sacmes open FILE\n\nPlease cite: {}\n",
        manifest.session.name, manifest.written_by, manifest.written_at, manifest.citation
    )
}
