//! A code: how it is drawn, written, read and kept.

use crate::kernel::digest::hmac_sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::secret::Secret;

/// Figures of a code.
const FIGURES: usize = 8;
/// So many codes there are.
const CODES: u32 = 100_000_000;

/// One code.
#[derive(Clone)]
pub struct MailCode(Secret<String>);

/// Where a code counts, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailPlace {
    pub journey: JourneyId,
    pub account: AccountId,
    pub purpose: &'static str,
}

impl MailCode {
    pub fn draw(entropy: &Entropy) -> Self {
        Self(Secret::new(format!("{:08}", entropy.below(CODES))))
    }

    /// A code as typed, with spaces or without.
    pub fn parse(raw: &str) -> Option<Self> {
        let figures: String = raw.chars().filter(|c| !c.is_whitespace()).take(FIGURES + 1).collect();
        let sound = figures.len() == FIGURES && figures.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| Self(Secret::new(figures)))
    }

    /// As a mail shows it: two groups of four.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.expose().split_at(FIGURES / 2);
        format!("{first} {second}")
    }

    /// What is kept: under a key, since whoever reads the database could try all codes, and over the place, so that
    /// a row moved to another one is worthless.
    pub fn digest(&self, key: &Secret<Vec<u8>>, place: MailPlace) -> [u8; 32] {
        let mut bytes = place.journey.uuid().as_bytes().to_vec();
        bytes.extend_from_slice(place.account.uuid().as_bytes());
        bytes.extend_from_slice(place.purpose.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(self.0.expose().as_bytes());
        hmac_sha256(key.expose(), &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Entropy, JourneyId, MailCode, MailPlace, Secret};

    #[test]
    fn a_code_is_read_however_it_is_spaced_and_counts_in_its_place_alone() {
        let entropy = Entropy::seeded(1);
        let id = |number| uuid::Uuid::from_u128(number);
        let place = MailPlace {
            journey: JourneyId::from_uuid(id(1)),
            account: AccountId::from_uuid(id(2)),
            purpose: "reset",
        };
        let key = Secret::new(vec![7; 32]);
        for _ in 0..200 {
            let code = MailCode::draw(&entropy);
            let shown = code.shown();
            assert_eq!(shown.len(), 9, "{shown}");
            for spelling in [shown.clone(), shown.replace(' ', ""), format!(" {shown}\u{a0}")] {
                let read = MailCode::parse(&spelling).unwrap_or_else(|| panic!("{spelling}"));
                assert_eq!(read.digest(&key, place), code.digest(&key, place));
            }
            let elsewhere = [
                MailPlace { journey: JourneyId::from_uuid(id(3)), ..place },
                MailPlace { account: AccountId::from_uuid(id(3)), ..place },
                MailPlace { purpose: "other", ..place },
            ];
            assert!(elsewhere.iter().all(|other| code.digest(&key, *other) != code.digest(&key, place)));
        }
        for no_code in ["", "1234567", "123456789", "1234567a", "１２３４５６７８", "12345678\u{0}"] {
            assert!(MailCode::parse(no_code).is_none(), "{no_code}");
        }
    }
}
