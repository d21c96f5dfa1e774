//! The native half of interdict for Python.
