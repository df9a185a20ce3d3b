//! Cookies: read with bounds, written always with `__Host-`, Secure, `HttpOnly` and `SameSite`.
//! Source: RFC 6265bis §4.1.3.2. Hand-written: a cookie crate would bring its own clock for one line.

use std::fmt::Write;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

/// Bytes of cookies that are read at the most.
const COOKIE_BYTES_MAX: usize = 8 * 1024;

/// The cookies of the service; there are no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The browser's signed id.
    Device,
    /// The session's token.
    Session,
    /// The language that was chosen.
    Language,
    /// A message for the next page.
    Flash,
}

impl Cookie {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "__Host-device",
            Self::Session => "__Host-session",
            Self::Language => "__Host-lang",
            Self::Flash => "__Host-flash",
        }
    }

    /// How long a browser keeps it; `None` until it is closed.
    const fn lasts(self) -> Option<Duration> {
        match self {
            Self::Device | Self::Language => Some(Duration::from_hours(400 * 24)),
            Self::Flash => Some(Duration::from_mins(1)),
            Self::Session => None,
        }
    }

    /// The value in a request. Of two of the same name neither counts: one of them was planted.
    pub fn read(self, headers: &HeaderMap) -> Option<String> {
        let mut found = None;
        let mut bytes = 0;
        for line in headers.get_all(header::COOKIE) {
            let line = line.to_str().ok()?;
            bytes += line.len();
            if bytes > COOKIE_BYTES_MAX {
                return None;
            }
            for pair in line.split(';') {
                if let Some((name, value)) = pair.trim().split_once('=')
                    && name == self.name()
                    && found.replace(value.to_owned()).is_some()
                {
                    return None;
                }
            }
        }
        found
    }

    /// Adds the cookie to a response. The value is base64url or a code, so that it needs no quoting.
    pub fn set(self, headers: &mut HeaderMap, value: &str) {
        let mut text = format!("{}={value}; Path=/; Secure; HttpOnly; SameSite=Lax", self.name());
        if let Some(lasts) = self.lasts() {
            // Writing to a text cannot fail.
            let _ = write!(text, "; Max-Age={}", lasts.as_secs());
        }
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, text);
        }
    }

    /// Takes the cookie away from the browser.
    pub fn clear(self, headers: &mut HeaderMap) {
        let text = format!("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", self.name());
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, text);
        }
    }
}
