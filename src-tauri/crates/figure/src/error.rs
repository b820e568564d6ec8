//! Why there is no figure.

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FigureError {
    /// There is no number to draw.
    #[error("there is nothing to draw: {0}")]
    Empty(String),
    /// The width is not one that a page has.
    #[error("a figure is {narrowest} to {widest} mm wide, not {0}", narrowest = crate::NARROWEST_MM, widest = crate::WIDEST_MM)]
    Width(f64),
    /// The resolution is not one that a picture has.
    #[error("a picture has {lowest} to {highest} dpi, not {0}", lowest = crate::LOWEST_DPI, highest = crate::HIGHEST_DPI)]
    Dpi(u32),
    /// The picture would not fit into memory.
    #[error("a picture of {0} × {1} pixels is too large")]
    TooManyPixels(u32, u32),
    /// The drawing library refused.
    #[error("the figure could not be drawn: {0}")]
    Drawing(String),
}
