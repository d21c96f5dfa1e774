//! Screening over HTTP.
