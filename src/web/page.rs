//! What all pages share: the shell around them, notices, and the pages for when something is amiss.
//!
//! A page is a struct that a handler fills and askama renders; its words come from [`Text`].

use askama::Template;
use askama::filters::HtmlSafe;

use crate::kernel::language::Language;
use crate::web::text::{Arg, Text};

/// Whose service this is, in the reader's language.
#[derive(Clone, Debug)]
pub struct House {
    pub name: String,
    /// Telephone number of the service desk.
    pub phone: String,
    /// When the service desk answers: goes on a sentence, so without capital or full stop.
    pub hours: String,
    /// The issuer, shown so that a reader can compare it with the address bar.
    pub address: String,
}

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Shell {
    pub text: Text,
    /// Path and query of this page without `lang`; a GET on it must answer.
    pub path: String,
    pub form_token: String,
    /// Display name of the person who is signed in.
    pub signed_in: Option<String>,
    /// What the step before has to say, once.
    pub flash: Option<Flash>,
    pub house: House,
}

/// A message that survives one redirect, already in the reader's language.
#[derive(Clone, Debug)]
pub struct Flash {
    pub tone: Tone,
    pub title: String,
    pub body: String,
}

/// Colour, icon and urgency of a notice; never the colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Ok,
    Warn,
    Bad,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Info => "notice",
            Self::Ok => "notice is-ok",
            Self::Warn => "notice is-warn",
            Self::Bad => "notice is-bad",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// Only a problem interrupts a screen reader.
    pub const fn role(self) -> &'static str {
        match self {
            Self::Info | Self::Ok => "status",
            Self::Warn | Self::Bad => "alert",
        }
    }
}

/// A message box; empty parts are left out.
#[derive(Clone, Debug, Template)]
#[template(path = "web/pages/notice.html")]
pub struct Notice {
    pub tone: Tone,
    pub title: String,
    pub body: String,
    pub case: Option<Case>,
    pub action: Option<Link>,
}

// Its template escapes what it shows, so a page may place it as it is.
impl HtmlSafe for Notice {}

impl Notice {
    pub const fn new(tone: Tone, title: String, body: String) -> Self {
        Self { tone, title, body, case: None, action: None }
    }
}

/// The sentence that says when to mention a case code, and the code.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"{{ say }} <span class="plate plate-s" translate="no">{{ code }}</span>"#
)]
pub struct Case {
    pub say: String,
    pub code: String,
}

impl HtmlSafe for Case {}

#[derive(Clone, Debug)]
pub struct Link {
    pub href: String,
    pub say: String,
}

/// The way to the same page in another language.
#[derive(Clone, Debug)]
pub struct LanguageLink {
    pub href: String,
    pub code: &'static str,
    pub name: &'static str,
    pub current: bool,
}

/// The two rooms of the main navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Home,
    Security,
}

impl Shell {
    pub fn say(&self, id: &str) -> String {
        self.text.say(id)
    }

    pub fn with(&self, id: &str, args: &[(&str, Arg)]) -> String {
        self.text.with(id, args)
    }

    pub const fn language(&self) -> Language {
        self.text.language()
    }

    pub fn languages(&self) -> [LanguageLink; 4] {
        Language::ALL.map(|language| LanguageLink {
            href: self.href_in(language),
            code: language.code(),
            name: language.own_name(),
            current: language == self.language(),
        })
    }

    /// The same page in another language.
    pub fn href_in(&self, language: Language) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.path, language.code())
    }

    /// `page` on the room's own page, `true` inside it, nothing elsewhere. Source: WAI-ARIA 1.2, aria-current.
    pub fn current(&self, room: Room) -> Option<&'static str> {
        let path = self.path.split('?').next().unwrap_or_default();
        let entrance = match room {
            Room::Home => "/",
            Room::Security => "/account",
        };
        if path == entrance {
            Some("page")
        } else if room == Room::Security && path.starts_with("/account/") {
            Some("true")
        } else {
            None
        }
    }

    pub fn flash_notice(&self) -> Option<Notice> {
        let flash = self.flash.clone()?;
        Some(Notice::new(flash.tone, flash.title, flash.body))
    }

    pub fn case(&self, code: &str) -> Case {
        Case { say: self.with("case-mention", &[("phone", self.phone())]), code: code.to_owned() }
    }

    pub fn stuck(&self) -> String {
        self.about_the_desk("stuck-text")
    }

    pub fn desk(&self) -> String {
        self.about_the_desk("foot-desk")
    }

    fn about_the_desk(&self, id: &str) -> String {
        self.with(id, &[("phone", self.phone()), ("hours", self.house.hours.as_str().into())])
    }

    /// Telephone number of the service desk, for a message: it stays on one line.
    pub fn phone(&self) -> Arg {
        self.house.phone.replace(' ', "\u{a0}").into()
    }

    /// The issuer, cut where a narrow page may break it.
    pub fn address_parts(&self) -> Vec<&str> {
        let address = self.house.address.as_str();
        let (scheme, rest) = address.split_at(address.find("//").map_or(0, |at| at + 2));
        std::iter::once(scheme).chain(rest.split_inclusive('.')).filter(|part| !part.is_empty()).collect()
    }
}

/// Why a page cannot be shown. Nothing here tells a stranger more than the address already says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    NotFound,
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    TooMany {
        minutes: u32,
    },
    Busy,
    Unavailable,
    Broken,
    /// The application's request cannot be trusted, so nobody is sent back to it.
    /// Source: RFC 6749 §4.1.2.1.
    ClientNotTrusted,
    /// The form or the step is too old: begin again.
    Expired,
}

impl ErrorKind {
    /// The HTTP status that says the same to a program.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::ClientNotTrusted | Self::Expired => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooMany { .. } => 429,
            Self::Broken => 500,
            Self::Busy | Self::Unavailable => 503,
        }
    }
}

#[derive(Clone, Debug, Template)]
#[template(path = "web/pages/error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    /// HTTP status of the answer; not shown, for it means nothing to the reader.
    pub status: u16,
    pub kind: ErrorKind,
    /// Code under which the service desk finds what happened.
    pub case: Option<String>,
}

impl ErrorPage {
    const fn id(&self) -> &'static str {
        match self.kind {
            ErrorKind::NotFound => "not-found",
            ErrorKind::BadRequest => "bad-request",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::MethodNotAllowed => "method",
            ErrorKind::TooMany { .. } => "too-many",
            ErrorKind::Busy => "busy",
            ErrorKind::Unavailable => "unavailable",
            ErrorKind::Broken => "broken",
            ErrorKind::ClientNotTrusted => "client",
            ErrorKind::Expired => "expired",
        }
    }

    fn title(&self) -> String {
        self.shell.say(&format!("error-{}-title", self.id()))
    }

    fn body(&self) -> String {
        let id = format!("error-{}-text", self.id());
        if let ErrorKind::TooMany { minutes } = self.kind {
            self.shell.with(&id, &[("minutes", minutes.into())])
        } else {
            self.shell.say(&id)
        }
    }

    const fn icon(&self) -> &'static str {
        match self.kind {
            ErrorKind::NotFound | ErrorKind::MethodNotAllowed => "door-closed",
            ErrorKind::Forbidden | ErrorKind::ClientNotTrusted => "door-barred",
            ErrorKind::TooMany { .. } | ErrorKind::Busy | ErrorKind::Expired => "clock",
            ErrorKind::BadRequest | ErrorKind::Unavailable | ErrorKind::Broken => "warn",
        }
    }

    /// Whether trying the same address again may help.
    const fn may_retry(&self) -> bool {
        matches!(self.kind, ErrorKind::Busy | ErrorKind::Unavailable | ErrorKind::Broken)
    }
}
