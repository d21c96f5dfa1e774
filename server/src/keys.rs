//! API keys: a file with the SHA-256 of each, its scopes and its rate.
//!
//! ```toml
//! [[key]]
//! name = "payments"
//! sha256 = "5f0c…"          # of the key, in hexadecimal: interdict serve --new-key payments
//! scopes = ["screen"]       # screen, admin
//! rate = 500                # requests a second; without it as many as come
//! ```
//!
//! Keys are 256 random bits, so that their hash cannot be reversed by trying. A key that comes is hashed and compared with
//! every hash of the file in constant time.

use crate::error::ApiError;
use crate::reload::lock;
use crate::sources::hex;
use axum::http::{HeaderMap, StatusCode, header};
use interdict::{Error, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;
use subtle::ConstantTimeEq;

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To screen, and to read lists, entities and metrics.
    Screen,
    /// To reload the lists too.
    Admin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    sha256: String,
    scopes: Vec<Scope>,
    rate: Option<f64>,
}

#[derive(Debug)]
struct Key {
    name: String,
    hash: [u8; 32],
    scopes: Vec<Scope>,
    bucket: Option<Bucket>,
}

/// Requests that a key may still make: as many as a second allows may come at once.
#[derive(Debug)]
struct Bucket {
    rate: f64,
    state: Mutex<(f64, Instant)>,
}

impl Bucket {
    /// Takes a place, or returns the seconds until there is one.
    fn take(&self) -> std::result::Result<(), f64> {
        let mut state = lock(&self.state);
        let (left, since) = *state;
        let now = Instant::now();
        let left = (left + (now - since).as_secs_f64() * self.rate).min(self.rate.max(1.0));
        *state = (if left < 1.0 { left } else { left - 1.0 }, now);
        if left < 1.0 { Err((1.0 - left) / self.rate) } else { Ok(()) }
    }
}

/// The keys of a service.
#[derive(Debug)]
pub struct Keys(Vec<Key>);

impl Keys {
    /// Reads a file of keys.
    ///
    /// # Errors
    ///
    /// It cannot be read, is no such file, or holds no key.
    pub fn read(path: &Path) -> Result<Keys> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::from(e).with_path(path))?;
        Keys::parse(&text).map_err(|message| Error::invalid_config(message).with_path(path))
    }

    fn parse(text: &str) -> std::result::Result<Keys, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let keys: std::result::Result<Vec<Key>, String> = file.key.into_iter().map(Key::new).collect();
        let keys = keys?;
        if keys.is_empty() {
            return Err("there is no [[key]] in it".into());
        }
        Ok(Keys(keys))
    }

    /// The name of the key that a request has, if it allows this scope and is within its rate.
    pub(crate) fn check(&self, given: Option<&str>, scope: Scope) -> std::result::Result<&str, ApiError> {
        let unauthorized = |message| ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message);
        let given = given.ok_or_else(|| unauthorized("a key is needed: Authorization: Bearer KEY"))?;
        let hash: [u8; 32] = Sha256::digest(given).into();
        let mut found = None;
        for key in &self.0 {
            // Every key is compared, so that the time does not tell which one it is.
            if bool::from(key.hash.ct_eq(&hash)) {
                found = Some(key);
            }
        }
        let key = found.ok_or_else(|| unauthorized("the key is not known"))?;
        if !key.scopes.contains(&scope) && !key.scopes.contains(&Scope::Admin) {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "the key does not have the scope admin",
            ));
        }
        if let Some(Err(seconds)) = key.bucket.as_ref().map(Bucket::take) {
            let message = "the rate of the key is used up; try again later";
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message);
            return Err(ApiError { retry_after: Some((seconds.ceil() as u64).max(1)), ..error });
        }
        Ok(&key.name)
    }
}

impl Key {
    fn new(entry: Entry) -> std::result::Result<Key, String> {
        let name = entry.name;
        let bytes: Option<Vec<u8>> = (0..entry.sha256.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(entry.sha256.get(at..at + 2)?, 16).ok())
            .collect();
        let hash = bytes.and_then(|bytes| bytes.try_into().ok());
        let hash = hash.ok_or_else(|| format!("key '{name}': sha256 is not 64 hexadecimal digits"))?;
        if entry.scopes.is_empty() {
            return Err(format!("key '{name}' has no scope; there are screen and admin"));
        }
        let bucket = match entry.rate {
            None => None,
            Some(rate) if rate > 0.0 && rate.is_finite() => {
                Some(Bucket { rate, state: Mutex::new((rate.max(1.0), Instant::now())) })
            }
            Some(_) => return Err(format!("key '{name}': rate must be above 0")),
        };
        Ok(Key { name, hash, scopes: entry.scopes, bucket })
    }
}

/// The key of a request: `Authorization: Bearer KEY`, `ApiKey KEY` or as the password of `Basic`, `X-API-Key: KEY`, or
/// `api_key=KEY` in the query, or `token=KEY` as clients of yente send it.
pub(crate) fn given(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    if let Some(value) = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()) {
        let (scheme, key) = value.split_once(' ')?;
        let key = key.trim();
        return match scheme.to_ascii_lowercase().as_str() {
            "bearer" | "apikey" => Some(key.to_string()),
            "basic" => {
                let text = String::from_utf8(base64(key)?).ok()?;
                let (user, password) = text.split_once(':')?;
                Some(if password.is_empty() { user } else { password }.to_string())
            }
            _ => None,
        };
    }
    if let Some(key) = headers.get("x-api-key").and_then(|v| v.to_str().ok()) {
        return Some(key.to_string());
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query?).ok()?;
    pairs.into_iter().find(|(name, _)| name == "api_key" || name == "token").map(|(_, key)| key)
}

/// Decodes base64 with its padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut buffer, mut bits) = (0u32, 0);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = buffer << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

/// A new key, and its entry for the file.
///
/// # Errors
///
/// The system gives no random bytes.
pub fn generate(name: &str) -> Result<(String, String)> {
    let mut bytes = [0; 32];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| Error::internal("the system gives no random bytes"))?;
    let key = format!("ik_{}", hex(&bytes));
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let hash = hex(&Sha256::digest(&key));
    Ok((key, format!("[[key]]\nname = \"{name}\"\nsha256 = \"{hash}\"\nscopes = [\"screen\"]\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(rate: &str) -> (String, Keys) {
        let (key, entry) = generate("test").unwrap();
        (key, Keys::parse(&format!("{entry}{rate}")).unwrap())
    }

    #[test]
    fn a_key_opens_its_scope_and_no_other() {
        let (key, keys) = keys("");
        assert_eq!(keys.check(Some(&key), Scope::Screen).unwrap(), "test");
        assert_eq!(keys.check(Some(&key), Scope::Admin).unwrap_err().status, StatusCode::FORBIDDEN);
        assert_eq!(keys.check(Some("ik_0"), Scope::Screen).unwrap_err().status, StatusCode::UNAUTHORIZED);
        assert_eq!(keys.check(None, Scope::Screen).unwrap_err().status, StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn a_rate_is_used_up_and_comes_back() {
        let (key, keys) = keys("rate = 2\n");
        let check = || keys.check(Some(&key), Scope::Screen).map(|_| ());
        assert!(check().is_ok() && check().is_ok());
        let error = check().unwrap_err();
        assert_eq!((error.status, error.retry_after), (StatusCode::TOO_MANY_REQUESTS, Some(1)));
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert!(check().is_ok());
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_with_the_reason() {
        for (text, expected) in [
            ("", "no [[key]]"),
            ("[[key]]\nname='a'\nsha256='12'\nscopes=['screen']", "64 hexadecimal digits"),
            ("[[key]]\nname='a'\nsha256='12'\nscopes=['root']", "root"),
            ("[[key]]\nname='a'\nsha256='12'\nscopes=['screen']\nkey='x'", "key"),
        ] {
            let error = Keys::parse(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_key_is_found_wherever_clients_put_it() {
        let given_by = |name: &'static str, value: &str| {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            given(&headers, None)
        };
        assert_eq!(given_by("authorization", "Bearer k").as_deref(), Some("k"));
        assert_eq!(given_by("authorization", "ApiKey k").as_deref(), Some("k"));
        assert_eq!(given_by("authorization", "Basic dTpr").as_deref(), Some("k"));
        assert_eq!(given_by("x-api-key", "k").as_deref(), Some("k"));
        assert_eq!(given(&HeaderMap::new(), Some("a=b&api_key=k%21")).as_deref(), Some("k!"));
        assert_eq!(given_by("authorization", "Digest k"), None);
    }
}
