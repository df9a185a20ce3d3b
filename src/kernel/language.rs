//! The four languages in which every page, mail and message exists.

use serde::{Deserialize, Serialize};

/// A language of the service, written as its ISO 639-1 code everywhere outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Nl,
    Fr,
    De,
    #[default]
    En,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::Nl, Self::Fr, Self::De, Self::En];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::Fr => "fr",
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The name that a speaker of the language looks for.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::Fr => "Français",
            Self::De => "Deutsch",
            Self::En => "English",
        }
    }

    /// Reads a code or a BCP 47 tag (`fr-BE`); only the primary part counts.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// The first known language of a space-separated list (OIDC `ui_locales`).
    pub fn from_list(list: &str) -> Option<Self> {
        list.split(' ').take(16).find_map(Self::from_tag)
    }

    /// Negotiates an `Accept-Language` header. Source: RFC 9110 §12.5.4.
    pub fn from_accept(header: &str) -> Option<Self> {
        header
            .split(',')
            .take(16)
            .enumerate()
            .filter_map(|(position, part)| {
                let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
                let weight = parameters
                    .trim()
                    .strip_prefix("q=")
                    .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
                let language = Self::from_tag(tag.trim())?;
                (weight > 0.0).then_some((language, weight, position))
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)))
            .map(|(language, ..)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_heaviest_known_language_wins_and_the_first_among_equals() {
        let table = [
            ("fr-BE, nl;q=0.8", Some(Language::Fr)),
            ("es, nl;q=0.2, de;q=0.4", Some(Language::De)),
            ("nl;q=0, es", None),
            ("nl, fr", Some(Language::Nl)),
            ("de;q=x, en", Some(Language::En)),
            ("", None),
        ];
        for (header, expected) in table {
            assert_eq!(Language::from_accept(header), expected, "{header}");
        }
    }
}
