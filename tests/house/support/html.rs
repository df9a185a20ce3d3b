//! Just enough HTML to use a page: its forms with their fields, and its text.

/// A form of a page, with the values that stand in its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub value: String,
}

impl Form {
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// What a browser sends: the fields with some values typed over or added. A box is not ticked by itself, and of
    /// several radio buttons the first one is chosen.
    pub fn filled(&self, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut sent: Vec<(String, String)> = self
            .fields
            .iter()
            .enumerate()
            .filter(|(at, field)| {
                let is_later = || self.fields.iter().take(*at).any(|before| before.name == field.name);
                field.kind != "checkbox" && !(field.kind == "radio" && is_later())
            })
            .map(|(_, field)| field)
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect();
        for (name, value) in typed {
            match sent.iter_mut().find(|(known, _)| known == name) {
                Some((_, old)) => (*value).clone_into(old),
                None => sent.push(((*name).to_owned(), (*value).to_owned())),
            }
        }
        sent
    }
}

/// The forms of a page, in its order.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = vec![];
    let mut is_open = false;
    for tag in tags(html) {
        let attribute = |name: &str| tag.attribute(name);
        match tag.name {
            "form" => {
                is_open = true;
                let method = attribute("method").unwrap_or_else(|| "get".to_owned());
                forms.push(Form { action: attribute("action").unwrap_or_default(), method, fields: vec![] });
            }
            "/form" => is_open = false,
            "input" if is_open => {
                if let (Some(form), Some(name)) = (forms.last_mut(), attribute("name")) {
                    let kind = attribute("type").unwrap_or_else(|| "text".to_owned());
                    form.fields.push(Field { name, kind, value: attribute("value").unwrap_or_default() });
                }
            }
            _ => {}
        }
    }
    forms
}

/// An attribute of the first tag of a name.
pub fn attribute(html: &str, tag: &str, name: &str) -> Option<String> {
    tags(html).find(|found| found.name == tag)?.attribute(name)
}

/// What a reader sees, words parted by single spaces.
pub fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the first element of a name.
pub fn text_of(html: &str, tag: &str) -> Option<String> {
    let (_, after) = html.split_once(&format!("<{tag}"))?;
    let (_, after) = after.split_once('>')?;
    let (inside, _) = after.split_once(&format!("</{tag}>"))?;
    Some(text(inside))
}

struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        let start = format!(" {name}=\"");
        let rest = self.rest.replace('\n', " ");
        let (_, after) = rest.split_once(&start)?;
        let (value, _) = after.split_once('"')?;
        Some(unescape(value))
    }
}

/// Every tag; our pages escape `<` and `>` in values, so that a tag ends at the first `>`.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    html.split('<').skip(1).filter_map(|part| {
        let (tag, _) = part.split_once('>')?;
        let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty())?;
        let name = if tag.starts_with('/') { tag } else { name };
        Some(Tag { name, rest: tag.get(name.len()..).unwrap_or_default() })
    })
}

/// Numbers and the five names that a template engine writes.
pub fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        let (c, after) = entity.unwrap_or(('&', after));
        plain.push(c);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[test]
fn forms_and_text_of_a_page_are_read() {
    let html = "<form action=\"/a?x=1&amp;y=2\" method=\"post\"><input type=\"hidden\" name=\"t\" value=\"&#34;v\">\n\
                <input\n name=\"u\" required><input type=\"checkbox\" name=\"all\" value=\"yes\"></form>\
                <h1 class=\"x\">A &amp; <b>B</b></h1><form action=\"/b\"></form>";
    let [first, second] = &forms(html)[..] else { panic!("two forms") };
    assert_eq!((first.action.as_str(), first.method.as_str()), ("/a?x=1&y=2", "post"));
    assert_eq!((first.value("t"), first.value("u")), (Some("\"v"), Some("")));
    let sent = first.filled(&[("u", "me"), ("z", "9")]);
    let expected = [("t", "\"v"), ("u", "me"), ("z", "9")];
    assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((second.action.as_str(), second.method.as_str()), ("/b", "get"));
    assert_eq!(text_of(html, "h1").as_deref(), Some("A & B"));
}
