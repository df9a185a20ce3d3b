//! The form of a refresh token: the grant, the number of the token in it, and a proof that we made it. Nothing
//! of it is stored but what the proofs are made from, so that the successor of a token is always the same one.
//!
//! ```text
//! base64url( grant (16 bytes) ‖ generation (4 bytes) ‖ HMAC-SHA256(secret of the grant, both before) )
//! ```
//! Source: RFC 6749 §10.4 (no refresh token can be made up or guessed), RFC 9700 §4.14.2.

use uuid::Uuid;

use crate::infra::sealing::{DoesNotOpen, KeyRing, Place};
use crate::kernel::digest::{base64url, equal, from_base64url, hmac_sha256};
use crate::kernel::secret::Secret;

const GRANT_BYTES: usize = 16;
const GENERATION_BYTES: usize = 4;
const PROOF_BYTES: usize = 32;
/// How long the text is: 52 bytes in base64url.
const CHARACTERS: usize = (GRANT_BYTES + GENERATION_BYTES + PROOF_BYTES).div_ceil(3) * 4 - 2;

/// A token that came from outside: read, and not yet proved.
pub struct Presented {
    pub grant: Uuid,
    pub generation: u32,
    proof: [u8; PROOF_BYTES],
}

impl Presented {
    /// Anything of another form is no refresh token.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Some(text).filter(|text| text.len() == CHARACTERS).and_then(from_base64url)?;
        let (grant, rest) = bytes.split_first_chunk::<GRANT_BYTES>()?;
        let (generation, proof) = rest.split_first_chunk::<GENERATION_BYTES>()?;
        Some(Self {
            grant: Uuid::from_bytes(*grant),
            generation: u32::from_be_bytes(*generation),
            proof: proof.try_into().ok()?,
        })
    }

    /// Whether it was made from this secret. The time does not tell how much of it fits.
    pub fn is_proved_by(&self, secret: &GrantSecret) -> bool {
        equal(&self.proof, &secret.proof(self.grant, self.generation))
    }
}

/// What the refresh tokens of one grant are made from.
pub struct GrantSecret(Secret<Vec<u8>>);

impl GrantSecret {
    pub const fn new(bytes: Secret<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// # Errors
    /// It does not open under this key ring.
    pub fn open(ring: &KeyRing, grant: Uuid, sealed: &[u8]) -> Result<Self, DoesNotOpen> {
        ring.open(place(&grant.to_string()), sealed).map(Self)
    }

    /// The token of this number: the same one whenever it is asked for.
    pub fn token(&self, grant: Uuid, generation: u32) -> String {
        let mut bytes = Vec::with_capacity(GRANT_BYTES + GENERATION_BYTES + PROOF_BYTES);
        bytes.extend_from_slice(grant.as_bytes());
        bytes.extend_from_slice(&generation.to_be_bytes());
        bytes.extend_from_slice(&self.proof(grant, generation));
        base64url(&bytes)
    }

    fn proof(&self, grant: Uuid, generation: u32) -> [u8; PROOF_BYTES] {
        let mut message = [0; GRANT_BYTES + GENERATION_BYTES];
        let (of_grant, of_generation) = message.split_at_mut(GRANT_BYTES);
        of_grant.copy_from_slice(grant.as_bytes());
        of_generation.copy_from_slice(&generation.to_be_bytes());
        hmac_sha256(self.0.expose(), &message)
    }
}

/// Where the secret of a grant is sealed.
pub const fn place(row: &str) -> Place<'_> {
    Place { table: "token_grant", column: "refresh_secret", row }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::Entropy;
    use crate::kernel::time::Moment;

    #[test]
    fn a_secret_opens_for_its_own_grant_alone() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let entropy = Entropy::seeded(1);
        let ring = KeyRing::generate(Moment::from_micros(0), &entropy);
        let sealed = ring.seal(place(&one.to_string()), &[7; 32], &entropy).unwrap();
        let token = |grant| Some(GrantSecret::open(&ring, grant, &sealed).ok()?.token(one, 1));
        assert_eq!(token(one), Some(GrantSecret::new(Secret::new(vec![7; 32])).token(one, 1)));
        assert_eq!(token(other), None, "a row that was put in the place of another one");
    }

    #[test]
    fn a_token_is_proved_by_its_own_grant_and_number_alone() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let secret = GrantSecret::new(Secret::new(vec![7; 32]));
        let token = secret.token(one, 3);
        let presented = Presented::parse(&token).unwrap();
        assert_eq!((presented.grant, presented.generation, token.len()), (one, 3, CHARACTERS));
        assert!(presented.is_proved_by(&secret));
        assert!(!presented.is_proved_by(&GrantSecret::new(Secret::new(vec![8; 32]))));
        for (grant, generation) in [(other, 3), (one, 4), (one, 2)] {
            assert!(
                !Presented { grant, generation, ..Presented::parse(&token).unwrap() }.is_proved_by(&secret)
            );
        }
        for position in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = Presented::parse(std::str::from_utf8(&changed).unwrap());
            // The last character holds two bits that say nothing: the encoding refuses others there.
            assert!(changed.is_none_or(|changed| !changed.is_proved_by(&secret)), "character {position}");
        }
        for bad in ["", "a", &token[1..], &format!("{token}A"), &token.replace(&token[..1], "!")] {
            assert!(Presented::parse(bad).is_none(), "{bad}");
        }
    }
}
