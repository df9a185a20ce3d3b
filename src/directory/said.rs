//! What directories say, in the terms of the pages that tell it to people. Never a code of theirs.

use super::model::{PolicyRefusal, RulesShown, Written};
use super::rules::Weakness;
use crate::web::new_password::{PasswordRefusal, PasswordRulesSaid};

const DAY_SECONDS: u64 = 86_400;

/// The rules of one person's directory.
pub fn rules(shown: RulesShown) -> PasswordRulesSaid {
    PasswordRulesSaid {
        length_min: shown.length_min,
        is_complex: shown.is_complex,
        history: shown.history,
        age_days: shown.age_min.map_or(0, |age| age.as_secs().div_ceil(DAY_SECONDS)),
    }
}

/// A rule of our own that is not met.
pub const fn weakness(weakness: Weakness) -> PasswordRefusal {
    match weakness {
        Weakness::Short { missing } => PasswordRefusal::Short { missing },
        Weakness::Long => PasswordRefusal::Long,
        Weakness::Name => PasswordRefusal::Name,
        Weakness::Previous => PasswordRefusal::Previous,
        Weakness::Breached => PasswordRefusal::Breached,
        Weakness::Listed => PasswordRefusal::Listed,
        Weakness::Guessable => PasswordRefusal::Weak,
    }
}

/// Why a password was not written, under the case code of its record; `None` where it was.
pub fn not_written(written: Written, case: &str) -> Option<PasswordRefusal> {
    let case = case.to_owned();
    Some(match written {
        Written::Done | Written::DoneUnverified => return None,
        Written::Refused(PolicyRefusal::History) => PasswordRefusal::History,
        Written::Refused(PolicyRefusal::Age) => PasswordRefusal::Age { case },
        Written::Refused(PolicyRefusal::Length) => PasswordRefusal::Length,
        Written::Refused(PolicyRefusal::Complexity) => PasswordRefusal::Complexity,
        Written::Refused(PolicyRefusal::Unknown) | Written::WrongOld => PasswordRefusal::Other { case },
        Written::Protected | Written::NotAllowed => PasswordRefusal::NotHere { case },
        Written::Unreachable => PasswordRefusal::Unreachable { case },
        Written::Doubtful => PasswordRefusal::Doubtful { case },
    })
}
