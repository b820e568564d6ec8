//! The three forms of a file.

use figure::Layout;

use crate::samples;

#[test]
fn a_png_has_the_pixels_and_the_resolution_that_were_asked_for() {
    let drawn = figure::draw(&samples::sweep(1e-6), &Layout::default()).unwrap();
    let bytes = drawn.png(150).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let info = reader.info();
    assert_eq!(info.width, (85.0_f64 / 25.4 * 150.0).round() as u32);
    assert_eq!((info.width, info.height), drawn.pixels(150));
    let dims = info.pixel_dims.unwrap();
    assert_eq!((dims.xppu, dims.yppu), (5906, 5906));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels[..3], [255, 255, 255], "the corner is paper");
    // The electrode's colour, #21689e, is there.
    assert!(pixels.chunks_exact(3).any(|p| p == [0x21, 0x68, 0x9e]));
    // So is text: the name of the upright axis is the darkest thing at the left edge.
    let wide = drawn.pixels(150).0 as usize;
    let ink = pixels
        .chunks_exact(3 * wide)
        .flat_map(|row| row.chunks_exact(3).take(30))
        .filter(|p| p[0] < 100)
        .count();
    assert!(ink > 50, "{ink}");
}

#[test]
fn a_png_that_would_not_fit_into_memory_is_refused_before_it_is_drawn() {
    let layout = Layout {
        width_mm: figure::WIDEST_MM,
        ..Layout::default()
    };
    let drawn = figure::draw(&samples::sweep(1e-6), &layout).unwrap();
    let (wide, high) = drawn.pixels(1200);
    assert_eq!(
        drawn.png(1200),
        Err(figure::FigureError::TooManyPixels(wide, high)),
        "{wide} × {high}"
    );
}

#[test]
fn a_pdf_has_the_width_of_the_column_and_an_embedded_font() {
    let drawn = figure::draw(&samples::trend(1, 50, true, &[]), &Layout::default()).unwrap();
    let pdf = drawn.pdf().unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&pdf);
    assert!(
        text.contains("LiberationSans") && text.contains("/FontFile2"),
        "no font"
    );
    // 85 mm are 240.945 pt.
    let (_, rest) = text.split_once("/MediaBox").unwrap();
    assert!(rest.trim_start().starts_with("[0 0 240.94"), "{}", &rest[..40]);
}

#[test]
fn the_svg_brings_the_characters_that_it_uses() {
    let drawn = figure::draw(&samples::calibration(true), &Layout::default()).unwrap();
    let svg = drawn.svg();
    let (_, rest) = svg.split_once("base64,").unwrap();
    let (data, _) = rest.split_once(')').unwrap();
    let font = data_encoding::BASE64.decode(data.as_bytes()).unwrap();
    let face = ttf_parser::Face::parse(&font, 0).unwrap();
    for c in "Concentration (µM)KDM 95%".chars() {
        assert!(face.glyph_index(c).is_some(), "{c}");
    }
    assert!(font.len() < 30_000);
}

#[test]
fn a_label_that_speaks_of_opacity_is_written_as_it_is() {
    for words in ["film opacity=0.5", "film opacity=\"0.5\""] {
        let figure = figure::Figure::Voltammogram(figure::Voltammogram {
            traces: vec![
                samples::trace(words, figure::Colour::Electrode(Some(1)), 1e-6),
                samples::trace("E2", figure::Colour::Electrode(Some(2)), 2e-6),
            ],
        });
        let svg = figure::draw(&figure, &Layout::default()).unwrap().svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        assert!(texts.iter().any(|text| text.trim() == words), "{texts:?}");
        assert!(document.descendants().all(|node| node.attribute("opacity").is_none()));
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    for (name, width_mm, sample) in samples::all() {
        let layout = Layout {
            width_mm,
            title: Some(name.to_owned()),
            ..Layout::default()
        };
        let draw = || figure::draw(&sample, &layout).unwrap();
        let (one, two) = (draw(), draw());
        assert!(one.svg() == two.svg(), "{name}");
        assert!(one.pdf().unwrap() == two.pdf().unwrap(), "{name}");
    }
    let draw = || {
        figure::draw(&samples::sweep(1e-6), &Layout::default())
            .unwrap()
            .png(96)
            .unwrap()
    };
    assert!(draw() == draw());
}
