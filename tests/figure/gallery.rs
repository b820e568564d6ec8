//! Draws every kind of figure into a folder, to be looked at.

#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    reason = "the samples are those of the tests"
)]

mod samples;

use figure::Layout;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    for (name, width_mm, figure) in samples::all() {
        let layout = Layout {
            width_mm,
            ..Layout::default()
        };
        let drawn = figure::draw(&figure, &layout)?;
        std::fs::write(folder.join(format!("{name}.svg")), drawn.svg())?;
        std::fs::write(folder.join(format!("{name}.pdf")), drawn.pdf()?)?;
        std::fs::write(folder.join(format!("{name}.png")), drawn.png(300)?)?;
    }
    Ok(())
}
