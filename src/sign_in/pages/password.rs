//! User name and password on one page.

use askama::Template;

use super::offer::UpstreamOffer;
use crate::federation::Outcome;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/password.html")]
pub struct PasswordPage {
    pub shell: Shell,
    /// Where the form posts to: `/sign-in`.
    pub action: String,
    /// Where the answer of a passkey goes: `/sign-in/passkey`.
    pub passkey_action: String,
    /// Where the buttons of other providers post to: `/sign-in/upstream`.
    pub upstream_action: String,
    /// The other providers that people may come by.
    pub offers: Vec<UpstreamOffer>,
    /// The run that this step belongs to, for a person on the way to an application.
    pub journey: Option<String>,
    /// What was typed before, kept.
    pub username: String,
    /// Name of the application that the person is on the way to.
    pub application: Option<String>,
    /// A password and a code are not enough where the person is going.
    pub needs_key: bool,
    pub refusal: Option<Refusal>,
    /// Why the last session ended.
    pub ended: Option<EndReason>,
    /// The person has just signed out.
    pub signed_out: bool,
}

/// Why the form comes back. The first is the same for an unknown name, a wrong password, and a
/// locked or disabled account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Refused {
        case: String,
    },
    TooMany {
        minutes: u32,
        case: String,
    },
    Busy {
        seconds: u32,
    },
    DirectoryUnreachable {
        case: String,
    },
    Passkey {
        case: String,
    },
    /// Nothing came of a way by another provider.
    Upstream {
        outcome: Outcome,
        service: String,
        case: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    Idle,
    Limit,
    Remote,
    Security,
    Other,
}

impl EndReason {
    const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Limit => "limit",
            Self::Remote => "remote",
            Self::Security => "security",
            Self::Other => "other",
        }
    }
}

impl Refusal {
    /// What is said of it.
    pub fn notice(&self, shell: &Shell) -> Notice {
        let (title, body, case) = match self {
            Self::Refused { case } => ("refused-title", shell.say("sign-in-refused"), Some(case)),
            Self::TooMany { minutes, case } => (
                "paused-title",
                shell.with("sign-in-too-many", &[("minutes", (*minutes).into())]),
                Some(case),
            ),
            Self::Busy { seconds } => {
                ("busy-title", shell.with("sign-in-busy", &[("seconds", (*seconds).into())]), None)
            }
            Self::DirectoryUnreachable { case } => {
                ("unreachable-title", shell.say("sign-in-unreachable"), Some(case))
            }
            Self::Passkey { case } => ("refused-title", shell.say("passkey-failed"), Some(case)),
            Self::Upstream { outcome, service, case } => {
                let body = shell.with(sentence(*outcome), &[("service", service.as_str().into())]);
                ("refused-title", body, Some(case))
            }
        };
        let mut notice = Notice::new(Tone::Warn, shell.say(title), body);
        notice.case = case.map(|code| shell.case(code));
        notice
    }
}

/// What a person is told of a way by another provider that came to nothing.
const fn sentence(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::StartAgain => "upstream-start-again",
        Outcome::Declined => "upstream-declined",
        Outcome::Down => "upstream-down",
        Outcome::AskAgain => "upstream-ask-again",
        Outcome::TooWeak => "upstream-too-weak",
        Outcome::NotUnderstood => "upstream-not-understood",
        Outcome::NotTrusted => "upstream-not-trusted",
        Outcome::NotLinked => "upstream-not-linked",
        Outcome::Taken => "upstream-taken",
    }
}

#[cfg(test)]
impl Refusal {
    /// One of every outcome of another provider.
    pub fn upstream_samples() -> Vec<(&'static str, Self)> {
        [
            Outcome::StartAgain,
            Outcome::Declined,
            Outcome::Down,
            Outcome::AskAgain,
            Outcome::TooWeak,
            Outcome::NotUnderstood,
            Outcome::NotTrusted,
            Outcome::NotLinked,
            Outcome::Taken,
        ]
        .map(|outcome| {
            let (service, case) = ("itsme".to_owned(), "KIWI-4921".to_owned());
            (sentence(outcome), Self::Upstream { outcome, service, case })
        })
        .into()
    }
}

impl PasswordPage {
    fn notice(&self) -> Option<Notice> {
        self.refusal
            .as_ref()
            .map(|refusal| refusal.notice(&self.shell))
            .or_else(|| self.ended.map(|reason| self.has_ended(reason)))
            .or_else(|| self.signed_out.then(|| self.is_signed_out()))
    }

    fn has_ended(&self, reason: EndReason) -> Notice {
        let body = self.shell.with("session-ended", &[("reason", reason.name().into())]);
        Notice::new(Tone::Info, String::new(), body)
    }

    fn is_signed_out(&self) -> Notice {
        Notice::new(Tone::Ok, self.shell.say("signed-out-title"), self.shell.say("signed-out-text"))
    }

    /// Only a refused pair of name and password is something to type again.
    const fn type_again(&self) -> bool {
        matches!(self.refusal, Some(Refusal::Refused { .. }))
    }
}

#[cfg(test)]
impl PasswordPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let case = || "KIWI-4921".to_owned();
        let first = Self {
            shell,
            action: "/sign-in".into(),
            passkey_action: "/sign-in/passkey".into(),
            upstream_action: "/sign-in/upstream".into(),
            offers: vec![UpstreamOffer { name: "itsme".into(), label: "itsme".into() }],
            journey: None,
            username: String::new(),
            application: None,
            needs_key: false,
            refusal: None,
            ended: None,
            signed_out: false,
        };
        let refused = |refusal| Self {
            username: "ab1234".into(),
            journey: Some("0199".into()),
            application: Some("Webmail".into()),
            refusal: Some(refusal),
            ..first.clone()
        };
        let ended = |reason| Self { ended: Some(reason), ..first.clone() };
        let mut samples = vec![
            ("refused", refused(Refusal::Refused { case: case() })),
            ("paused", refused(Refusal::TooMany { minutes: 15, case: case() })),
            ("busy", refused(Refusal::Busy { seconds: 5 })),
            ("unreachable", refused(Refusal::DirectoryUnreachable { case: case() })),
            ("passkey", refused(Refusal::Passkey { case: case() })),
            ("idle", ended(EndReason::Idle)),
            ("limit", ended(EndReason::Limit)),
            ("remote", ended(EndReason::Remote)),
            ("security", ended(EndReason::Security)),
            ("other", ended(EndReason::Other)),
            ("needs-key", Self { needs_key: true, ..first.clone() }),
            ("signed-out", Self { signed_out: true, ..first.clone() }),
            ("without-providers", Self { offers: vec![], ..first.clone() }),
        ];
        let upstream = Refusal::upstream_samples().into_iter();
        samples.extend(upstream.map(|(name, refusal)| (name, refused(refusal))));
        samples.push(("first", first));
        samples
    }
}
