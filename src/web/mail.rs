//! A mail as a sheet: the same words as its plain text, with the portal's address as a link. Nothing is fetched
//! when it is read (no picture, no font), so reading tells nobody anything.

use askama::Template;

use super::text::Text;

#[derive(Template)]
#[template(path = "web/pages/mail.html")]
struct Sheet<'a> {
    text: Text,
    subject: &'a str,
    /// Lines of pieces.
    paragraphs: Vec<Vec<Vec<Piece<'a>>>>,
}

/// A piece of a line: words, or the address of a page of the portal.
enum Piece<'a> {
    Words(&'a str),
    Address(&'a str),
}

/// The HTML form of a mail. Only an address below `portal` becomes a link.
pub fn sheet(text: Text, subject: &str, body: &str, portal: &str) -> String {
    let is_ours = |word: &str| {
        let rest = word.strip_prefix(portal.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let paragraphs = body
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| paragraph.lines().map(|line| pieces(line.trim(), is_ours)).collect())
        .collect();
    // Cannot fail: it is written into memory.
    Sheet { text, subject, paragraphs }.render().unwrap_or_default()
}

/// A line word by word; what ends a sentence is no part of an address.
fn pieces(line: &str, is_ours: impl Fn(&str) -> bool) -> Vec<Piece<'_>> {
    let piece = |word| {
        let address = str::trim_end_matches(word, [' ', '.', ',', ';', ')']);
        match word.split_at(address.len()) {
            (address, end) if is_ours(address) => vec![Piece::Address(address), Piece::Words(end)],
            _ => vec![Piece::Words(word)],
        }
    };
    line.split_inclusive(' ').flat_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::{Text, sheet};
    use crate::kernel::language::Language;

    #[test]
    fn what_people_wrote_is_text_and_only_the_portal_is_linked() {
        let portal = "https://portal.example";
        let body = "Goeiedag,\n\n<b>Zoé</b> & co.\nGa naar https://portal.example/not-me, of bel.\n\nhttps://portal.example.evil/\n\nhttps://portal.example@evil/";
        let html = sheet(Text::new(Language::Nl), "Een \"titel\"", body, portal);
        assert!(html.contains("<html lang=\"nl\">"), "{html}");
        assert!(html.contains("&#60;b&#62;Zoé&#60;/b&#62; &#38; co."), "{html}");
        let link =
            "Ga naar <a href=\"https://portal.example/not-me\">https://portal.example/not-me</a>, of bel.";
        assert!(html.contains(link), "{html}");
        assert_eq!(html.matches("href=").count(), 1, "{html}");
        assert_eq!(html.matches("<p>").count(), 4, "{html}");
        assert!(!html.contains("src="), "nothing is fetched: {html}");
    }
}
