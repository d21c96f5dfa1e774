//! Lists that are compressed with gzip or zstd, or packed in a zip archive.
//!
//! The form is told by the first bytes. A zip archive with a single file is read as that file. Of an archive
//! with several files the caller names one; without a name it stays as it is, so that the error can say what
//! it is. A workbook (.xlsx, .ods) is a zip archive too, and stays as it is.
//!
//! Cost: gzip and zstd are streamed; a file of an archive is unpacked to a temporary file. Limits: an archive
//! has at most 256 MB; folders and the hidden files in an archive that a Mac adds are passed over.

use super::source::{Bytes, peek};
#[cfg(not(all(feature = "gzip", feature = "xlsx", feature = "zstd")))]
use crate::error::ErrorKind;
use crate::error::{Error, Result};
use crate::file_kind::{GZIP_MAGIC, ZIP_MAGIC, ZSTD_MAGIC};
#[cfg(any(feature = "gzip", feature = "xlsx", feature = "zstd"))]
use std::io::{self, Read};

/// The content of a file. `member` is the name of a file in an archive.
///
/// # Errors
///
/// The file cannot be read, is damaged, or has no such member; the feature for its form is missing.
pub(super) fn decompressed<'a>(bytes: Bytes<'a>, member: Option<&str>) -> Result<Bytes<'a>> {
    let (magic, whole) = peek(bytes, ZSTD_MAGIC.len())?;
    if magic.starts_with(ZIP_MAGIC) {
        return unzip(whole, member);
    }
    if let Some(member) = member {
        return Err(Error::malformed(format!("no zip archive, so that '{member}' cannot be in it")));
    }
    if magic.starts_with(GZIP_MAGIC) {
        gunzip(whole)
    } else if magic == *ZSTD_MAGIC {
        unzstd(whole)
    } else {
        Ok(whole)
    }
}

/// Names what is wrong in errors of damaged bytes.
#[cfg(any(feature = "gzip", feature = "xlsx", feature = "zstd"))]
struct Decompressed<R>(R);

#[cfg(any(feature = "gzip", feature = "xlsx", feature = "zstd"))]
impl<R: Read> Read for Decompressed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|e| {
            let what = format!("the compressed file is damaged or was cut off: {e}");
            io::Error::new(e.kind(), what)
        })
    }
}

#[cfg(feature = "gzip")]
fn gunzip(bytes: Bytes<'_>) -> Result<Bytes<'_>> {
    Ok(Box::new(Decompressed(flate2::read::MultiGzDecoder::new(bytes))))
}

#[cfg(not(feature = "gzip"))]
fn gunzip(_: Bytes<'_>) -> Result<Bytes<'_>> {
    Err(Error::new(ErrorKind::MissingFeature { form: "gzip", feature: "gzip" }))
}

#[cfg(feature = "zstd")]
fn unzstd(bytes: Bytes<'_>) -> Result<Bytes<'_>> {
    Ok(Box::new(Decompressed(zstd::Decoder::new(bytes)?)))
}

#[cfg(not(feature = "zstd"))]
fn unzstd(_: Bytes<'_>) -> Result<Bytes<'_>> {
    Err(Error::new(ErrorKind::MissingFeature { form: "zstd", feature: "zstd" }))
}

#[cfg(not(feature = "xlsx"))]
fn unzip<'a>(bytes: Bytes<'a>, member: Option<&str>) -> Result<Bytes<'a>> {
    match member {
        None => Ok(bytes),
        Some(_) => Err(Error::new(ErrorKind::MissingFeature { form: "a zip archive", feature: "xlsx" })),
    }
}

/// The most bytes of an archive.
#[cfg(feature = "xlsx")]
const MAX_ARCHIVE_BYTES: u64 = 256 << 20;

#[cfg(feature = "xlsx")]
fn unzip<'a>(bytes: Bytes<'a>, member: Option<&str>) -> Result<Bytes<'a>> {
    use super::source::MAX_EXPANSION;
    use std::io::Seek;

    let mut packed = Vec::new();
    let mut limited = bytes.take(MAX_ARCHIVE_BYTES + 1);
    limited.read_to_end(&mut packed)?;
    let length = packed.len() as u64;
    if length > MAX_ARCHIVE_BYTES {
        let what = format!("a zip archive of more than {} MB: no list has that", MAX_ARCHIVE_BYTES >> 20);
        return Err(Error::malformed(what));
    }
    let broken = |e: zip::result::ZipError| Error::malformed(format!("a damaged zip archive: {e}"));
    let mut archive = zip::ZipArchive::new(io::Cursor::new(&packed)).map_err(broken)?;
    let names: Vec<String> = archive.file_names().flatten().map(|n| n.into_owned()).collect();
    let name = match member {
        Some(member) => names.iter().find(|n| *n == member).ok_or_else(|| {
            Error::malformed(format!("no file '{member}' in this archive; it has: {}", names.join(", ")))
        })?,
        None => match files_of_archive(&names)[..] {
            [single] if !is_workbook(&names) => single,
            _ => return Ok(Box::new(io::Cursor::new(packed))),
        },
    };
    let file = archive.by_name(name).map_err(broken)?;
    let allowed = length.max(1 << 20) * MAX_EXPANSION;
    let mut unpacked = tempfile::tempfile()?;
    if io::copy(&mut Decompressed(file.take(allowed + 1)), &mut unpacked)? > allowed {
        let what = format!("an archive that holds more than {MAX_EXPANSION} times its size: no list does");
        return Err(Error::malformed(what));
    }
    unpacked.rewind()?;
    Ok(Box::new(unpacked))
}

/// The files of an archive, without its folders and hidden files.
#[cfg(feature = "xlsx")]
fn files_of_archive(names: &[String]) -> Vec<&String> {
    let is_hidden = |n: &str| n.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    names.iter().filter(|n| !n.ends_with('/') && !is_hidden(n)).collect()
}

#[cfg(feature = "xlsx")]
fn is_workbook(names: &[String]) -> bool {
    names.iter().any(|n| n == "[Content_Types].xml" || n.starts_with("xl/") || n == "mimetype")
}
