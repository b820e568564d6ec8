//! What a drawn figure becomes: SVG, PDF, PNG.

mod font_subset;
mod page;
mod picture;

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::BASE64;
use resvg::usvg;

use crate::canvas::UNITS_PER_MM;
use crate::error::FigureError;
use crate::font::FONT;
use crate::{HIGHEST_DPI, LOWEST_DPI};

/// Width times height: more would need more than 160 MB for the pixels, beside the compressed file.
const MOST_PIXELS: u64 = 40_000_000;

/// A figure that is drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Everything inside of the `svg` element.
    body: String,
    style: String,
    width_mm: f64,
    height_mm: f64,
}

impl Drawn {
    /// From what plotters wrote: its first element is replaced by one that knows the size on paper and the fonts.
    pub(crate) fn new(svg: &str, used: &BTreeSet<char>, width_mm: f64, height_mm: f64) -> Self {
        let body = svg
            .split_once('>')
            .and_then(|(_, rest)| rest.rsplit_once("</svg>"))
            .map_or("", |(body, _)| body);
        // Opacity of an element asks for a group of its own in a PDF; that of its only stroke or fill does not.
        let body = body
            .replace(" opacity=\"1\"", "")
            .replace(
                "<polyline fill=\"none\" opacity=",
                "<polyline fill=\"none\" stroke-opacity=",
            )
            // Quotation marks inside of a text are escaped, so that no label is touched.
            .replace(" opacity=\"", " fill-opacity=\"");
        let style = font_subset::subset(FONT, used).map_or_else(String::new, |font| {
            let data = BASE64.encode(&font);
            format!("@font-face{{font-family:Arial;src:url(data:font/ttf;base64,{data})}}")
        });
        Self {
            body,
            style,
            width_mm,
            height_mm,
        }
    }

    /// Width on paper, mm.
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// Height on paper, mm.
    pub fn height_mm(&self) -> f64 {
        self.height_mm
    }

    /// The figure as SVG: texts stay texts, with the characters of the font embedded.
    pub fn svg(&self) -> String {
        self.document(&format!("<style>{}</style>\n", self.style))
    }

    fn document(&self, style: &str) -> String {
        let (wide, high) = (self.width_mm, self.height_mm);
        let (w, h) = ((wide * UNITS_PER_MM) as u32, (high * UNITS_PER_MM) as u32);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.2}mm\" height=\"{high:.2}mm\" \
             viewBox=\"0 0 {w} {h}\" stroke-linejoin=\"round\" text-rendering=\"geometricPrecision\">\n{style}\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#FFFFFF\"/>{}</svg>\n",
            self.body
        )
    }

    /// The figure as PDF, with its font embedded and its texts to be selected.
    ///
    /// # Errors
    /// [`FigureError::Drawing`] if the drawing cannot be turned into a page.
    pub fn pdf(&self) -> Result<Vec<u8>, FigureError> {
        // usvg counts 96 units to the inch.
        let page = svg2pdf::PageOptions { dpi: 96.0 };
        let options = svg2pdf::ConversionOptions::default();
        let pdf = svg2pdf::to_pdf(&self.tree()?, options, page).map_err(|e| FigureError::Drawing(e.to_string()))?;
        Ok(page::in_order(&pdf))
    }

    /// Width and height in pixels at a resolution.
    pub fn pixels(&self, dpi: u32) -> (u32, u32) {
        let pixels = |mm: f64| ((mm / 25.4 * f64::from(dpi)).round() as u32).max(1);
        (pixels(self.width_mm), pixels(self.height_mm))
    }

    /// The figure as PNG that knows its resolution.
    ///
    /// # Errors
    /// [`FigureError::Dpi`], [`FigureError::TooManyPixels`], [`FigureError::Drawing`].
    pub fn png(&self, dpi: u32) -> Result<Vec<u8>, FigureError> {
        if !(LOWEST_DPI..=HIGHEST_DPI).contains(&dpi) {
            return Err(FigureError::Dpi(dpi));
        }
        let (wide, high) = self.pixels(dpi);
        if u64::from(wide) * u64::from(high) > MOST_PIXELS {
            return Err(FigureError::TooManyPixels(wide, high));
        }
        picture::png(&self.tree()?, wide, high, dpi)
    }

    fn tree(&self) -> Result<usvg::Tree, FigureError> {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(FONT)));
        fonts.set_sans_serif_family("Liberation Sans");
        let options = usvg::Options {
            fontdb: Arc::new(fonts),
            ..usvg::Options::default()
        };
        usvg::Tree::from_str(&self.document(""), &options).map_err(|e| FigureError::Drawing(e.to_string()))
    }
}
