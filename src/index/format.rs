//! The file that holds an index: a header, a table of sections, and the sections.
//!
//! ```text
//! offset  size  content
//!      0     8  magic "INTERDX\n"
//!      8     4  format version, little endian
//!     12     4  number of sections
//!     16     8  length of the whole file in bytes
//!     24    32  BLAKE3 of the section table
//!     56   56n  section table: name (16 bytes, NUL padded), offset (8), length (8), first 24 bytes of the
//!               section's BLAKE3
//!      …        the sections, each beginning at a multiple of 64
//! ```
//!
//! All numbers are little endian. The bytes are a function of the lists alone: no time, no path, no address.

use crate::error::{Error, ErrorKind, Result};
use crate::file_kind::INDEX_MAGIC;
use memmap2::Mmap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// The version of the layout; raised with every change to it.
pub const FORMAT_VERSION: u32 = 13;
const HEADER: usize = 56;
const ENTRY: usize = 56;
const ALIGN: usize = 64;

/// Memory that holds an index, allocated or a mapped file. Both begin at a multiple of 8.
#[derive(Clone)]
enum Memory {
    Owned(Arc<Vec<u64>>, usize),
    Mapped(Arc<Mmap>),
}

impl std::ops::Deref for Memory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Memory::Owned(words, len) => &zerocopy::IntoBytes::as_bytes(words.as_slice())[..*len],
            Memory::Mapped(map) => map,
        }
    }
}

/// A section of an image. It keeps the memory of the image alive.
#[derive(Clone)]
pub(crate) struct Section {
    memory: Memory,
    range: Range<usize>,
}

impl Section {
    /// The section as a slice of fixed-size records.
    pub(crate) fn records<T: FromBytes + Immutable + KnownLayout>(&self) -> &[T] {
        // Sections begin at multiples of 64, and `Sections::of` has checked that they hold whole records.
        <[T]>::ref_from_bytes(self).unwrap_or(&[])
    }
}

impl AsRef<[u8]> for Section {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl std::ops::Deref for Section {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.range.clone()]
    }
}

/// The name and the size of a section of an index file, as [`Index::sections`](super::Index::sections) lists
/// them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SectionInfo {
    /// The name of the section.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// The bytes of a whole index, verified.
#[derive(Clone)]
pub(crate) struct Image {
    memory: Memory,
    sections: Vec<(String, Range<usize>)>,
    /// The checksum of the section table, which contains those of the sections.
    checksum: blake3::Hash,
}

impl Image {
    /// Puts sections together, each with its name of at most 16 bytes.
    pub(crate) fn assemble(sections: &[(&str, &[u8])]) -> Image {
        let table_end = HEADER + ENTRY * sections.len();
        let mut at = table_end.next_multiple_of(ALIGN);
        let mut table = Vec::with_capacity(ENTRY * sections.len());
        let mut ranges = Vec::new();
        for (name, bytes) in sections {
            let mut entry = [0u8; ENTRY];
            entry[..name.len()].copy_from_slice(name.as_bytes());
            entry[16..24].copy_from_slice(&(at as u64).to_le_bytes());
            entry[24..32].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            entry[32..56].copy_from_slice(&digest(bytes)[..24]);
            table.extend_from_slice(&entry);
            ranges.push((name.to_string(), at..at + bytes.len()));
            at = (at + bytes.len()).next_multiple_of(ALIGN);
        }
        let mut words = vec![0u64; at.div_ceil(8)];
        let all = zerocopy::IntoBytes::as_mut_bytes(words.as_mut_slice());
        all[..8].copy_from_slice(INDEX_MAGIC);
        all[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        all[12..16].copy_from_slice(&(sections.len() as u32).to_le_bytes());
        all[16..24].copy_from_slice(&(at as u64).to_le_bytes());
        all[24..56].copy_from_slice(blake3::hash(&table).as_bytes());
        all[HEADER..table_end].copy_from_slice(&table);
        for ((_, range), (_, bytes)) in ranges.iter().zip(sections) {
            all[range.clone()].copy_from_slice(bytes);
        }
        let checksum = blake3::hash(&table);
        Image { memory: Memory::Owned(Arc::new(words), at), sections: ranges, checksum }
    }

    /// Maps a file and verifies all of it.
    pub(crate) fn open(path: &Path) -> Result<Image> {
        let fail = |e: std::io::Error| Error::from(e).with_path(path);
        let file = std::fs::File::open(path).map_err(fail)?;
        let meta = file.metadata().map_err(fail)?;
        if meta.is_dir() {
            return Err(Error::new(ErrorKind::NotAnIndex).with_path(path));
        }
        if meta.len() == 0 {
            return Err(Error::new(ErrorKind::Empty).with_path(path));
        }
        // SAFETY: a map is only sound while nobody changes the file under it. Index files are written whole
        // under another name and then renamed, never in place; the documentation of `Index::open` says what
        // happens when somebody does it all the same. All reads go through checked slices.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.map_err(fail)?;
        Image::verify(Memory::Mapped(Arc::new(map))).map_err(|e| e.with_path(path))
    }

    /// Verifies bytes that are an index.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Image> {
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        zerocopy::IntoBytes::as_mut_bytes(words.as_mut_slice())[..bytes.len()].copy_from_slice(bytes);
        Image::verify(Memory::Owned(Arc::new(words), bytes.len()))
    }

    fn verify(memory: Memory) -> Result<Image> {
        let all: &[u8] = &memory;
        if all.len() < 8 || &all[..8] != INDEX_MAGIC {
            return Err(Error::new(ErrorKind::NotAnIndex));
        }
        let got = all.len() as u64;
        let truncated = |expected: u64| Error::new(ErrorKind::IndexTruncated { expected, got });
        if all.len() < HEADER {
            return Err(truncated(HEADER as u64));
        }
        let version = u32::from_le_bytes([all[8], all[9], all[10], all[11]]);
        if version != FORMAT_VERSION {
            return Err(Error::new(ErrorKind::IndexVersion { got: version, expected: FORMAT_VERSION }));
        }
        let word = |at: usize| u64::from_le_bytes(all[at..at + 8].try_into().expect("eight bytes"));
        let damaged = |section: &str| Error::new(ErrorKind::IndexChecksum { section: section.to_string() });
        let count = u32::from_le_bytes([all[12], all[13], all[14], all[15]]) as usize;
        let expected = word(16);
        if expected != got {
            return Err(truncated(expected));
        }
        if count > 64 || HEADER + ENTRY * count > all.len() {
            return Err(damaged("header"));
        }
        let table = &all[HEADER..HEADER + ENTRY * count];
        let checksum = blake3::hash(table);
        if checksum.as_bytes()[..] != all[24..56] {
            return Err(damaged("section table"));
        }
        let mut sections = Vec::with_capacity(count);
        let mut covered = (HEADER + ENTRY * count).next_multiple_of(ALIGN);
        if all.get(HEADER + ENTRY * count..covered).is_none_or(|gap| gap.iter().any(|b| *b != 0)) {
            return Err(damaged("section table"));
        }
        for entry in table.chunks_exact(ENTRY) {
            let name = String::from_utf8_lossy(&entry[..16]).trim_end_matches('\0').to_string();
            let at = u64::from_le_bytes(entry[16..24].try_into().expect("eight bytes")) as usize;
            let len = u64::from_le_bytes(entry[24..32].try_into().expect("eight bytes")) as usize;
            let end = at.checked_add(len).filter(|end| *end <= all.len() && at == covered);
            let Some(end) = end else { return Err(damaged(&name)) };
            covered = end.next_multiple_of(ALIGN).min(all.len());
            if digest(&all[at..end])[..24] != entry[32..56] || all[end..covered].iter().any(|b| *b != 0) {
                return Err(damaged(&name));
            }
            sections.push((name, at..end));
        }
        if covered != all.len() {
            return Err(damaged("header"));
        }
        Ok(Image { memory, sections, checksum })
    }

    /// Verifies the bytes again, and that they are those that were opened.
    pub(crate) fn verify_again(&self) -> Result<()> {
        let again = Image::verify(self.memory.clone())?;
        if again.checksum != self.checksum {
            return Err(Error::new(ErrorKind::IndexChecksum { section: "section table".to_string() }));
        }
        Ok(())
    }

    /// The section with this name; empty when there is none.
    pub(crate) fn section(&self, name: &str) -> Section {
        let range = self.sections.iter().find(|(n, _)| n == name).map_or(0..0, |(_, r)| r.clone());
        Section { memory: self.memory.clone(), range }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.memory
    }

    /// The bytes that the image and its table of sections take.
    pub(crate) fn memory_usage(&self) -> usize {
        self.bytes().len() + size_of_val(self.sections.as_slice())
    }

    pub(crate) fn infos(&self) -> Vec<SectionInfo> {
        self.sections
            .iter()
            .map(|(name, r)| SectionInfo { name: name.clone(), bytes: r.len() as u64 })
            .collect()
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update_rayon(bytes);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Image {
        let two: Vec<u8> = (0..200).collect();
        Image::assemble(&[("one", &[1, 2, 3]), ("two", &two), ("none", &[])])
    }

    #[test]
    fn whole_images_open() {
        let image = image();
        let again = Image::from_bytes(image.bytes()).unwrap();
        assert_eq!(&*again.section("one"), [1, 2, 3]);
        assert_eq!(again.section("two").len(), 200);
        assert_eq!(again.section("three").len(), 0);
    }

    #[test]
    fn every_truncation_and_every_flipped_bit_is_refused() {
        let image = image();
        for len in 0..image.bytes().len() {
            assert!(Image::from_bytes(&image.bytes()[..len]).is_err(), "{len} bytes");
        }
        let mut bytes = image.bytes().to_vec();
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(Image::from_bytes(&bytes).is_err(), "bit {bit}");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        bytes.push(0);
        assert!(Image::from_bytes(&bytes).is_err());
    }
}
