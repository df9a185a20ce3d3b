//! The national register number: read, proved by its checksum, and then known by a keyed digest alone. It is in
//! no token, record, page or mail. Source: Royal Decree of 3 April 1984 (numbers), 8 February 1991 (bis numbers).

use zeroize::Zeroizing;

use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::hmac_sha256;
use crate::kernel::secret::Secret;

const DIGITS: usize = 11;
/// What the check digits are counted from.
const MODULUS: u64 = 97;
/// Put before the nine digits of those who were born in 2000 or later.
const FROM_2000: u64 = 2_000_000_000;
/// Added to the month of a bis number: the sex is not known, or known.
const BIS_MONTHS: [u64; 2] = [20, 40];

/// The pepper in use; a new one gets the next number, and the old ones still find.
pub const PEPPER: i64 = 1;

/// A number whose checksum is right. It has no form that could be shown.
#[derive(Clone)]
pub struct NationalNumber(Secret<String>);

impl NationalNumber {
    /// Reads eleven digits, with or without the usual marks between them; `None` where they cannot be a number.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 32 || text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '.' | '-' | ' ')) {
            return None;
        }
        let digits: Zeroizing<String> = Zeroizing::new(text.chars().filter(char::is_ascii_digit).collect());
        if digits.len() != DIGITS {
            return None;
        }
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u64>().ok();
        let (first, check) = (number(0, 9)?, number(9, 11)?);
        let (month, day) = (number(2, 4)?, number(4, 6)?);
        let month = BIS_MONTHS.iter().rev().find_map(|bis| month.checked_sub(*bis)).unwrap_or(month);
        let fits = [first, FROM_2000 + first].iter().any(|whole| MODULUS - whole % MODULUS == check);
        // A day of birth that is not known is written as zeros.
        let dated = month <= 12 && day <= 31;
        (fits && dated).then(|| Self(Secret::new(digits.as_str().to_owned())))
    }
}

/// What national register numbers are compared by.
#[derive(Clone)]
pub struct Pepper(Secret<Vec<u8>>);

impl Pepper {
    /// # Errors
    /// The key cannot be derived.
    pub fn new(ring: &KeyRing) -> Result<Self, SealError> {
        ring.mac_key(Purpose::NationalNumber).map(Self)
    }

    pub fn digest(&self, number: &NationalNumber) -> Vec<u8> {
        hmac_sha256(self.0.expose(), number.0.expose().as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::{FROM_2000, MODULUS, NationalNumber, Pepper};
    use crate::infra::sealing::KeyRing;
    use crate::kernel::entropy::Entropy;
    use crate::kernel::time::Moment;

    fn with_check(first: u64, from: u64) -> String {
        format!("{first:09}{:02}", MODULUS - (from + first) % MODULUS)
    }

    #[test]
    fn numbers_of_both_centuries_and_bis_numbers_are_read_and_others_not() {
        // The example of the National Register's own instructions.
        assert!(NationalNumber::parse("85073003328").is_some());
        assert!(NationalNumber::parse("85.07.30-033.28").is_some());
        for (first, from) in [
            (170_730_033, FROM_2000),
            (170_730_033, 0),
            (852_730_033, 0),
            (854_730_033, 0),
            (854_730_033, FROM_2000),
            (400_000_123, 0),
            (402_000_123, 0),
        ] {
            let number = with_check(first, from);
            assert!(NationalNumber::parse(&number).is_some(), "{number}");
        }
        for bad in [
            "",
            "85073003329",
            "8507300332",
            "850730033281",
            "85073003328x",
            "85/07/30/033/28",
            "８５０７３００３３２８",
        ] {
            assert!(NationalNumber::parse(bad).is_none(), "{bad}");
        }
        for (month, day) in [(13, 1), (33, 1), (53, 1), (60, 1), (99, 1), (1, 32), (1, 99)] {
            let number = with_check(85 * 10_000_000 + month * 100_000 + day * 1_000 + 33, 0);
            assert!(NationalNumber::parse(&number).is_none(), "{number}");
        }
    }

    #[test]
    fn one_number_has_one_digest_under_a_ring_however_it_is_written() {
        let ring = |seed| KeyRing::generate(Moment::from_micros(0), &Entropy::seeded(seed));
        let (one, other) = (Pepper::new(&ring(1)).unwrap(), Pepper::new(&ring(2)).unwrap());
        let number = |text| NationalNumber::parse(text).unwrap();
        assert_eq!(one.digest(&number("85073003328")), one.digest(&number("85.07.30-033.28")));
        assert_ne!(one.digest(&number("85073003328")), other.digest(&number("85073003328")));
    }
}
