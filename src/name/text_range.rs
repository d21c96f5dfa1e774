//! Ranges of a text buffer, by which words and tokens refer to their texts.

/// A range of bytes of a text buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl TextRange {
    /// Appends `text` to `buffer`; the range it occupies there.
    pub(crate) fn append(text: &str, buffer: &mut String) -> TextRange {
        let start = buffer.len() as u32;
        buffer.push_str(text);
        TextRange { start, end: buffer.len() as u32 }
    }

    pub(crate) fn of(self, buffer: &str) -> &str {
        &buffer[self.start as usize..self.end as usize]
    }

    /// Length in bytes.
    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// From the start of this range to the end of a later one.
    pub(crate) fn to_end_of(self, last: TextRange) -> TextRange {
        TextRange { start: self.start, end: last.end }
    }

    pub(crate) fn shifted(self, by: usize) -> TextRange {
        TextRange { start: self.start + by as u32, end: self.end + by as u32 }
    }
}
