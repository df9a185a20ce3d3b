//! Which passwords may be chosen. Source: NIST SP 800-63B-4 §3.1.1.2: length and a blocklist, no
//! composition rules, all of Unicode, no periodic change of our own.

use std::collections::HashSet;
use std::sync::Arc;

use crate::kernel::secret::Password;

/// Shortest part of a name that a password must not contain.
const NAME_PART_MIN: usize = 4;

#[derive(Clone)]
pub struct PasswordRules {
    /// Least characters where the password stands alone.
    pub length_min_alone: usize,
    /// Least characters where a second proof is always asked for.
    pub length_min_with_second: usize,
    pub length_max: usize,
    /// Least strength, 0 to 4.
    pub strength_min: u8,
    /// Passwords that are refused whatever their strength, in lower case.
    pub blocklist: Arc<HashSet<String>>,
}

/// Why a password was not accepted, in the order in which a person can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    Short { missing: usize },
    Long,
    Name,
    Listed,
    Guessable,
}

/// Whether another proof always stands beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    Alone,
    WithSecond,
}

impl PasswordRules {
    pub const fn length_min(&self, company: Company) -> usize {
        match company {
            Company::Alone => self.length_min_alone,
            Company::WithSecond => self.length_min_with_second,
        }
    }

    /// # Errors
    /// The first rule that the password does not meet.
    pub fn check(&self, password: &Password, about: &[&str], company: Company) -> Result<(), Weakness> {
        let length = password.characters();
        let missing = self.length_min(company).saturating_sub(length);
        if missing > 0 {
            return Err(Weakness::Short { missing });
        }
        if length > self.length_max {
            return Err(Weakness::Long);
        }
        let lower = password.expose().to_lowercase();
        if about.iter().flat_map(|text| parts(text)).any(|part| lower.contains(&part)) {
            return Err(Weakness::Name);
        }
        if self.blocklist.contains(&lower) {
            return Err(Weakness::Listed);
        }
        if Self::strength(password, about) < self.strength_min {
            return Err(Weakness::Guessable);
        }
        Ok(())
    }

    /// How hard the password is to guess, 0 (at once) to 4 (very hard).
    pub fn strength(password: &Password, about: &[&str]) -> u8 {
        // The estimate grows faster than the length; what is beyond does not make it weaker.
        let start: String = password.expose().chars().take(100).collect();
        zxcvbn::zxcvbn(&start, about).score().into()
    }
}

/// The words of a name that are long enough to count.
fn parts(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= NAME_PART_MIN)
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Arc, Company, HashSet, Password, PasswordRules, Weakness};

    #[test]
    fn the_rules_name_what_a_person_can_mend() {
        let rules = PasswordRules {
            length_min_alone: 15,
            length_min_with_second: 8,
            length_max: 64,
            strength_min: 2,
            blocklist: Arc::new(HashSet::from(["kanselarij2020".to_owned()])),
        };
        let long = "correct horse ".repeat(5);
        let table = [
            ("short", Err(Weakness::Short { missing: 3 })),
            (long.as_str(), Err(Weakness::Long)),
            ("Peeters-wonder-4711", Err(Weakness::Name)),
            ("Kanselarij2020", Err(Weakness::Listed)),
            ("password1234", Err(Weakness::Guessable)),
            ("môt de passe à moi", Ok(())),
            ("correct-horse-battery", Ok(())),
        ];
        for (text, expected) in table {
            let password = Password::parse(text).unwrap();
            let got = rules.check(&password, &["zpeeters", "Zoé Peeters"], Company::WithSecond);
            assert_eq!(got, expected, "{text}");
        }
        let alone = rules.check(&Password::parse("kort maar goed").unwrap(), &[], Company::Alone);
        assert_eq!(alone, Err(Weakness::Short { missing: 1 }));
    }
}
