//! What holds for every page in every language; each slice's test hands its samples over.

use askama::Template;

use crate::kernel::language::Language;
use crate::web::page::{ErrorKind, ErrorPage, Flash, House, Shell, Tone};
use crate::web::text::Text;

/// A shell as a handler would fill it, with a name that must be escaped.
pub fn sample_shell(language: Language) -> Shell {
    let text = Text::new(language);
    Shell {
        text,
        path: "/sign-in?journey=0199".into(),
        form_token: "token-0199".into(),
        signed_in: Some("Els <Peeters>".into()),
        flash: None,
        house: House {
            name: text.say("house-name"),
            phone: "02 501 00 00".into(),
            hours: text.say("house-hours"),
            address: "https://cardea.chancellery.example".into(),
        },
    }
}

/// Renders all samples of a page in all languages.
///
/// # Panics
/// A page is not whole.
pub fn check<P: Template>(page: &str, samples: fn(Shell) -> Vec<(&'static str, P)>) {
    for language in Language::ALL {
        for (name, sample) in samples(sample_shell(language)) {
            let html = sample.render().unwrap();
            whole(&html, language, &format!("{page}/{name} in {}", language.code()));
        }
    }
}

fn whole(html: &str, language: Language, page: &str) {
    let count = |needle: &str| html.matches(needle).count();
    assert!(!html.contains('⟦'), "a message is missing: {page}\n{html}");
    assert_eq!(count("<h1"), 1, "one heading: {page}");
    assert!(html.contains(&format!("<html lang=\"{}\">", language.code())), "language: {page}");
    assert!(!html.contains("style="), "inline style: {page}");
    for script in html.split("<script").skip(1) {
        let is_own = script.starts_with(" src=\"/assets/") && script.contains(" defer></script>");
        assert!(is_own, "a script that is no file of ours: {page}");
    }
    assert!(!html.contains("<Peeters>"), "a name was not escaped: {page}");
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        assert!(form.contains("method=\"post\""), "a form that is no POST: {page}");
        // A form that goes to an application must not take our token there.
        let is_ours = form.contains(" action=\"/");
        let has_token = form.contains("name=\"form_token\" value=\"token-0199\"");
        assert_eq!(form.contains("token-0199"), is_ours, "form token: {page}");
        assert_eq!(has_token, is_ours, "form token: {page}");
    }
    for (attribute, value) in attributes(html) {
        assert!(!value.contains('\u{ad}'), "soft hyphen in {attribute}: {page}");
        let described = ["aria-describedby", "aria-labelledby", "for"].contains(&attribute);
        for id in value.split(' ').filter(|_| described) {
            assert_eq!(count(&format!(" id=\"{id}\"")), 1, "{attribute} {id}: {page}");
        }
    }
    let fields = count("<input") - count("type=\"hidden\"");
    assert_eq!(count("<label"), fields + count("<meter id="), "a label for each field: {page}");
}

/// Names and values of all attributes, by the one quoting that our templates use.
fn attributes(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<').skip(1).flat_map(|tag| {
        let tag = tag.split('>').next().unwrap();
        tag.split("\" ").filter_map(|one| {
            let (name, value) = one.split_once("=\"")?;
            Some((name.rsplit(' ').next()?, value.trim_end_matches(['"', '/'])))
        })
    })
}

fn errors(shell: Shell) -> Vec<(&'static str, ErrorPage)> {
    let stranger = Shell { signed_in: None, ..shell.clone() };
    let page = |shell: &Shell, status, kind| ErrorPage {
        shell: shell.clone(),
        status,
        kind,
        case: Some("KIWI-4921".into()),
    };
    let flashed = Shell {
        flash: Some(Flash {
            tone: Tone::Ok,
            title: shell.say("flash-password-title"),
            body: shell.say("flash-password-text"),
        }),
        ..shell.clone()
    };
    let no_case = ErrorPage { case: None, ..page(&flashed, 404, ErrorKind::NotFound) };
    vec![
        ("not-found", no_case),
        ("bad-request", page(&shell, 400, ErrorKind::BadRequest)),
        ("forbidden", page(&shell, 403, ErrorKind::Forbidden)),
        ("method", page(&shell, 405, ErrorKind::MethodNotAllowed)),
        ("too-many", page(&stranger, 429, ErrorKind::TooMany { minutes: 1 })),
        ("busy", page(&stranger, 503, ErrorKind::Busy)),
        ("unavailable", page(&shell, 503, ErrorKind::Unavailable)),
        ("broken", page(&shell, 500, ErrorKind::Broken)),
        ("client", page(&stranger, 400, ErrorKind::ClientNotTrusted)),
        ("client-known", page(&shell, 400, ErrorKind::ClientNotTrusted)),
        ("expired", ErrorPage { shell, ..page(&stranger, 400, ErrorKind::Expired) }),
    ]
}

#[test]
fn every_error_page_is_whole_in_every_language() {
    check("error", errors);
}

#[test]
fn a_language_link_keeps_the_rest_of_the_address() {
    let shell = sample_shell(Language::En);
    assert_eq!(shell.href_in(Language::Fr), "/sign-in?journey=0199&lang=fr");
    let bare = Shell { path: "/account".into(), ..shell };
    assert_eq!(bare.href_in(Language::De), "/account?lang=de");
}
