//! The first bytes by which kinds of files are recognised. In a module of its own, because the list readers
//! recognise an index file and the index must not depend on them.

/// An index file: see [`crate::index`].
pub(crate) const INDEX_MAGIC: &[u8; 8] = b"INTERDX\n";

/// A zip archive; every workbook (.xlsx) is one.
pub(crate) const ZIP_MAGIC: &[u8; 4] = b"PK\x03\x04";

/// A file compressed with gzip.
pub(crate) const GZIP_MAGIC: &[u8; 2] = b"\x1f\x8b";

/// A file compressed with zstd.
pub(crate) const ZSTD_MAGIC: &[u8; 4] = b"\x28\xb5\x2f\xfd";
