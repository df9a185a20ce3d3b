//! What of a person is in a password, however it is spelt: with accents or without, with figures for letters, backwards.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Shortest part of a name that a password must not contain.
const PART_MIN: usize = 4;
/// Shortest run of a telephone number.
const PHONE_RUN: usize = 6;
/// Figures from which on a text is a number rather than a name.
const NUMBER_MIN: usize = 6;
/// Characters of which a difference is counted.
const COMPARED_MAX: usize = 128;
/// Up to so many changes make no other password.
const CHANGES_MAX: usize = 2;
/// So much more around the previous password makes no other one.
const ADDED_MAX: usize = 7;

/// A text as it sounds: lower case, no accents, letters for the figures and signs that stand for them.
///
/// `i`, `l`, `1` and `!` are one: people take each for each other.
pub fn skeleton(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(letter).collect()
}

const fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '2' => 'z',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' => 'g',
        '7' | '+' => 't',
        '8' => 'b',
        other => other,
    }
}

/// Whether a password has something of its owner in it: a part of a name, an address, a telephone number, a birthday.
pub fn holds_own(password: &str, about: &[&str]) -> bool {
    let spelt = skeleton(password);
    let backwards: String = spelt.chars().rev().collect();
    let closed: String = spelt.chars().filter(|c| c.is_alphanumeric()).collect();
    let figures: String = password.chars().filter(char::is_ascii_digit).collect();
    about.iter().any(|text| match number_of(text) {
        Some(number) => own_figures(text, &number).iter().any(|run| figures.contains(run)),
        None => parts(text).any(|part| {
            spelt.contains(&part)
                || backwards.contains(&part)
                || part.len() > PART_MIN && closed.contains(&part)
        }),
    })
}

/// The words of a text that are long enough to count, as they sound.
fn parts(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= PART_MIN)
        .map(skeleton)
        .collect::<Vec<_>>()
        .into_iter()
}

/// The figures of a text that is a number or a date.
fn number_of(text: &str) -> Option<String> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c));
    let figures: String = text.chars().filter(char::is_ascii_digit).collect();
    (plain && figures.len() >= NUMBER_MIN).then_some(figures)
}

fn own_figures(text: &str, number: &str) -> Vec<String> {
    if let Ok(day) = text.parse::<jiff::civil::Date>() {
        let (year, month, day) = (day.year(), day.month(), day.day());
        return vec![format!("{year:04}"), format!("{day:02}{month:02}"), format!("{month:02}{day:02}")];
    }
    let figures: Vec<char> = number.chars().collect();
    figures.windows(PHONE_RUN).map(|run| run.iter().collect()).collect()
}

/// Whether a password is the previous one with a few changes: another figure at the end, a sign more, backwards.
pub fn is_near(previous: &str, new: &str) -> bool {
    let (old_letters, new_letters) = (letters(previous), letters(new));
    let (previous, new) = (skeleton(previous), skeleton(new));
    let backwards: String = new.chars().rev().collect();
    if previous == new || previous == backwards {
        return true;
    }
    let same_words = old_letters.chars().count() >= PART_MIN && old_letters == new_letters;
    let (old_length, new_length) = (previous.chars().count(), new.chars().count());
    let within = |long: &str, short: &str| long.contains(short) && short.chars().count() >= PART_MIN;
    let grown =
        (within(&new, &previous) || within(&previous, &new)) && old_length.abs_diff(new_length) <= ADDED_MAX;
    let few = changes(&previous, &new) <= CHANGES_MAX.min(new_length / 4);
    same_words || grown || few
}

/// The letters alone: the words of a password whose figures and signs go up every time.
fn letters(text: &str) -> String {
    text.nfkd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// How many characters are put in, taken out or replaced between two texts (Levenshtein), as far as they are compared.
fn changes(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(COMPARED_MAX).collect();
    let b: Vec<char> = b.chars().take(COMPARED_MAX).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (number, left) in a.iter().enumerate() {
        let mut next = vec![number + 1];
        for ((right, pair), before) in b.iter().zip(row.windows(2)).zip(0..) {
            let (&[diagonal, above], Some(&beside)) = (pair, next.get(before)) else { continue };
            let replaced = diagonal + usize::from(left != right);
            next.push(replaced.min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{changes, holds_own, is_near};

    #[test]
    fn what_is_a_persons_own_is_found_in_every_spelling() {
        let about = [
            "zpeeters",
            "Zoé Willemans-Peeters",
            "zoe.peeters@kanselarij.example",
            "+32 472 12 34 56",
            "1984-07-03",
        ];
        for own in [
            "xx-Peeters-77",
            "p33t3rs forever",
            "sreteep op zondag",
            "P.e.e.t.e.r.s ja",
            "W1llem@ns in bad",
            "kanselarij is top",
            "call 472123 now",
            "0472/12.34.56",
            "born in 1984 ok",
            "op 03-07 een feest",
            "0703 en nog wat",
        ] {
            assert!(holds_own(own, &about), "{own}");
        }
        for fine in ["correct horse battery", "de kat van 1985", "47-21-99 groene bomen", "zoé is nice", ""]
        {
            assert!(!holds_own(fine, &about), "{fine}");
        }
    }

    #[test]
    fn a_few_changes_make_no_other_password() {
        for (old, new) in [
            ("Zomer2025!", "Zomer2026!"),
            ("Zomer2025!", "Zomer2031?"),
            ("fietspomp-blauw", "fietspomp-blauw1"),
            ("fietspomp-blauw", "F1etspomp-Blauw"),
            ("fietspomp-blauw", "wualb-pmopsteif"),
            ("fietspomp-blauw", "fietspomp-blauwe!"),
            ("geheim-woord-een", "x geheim-woord-een"),
        ] {
            assert!(is_near(old, new), "{old} {new}");
        }
        for (old, new) in [
            ("fietspomp-blauw", "zeven groene eenden"),
            ("Zomer2025!", "Lente-in-het-park"),
            ("1234", "correct horse battery"),
            ("", "correct horse battery"),
        ] {
            assert!(!is_near(old, new), "{old} {new}");
        }
    }

    #[test]
    fn changes_are_counted_one_by_one() {
        for (a, b, count) in
            [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(changes(a, b), count, "{a} {b}");
        }
    }
}
