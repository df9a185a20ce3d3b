//! Home: what needs attention, and the applications.

use askama::Template;
use jiff::civil::Date;

use crate::kernel::time::Moment;
use crate::portal::pages::Method;
use crate::web::page::{Link, Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "portal/pages/home.html")]
pub struct HomePage {
    pub shell: Shell,
    pub name: String,
    /// The sign-in before the present one.
    pub last: Option<LastSignIn>,
    pub attention: Vec<Attention>,
    pub applications: Vec<Tile>,
    pub now: Moment,
}

#[derive(Clone, Debug)]
pub struct LastSignIn {
    pub when: Moment,
    pub place: Option<String>,
    pub method: Method,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    NoSecondPhone,
    FewCodes {
        left: usize,
    },
    PasswordExpires {
        days: u32,
        date: Moment,
        /// The day that the person is asked to change it by.
        by: Option<Date>,
    },
    /// The password was set anew without the old one: the owner should know.
    PasswordReset {
        at: Moment,
    },
}

#[derive(Clone, Debug)]
pub struct Tile {
    pub name: String,
    pub description: String,
    pub href: String,
    /// Name of a symbol in `icons.svg`.
    pub icon: String,
}

impl HomePage {
    fn when(&self, last: &LastSignIn) -> String {
        self.shell.text.when(last.when, self.now)
    }

    fn machine(&self, last: &LastSignIn) -> String {
        self.shell.text.machine(last.when)
    }

    fn method(&self, last: &LastSignIn) -> String {
        last.method.say(self.shell.text)
    }

    fn notices(&self) -> Vec<Notice> {
        self.attention.iter().map(|one| self.notice(*one)).collect()
    }

    fn notice(&self, attention: Attention) -> Notice {
        let shell = &self.shell;
        let (title, body, href, verb) = match attention {
            Attention::NoSecondPhone => (
                shell.say("attention-phone-title"),
                shell.say("attention-phone-text"),
                "/account/authenticators/app/new",
                "attention-phone-do",
            ),
            Attention::FewCodes { left } => (
                shell.say("codes-few"),
                shell.with("recovery-codes-low", &[("left", left.into())]),
                "/account/recovery-codes",
                "codes-do",
            ),
            Attention::PasswordExpires { days, date, by } => {
                let date = ("date", shell.text.date(date).into());
                let text = match by {
                    Some(day) => {
                        shell.with("attention-password-by", &[date, ("day", shell.text.day(day).into())])
                    }
                    None => shell.with("attention-password-text", &[date]),
                };
                let title = shell.with("attention-password-title", &[("days", days.into())]);
                (title, text, "/account/password", "attention-password-do")
            }
            Attention::PasswordReset { at } => (
                shell.say("mail-password-reset-subject"),
                shell.with("attention-reset-text", &[("when", shell.text.when(at, self.now).into())]),
                "/not-me",
                "not-me-title",
            ),
        };
        let action = Link { href: href.to_owned(), say: shell.say(verb) };
        Notice { action: Some(action), ..Notice::new(Tone::Warn, title, body) }
    }
}

#[cfg(test)]
impl HomePage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let now = Moment::from_unix_seconds(1_772_370_300);
        let earlier = |seconds| Moment::from_unix_seconds(now.unix_seconds() - seconds);
        let tile = |name: &str, description: &str, icon: &str| Tile {
            name: name.into(),
            description: description.into(),
            href: "https://app.example/".into(),
            icon: icon.into(),
        };
        let full = Self {
            shell,
            name: "Els Peeters".into(),
            last: Some(LastSignIn {
                when: earlier(80_000),
                place: Some("Leuven, België".into()),
                method: Method::PasswordAndCode,
            }),
            attention: vec![
                Attention::NoSecondPhone,
                Attention::FewCodes { left: 1 },
                Attention::PasswordExpires { days: 6, date: earlier(-6 * 86_400), by: None },
                Attention::PasswordReset { at: earlier(90_000) },
            ],
            applications: vec![
                tile("Virtual PC", "Your Windows desktop, from any computer", "desktop"),
                tile("Webmail", "Mail and calendar", "mail"),
                tile("SharePoint", "Documents of your teams", "folder"),
            ],
            now,
        };
        let expires = |days, by| Self {
            attention: vec![Attention::PasswordExpires { days, date: now, by }],
            ..full.clone()
        };
        let by = Date::new(2026, 3, 4).ok();
        let unknown = Self {
            last: Some(LastSignIn { when: earlier(999_999), place: None, method: Method::Password }),
            ..expires(0, None)
        };
        let empty = Self { last: None, attention: Vec::new(), applications: Vec::new(), ..full.clone() };
        vec![
            ("tomorrow", expires(1, None)),
            ("asked", expires(30, by)),
            ("unknown", unknown),
            ("empty", empty),
            ("full", full),
        ]
    }
}
