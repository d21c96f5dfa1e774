//! The tokens of a name as the alignment asks for them, wherever they are kept.

use crate::name::AnalysedName;
use crate::score::relation::TokenRef;

/// Tokens of a name by their number.
pub(crate) trait NameTokens<'t>: Copy {
    /// The Latin reading of a token.
    fn reading(&self, number: usize) -> &'t [u8];

    /// All that the relation needs of it.
    fn token(&self, number: usize) -> TokenRef<'t>;
}

impl<'t> NameTokens<'t> for &'t AnalysedName {
    fn reading(&self, number: usize) -> &'t [u8] {
        self.latin(&self.tokens()[number]).as_bytes()
    }

    fn token(&self, number: usize) -> TokenRef<'t> {
        TokenRef::new(self, &self.tokens()[number])
    }
}
