//! The content of a file, and how it is put into bytes.

use std::borrow::Cow;

/// Character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextEncoding {
    /// UTF-8, as it is.
    Utf8,
    /// UTF-16, low byte first; a byte order mark is part of the text.
    Utf16Le,
}

/// The whole content of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    text: String,
    encoding: TextEncoding,
}

impl FileContent {
    pub(super) const fn new(text: String, encoding: TextEncoding) -> Self {
        Self { text, encoding }
    }

    /// The text; byte order marks are characters of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        self.encoded(&self.text)
    }

    /// The bytes of each line, with its line break; what follows the last line break comes last.
    pub fn lines(&self) -> impl Iterator<Item = Cow<'_, [u8]>> {
        self.text.split_inclusive('\n').map(|line| self.encoded(line))
    }

    fn encoded<'a>(&self, text: &'a str) -> Cow<'a, [u8]> {
        match self.encoding {
            TextEncoding::Utf8 => Cow::Borrowed(text.as_bytes()),
            TextEncoding::Utf16Le => Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_together_are_the_bytes() {
        for encoding in [TextEncoding::Utf8, TextEncoding::Utf16Le] {
            let content = FileContent::new("\u{feff}V,µA\r\n1,2\r\n\u{feff}".to_owned(), encoding);
            assert_eq!(content.lines().count(), 3);
            let together: Vec<u8> = content.lines().flat_map(Cow::into_owned).collect();
            assert_eq!(together, *content.bytes());
        }
        let wide = FileContent::new("µ\n".to_owned(), TextEncoding::Utf16Le);
        assert_eq!(*wide.bytes(), [0xB5, 0, 0x0A, 0]);
    }
}
