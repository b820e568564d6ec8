//! Pictures of the display as a person sees it.
//!
//! WebDriver's own screenshots wait for the page's next frame, which `WebKitGTK` never draws for a page at rest where it draws
//! without graphics memory.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};

/// Keeps a picture of the whole display as test output.
pub fn keep_picture(name: &str) {
    let (width, height, pixels) = picture();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-output/desktop");
    std::fs::create_dir_all(&folder).unwrap();
    let file = BufWriter::new(File::create(folder.join(format!("{name}.png"))).unwrap());
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
}

/// Width, height, and red, green, blue of every pixel.
fn picture() -> (u32, u32, Vec<u8>) {
    let (display, screen) = x11rb::connect(None).unwrap();
    let screen = &display.setup().roots[screen];
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
    let image = display
        .get_image(ImageFormat::Z_PIXMAP, screen.root, 0, 0, width, height, u32::MAX)
        .unwrap()
        .reply()
        .unwrap();
    // 24-bit displays keep blue, green, red and an unused byte.
    assert_eq!(
        image.data.len(),
        usize::from(width) * usize::from(height) * 4,
        "depth {}",
        image.depth
    );
    let pixels = image
        .data
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
        .collect();
    (u32::from(width), u32::from(height), pixels)
}
