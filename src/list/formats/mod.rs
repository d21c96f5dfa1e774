//! The readers of the published layouts, by publisher. The readers of one publisher share the meaning of its
//! fields.

pub(super) mod australia;
pub(super) mod canada;
pub(super) mod eu;
pub(super) mod france;
pub(super) mod generic;
pub(super) mod ofac;
pub(super) mod opensanctions;
pub(super) mod seco;
pub(super) mod senzing;
pub(super) mod uk;
pub(super) mod un;
pub(super) mod us;
pub(super) mod world_bank;
