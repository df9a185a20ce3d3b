//! A message for the next page: a word of a closed list in a cookie, never a text from outside.

use axum::http::HeaderMap;
use axum::response::Response;

use super::cookie::Cookie;
use super::page::{Flash, Tone};
use super::text::Text;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    AppAdded,
    MethodRemoved,
    KeyAdded,
    Linked,
    Renamed,
    PasswordChanged,
    SessionEnded,
    OthersEnded(u32),
    ConsentWithdrawn,
    BrowserEnded,
    /// By so many minutes; what was done is a sign-in by another way.
    ClockOff(u32),
}

impl Done {
    const fn id(self) -> &'static str {
        match self {
            Self::AppAdded => "flash-app-added",
            Self::MethodRemoved => "flash-method-removed",
            Self::KeyAdded => "flash-key-added",
            Self::Linked => "flash-linked",
            Self::Renamed => "flash-renamed",
            Self::PasswordChanged => "flash-password",
            Self::SessionEnded => "flash-session-ended",
            Self::OthersEnded(_) => "flash-others-ended",
            Self::ConsentWithdrawn => "flash-consent-withdrawn",
            Self::BrowserEnded => "flash-browser-ended",
            Self::ClockOff(_) => "flash-clock",
        }
    }

    /// Says so on the next page.
    #[must_use]
    pub fn on(self, mut response: Response) -> Response {
        let value = match self {
            Self::OthersEnded(count) | Self::ClockOff(count) => format!("{}.{count}", self.id()),
            Self::AppAdded
            | Self::MethodRemoved
            | Self::KeyAdded
            | Self::Linked
            | Self::Renamed
            | Self::PasswordChanged
            | Self::SessionEnded
            | Self::ConsentWithdrawn
            | Self::BrowserEnded => self.id().to_owned(),
        };
        Cookie::Flash.set(response.headers_mut(), &value);
        response
    }

    /// What the page before has to say.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let value = Cookie::Flash.read(headers)?;
        let (id, count) = value.split_once('.').unwrap_or((&value, "0"));
        let count = count.parse().ok().filter(|count| *count < 1000)?;
        [
            Self::AppAdded,
            Self::MethodRemoved,
            Self::KeyAdded,
            Self::Linked,
            Self::Renamed,
            Self::PasswordChanged,
            Self::SessionEnded,
            Self::OthersEnded(count),
            Self::ConsentWithdrawn,
            Self::BrowserEnded,
            Self::ClockOff(count),
        ]
        .into_iter()
        .find(|done| done.id() == id)
    }

    pub fn flash(self, text: Text) -> Flash {
        let id = self.id();
        let (tone, count) = match self {
            Self::OthersEnded(count) => (Tone::Ok, Some(("count", count.into()))),
            Self::ClockOff(minutes) => (Tone::Warn, Some(("minutes", minutes.into()))),
            Self::AppAdded
            | Self::MethodRemoved
            | Self::KeyAdded
            | Self::Linked
            | Self::Renamed
            | Self::PasswordChanged
            | Self::SessionEnded
            | Self::ConsentWithdrawn
            | Self::BrowserEnded => (Tone::Ok, None),
        };
        let args = count.as_slice();
        let (title, body) = (format!("{id}-title"), format!("{id}-text"));
        Flash { tone, title: text.with(&title, args), body: text.with(&body, args) }
    }
}
