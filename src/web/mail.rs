//! A mail as a sheet: the same words as its plain text, with the portal's address as a link. Nothing is fetched
//! when it is read (no picture, no font), so reading tells nobody anything.

use askama::Template;

use super::text::Text;

#[derive(Template)]
#[template(path = "web/pages/mail.html")]
struct Sheet<'a> {
    text: Text,
    subject: &'a str,
    paragraphs: Vec<Vec<Line<'a>>>,
}

/// A line of a paragraph: words, or the address of a page of the portal.
enum Line<'a> {
    Words(&'a str),
    Address(&'a str),
}

/// The HTML form of a mail. Only an address below `portal` becomes a link, and only alone on its line.
pub fn sheet(text: Text, subject: &str, body: &str, portal: &str) -> String {
    let is_ours = |line: &str| {
        let rest = line.strip_prefix(portal.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let line = |line| if is_ours(line) { Line::Address(line) } else { Line::Words(line) };
    let paragraphs = body
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| paragraph.lines().map(str::trim).map(line).collect())
        .collect();
    // Cannot fail: it is written into memory.
    Sheet { text, subject, paragraphs }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Text, sheet};
    use crate::kernel::language::Language;

    #[test]
    fn what_people_wrote_is_text_and_only_the_portal_is_linked() {
        let portal = "https://portal.example";
        let body = "Goeiedag,\n\n<b>Zoé</b> & co.\nhttps://portal.example/not-me\n\nhttps://portal.example.evil/\n\nhttps://portal.example@evil/";
        let html = sheet(Text::new(Language::Nl), "Een \"titel\"", body, portal);
        assert!(html.contains("<html lang=\"nl\">"), "{html}");
        assert!(html.contains("&#60;b&#62;Zoé&#60;/b&#62; &#38; co."), "{html}");
        assert!(html.contains("<a href=\"https://portal.example/not-me\">"), "{html}");
        assert_eq!(html.matches("href=").count(), 1, "{html}");
        assert_eq!(html.matches("<p>").count(), 4, "{html}");
        assert!(!html.contains("src="), "nothing is fetched: {html}");
    }
}
