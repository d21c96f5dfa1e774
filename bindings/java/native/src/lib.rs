//! The native half of interdict for Java.
