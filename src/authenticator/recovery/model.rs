//! A recovery code: how it is drawn, written, read and kept.

use crate::kernel::digest::sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::AccountId;
use crate::kernel::secret::Secret;

/// Codes of a set.
pub const CODES: usize = 10;
/// From so many left on, the person is told to make a new set.
pub const FEW: usize = 3;
/// Bytes of a code: 80 bits.
const BYTES: usize = 10;
/// Signs of a code, five bits each.
const SIGNS: usize = 16;
/// None of them is taken for another one, on paper or by ear: no I, O, 0 and 1.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// One code, in capitals without dashes.
#[derive(Clone)]
pub struct RecoveryCode(Secret<String>);

impl RecoveryCode {
    pub fn draw(entropy: &Entropy) -> Self {
        let drawn = entropy.bytes::<BYTES>();
        let bits = drawn.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let sign = |position: usize| {
            let five = usize::try_from((bits >> (5 * position)) & 31).unwrap_or(0);
            char::from(ALPHABET.get(five).copied().unwrap_or(b'A'))
        };
        Self(Secret::new((0..SIGNS).map(sign).collect()))
    }

    /// A code as typed: however it is spaced, in small letters or capitals.
    pub fn parse(raw: &str) -> Option<Self> {
        let signs: String = raw
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
            .map(|c| c.to_ascii_uppercase())
            .take(SIGNS + 1)
            .collect();
        let is_sign = |byte: u8| ALPHABET.contains(&byte);
        (signs.len() == SIGNS && signs.bytes().all(is_sign)).then(|| Self(Secret::new(signs)))
    }

    /// As it is printed: four groups of four.
    pub fn shown(&self) -> String {
        let signs = self.0.expose().as_bytes();
        let groups = signs.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is kept. A plain digest suffices: there are 2^80 codes, so nobody finds one by trying, and a slow hash
    /// or a key would guard nothing more. The account is in it, so that a row moved to another account is worthless.
    pub fn digest(&self, account: AccountId) -> Vec<u8> {
        let mut bytes = account.uuid().as_bytes().to_vec();
        bytes.extend_from_slice(self.0.expose().as_bytes());
        sha256(&bytes).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AccountId, Entropy, RecoveryCode};

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let entropy = Entropy::seeded(1);
        let account = AccountId::from_uuid(uuid::Uuid::from_u128(1));
        let code = RecoveryCode::draw(&entropy);
        let shown = code.shown();
        assert_eq!(shown.len(), 19, "{shown}");
        let spellings = [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            format!(" {} ", shown.replace('-', " ")),
            shown.replace('-', "\u{2013}"),
        ];
        for spelling in spellings {
            let read = RecoveryCode::parse(&spelling).unwrap_or_else(|| panic!("{spelling}"));
            assert_eq!(read.digest(account), code.digest(account), "{spelling}");
        }
        let longer = format!("{shown}A");
        for no_code in
            ["", "AAAA", "AAAA-AAAA-AAAA-AAA0", "AAAA-AAAA-AAAA-AAAI", "ÄAAA-AAAA-AAAA-AAAA", &longer]
        {
            assert!(RecoveryCode::parse(no_code).is_none(), "{no_code}");
        }
    }

    #[test]
    fn codes_differ_and_are_worth_nothing_for_somebody_else() {
        let entropy = Entropy::seeded(2);
        let (one, other) =
            (AccountId::from_uuid(uuid::Uuid::from_u128(1)), AccountId::from_uuid(uuid::Uuid::from_u128(2)));
        let codes: Vec<RecoveryCode> = (0..200).map(|_| RecoveryCode::draw(&entropy)).collect();
        let shown: BTreeSet<String> = codes.iter().map(RecoveryCode::shown).collect();
        assert_eq!(shown.len(), 200);
        // Every sign is drawn, at every place.
        for place in 0..16 {
            let signs: BTreeSet<char> =
                shown.iter().map(|code| code.replace('-', "").chars().nth(place).unwrap()).collect();
            assert!(signs.len() > 25, "place {place}: {signs:?}");
        }
        assert!(codes.iter().all(|code| code.digest(one) != code.digest(other)));
    }
}
