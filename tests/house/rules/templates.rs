//! Templates carry no code and no style: the content policy would refuse them, and rightly. A script is a file
//! of ours beside them.

use super::source::{Source, source};

pub fn plain_templates(sources: &[Source]) -> Vec<String> {
    sources.iter().filter(|source| source.ends_in(&["html", "svg"])).flat_map(inline_parts).collect()
}

fn inline_parts(source: &Source) -> Vec<String> {
    let html = without_expressions(&source.text);
    let mut broken = Vec::new();
    let mut tell = |at: usize, what: &str| {
        let line = html[..at].matches('\n').count() + 1;
        broken.push(format!("{}:{line}: a template has no {what}", source.path));
    };
    for (start, _) in html.match_indices('<') {
        let tag = &html[start + 1..];
        if !tag.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let (name, attributes) = parse_tag(tag);
        match name.as_str() {
            "script" if !is_own_file(tag, &attributes) => tell(start, "<script>"),
            "style" if !is_mail(&source.path) => tell(start, "<style>"),
            _ => {}
        }
        for (attribute, value) in attributes {
            if attribute == "style" {
                tell(start, "style=");
            } else if attribute.len() > 2 && attribute.starts_with("on") {
                tell(start, &format!("{attribute}="));
            } else if value.trim_start().to_ascii_lowercase().starts_with("javascript:") {
                tell(start, "javascript: address");
            }
        }
    }
    broken
}

/// A mail has no content policy, and no style sheet that it could link to without telling who reads it.
fn is_mail(path: &str) -> bool {
    path.ends_with("/mail.html")
}

/// A script that is one of our assets, with nothing between its tags.
fn is_own_file(tag: &str, attributes: &[(String, String)]) -> bool {
    let is_asset = |(name, value): &(String, String)| name == "src" && value.starts_with("/assets/");
    let inside = tag.split_once('>').map_or("", |(_, rest)| rest);
    attributes.iter().any(is_asset) && inside.starts_with("</script>")
}

/// Name and attributes of a tag, in small letters, from just behind its `<`.
fn parse_tag(tag: &str) -> (String, Vec<(String, String)>) {
    let is_name_end = |each: char| each.is_whitespace() || matches!(each, '>' | '/' | '=');
    let name_end = tag.find(is_name_end).unwrap_or(tag.len());
    let mut attributes = Vec::new();
    let mut rest = &tag[name_end..];
    loop {
        rest = rest.trim_start_matches(|each: char| each.is_whitespace() || matches!(each, '/' | '='));
        if rest.is_empty() || rest.starts_with('>') {
            return (tag[..name_end].to_ascii_lowercase(), attributes);
        }
        let end = rest.find(is_name_end).unwrap_or(rest.len());
        let attribute = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|first| matches!(first, '"' | '\''));
            let (from, until) = match quote {
                Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
                None => {
                    (0, after.find(|each: char| each.is_whitespace() || each == '>').unwrap_or(after.len()))
                }
            };
            value = &after[from..until];
            rest = after[until..].strip_prefix(['"', '\'']).unwrap_or(&after[until..]);
        }
        attributes.push((attribute, value.to_owned()));
    }
}

/// The template with its expressions blanked, so that places stay and `<` in a condition is no tag.
fn without_expressions(text: &str) -> String {
    let mut out = text.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        let mut from = 0;
        while let Some(start) = out[from..].find(open).map(|at| from + at) {
            let Some(end) = out[start..].find(close).map(|at| start + at + close.len()) else {
                break;
            };
            let blank: String =
                out[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
            out.replace_range(start..end, &blank);
            from = end;
        }
    }
    out
}

#[test]
fn the_template_rule_catches() {
    let sample = |text: &str| plain_templates(&[source("src/portal/pages/home.html", text)]).len();
    assert_eq!(
        sample(
            "<p class=\"style=\" data-on=\"1\">on = style= {% if a <b %}{{ x }}{% endif %}</p><link rel=stylesheet>"
        ) + sample("<script src=\"/assets/a.js\" defer></script>"),
        0
    );
    for text in [
        "<script src=\"https://a.example/assets/a.js\"></script>",
        "<script src=\"/a.js\"></script>",
        "<script src=\"/assets/a.js\">1</script>",
        "<SCRIPT>1</SCRIPT>",
        "<style>p { }</style>",
        "<p\n  style=\"color: red\">",
        "<p class=\"a\"STYLE='x'>",
        "<button onclick=\"x()\">",
        "<svg viewBox=\"0 0 1 1\" onload = x>",
        "<p class=\"{{ a }}\" style=\"{{ b }}\">",
        "<a href=\" JavaScript:x()\">",
    ] {
        assert_eq!(sample(text), 1, "{text}");
    }
}
