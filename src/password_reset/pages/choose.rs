//! The new password, with the rules before it is typed.

use askama::Template;

use super::Steps;
use crate::password_reset::model::Problem;
use crate::web::new_password::{
    NewPasswordFields, PasswordRefusal, PasswordRulesList, PasswordRulesSaid, Strength,
};
use crate::web::page::{Notice, Shell};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/choose.html")]
pub struct ChoosePage {
    pub shell: Shell,
    pub journey: String,
    pub username: String,
    pub rules: PasswordRulesSaid,
    pub refusal: Option<PasswordRefusal>,
    /// How the refused password was judged.
    pub strength: Option<Strength>,
}

impl ChoosePage {
    const fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: Problem::Forgotten, here: 3 }
    }

    fn rules_list(&self) -> PasswordRulesList<'_> {
        PasswordRulesList {
            shell: &self.shell,
            rules: self.rules,
            refusal: self.refusal.as_ref(),
            is_first: false,
        }
    }

    fn fields(&self) -> NewPasswordFields<'_> {
        NewPasswordFields {
            shell: &self.shell,
            rules: self.rules,
            refusal: self.refusal.as_ref(),
            strength: self.strength,
        }
    }

    fn notice(&self) -> Option<Notice> {
        self.refusal.as_ref()?.notice(&self.shell)
    }
}

#[cfg(test)]
impl ChoosePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let first = Self {
            shell,
            journey: "0199".into(),
            username: "ab1234".into(),
            rules: PasswordRulesSaid { length_min: 14, is_complex: true, history: 24, age_days: 1 },
            refusal: None,
            strength: None,
        };
        let refused = |(name, refusal)| {
            let strength = (refusal == PasswordRefusal::Weak).then_some(Strength::Fair);
            (name, Self { refusal: Some(refusal), strength, ..first.clone() })
        };
        let mut samples: Vec<_> = PasswordRefusal::samples().into_iter().map(refused).collect();
        samples.push(("first", first));
        samples
    }
}
