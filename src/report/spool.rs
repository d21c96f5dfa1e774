//! A spool of the hits of a page: their JSON in a file, their ranks in memory.

use crate::error::{Error, Result};
use serde::Serialize;
use std::cmp::Reverse;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

/// Bytes before each hit's JSON: its length, the bits of its score, its entity (4 bytes each), and whether it
/// is accepted.
const HEAD: usize = 13;

/// The order of hits on the page, and by which they are kept: not accepted before accepted, then the higher
/// score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    accepted: bool,
    score: Reverse<u32>,
}

impl Rank {
    /// The rank of a score in \[0, 1\].
    pub fn new(score: f32, accepted: bool) -> Rank {
        // The bits of floats that are not negative have the order of the floats.
        Rank { accepted, score: Reverse(score.max(0.0).to_bits()) }
    }
}

/// A hit that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SpooledHit {
    rank: Rank,
    /// Position of its JSON in the file.
    at: u64,
    length: u32,
    pub entity: u32,
}

/// The hits with the best ranks of all that were pushed, earlier ones first among equals.
pub(super) struct Spool {
    out: Box<dyn Write>,
    file: File,
    max_hits: usize,
    /// Length of the file.
    end: u64,
    kept: Vec<SpooledHit>,
    /// The worst rank that is kept, once hits were dropped.
    worst: Option<Rank>,
}

impl Spool {
    /// A spool of the `max_hits` best hits. `out` writes to the end of `file`, which holds the hits of an
    /// earlier run that is resumed, or nothing.
    pub fn new(out: Box<dyn Write>, mut file: File, max_hits: usize) -> Result<Spool> {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(0))?;
        let mut spool = Spool {
            out,
            file: file.try_clone()?,
            max_hits: max_hits.max(1),
            end: 0,
            kept: Vec::new(),
            worst: None,
        };
        let mut earlier = BufReader::new(&mut file);
        while spool.end < length {
            let mut head = [0; HEAD];
            earlier.read_exact(&mut head)?;
            let [bytes, score, entity] =
                [0, 4, 8].map(|i| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]));
            earlier.seek_relative(i64::from(bytes))?;
            spool.add_to_kept(Rank { accepted: head[12] != 0, score: Reverse(score) }, bytes, entity);
        }
        Ok(spool)
    }

    /// Whether a hit of this rank would be kept.
    pub fn wants(&self, rank: Rank) -> bool {
        self.worst.is_none_or(|worst| rank < worst)
    }

    /// Keeps a hit.
    pub fn push(&mut self, rank: Rank, entity: u32, data: &impl Serialize) -> Result<()> {
        let line = serde_json::to_vec(data).map_err(std::io::Error::from)?;
        let length = u32::try_from(line.len()).map_err(|_| Error::malformed("a hit of more than 4 GB"))?;
        for number in [length, rank.score.0, entity] {
            self.out.write_all(&number.to_le_bytes())?;
        }
        self.out.write_all(&[u8::from(rank.accepted)])?;
        self.out.write_all(&line)?;
        self.add_to_kept(rank, length, entity);
        Ok(())
    }

    fn add_to_kept(&mut self, rank: Rank, length: u32, entity: u32) {
        self.kept.push(SpooledHit { rank, at: self.end + HEAD as u64, length, entity });
        self.end += HEAD as u64 + u64::from(length);
        if self.kept.len() >= 2 * self.max_hits {
            self.kept.select_nth_unstable(self.max_hits - 1);
            self.kept.truncate(self.max_hits);
            self.worst = Some(self.kept[self.max_hits - 1].rank);
        }
    }

    /// Writes what is still buffered.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    /// The hits kept, best first.
    pub fn best(&self) -> Vec<SpooledHit> {
        let mut best = self.kept.clone();
        best.sort_unstable();
        best.truncate(self.max_hits);
        best
    }

    /// Passes the JSON of these hits to `each`, in their order.
    pub fn read(
        self,
        kept: &[SpooledHit],
        mut each: impl FnMut(&SpooledHit, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let Spool { mut out, mut file, .. } = self;
        out.flush()?;
        let mut line = Vec::new();
        for hit in kept {
            line.resize(hit.length as usize, 0);
            file.seek(SeekFrom::Start(hit.at))?;
            file.read_exact(&mut line)?;
            each(hit, &line)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufWriter;

    fn open(path: &std::path::Path, most: usize) -> Spool {
        let out = File::options().append(true).create(true).open(path).unwrap();
        Spool::new(Box::new(BufWriter::new(out)), File::open(path).unwrap(), most).unwrap()
    }

    #[test]
    fn the_best_are_kept_in_order_and_an_earlier_run_is_resumed() {
        let folder = tempfile::tempdir().unwrap();
        for most in [1, 3, 10, 100] {
            let path = folder.path().join(most.to_string());
            let mut spool = open(&path, most);
            let mut all = Vec::new();
            for i in 0..57u32 {
                if i % 20 == 19 {
                    spool.flush().unwrap();
                    spool = open(&path, most);
                }
                let score = (i * 37 % 11) as f32 / 11.0;
                let accepted = i % 5 == 0;
                all.push((accepted, Reverse((score * 1e6) as u32), i));
                let rank = Rank::new(score, accepted);
                if spool.wants(rank) {
                    spool.push(rank, i, &i).unwrap();
                }
            }
            all.sort_unstable();
            let mut got = Vec::new();
            let best = spool.best();
            spool
                .read(&best, |kept, line| {
                    assert_eq!(line, kept.entity.to_string().as_bytes());
                    got.push(kept.entity);
                    Ok(())
                })
                .unwrap();
            let expected: Vec<u32> = all.iter().take(most).map(|h| h.2).collect();
            assert_eq!(got, expected, "most {most}");
        }
    }
}
