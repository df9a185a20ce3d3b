//! What a browser carries to be recognised: a stable id behind a signed value that changes at each
//! strong proof. It opens nothing by itself; forms, journeys and device records are tied to it.

use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::{base64url, equal, from_base64url, hmac_sha256};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::DeviceId;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

const ID_BYTES: usize = 16;
const GENERATION_BYTES: usize = 4;
const MAC_BYTES: usize = 16;

/// The id and the generation, signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceCookie {
    pub id: DeviceId,
    pub generation: u32,
}

impl DeviceCookie {
    /// A browser that was never here.
    pub fn fresh(now: Moment, entropy: &Entropy) -> Self {
        Self { id: DeviceId::new(now, entropy), generation: 0 }
    }

    /// The value after one more strong proof.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { generation: self.generation.saturating_add(1), ..self }
    }
}

/// The key under which these values are signed.
#[derive(Clone)]
pub struct BrowserKey(Secret<Vec<u8>>);

impl BrowserKey {
    /// # Errors
    /// The key cannot be derived.
    pub fn new(ring: &KeyRing) -> Result<Self, SealError> {
        ring.mac_key(Purpose::Browser).map(Self)
    }

    /// Reads the cookie's value; a value that we did not sign is none.
    pub fn read(&self, value: &str) -> Option<DeviceCookie> {
        let bytes = from_base64url(value)?;
        let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (generation, mac) = rest.split_first_chunk::<GENERATION_BYTES>()?;
        let cookie = DeviceCookie {
            id: DeviceId::from_uuid(uuid::Uuid::from_bytes(*id)),
            generation: u32::from_be_bytes(*generation),
        };
        equal(&self.mac(cookie), mac).then_some(cookie)
    }

    /// The cookie's value.
    pub fn write(&self, cookie: DeviceCookie) -> String {
        let mut bytes = cookie.id.uuid().as_bytes().to_vec();
        bytes.extend_from_slice(&cookie.generation.to_be_bytes());
        bytes.extend_from_slice(&self.mac(cookie));
        base64url(&bytes)
    }

    /// A token for the forms of one browser: whoever cannot read its cookie cannot make it.
    pub fn form_token(&self, device: DeviceId) -> String {
        base64url(&hmac_sha256(self.0.expose(), format!("form\n{device}").as_bytes()))
    }

    pub fn is_form_token(&self, token: &str, device: DeviceId) -> bool {
        equal(token.as_bytes(), self.form_token(device).as_bytes())
    }

    fn mac(&self, cookie: DeviceCookie) -> [u8; MAC_BYTES] {
        let text = format!("device\n{}\n{}", cookie.id, cookie.generation);
        let whole = hmac_sha256(self.0.expose(), text.as_bytes());
        let mut mac = [0; MAC_BYTES];
        for (to, from) in mac.iter_mut().zip(whole) {
            *to = from;
        }
        mac
    }
}
