//! Figures as files: what stands in the SVG, the size of the PNG, the font of the PDF.

mod drawing;
mod files;
mod samples;
