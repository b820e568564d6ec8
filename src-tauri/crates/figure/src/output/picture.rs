//! PNG: pixels of the drawing on white, with the resolution written into the file.

use resvg::{tiny_skia, usvg};

use crate::error::FigureError;

pub(super) fn png(tree: &usvg::Tree, wide: u32, high: u32, dpi: u32) -> Result<Vec<u8>, FigureError> {
    let refused = |what: &dyn std::fmt::Display| FigureError::Drawing(what.to_string());
    let mut pixels = tiny_skia::Pixmap::new(wide, high).ok_or(FigureError::TooManyPixels(wide, high))?;
    pixels.fill(tiny_skia::Color::WHITE);
    let size = tree.size();
    let scale = tiny_skia::Transform::from_scale(wide as f32 / size.width(), high as f32 / size.height());
    resvg::render(tree, scale, &mut pixels.as_mut());
    // On white everything is opaque: three channels say it all. They move within the same memory, so that there is never a second picture.
    let mut rgb = pixels.take();
    let count = rgb.len() / 4;
    for k in 0..count {
        rgb.copy_within(4 * k..4 * k + 3, 3 * k);
    }
    rgb.truncate(3 * count);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, wide, high);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(|e| refused(&e))?;
    writer.write_image_data(&rgb).map_err(|e| refused(&e))?;
    writer.finish().map_err(|e| refused(&e))?;
    Ok(bytes)
}
