//! The numbers of tokens and names: those that a query needs together are neighbours in every table.

use super::names::NameTable;
use super::tokens::Dictionary;
use crate::index::records::{NameSpan, TokenRecord};
use rayon::slice::ParallelSliceMut;

impl Dictionary {
    /// Numbers the tokens in the order of their readings, concatenations last: tokens that match a query
    /// token mostly begin with the same letters. Returns the new number of each old one.
    pub(super) fn sort_by_reading(&mut self) -> Vec<u32> {
        let reading = |number: &u32| {
            let record = &self.records[*number as usize];
            (record.is_concatenation(), record.view(&self.texts).latin)
        };
        let mut order: Vec<u32> = (0..self.records.len() as u32).collect();
        // Stable: tokens with one reading stay in the order of their first occurrence.
        order.par_sort_by(|a, b| reading(a).cmp(&reading(b)));
        let mut texts = Vec::with_capacity(self.texts.len());
        let records = order.iter().map(|old| {
            let record = &self.records[*old as usize];
            TokenRecord::pack(&record.view(&self.texts), record.is_concatenation(), &mut texts)
        });
        (self.records, self.texts) = (records.collect(), texts);
        let numbers = new_numbers(order.into_iter());
        self.keys.iter_mut().for_each(|(_, token)| *token = numbers[*token as usize]);
        numbers
    }
}

impl NameTable {
    /// Gives the tokens the numbers that the dictionary has given them.
    pub(super) fn renumber_tokens(&mut self, numbers: &[u32]) {
        self.occurrences.iter_mut().for_each(|(token, _)| *token = numbers[*token as usize]);
        self.listed_tokens.iter_mut().for_each(|listed| listed.token = numbers[listed.token as usize]);
    }

    /// Numbers the names in the order of their rarest tokens: the candidates of a query are mostly the names
    /// that contain a rare token or one of its neighbours.
    pub(super) fn sort_by_rarest_token(&mut self, tokens: usize) {
        let rarest = self.rarest_tokens(tokens);
        let mut order: Vec<(u32, u32)> = rarest.into_iter().zip(0..).collect();
        order.par_sort_unstable();
        let mut spans = Vec::with_capacity(order.len());
        let mut listed_tokens = Vec::with_capacity(self.listed_tokens.len());
        for (_, old) in &order {
            let span = &self.spans[*old as usize];
            spans.push(NameSpan { offset: listed_tokens.len() as u32, ..*span });
            listed_tokens.extend_from_slice(&self.listed_tokens[span.token_range()]);
            listed_tokens.extend_from_slice(&self.listed_tokens[span.concatenation_range()]);
        }
        self.records = order.iter().map(|(_, old)| self.records[*old as usize]).collect();
        self.folded = order.iter().map(|(_, old)| self.folded[*old as usize]).collect();
        (self.spans, self.listed_tokens) = (spans, listed_tokens);
        let numbers = new_numbers(order.into_iter().map(|(_, old)| old));
        for (_, posting) in &mut self.occurrences {
            *posting = posting.renumbered(numbers[posting.name() as usize]);
        }
    }

    /// For each name its token with the fewest occurrences.
    fn rarest_tokens(&self, tokens: usize) -> Vec<u32> {
        let mut occurrences = vec![0u32; tokens];
        self.occurrences.iter().for_each(|(token, _)| occurrences[*token as usize] += 1);
        let rarest = |span: &NameSpan| {
            let tokens = self.listed_tokens[span.token_range()].iter().map(|listed| listed.token);
            tokens.min_by_key(|token| (occurrences[*token as usize], *token)).unwrap_or(0)
        };
        self.spans.iter().map(rarest).collect()
    }
}

/// The new number of each old one, from the old numbers in their new order.
fn new_numbers(order: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let mut numbers = vec![0; order.len()];
    for (new, old) in (0..).zip(order) {
        numbers[old as usize] = new;
    }
    numbers
}
