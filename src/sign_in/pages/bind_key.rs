//! Adding a passkey or a security key, on the way in or from `/account`.

use askama::Template;

use crate::web::page::{Link, Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "sign_in/pages/bind_key.html")]
pub struct BindKeyPage {
    pub shell: Shell,
    /// `/sign-in/enrol/key`, or `/account/passkeys`.
    pub action: String,
    /// Where the script asks what to make.
    pub options: String,
    /// The sign-in that this step belongs to.
    pub journey: Option<String>,
    /// The message that says why one has to be added, where that is so.
    pub why: Option<&'static str>,
    /// Name for the key, suggested or typed before.
    pub name: String,
    /// What may be bound instead.
    pub others: Vec<Link>,
    /// The case code of a key that was not taken.
    pub case: Option<String>,
}

impl BindKeyPage {
    const fn forced(&self) -> bool {
        self.journey.is_some()
    }

    fn notice(&self) -> Option<Notice> {
        let case = self.case.as_ref()?;
        let shell = &self.shell;
        let mut notice = Notice::new(Tone::Warn, shell.say("refused-title"), shell.say("bind-failed"));
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl BindKeyPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let inside = Self {
            action: "/account/passkeys".into(),
            options: "/account/passkeys/options".into(),
            journey: None,
            why: None,
            name: shell.say("bind-name-suggested"),
            others: vec![],
            case: None,
            shell,
        };
        let forced = Self {
            shell: Shell { signed_in: None, ..inside.shell.clone() },
            action: "/sign-in/enrol/key".into(),
            options: "/sign-in/enrol/key/options".into(),
            journey: Some("0199".into()),
            why: Some("bind-forced"),
            others: vec![Link {
                href: "/sign-in?journey=0199&way=app".into(),
                say: inside.shell.say("enrol-way-app"),
            }],
            ..inside.clone()
        };
        let refused = Self { case: Some("KIWI-4921".into()), ..inside.clone() };
        let second = Self { why: Some("enrol-forced"), ..forced.clone() };
        vec![("forced", forced), ("second", second), ("refused", refused), ("first", inside)]
    }
}
