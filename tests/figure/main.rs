//! Figures as files: what stands in the SVG, the size of the PNG, the font of the PDF.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests say what must hold"
)]

mod drawing;
mod files;
mod samples;
