//! A secret that is offered on a page and not bound yet: sealed into the form, so that looking at the
//! page writes nothing, and tied to the person, the browser and a time.

use std::fmt::Write;
use std::time::Duration;

use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};

use super::model::{self, SECRET_BYTES};
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::digest::{base64url, from_base64url};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, AuthenticatorId, DeviceId};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// How long an offer stands.
const OFFER_TIME: Duration = Duration::from_mins(15);
/// Quiet border of a QR code in squares. Source: ISO/IEC 18004 §6.3.8.
const BORDER: usize = 4;

#[derive(Serialize, Deserialize)]
struct Sealed {
    id: AuthenticatorId,
    secret: String,
    made_at: Moment,
}

/// A secret on offer. Its id is fixed already, so that it can be bound once only.
pub struct Offer {
    pub id: AuthenticatorId,
    pub secret: Secret<Vec<u8>>,
    made_at: Moment,
}

impl Offer {
    pub fn new(now: Moment, entropy: &Entropy) -> Self {
        Self {
            id: AuthenticatorId::new(now, entropy),
            secret: Secret::new(entropy.bytes::<SECRET_BYTES>().to_vec()),
            made_at: now,
        }
    }

    /// The offer as a form field that only this person in this browser can send back.
    ///
    /// # Errors
    /// It cannot be sealed; then the page must not be shown.
    pub fn seal(
        &self,
        ring: &KeyRing,
        account: AccountId,
        browser: DeviceId,
        entropy: &Entropy,
    ) -> Result<String, SealError> {
        let sealed = Sealed { id: self.id, secret: base64url(self.secret.expose()), made_at: self.made_at };
        // Cannot fail: an id, a text and a number.
        let plain = serde_json::to_vec(&sealed).unwrap_or_default();
        Ok(base64url(&ring.seal(place(&row(account, browser)), &plain, entropy)?))
    }

    /// Reads the field back; anything else, or too old, is none.
    pub fn open(
        field: &str,
        ring: &KeyRing,
        account: AccountId,
        browser: DeviceId,
        now: Moment,
    ) -> Option<Self> {
        let bytes = from_base64url(field)?;
        let plain = ring.open(place(&row(account, browser)), &bytes).ok()?;
        let sealed: Sealed = serde_json::from_slice(plain.expose()).ok()?;
        let fresh = now.since(sealed.made_at) < OFFER_TIME;
        let secret = Secret::new(from_base64url(&sealed.secret)?);
        fresh.then_some(Self { id: sealed.id, secret, made_at: sealed.made_at })
    }

    /// The secret in groups of four, as a person copies it.
    pub fn groups(&self) -> Vec<String> {
        let text = model::base32(&self.secret);
        text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect()
    }

    /// The QR code as the path of its dark squares and the width of its picture in squares.
    pub fn qr(&self, login: &str) -> Option<(String, usize)> {
        qr_path(&model::key_uri(&self.secret, login))
    }
}

/// A QR code as the path of its dark squares and the width of its picture in squares.
pub fn qr_path(text: &str) -> Option<(String, usize)> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (position, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (position % width + BORDER, position / width + BORDER);
            // Writing to a text cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((path, width + 2 * BORDER))
}

/// A QR code for a terminal: two rows of squares in each line, light ones drawn, as most terminals are dark.
pub fn qr_lines(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let is_light = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(BORDER).filter(|at| *at < width);
        let dark = inside(x).zip(inside(y)).and_then(|(x, y)| colors.get(y * width + x));
        dark != Some(&Color::Dark)
    };
    let whole = width + 2 * BORDER;
    let line = |y: usize| {
        let sign = |x: usize| match (is_light(x, y), y + 1 < whole && is_light(x, y + 1)) {
            (true, true) => '\u{2588}',
            (true, false) => '\u{2580}',
            (false, true) => '\u{2584}',
            (false, false) => ' ',
        };
        (0..whole).map(sign).collect()
    };
    Some((0..whole).step_by(2).map(line).collect())
}

fn row(account: AccountId, browser: DeviceId) -> String {
    format!("{account}/{browser}")
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "authenticator", column: "offer", row }
}
