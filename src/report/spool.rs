//! Hits on their way to a page: their JSON in a file, their ranks in memory.

use crate::error::{Error, Result};
use serde::Serialize;
use std::cmp::Reverse;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

/// What decides which hits are kept and in what order they stand: open before accepted, then the higher score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    accepted: bool,
    score: Reverse<u32>,
}

impl Rank {
    /// The rank of a score in \[0, 1\].
    pub fn new(score: f32, accepted: bool) -> Rank {
        // The bits of floats that are not negative are ordered as they are.
        Rank { accepted, score: Reverse(score.max(0.0).to_bits()) }
    }
}

/// A hit that is kept: where its JSON stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    rank: Rank,
    at: u64,
    length: u32,
    pub entity: u32,
}

/// The hits with the best ranks of all that were pushed, earlier ones first among equals.
pub(super) struct Spool {
    file: BufWriter<File>,
    most: usize,
    end: u64,
    kept: Vec<Kept>,
    /// The worst rank that is kept, once there were more than enough.
    worst: Option<Rank>,
}

impl Spool {
    /// A spool of the `most` best hits in an empty file.
    pub fn new(file: File, most: usize) -> Spool {
        Spool {
            file: BufWriter::with_capacity(1 << 18, file),
            most: most.max(1),
            end: 0,
            kept: Vec::new(),
            worst: None,
        }
    }

    /// Whether a hit of this rank would be kept.
    pub fn wants(&self, rank: Rank) -> bool {
        self.worst.is_none_or(|worst| rank < worst)
    }

    /// Keeps a hit.
    pub fn push(&mut self, rank: Rank, entity: u32, data: &impl Serialize) -> Result<()> {
        let line = serde_json::to_vec(data).map_err(std::io::Error::from)?;
        self.file.write_all(&line)?;
        let length = u32::try_from(line.len()).map_err(|_| Error::malformed("a hit of more than 4 GB"))?;
        self.kept.push(Kept { rank, at: self.end, length, entity });
        self.end += u64::from(length);
        if self.kept.len() >= 2 * self.most {
            self.kept.select_nth_unstable(self.most - 1);
            self.kept.truncate(self.most);
            self.worst = Some(self.kept[self.most - 1].rank);
        }
        Ok(())
    }

    /// The hits kept, best first.
    pub fn best(&self) -> Vec<Kept> {
        let mut best = self.kept.clone();
        best.sort_unstable();
        best.truncate(self.most);
        best
    }

    /// Gives the JSON of these hits in their order.
    pub fn read(self, kept: &[Kept], mut each: impl FnMut(&Kept, &[u8]) -> Result<()>) -> Result<()> {
        let mut file = self.file.into_inner().map_err(|e| Error::from(e.into_error()))?;
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

    #[test]
    fn the_best_are_kept_in_order() {
        for most in [1, 3, 10, 100] {
            let mut spool = Spool::new(tempfile::tempfile().unwrap(), most);
            let mut all = Vec::new();
            for i in 0..57u32 {
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
