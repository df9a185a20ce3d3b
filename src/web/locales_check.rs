//! Every message exists in four languages, with the same variables and the same choices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

use crate::kernel::language::Language;
use crate::web::text::{Arg, Text};

/// What translations of one message must have in common.
#[derive(Debug, Default, PartialEq, Eq)]
struct Form {
    variables: BTreeSet<String>,
    /// Variable that chooses, and the keys it chooses among.
    choices: BTreeSet<(String, BTreeSet<String>)>,
}

fn files(language: Language) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/locales").join(language.code());
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// File name, then message id.
fn forms(language: Language) -> BTreeMap<(String, String), Form> {
    let mut forms = BTreeMap::new();
    for (file, source) in files(language) {
        let resource = parser::parse(source.as_str()).unwrap();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut form = Form::default();
            read_pattern(&message.value.unwrap(), &mut form);
            let key = (file.clone(), message.id.name.to_owned());
            assert!(forms.insert(key.clone(), form).is_none(), "twice: {key:?}");
        }
    }
    forms
}

fn read_pattern(pattern: &Pattern<&str>, form: &mut Form) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                form.variables.insert(variable(inline));
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let keys = variants.iter().map(|variant| match variant.key {
                    VariantKey::Identifier { name } => name.to_owned(),
                    VariantKey::NumberLiteral { value } => value.to_owned(),
                });
                form.choices.insert((variable(selector), keys.collect()));
                for variant in variants {
                    read_pattern(&variant.value, form);
                }
            }
        }
    }
}

fn variable(inline: &InlineExpression<&str>) -> String {
    if let InlineExpression::VariableReference { id } = inline {
        return id.name.to_owned();
    }
    panic!("messages hold variables only, not {inline:?}")
}

#[test]
fn the_four_languages_have_the_same_messages_variables_and_choices() {
    let english = forms(Language::En);
    assert!(english.len() > 200, "only {} messages", english.len());
    for language in Language::ALL {
        let other = forms(language);
        for (key, form) in &english {
            let Some(translated) = other.get(key) else {
                panic!("{key:?} is missing in {}", language.code());
            };
            // A translation may write "one minute" where another writes "1 minute".
            assert_eq!(translated.choices, form.choices, "{key:?} in {}", language.code());
            let used = |form: &Form| -> BTreeSet<String> {
                let choosers = form.choices.iter().map(|(name, _)| name.clone());
                form.variables.iter().cloned().chain(choosers).collect()
            };
            assert_eq!(used(translated), used(form), "{key:?} in {}", language.code());
        }
        assert_eq!(other.len(), english.len(), "more messages in {}", language.code());
    }
}

#[test]
fn the_voice_is_kept() {
    for language in Language::ALL {
        for (file, source) in files(language) {
            let said = source.lines().filter(|line| !line.starts_with('#'));
            for line in said {
                let place = format!("{}/{file}: {line}", language.code());
                assert!(!line.contains('!'), "exclamation mark: {place}");
                assert!(!line.contains('—'), "em dash: {place}");
                assert!(!line.contains('\''), "typewriter apostrophe: {place}");
                assert!(language != Language::Fr || spaced_as_in_french(line), "spaces: {place}");
            }
        }
    }
}

/// No-break spaces before `:` `»`, narrow ones before `;` `?`.
fn spaced_as_in_french(line: &str) -> bool {
    [" :", " ;", " ?", " »", "« "].iter().all(|wrong| !line.contains(wrong))
}

#[test]
fn every_mail_is_whole_in_every_language() {
    for language in Language::ALL {
        let text = Text::new(language);
        let texts = [
            "date", "time", "method", "device", "place", "phone", "by", "person", "operator", "link", "code",
        ];
        let mut args: Vec<(&str, Arg)> = texts.map(|name| (name, "Firefox".into())).into();
        args.extend([("left", 2.into()), ("minutes", 10.into())]);
        let mails = [
            "new-sign-in",
            "authenticator-added",
            "authenticator-removed",
            "password-changed",
            "recovery-made",
            "recovery-used",
            "browser-stolen",
            "invitation-used",
            "rescued",
            "code",
            "password-reset",
            "unlocked",
            "contained",
        ];
        for mail in mails {
            let subject = text.with(&format!("mail-{mail}-subject"), &args);
            let body = text.with(&format!("mail-{mail}-text"), &args);
            assert!(!subject.contains(['⟦', '\n', '\u{ad}']), "{mail}: {subject}");
            assert!(!body.contains(['⟦', '\u{ad}']), "{mail}: {body}");
            assert!(body.starts_with(&text.say("mail-greeting")), "{mail}: {body}");
        }
    }
}
