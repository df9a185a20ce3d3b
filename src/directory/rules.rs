//! Which passwords may be chosen. Source: NIST SP 800-63B-4 §3.1.1.2: length and a blocklist, no
//! composition rules, all of Unicode, no periodic change of our own.

use std::collections::HashSet;
use std::sync::Arc;

use super::breach::{BreachFilter, UnreadableFilter, key_of};
use super::common::CommonWords;
use super::similar::{holds_own, is_near};
use crate::kernel::secret::Password;

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
    pub common: Arc<CommonWords>,
    /// Passwords known from breaches, where the operator has a list of them.
    pub breaches: Option<Arc<BreachFilter>>,
}

/// Why a password was not accepted, in the order in which a person can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    Short {
        missing: usize,
    },
    Long,
    /// Something of the person is in it.
    Name,
    /// The previous one with a few changes.
    Previous,
    Listed,
    Guessable,
    /// It is, or may be, known from a breach: one in 256 of those that are not is taken for one that is.
    Breached,
}

/// Whether another proof always stands beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    Alone,
    WithSecond,
}

/// Why a password may not be chosen, or nobody can say whether it may.
#[derive(Debug)]
pub enum NotSuited {
    Weak(Weakness),
    /// The list of breached passwords cannot be read any more: the password is neither known nor unknown.
    Unread(UnreadableFilter),
}

impl PasswordRules {
    pub const fn length_min(&self, company: Company) -> usize {
        match company {
            Company::Alone => self.length_min_alone,
            Company::WithSecond => self.length_min_with_second,
        }
    }

    /// All rules. It computes and reads the disk, and does so beside the threads that serve requests.
    ///
    /// # Errors
    /// The first rule that the password does not meet, or that the list of breached ones cannot be read.
    pub async fn check(
        &self,
        password: &Password,
        about: &[&str],
        company: Company,
    ) -> Result<(), NotSuited> {
        let (rules, password) = (self.clone(), password.clone());
        let about: Vec<String> = about.iter().map(|text| (*text).to_owned()).collect();
        let checked = tokio::task::spawn_blocking(move || {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            rules.check_here(&password, &about, company)
        });
        // It ends early only with the program.
        checked.await.unwrap_or(Err(NotSuited::Weak(Weakness::Guessable)))
    }

    fn check_here(&self, password: &Password, about: &[&str], company: Company) -> Result<(), NotSuited> {
        self.judge(password, about, company).map_err(NotSuited::Weak)?;
        let Some(breaches) = &self.breaches else { return Ok(()) };
        match breaches.may_hold(key_of(password.expose())) {
            Ok(false) => Ok(()),
            Ok(true) => Err(NotSuited::Weak(Weakness::Breached)),
            Err(unreadable) => Err(NotSuited::Unread(unreadable)),
        }
    }

    /// The rules that need no list.
    fn judge(&self, password: &Password, about: &[&str], company: Company) -> Result<(), Weakness> {
        let length = password.characters();
        let missing = self.length_min(company).saturating_sub(length);
        if missing > 0 {
            return Err(Weakness::Short { missing });
        }
        if length > self.length_max {
            return Err(Weakness::Long);
        }
        if holds_own(password.expose(), about) {
            return Err(Weakness::Name);
        }
        let listed = self.blocklist.contains(&password.expose().to_lowercase());
        if listed || self.common.make_up(password.expose()) {
            return Err(Weakness::Listed);
        }
        if Self::strength(password, about) < self.strength_min {
            return Err(Weakness::Guessable);
        }
        Ok(())
    }

    /// Where the previous password was typed beside the new one: whether it is another one at all.
    ///
    /// # Errors
    /// It is the previous one with a few changes.
    pub fn differs(previous: &str, new: &Password) -> Result<(), Weakness> {
        if is_near(previous, new.expose()) { Err(Weakness::Previous) } else { Ok(()) }
    }

    /// How hard the password is to guess, 0 (at once) to 4 (very hard).
    pub fn strength(password: &Password, about: &[&str]) -> u8 {
        // The estimate grows faster than the length; what is beyond does not make it weaker.
        let start: String = password.expose().chars().take(100).collect();
        zxcvbn::zxcvbn(&start, about).score().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, CommonWords, Company, HashSet, Password, PasswordRules, Weakness};

    #[test]
    fn the_rules_name_what_a_person_can_mend() {
        let rules = PasswordRules {
            length_min_alone: 15,
            length_min_with_second: 8,
            length_max: 64,
            strength_min: 2,
            blocklist: Arc::new(HashSet::from(["tuinkabouter77".to_owned()])),
            common: Arc::new(CommonWords::with(&["Kanselarij"])),
            breaches: None,
        };
        let long = "correct horse ".repeat(5);
        let table = [
            ("short", Err(Weakness::Short { missing: 3 })),
            (long.as_str(), Err(Weakness::Long)),
            ("Peeters-wonder-4711", Err(Weakness::Name)),
            ("P33t3rs-wonder-4711", Err(Weakness::Name)),
            ("Tuinkabouter77", Err(Weakness::Listed)),
            ("Kanselarij2020", Err(Weakness::Listed)),
            ("Zomer2026!", Err(Weakness::Listed)),
            ("aaaaaaaaaa", Err(Weakness::Guessable)),
            ("môt de passe à moi", Ok(())),
            ("correct-horse-battery", Ok(())),
        ];
        for (text, expected) in table {
            let password = Password::parse(text).unwrap();
            let got = rules.judge(&password, &["zpeeters", "Zoé Peeters"], Company::WithSecond);
            assert_eq!(got, expected, "{text}");
        }
        let alone = rules.judge(&Password::parse("kort maar goed").unwrap(), &[], Company::Alone);
        assert_eq!(alone, Err(Weakness::Short { missing: 1 }));
    }
}
