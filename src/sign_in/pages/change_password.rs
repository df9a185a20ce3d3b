//! A new password: because the old one has run out, must be replaced, or is no longer wanted.

use askama::Template;

use crate::kernel::time::Moment;
use crate::web::new_password::{
    NewPasswordFields, PasswordRefusal, PasswordRulesList, PasswordRulesSaid, Strength,
};
use crate::web::page::{Case, Notice, Shell};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/change_password.html")]
pub struct ChangePasswordPage {
    pub shell: Shell,
    pub action: String,
    /// The sign-in that this step belongs to.
    pub journey: Option<String>,
    pub username: String,
    pub reason: ChangeReason,
    pub rules: PasswordRulesSaid,
    pub refusal: Option<ChangeRefusal>,
    /// How the refused password was judged.
    pub strength: Option<Strength>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeReason {
    Expired {
        date: Option<Moment>,
    },
    /// Somebody else has set the present one.
    MustChange,
    /// There is none yet.
    First,
    /// The person asked for it, and proves the present password on the same page.
    Wish,
}

/// Why the form comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    CurrentWrong { case: String },
    New(PasswordRefusal),
}

impl ChangePasswordPage {
    fn lead(&self) -> String {
        match self.reason {
            ChangeReason::Expired { date: Some(date) } => {
                self.shell.with("password-expired", &[("date", self.shell.text.date(date).into())])
            }
            ChangeReason::Expired { date: None } => self.shell.say("password-expired-undated"),
            ChangeReason::MustChange => self.shell.say("password-must-change"),
            ChangeReason::First => self.shell.say("password-first"),
            ChangeReason::Wish => self.shell.say("password-wish"),
        }
    }

    /// Back to the account, unless a new password is the only way on.
    const fn may_leave(&self) -> bool {
        matches!(self.reason, ChangeReason::Wish)
    }

    const fn new_refusal(&self) -> Option<&PasswordRefusal> {
        match &self.refusal {
            Some(ChangeRefusal::New(refusal)) => Some(refusal),
            Some(ChangeRefusal::CurrentWrong { .. }) | None => None,
        }
    }

    fn rules_list(&self) -> PasswordRulesList<'_> {
        PasswordRulesList {
            shell: &self.shell,
            rules: self.rules,
            refusal: self.new_refusal(),
            is_first: self.reason == ChangeReason::First,
        }
    }

    fn fields(&self) -> NewPasswordFields<'_> {
        NewPasswordFields {
            shell: &self.shell,
            rules: self.rules,
            refusal: self.new_refusal(),
            strength: self.strength,
        }
    }

    fn notice(&self) -> Option<Notice> {
        self.new_refusal()?.notice(&self.shell)
    }

    fn current_error(&self) -> Option<String> {
        let is_wrong = matches!(self.refusal, Some(ChangeRefusal::CurrentWrong { .. }));
        is_wrong.then(|| self.shell.say("password-refused-current"))
    }

    fn case(&self) -> Option<Case> {
        match self.refusal.as_ref()? {
            ChangeRefusal::CurrentWrong { case } => Some(self.shell.case(case)),
            ChangeRefusal::New(_) => None,
        }
    }
}

#[cfg(test)]
impl ChangePasswordPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let wish = Self {
            shell,
            action: "/account/password".into(),
            journey: None,
            username: "ab1234".into(),
            reason: ChangeReason::Wish,
            rules: PasswordRulesSaid::of_length(14),
            refusal: None,
            strength: None,
        };
        let because = |reason| Self {
            shell: Shell { signed_in: None, ..wish.shell.clone() },
            action: "/sign-in/password".into(),
            journey: Some("0199".into()),
            reason,
            ..wish.clone()
        };
        let date = Moment::from_unix_seconds(1_772_370_300);
        let mut samples = vec![
            ("expired", because(ChangeReason::Expired { date: Some(date) })),
            ("expired-undated", because(ChangeReason::Expired { date: None })),
            ("must-change", because(ChangeReason::MustChange)),
            ("first", because(ChangeReason::First)),
        ];
        let refused = |refusal| Self { refusal: Some(refusal), ..wish.clone() };
        samples.push(("current-wrong", refused(ChangeRefusal::CurrentWrong { case: "KIWI-4921".into() })));
        let all = PasswordRefusal::samples().into_iter();
        samples.extend(all.map(|(name, refusal)| (name, refused(ChangeRefusal::New(refusal)))));
        let rules = PasswordRulesSaid { length_min: 14, is_complex: true, history: 24, age_days: 1 };
        samples.push(("directory", Self { rules, ..wish.clone() }));
        let scored = ["weak-0", "weak-1", "weak-2", "weak-3", "weak-4"].into_iter().zip(0..);
        samples.extend(scored.map(|(name, score)| {
            let strength = Some(Strength::from_score(score));
            (name, Self { strength, ..refused(ChangeRefusal::New(PasswordRefusal::Weak)) })
        }));
        samples.push(("wish", wish));
        samples
    }
}
