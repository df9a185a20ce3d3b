//! Recovery codes: asking for one, making ten, showing them once; and what should be seen to afterwards.

use askama::Template;

use super::code_field::CodeRefusal;
use crate::authenticator::recovery::CodeSet;
use crate::authenticator::recovery::model::CODES;
use crate::kernel::time::Moment;
use crate::sign_in::service::Afterwards;
use crate::web::page::{Case, Link, Notice, Shell, Tone};

/// The second proof by a code from paper.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/recovery.html")]
pub struct RecoveryPage {
    pub shell: Shell,
    pub journey: String,
    pub username: String,
    /// Name of the application that the person is on the way to.
    pub application: Option<String>,
    /// The other ways that this person has.
    pub others: Vec<Link>,
    pub refusal: Option<CodeRefusal>,
}

impl RecoveryPage {
    /// The sentence at the field; a pause is no fault of the field.
    fn error(&self) -> Option<String> {
        let shell = &self.shell;
        match self.refusal.as_ref()? {
            CodeRefusal::Wrong { left, .. } => {
                Some(shell.with("recovery-wrong", &[("left", (*left).into())]))
            }
            CodeRefusal::Used { .. } => Some(shell.say("recovery-used")),
            CodeRefusal::Malformed => Some(shell.say("recovery-malformed")),
            // Paper has no clock.
            CodeRefusal::ClockOff { .. } | CodeRefusal::TooMany { .. } => None,
        }
    }

    fn notice(&self) -> Option<Notice> {
        let Some(CodeRefusal::TooMany { minutes, case }) = &self.refusal else { return None };
        let body = self.shell.with("sign-in-too-many", &[("minutes", (*minutes).into())]);
        let mut notice = Notice::new(Tone::Warn, self.shell.say("paused-title"), body);
        notice.case = Some(self.shell.case(case));
        Some(notice)
    }

    fn case(&self) -> Option<Case> {
        match self.refusal.as_ref()? {
            CodeRefusal::Wrong { case, .. } | CodeRefusal::Used { case } => Some(self.shell.case(case)),
            CodeRefusal::ClockOff { .. } | CodeRefusal::Malformed | CodeRefusal::TooMany { .. } => None,
        }
    }
}

/// What making a set means, before it is made.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/codes_ask.html")]
pub struct CodesAskPage {
    pub shell: Shell,
    /// The present one.
    pub set: Option<CodeSet>,
    pub now: Moment,
}

impl CodesAskPage {
    /// Which set is replaced, for the form to say.
    fn replaces(&self) -> String {
        self.set.map(|set| set.made_at.micros().to_string()).unwrap_or_default()
    }

    fn machine(&self, set: &CodeSet) -> String {
        self.shell.text.machine(set.made_at)
    }

    fn made(&self, set: &CodeSet) -> String {
        self.shell.text.when(set.made_at, self.now)
    }
}

/// The codes, once.
#[derive(Clone, Template)]
#[template(path = "sign_in/pages/codes_made.html")]
pub struct CodesMadePage {
    pub shell: Shell,
    pub username: String,
    pub codes: Vec<String>,
    pub made: Moment,
}

impl CodesMadePage {
    fn date(&self) -> String {
        self.shell.text.date_and_time(self.made)
    }
}

/// What should be seen to after a first enrolment, or after a code was used.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/set_up.html")]
pub struct SetUpPage {
    pub shell: Shell,
    pub after: Afterwards,
    pub bound: Vec<BoundRow>,
    pub set: Option<CodeSet>,
    /// Whether a code would be enough for this person.
    pub codes_help: bool,
    pub onward: Link,
}

/// Something that is bound, and where it can be removed; the only one stays.
#[derive(Clone, Debug)]
pub struct BoundRow {
    pub icon: &'static str,
    pub name: String,
    pub remove: Option<String>,
}

impl SetUpPage {
    fn recovered(&self) -> bool {
        self.after == Afterwards::Recovery
    }

    fn title(&self) -> String {
        self.shell.say(if self.recovered() { "recovered-title" } else { "set-up-title" })
    }

    fn lead(&self) -> String {
        self.shell.say(if self.recovered() { "recovered-lead" } else { "set-up-lead" })
    }

    fn codes_left(&self) -> usize {
        self.set.map_or(0, |set| set.left)
    }

    fn codes_text(&self) -> String {
        match self.set {
            Some(set) => self.shell.with("codes-left", &[("left", set.left.into())]),
            None => self.shell.say("codes-none"),
        }
    }

    /// What the page is about: a new device where one was lost, otherwise the way back.
    fn codes_first(&self) -> bool {
        !self.recovered() && self.codes_help
    }
}

/// Places of a set, for the drawing of what is left.
pub fn slots(left: usize) -> Vec<bool> {
    (0..CODES).map(|place| place < left).collect()
}

#[cfg(test)]
mod samples {
    use super::{
        Afterwards, BoundRow, CodeRefusal, CodeSet, CodesAskPage, CodesMadePage, Link, Moment, RecoveryPage,
        SetUpPage, Shell,
    };

    const NOW: Moment = Moment::from_micros(1_772_370_300_000_000);

    fn set(left: usize) -> CodeSet {
        CodeSet { made_at: NOW, left }
    }

    impl RecoveryPage {
        pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
            let first = Self {
                others: vec![Link {
                    href: "/sign-in?journey=0199&way=app".into(),
                    say: shell.say("way-app"),
                }],
                shell,
                journey: "0199".into(),
                username: "ab1234".into(),
                application: Some("Webmail".into()),
                refusal: None,
            };
            let refused = CodeRefusal::samples().into_iter();
            let mut samples: Vec<_> = refused
                .map(|(name, refusal)| (name, Self { refusal: Some(refusal), ..first.clone() }))
                .collect();
            samples.push(("first", first));
            samples
        }
    }

    impl CodesAskPage {
        pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
            let none = Self { shell, set: None, now: NOW };
            let page = |left| Self { set: Some(set(left)), ..none.clone() };
            vec![("low", page(1)), ("full", page(10)), ("none", none)]
        }
    }

    impl CodesMadePage {
        pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
            let codes = (0..10).map(|n| format!("K7QD-2MXA-RT4W-9HC{}", char::from(b'A' + n))).collect();
            vec![("made", Self { shell, username: "ab1234".into(), codes, made: NOW })]
        }
    }

    impl SetUpPage {
        pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
            let row = |name: &str, remove: bool| BoundRow {
                icon: "code",
                name: name.into(),
                remove: remove.then(|| "/account/authenticators/0199/remove".into()),
            };
            let enrolled = Self {
                onward: Link { href: "/".into(), say: shell.say("set-up-on") },
                after: Afterwards::Enrolment,
                bound: vec![row("Work phone", false)],
                set: None,
                codes_help: true,
                shell,
            };
            let recovered = Self {
                after: Afterwards::Recovery,
                set: Some(set(2)),
                bound: vec![row("Work phone", true), row("Tablet", true)],
                ..enrolled.clone()
            };
            let strict = Self { codes_help: false, ..enrolled.clone() };
            let only = Self { bound: vec![row("Work phone", false)], ..recovered.clone() };
            vec![("enrolled", enrolled), ("recovered", recovered), ("strict", strict), ("only", only)]
        }
    }
}
