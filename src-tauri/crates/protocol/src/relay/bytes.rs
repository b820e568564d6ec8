//! Reading and writing the fields of frames.

/// Why bytes are not the frame that they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It ends before its last field.
    #[error("the frame is cut short")]
    Truncated,
    /// Something follows its last field.
    #[error("the frame is longer than its fields")]
    TrailingBytes,
    /// It is of another version of the protocol.
    #[error("the frame is of protocol version {0}")]
    Version(u8),
    /// Its kind is none that may come from there.
    #[error("the frame is of the unknown kind {0}")]
    Kind(u8),
    /// A field has a value that it cannot have.
    #[error("the frame's field \"{0}\" is out of range")]
    Field(&'static str),
    /// It is longer than the protocol allows.
    #[error("the frame is too large")]
    TooLarge,
}

/// Takes the fields of a frame from its front.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], FrameError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(FrameError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(FrameError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub fn u8(&mut self) -> Result<u8, FrameError> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Result<u16, FrameError> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, FrameError> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, FrameError> {
        self.array().map(u64::from_be_bytes)
    }

    /// A truth value: 0 or 1, nothing else.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, FrameError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(FrameError::Field(name)),
        }
    }

    /// A value that may be absent: a flag, then the value.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, FrameError>,
    ) -> Result<Option<T>, FrameError> {
        self.flag(name)?.then(|| read(self)).transpose()
    }

    /// Bytes behind a length of 16 bits, at most `longest`.
    pub fn short(&mut self, name: &'static str, longest: usize) -> Result<&'a [u8], FrameError> {
        let length = usize::from(self.u16()?);
        if length > longest {
            return Err(FrameError::Field(name));
        }
        self.take(length)
    }

    /// Everything that is left.
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// Ends the reading: nothing may be left.
    pub fn end(self) -> Result<(), FrameError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(FrameError::TrailingBytes)
        }
    }
}

/// Appends a flag and, where there is one, the value.
pub(super) fn put_optional<T>(to: &mut Vec<u8>, value: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    to.push(u8::from(value.is_some()));
    if let Some(value) = value {
        put(to, value);
    }
}

/// Appends a length of 16 bits and the bytes. What is longer than that length can say is refused by its reader, so that it
/// never gets here: callers bound their fields.
pub(super) fn put_short(to: &mut Vec<u8>, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(&bytes[..usize::from(length)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_cut_or_followed_by_something_is_an_error() {
        let mut reader = Reader::new(&[1, 2, 3]);
        assert_eq!(reader.u16(), Ok(0x0102));
        assert_eq!(reader.u16(), Err(FrameError::Truncated));
        assert_eq!(reader.end(), Err(FrameError::TrailingBytes));
    }

    #[test]
    fn a_flag_is_nothing_but_0_or_1() {
        let read = |bytes: &[u8]| Reader::new(bytes).optional("top", Reader::u8);
        assert_eq!(read(&[0]), Ok(None));
        assert_eq!(read(&[1, 7]), Ok(Some(7)));
        assert_eq!(read(&[2, 7]), Err(FrameError::Field("top")));
        assert_eq!(read(&[1]), Err(FrameError::Truncated));
    }

    #[test]
    fn a_length_above_the_limit_is_refused_before_anything_is_taken() {
        let mut bytes = Vec::new();
        put_short(&mut bytes, &[9; 300]);
        assert_eq!(Reader::new(&bytes).short("label", 299), Err(FrameError::Field("label")));
        assert_eq!(Reader::new(&bytes).short("label", 300).map(<[u8]>::len), Ok(300));
    }
}
