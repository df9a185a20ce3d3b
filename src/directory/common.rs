//! Words that people here make passwords of: the months and seasons, the words for password and welcome, the towns, the
//! work, and the house's own name. A password of such words with figures and signs around them is tried first.
//!
//! The thirty thousand commonest passwords of the world come with the estimate of strength (`zxcvbn`).

use std::collections::HashSet;

use super::similar::skeleton;

/// One word a line, `#` for a remark.
const WORDS: &str = include_str!("common.txt");
/// From so many words on it is their choice that counts, and the estimate of strength judges it.
const WORDS_MAX: usize = 3;
/// Shortest part of the house's name that counts.
const HOUSE_PART_MIN: usize = 3;

/// The words, as they sound.
#[derive(Clone, Debug, Default)]
pub struct CommonWords(HashSet<String>);

impl CommonWords {
    /// With the names of the house: of the service, and of the hosts it is known by.
    pub fn with(house: &[&str]) -> Self {
        let listed = WORDS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let own = house.iter().flat_map(|name| {
            name.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() >= HOUSE_PART_MIN)
        });
        Self(listed.chain(own).map(skeleton).collect())
    }

    /// Whether a password is such words alone, with figures and signs around and between them.
    pub fn make_up(&self, password: &str) -> bool {
        // Figures are figures at first, and letters where that gives a word: `welkom1`, `w3lk0m`.
        let plain = words(password, char::is_alphabetic);
        let figured = words(inside(password), |c| c.is_alphanumeric() || "@$€!|+".contains(c));
        self.are(&plain) || self.are(&figured)
    }

    fn are(&self, words: &[String]) -> bool {
        (1..=WORDS_MAX).contains(&words.len()) && words.iter().all(|word| self.0.contains(word))
    }
}

fn words(text: &str, belongs: impl Fn(char) -> bool) -> Vec<String> {
    text.split(|c| !belongs(c)).filter(|word| !word.is_empty()).map(skeleton).collect()
}

/// The text without the figures and signs at its end, and figures at its start that no letter follows.
fn inside(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::CommonWords;

    #[test]
    fn words_of_everybody_make_no_password() {
        let words = CommonWords::with(&["FOD Kanselarij", "aanmelden.kanselarij.example"]);
        for common in [
            "Zomer2026!",
            "zomer2026ZOMER2026",
            "Welkom123456",
            "W3lk0m2026!!",
            "Wachtwoord-Lente-26",
            "AOÛT2026août2026",
            "Septembre@2026",
            "5eptember2026",
            "Kanselarij2026?",
            "Bruxelles1000",
            "JÄNNER_2027_!",
        ] {
            assert!(words.make_up(common), "{common}");
        }
        for fine in ["zomer op het dak", "1234567890", "welkom lente zomer herfst", "correct horse", ""] {
            assert!(!words.make_up(fine), "{fine}");
        }
    }
}
