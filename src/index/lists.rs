//! From an index back to the lists it was built from.

use super::Index;
use crate::list::List;

impl Index {
    /// The lists that the index was built from, with all their entities. Rejected records are not kept; the
    /// versions of the lists count them.
    ///
    /// Cost: decodes every entity, some microseconds each.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Index, list};
    ///
    /// let starter = list::starter();
    /// let index = Index::build(&[starter.clone()])?;
    /// assert_eq!(index.lists()[0].entities, starter.entities);
    /// # Ok::<(), interdict::Error>(())
    /// ```
    pub fn lists(&self) -> Vec<List> {
        let versions = &self.identity().lists;
        let mut lists: Vec<List> = versions
            .iter()
            .map(|version| List {
                version: version.clone(),
                path: None,
                entities: Vec::new(),
                rejected: Vec::new(),
            })
            .collect();
        for (number, record) in self.entity_records().iter().enumerate() {
            if let (Some((entity, _)), Some(list)) =
                (self.entity(number as u32), lists.get_mut(record.list as usize))
            {
                list.entities.push(entity);
            }
        }
        lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_out_as_they_went_in() {
        let lists = [crate::list::starter(), crate::list::from_bytes("x", b"id,name\n1,A\n").unwrap()];
        let again = Index::build(&lists).unwrap().lists();
        assert_eq!(again.len(), 2);
        for (a, b) in lists.iter().zip(&again) {
            assert_eq!((&a.version, &a.entities), (&b.version, &b.entities));
        }
    }
}
