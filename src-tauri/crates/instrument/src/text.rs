//! From bytes to text: encoding, byte order marks, line ends.

use std::borrow::Cow;

/// Character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, which includes ASCII; with or without byte order mark.
    Utf8,
    /// UTF-16, low byte first; with or without byte order mark.
    Utf16Le,
    /// UTF-16, high byte first; with or without byte order mark.
    Utf16Be,
    /// Windows-1252, the Western European code page.
    Windows1252,
}

impl Encoding {
    /// The registered name, as `sacmes inspect` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// A text file as UTF-8 bytes with `\n` or `\r\n` line ends and without byte order marks.
///
/// The body of a table is ASCII, so it stays bytes; only names and notes are ever looked at as characters.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    bytes: Cow<'a, [u8]>,
    encoding: Encoding,
}

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
/// The control characters that occur in text, one bit for each.
const TEXT_CONTROLS: u32 = 0b1100_0000_0000_0011_1110_0000_0000;
/// How much of a file is looked at to tell text from binary data.
const PROBE_BYTES: usize = 1024;

impl<'a> Text<'a> {
    /// Decodes a file, or gives `None` if it is not text.
    pub fn decode(raw: &'a [u8]) -> Option<Self> {
        let (encoding, content) = detect(raw);
        let bytes = match encoding {
            Encoding::Utf8 => Cow::Borrowed(content),
            Encoding::Utf16Le => Cow::Owned(transcode(content, encoding_rs::UTF_16LE)),
            Encoding::Utf16Be => Cow::Owned(transcode(content, encoding_rs::UTF_16BE)),
            Encoding::Windows1252 => Cow::Owned(transcode(content, encoding_rs::WINDOWS_1252)),
        };
        let text = Self { bytes, encoding }.without_trailing_mark().with_line_feeds();
        (!looks_binary(&text.bytes)).then_some(text)
    }

    /// The text as UTF-8. Bytes that are no UTF-8 can occur only after a header that is.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file's encoding.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Session files end with a second byte order mark.
    fn without_trailing_mark(mut self) -> Self {
        if self.bytes.ends_with(UTF8_MARK) {
            let length = self.bytes.len() - UTF8_MARK.len();
            match &mut self.bytes {
                Cow::Borrowed(bytes) => *bytes = &bytes[..length],
                Cow::Owned(bytes) => bytes.truncate(length),
            }
        }
        self
    }

    /// A few programs end lines with a carriage return alone.
    fn with_line_feeds(mut self) -> Self {
        if memchr::memchr(b'\n', &self.bytes).is_none() && memchr::memchr(b'\r', &self.bytes).is_some() {
            for byte in self.bytes.to_mut() {
                if *byte == b'\r' {
                    *byte = b'\n';
                }
            }
        }
        self
    }
}

/// The encoding, and the content after the byte order mark.
fn detect(raw: &[u8]) -> (Encoding, &[u8]) {
    if let Some(content) = raw.strip_prefix(UTF8_MARK) {
        return (Encoding::Utf8, content);
    }
    if let Some(content) = raw.strip_prefix(&[0xFF, 0xFE]) {
        return (Encoding::Utf16Le, content);
    }
    if let Some(content) = raw.strip_prefix(&[0xFE, 0xFF]) {
        return (Encoding::Utf16Be, content);
    }
    let probe = &raw[..raw.len().min(PROBE_BYTES)];
    if memchr::memchr(0, probe).is_some() {
        let pairs = (probe.len() / 2).max(1);
        let zeros = |offset: usize| probe.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
        // Latin text in UTF-16 has a zero in nearly every second byte, and hardly any elsewhere.
        let (even, odd) = (zeros(0), zeros(1));
        if odd * 10 >= pairs * 8 && even * 20 <= pairs {
            return (Encoding::Utf16Le, raw);
        }
        if even * 10 >= pairs * 8 && odd * 20 <= pairs {
            return (Encoding::Utf16Be, raw);
        }
    }
    match std::str::from_utf8(raw) {
        Ok(_) => (Encoding::Utf8, raw),
        // A file cut inside its last character.
        Err(error) if error.error_len().is_none() => (Encoding::Utf8, raw),
        Err(_) => (Encoding::Windows1252, raw),
    }
}

fn transcode(content: &[u8], from: &'static encoding_rs::Encoding) -> Vec<u8> {
    // An odd last byte is half a character of a file that is being written.
    let whole = if from == encoding_rs::WINDOWS_1252 {
        content.len()
    } else {
        content.len() & !1
    };
    let (text, _) = from.decode_without_bom_handling(&content[..whole]);
    text.into_owned().into_bytes()
}

fn looks_binary(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE_BYTES)];
    // Tab, line ends, form feed, end-of-file (26) and escape (27) occur in text.
    let is_control = |byte: &u8| usize::from(*byte < 32 && (TEXT_CONTROLS >> *byte) & 1 == 0);
    let controls: usize = probe.iter().map(is_control).sum();
    memchr::memchr(0, probe).is_some() || controls * 50 > probe.len()
}

/// The lines of a text with their numbers from 1, without their line ends.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    position: usize,
    number: usize,
}

/// One line of a text.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Number from 1.
    pub number: usize,
    /// Offset of its first byte in the text.
    pub start: usize,
    /// Offset behind its line end.
    pub next: usize,
    /// The content without its line end.
    pub content: &'a [u8],
    /// Whether it has a line end.
    pub terminated: bool,
}

impl<'a> Lines<'a> {
    /// All lines of a text.
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            number: 1,
        }
    }

    /// The lines from an offset on, where the line with this number starts.
    pub const fn from(bytes: &'a [u8], position: usize, number: usize) -> Self {
        Self {
            bytes,
            position,
            number,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.bytes.get(self.position..).filter(|rest| !rest.is_empty())?;
        let (length, used) = memchr::memchr(b'\n', rest).map_or((rest.len(), rest.len()), |end| (end, end + 1));
        let content = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        let line = Line {
            number: self.number,
            start: self.position,
            next: self.position + used,
            content,
            terminated: used > length,
        };
        self.position += used;
        self.number += 1;
        Some(line)
    }
}

/// Whether a line holds nothing but blanks, or the end-of-file mark of old programs.
pub fn is_blank(content: &[u8]) -> bool {
    content.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | 0x1A))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    fn decoded(raw: &[u8]) -> (Encoding, String) {
        let text = Text::decode(raw).unwrap();
        (text.encoding(), String::from_utf8(text.bytes().to_vec()).unwrap())
    }

    #[test]
    fn encodings_are_told_apart_with_and_without_mark() {
        let text = "Potential (V);Current (µA)\r\n0,1;2,5\r\n";
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let mut marked = UTF8_MARK.to_vec();
        marked.extend(text.as_bytes());
        let mut marked_le = vec![0xFF, 0xFE];
        marked_le.extend(utf16(text, true));
        let mut marked_be = vec![0xFE, 0xFF];
        marked_be.extend(utf16(text, false));
        for (raw, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8),
            (latin, Encoding::Windows1252),
            (utf16(text, true), Encoding::Utf16Le),
            (utf16(text, false), Encoding::Utf16Be),
            (marked_le, Encoding::Utf16Le),
            (marked_be, Encoding::Utf16Be),
        ] {
            assert_eq!(decoded(&raw), (encoding, text.to_owned()));
        }
    }

    #[test]
    fn a_trailing_mark_goes_and_a_cut_character_stays_harmless() {
        assert_eq!(decoded("1 2\n\u{feff}".as_bytes()).1, "1 2\n");
        assert_eq!(decoded(&utf16("1 2\n", true)[..7]).1, "1 2");
        assert_eq!(Text::decode(&"1 µ".as_bytes()[..3]).unwrap().encoding(), Encoding::Utf8);
    }

    #[test]
    fn carriage_returns_alone_end_lines() {
        assert_eq!(decoded(b"a\rb\r").1, "a\nb\n");
        assert_eq!(decoded(b"a\r\nb\r\n").1, "a\r\nb\r\n");
    }

    #[test]
    fn binary_data_is_no_text() {
        assert!(Text::decode(&[0x80, 0xF2, 0x1D, 0, 3, 0, 0, 0, b'S', b'W', b'V']).is_none());
        assert!(Text::decode(&[1, 2, 3, 4, 5]).is_none());
        let noise: Vec<u8> = (0..2000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        assert!(Text::decode(&noise).is_none());
        assert!(Text::decode(b"").is_some());
    }

    #[test]
    fn lines_know_their_numbers_and_whether_they_end() {
        let lines: Vec<_> = Lines::of(b"a\r\n\nlast").collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            (lines[0].content, lines[0].next, lines[0].terminated),
            (&b"a"[..], 3, true)
        );
        assert_eq!((lines[1].number, lines[1].content), (2, &b""[..]));
        assert_eq!((lines[2].content, lines[2].terminated), (&b"last"[..], false));
        assert!(is_blank(b" \t\r\x1a"));
    }
}
