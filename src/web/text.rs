//! What Cardea says, in the language of the reader.
//!
//! Messages live in `locales/*/*.ftl`, compiled into the binary. A message is never borrowed from
//! another language: a missing one shows as `⟦id⟧`, which a test looks for on every page.

use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, langid};
use jiff::civil::Date;

use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::web::calendar::{self, Day};

mod store {
    fluent_templates::static_loader! {
        pub static MESSAGES = {
            locales: "src/web/locales",
            fallback_language: "en",
            // The isolation marks are invisible, and would be copied along with a code.
            customise: |bundle| bundle.set_use_isolating(false),
        };
    }
}

const NL: LanguageIdentifier = langid!("nl");
const FR: LanguageIdentifier = langid!("fr");
const DE: LanguageIdentifier = langid!("de");
const EN: LanguageIdentifier = langid!("en");

/// A value put into a message. Numbers choose plurals, so they must not arrive as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl From<$kind> for Arg {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )+};
}

numbers!(i32, i64, u8, u16, u32, u64, usize);

/// Speaks one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    language: Language,
}

impl Text {
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message that needs no values.
    pub fn say(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A message with its values; `⟦id⟧` when the message or one of its values is missing.
    pub fn with(&self, id: &str, args: &[(&str, Arg)]) -> String {
        let values: HashMap<&str, FluentValue<'_>> =
            args.iter().map(|(name, arg)| (*name, fluent_value(arg))).collect();
        store::MESSAGES
            .lookup_single_language(&identifier(self.language), id, Some(&values))
            .unwrap_or_else(|_| format!("⟦{id}⟧"))
    }

    /// The day in Brussels: `1 March 2026`.
    pub fn date(&self, moment: Moment) -> String {
        calendar::date(self.language, moment)
    }

    /// A day in words: `1 March 2026`.
    pub fn day(&self, day: Date) -> String {
        calendar::in_words(self.language, day)
    }

    /// The time in Brussels without a unit (`8:02`, in French `8 h 02`): messages add `uur`, `Uhr`.
    pub fn time_of_day(&self, moment: Moment) -> String {
        calendar::time_of_day(self.language, moment)
    }

    /// Day and time in full: `1 March 2026, 14:05`.
    pub fn date_and_time(&self, moment: Moment) -> String {
        let date = self.date(moment).into();
        let time = self.time_of_day(moment).into();
        self.with("when-date", &[("date", date), ("time", time)])
    }

    /// As a person would say it: `today 8:02`, `yesterday 8:02`, otherwise day and time.
    pub fn when(&self, moment: Moment, now: Moment) -> String {
        let id = match calendar::day(moment, now) {
            Day::Today => "when-today",
            Day::Yesterday => "when-yesterday",
            Day::Tomorrow => "when-tomorrow",
            Day::Other => return self.date_and_time(moment),
        };
        self.with(id, &[("time", self.time_of_day(moment).into())])
    }

    /// For `<time datetime>`.
    pub fn machine(&self, moment: Moment) -> String {
        calendar::machine(moment)
    }

    /// What a session or sign-in ran on, such as `Firefox on Windows`.
    pub fn device(&self, browser: Option<&str>, system: Option<&str>) -> String {
        match (browser, system) {
            (Some(browser), Some(system)) => {
                self.with("device-known", &[("browser", browser.into()), ("system", system.into())])
            }
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => self.say("device-unknown"),
        }
    }

    /// The place, or that it is not known.
    pub fn place(&self, place: Option<&str>) -> String {
        place.map_or_else(|| self.say("place-unknown"), str::to_owned)
    }
}

fn fluent_value(arg: &Arg) -> FluentValue<'_> {
    match arg {
        Arg::Text(text) => FluentValue::from(text.as_str()),
        Arg::Number(number) => FluentValue::from(*number),
    }
}

const fn identifier(language: Language) -> LanguageIdentifier {
    match language {
        Language::Nl => NL,
        Language::Fr => FR,
        Language::De => DE,
        Language::En => EN,
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::kernel::language::Language;
    use crate::kernel::time::Moment;

    #[test]
    fn a_missing_message_or_value_can_be_seen() {
        for language in Language::ALL {
            let text = Text::new(language);
            assert_eq!(text.say("no-such-message"), "⟦no-such-message⟧");
            assert_eq!(text.say("case-mention"), "⟦case-mention⟧");
        }
    }

    #[test]
    fn dates_and_times_follow_the_house_rules() {
        // 1 March 2026, 13:05 UTC: winter time, one hour more in Brussels.
        let moment = Moment::from_unix_seconds(1_772_370_300);
        let table = [
            (Language::Nl, "1 maart 2026, 14:05 uur", "vandaag 14:05 uur"),
            (Language::Fr, "1er mars 2026 à 14\u{a0}h\u{a0}05", "aujourd’hui à 14\u{a0}h\u{a0}05"),
            (Language::De, "1. März 2026, 14:05 Uhr", "heute, 14:05 Uhr"),
            (Language::En, "1 March 2026, 14:05", "today 14:05"),
        ];
        for (language, full, near) in table {
            let text = Text::new(language);
            assert_eq!(text.date_and_time(moment), full);
            assert_eq!(text.when(moment, moment), near);
        }
    }

    #[test]
    fn numbers_choose_their_plural_and_carry_no_invisible_marks() {
        let wait = |language, minutes: u32| {
            Text::new(language).with("sign-in-too-many", &[("minutes", minutes.into())])
        };
        assert!(wait(Language::En, 1).contains("paused for one minute."));
        assert!(wait(Language::En, 2).contains("paused for 2 minutes."));
        assert!(wait(Language::Nl, 1).contains("één minuut."));
        assert!(wait(Language::Fr, 0).contains("0 minute."));
        assert!(wait(Language::De, 15).contains("für 15 Minuten unterbrochen"));
    }
}
