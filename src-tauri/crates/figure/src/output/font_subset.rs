//! The part of a TrueType font that a figure uses, as a font of its own for `@font-face`: glyphs renumbered, layout
//! tables left out. The programs that the instructions of the glyphs call are kept whole: without them a rasteriser that
//! hints would distort the glyphs. (OpenType specification: head, hhea, maxp, hmtx, loca, glyf, cvt, fpgm, prep, cmap format
//! 12, name, post, OS/2.)
//!
//! No library does this: `subsetter`, which serves the PDF, writes fonts for PDF without the `cmap` that `@font-face` needs.

use std::collections::{BTreeMap, BTreeSet};

use ttf_parser::{Face, GlyphId, RawFace, Tag};

/// A composite glyph's flags: what follows, and whether another component follows.
const WORDS: u16 = 0x0001;
const SCALE: u16 = 0x0008;
const MORE: u16 = 0x0020;
const TWO_SCALES: u16 = 0x0040;
const MATRIX: u16 = 0x0080;

/// A font with the glyphs of these characters; `None` for what is no TrueType font.
pub(super) fn subset(font: &[u8], characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let face = Face::parse(font, 0).ok()?;
    let tables = RawFace::parse(font, 0).ok()?;
    let table = |name: &[u8; 4]| tables.table(Tag::from_bytes(name));
    let outlines = Outlines {
        loca: table(b"loca")?,
        glyf: table(b"glyf")?,
        long: u16_at(table(b"head")?, 50)? == 1,
    };
    let mut wanted: BTreeMap<char, u16> = BTreeMap::new();
    for &c in characters {
        if let Some(GlyphId(id)) = face.glyph_index(c) {
            wanted.insert(c, id);
        }
    }
    // Old numbers in their new order; 0 is the glyph for what is missing. Components of composites follow.
    let mut order: Vec<u16> = vec![0];
    order.extend(
        wanted
            .values()
            .copied()
            .collect::<BTreeSet<u16>>()
            .into_iter()
            .filter(|id| *id != 0),
    );
    let mut k = 0;
    while let Some(&id) = order.get(k) {
        for (_, component) in outlines.components(id)? {
            if !order.contains(&component) {
                order.push(component);
            }
        }
        k += 1;
    }
    let new_number = |old: u16| order.iter().position(|id| *id == old).map(|k| k as u16);

    let (mut glyf, mut loca) = (Vec::new(), vec![0_u8; 4]);
    let mut hmtx = Vec::new();
    for &id in &order {
        let mut outline = outlines.of(id)?.to_vec();
        for (at, component) in outlines.components(id)? {
            outline
                .get_mut(at..at + 2)?
                .copy_from_slice(&new_number(component)?.to_be_bytes());
        }
        glyf.extend_from_slice(&outline);
        glyf.resize(glyf.len().next_multiple_of(4), 0);
        loca.extend_from_slice(&(glyf.len() as u32).to_be_bytes());
        hmtx.extend_from_slice(&face.glyph_hor_advance(GlyphId(id)).unwrap_or(0).to_be_bytes());
        hmtx.extend_from_slice(&face.glyph_hor_side_bearing(GlyphId(id)).unwrap_or(0).to_be_bytes());
    }
    let count = (order.len() as u16).to_be_bytes();
    let patched = |name: &[u8; 4], at: usize, bytes: &[u8]| {
        let mut whole = table(name)?.to_vec();
        whole.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
        Some(whole)
    };
    let mut head = patched(b"head", 50, &1_u16.to_be_bytes())?;
    // The sum over the file is set to 0, which readers of web fonts do not check.
    head.get_mut(8..12)?.fill(0);
    let mut post = table(b"post")?.get(..32)?.to_vec();
    post.get_mut(..4)?.copy_from_slice(&0x0003_0000_u32.to_be_bytes());
    let pairs = wanted.iter().map(|(c, old)| Some((*c, new_number(*old)?)));
    let mut all = vec![
        (*b"OS/2", table(b"OS/2")?.to_vec()),
        (*b"cmap", cmap(&pairs.collect::<Option<Vec<_>>>()?)),
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", patched(b"hhea", 34, &count)?),
        (*b"hmtx", hmtx),
        (*b"loca", loca),
        (*b"maxp", patched(b"maxp", 4, &count)?),
        (*b"name", vec![0, 0, 0, 0, 0, 6]),
        (*b"post", post),
    ];
    for name in [b"cvt ", b"fpgm", b"prep"] {
        all.extend(table(name).map(|whole| (*name, whole.to_vec())));
    }
    // A font lists its tables in the order of their names.
    all.sort_by_key(|(name, _)| *name);
    Some(assemble(all))
}

struct Outlines<'f> {
    loca: &'f [u8],
    glyf: &'f [u8],
    long: bool,
}

impl<'f> Outlines<'f> {
    fn of(&self, id: u16) -> Option<&'f [u8]> {
        let offset = |k: usize| {
            if self.long {
                u32_at(self.loca, 4 * k).map(|at| at as usize)
            } else {
                u16_at(self.loca, 2 * k).map(|at| 2 * usize::from(at))
            }
        };
        let id = usize::from(id);
        self.glyf.get(offset(id)?..offset(id + 1)?)
    }

    /// Numbers of the glyphs that a glyph is made of, with the places where they stand.
    fn components(&self, id: u16) -> Option<Vec<(usize, u16)>> {
        let outline = self.of(id)?;
        let mut found = Vec::new();
        // A negative number of contours is a composite.
        if outline.is_empty() || u16_at(outline, 0)? < 0x8000 {
            return Some(found);
        }
        let mut at = 10;
        loop {
            let flags = u16_at(outline, at)?;
            found.push((at + 2, u16_at(outline, at + 2)?));
            at += if flags & WORDS != 0 { 8 } else { 6 };
            at += match flags & (SCALE | TWO_SCALES | MATRIX) {
                SCALE => 2,
                TWO_SCALES => 4,
                MATRIX => 8,
                _ => 0,
            };
            if flags & MORE == 0 {
                break;
            }
        }
        Some(found)
    }
}

/// One group of format 12 a character.
fn cmap(pairs: &[(char, u16)]) -> Vec<u8> {
    let mut table = Vec::new();
    // Version 0, one table: Unicode, full repertoire, at offset 12.
    for word in [0_u16, 1, 3, 10] {
        table.extend_from_slice(&word.to_be_bytes());
    }
    table.extend_from_slice(&12_u32.to_be_bytes());
    for word in [12_u16, 0] {
        table.extend_from_slice(&word.to_be_bytes());
    }
    for word in [16 + 12 * pairs.len() as u32, 0, pairs.len() as u32] {
        table.extend_from_slice(&word.to_be_bytes());
    }
    for (c, id) in pairs {
        for word in [u32::from(*c), u32::from(*c), u32::from(*id)] {
            table.extend_from_slice(&word.to_be_bytes());
        }
    }
    table
}

fn assemble(tables: Vec<([u8; 4], Vec<u8>)>) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.ilog2() as u16;
    let mut file = 0x0001_0000_u32.to_be_bytes().to_vec();
    for word in [count, 16 << power, power, 16 * (count - (1 << power))] {
        file.extend_from_slice(&word.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut bodies = Vec::new();
    for (tag, mut body) in tables {
        let length = body.len();
        body.resize(length.next_multiple_of(4), 0);
        let sum = body
            .chunks_exact(4)
            .filter_map(|word| word.try_into().ok())
            .fold(0_u32, |sum, word| sum.wrapping_add(u32::from_be_bytes(word)));
        file.extend_from_slice(&tag);
        for word in [sum, at as u32, length as u32] {
            file.extend_from_slice(&word.to_be_bytes());
        }
        at += body.len();
        bodies.extend_from_slice(&body);
    }
    file.extend_from_slice(&bodies);
    file
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FONT;

    #[test]
    fn a_subset_is_a_small_font_with_the_same_glyphs() {
        let characters: BTreeSet<char> = "Peak current (µA) −0.25 Ωé³".chars().collect();
        let whole = Face::parse(FONT, 0).unwrap();
        let small = subset(FONT, &characters).unwrap();
        assert!(small.len() < 20_000, "{}", small.len());
        let part = Face::parse(&small, 0).unwrap();
        for &c in &characters {
            let (a, b) = (whole.glyph_index(c).unwrap(), part.glyph_index(c).unwrap());
            assert_eq!(whole.glyph_hor_advance(a), part.glyph_hor_advance(b), "{c}");
            assert_eq!(whole.glyph_bounding_box(a), part.glyph_bounding_box(b), "{c}");
        }
        assert!(part.glyph_index('Q').is_none());
    }

    #[test]
    fn the_programs_that_glyphs_call_are_kept() {
        let small = subset(FONT, &BTreeSet::from(['a'])).unwrap();
        let (whole, part) = (RawFace::parse(FONT, 0).unwrap(), RawFace::parse(&small, 0).unwrap());
        for name in [b"cvt ", b"fpgm", b"prep"] {
            let tag = Tag::from_bytes(name);
            assert!(
                part.table(tag).is_some_and(|kept| Some(kept) == whole.table(tag)),
                "{tag}"
            );
        }
    }

    #[test]
    fn what_is_no_font_has_no_subset() {
        assert_eq!(subset(b"no font", &BTreeSet::from(['a'])), None);
        let cut = &FONT[..60_000];
        assert_eq!(subset(cut, &BTreeSet::from(['a'])), None);
    }
}
