//! A registration's text with another secret in it: the rest, comments too, stays as the operator wrote it.

use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use crate::config::document::Origin;
use crate::config::error::ConfigError;

const SECRET: &str = "client_secret";
const PREVIOUS: &str = "previous_client_secret";
const UNTIL: &str = "previous_client_secret_until";

/// Names another source for the secret, in TOML. With `keep_until` the source of before becomes that of the
/// previous secret, until that moment; otherwise there is no previous one any more.
///
/// # Errors
/// The text is no TOML, or does not say its secret on one line.
pub fn with_other_secret(
    file: &Path,
    text: &str,
    source: &str,
    keep_until: Option<&str>,
) -> Result<String, ConfigError> {
    let (origin, table) = Origin::parse(file, text)?;
    let Some(secret) = member(text, table.get_ref(), SECRET) else {
        let text = format!("say it on one line, as `{SECRET} = …`");
        return Err(origin.value(SECRET, text));
    };
    let before = text.get(secret.value.clone()).unwrap_or_default();
    let mut changes = vec![(secret.value.clone(), source.to_owned())];
    let wanted = [(PREVIOUS, before.to_owned()), (UNTIL, format!("\"{}\"", keep_until.unwrap_or_default()))];
    let mut added = vec![];
    for (name, value) in wanted {
        match (member(text, table.get_ref(), name), keep_until) {
            (Some(found), Some(_)) => changes.push((found.value, value)),
            (Some(found), None) => changes.push((found.line, String::new())),
            (None, Some(_)) => added.push(format!("{name} = {value}\n")),
            (None, None) => {}
        }
    }
    changes.push((secret.line.end..secret.line.end, added.concat()));
    // From the end on, so that what is in front stays where it is.
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for (range, value) in changes {
        text.replace_range(range, &value);
    }
    Ok(text)
}

/// Where a member stands.
struct Found {
    value: Range<usize>,
    /// With what is in front and behind, and the end of the line.
    line: Range<usize>,
}

/// A member of the top level that is written as `name = value`.
fn member(text: &str, table: &DeTable<'_>, name: &str) -> Option<Found> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    let value = value.span();
    let between = text.get(key.span().end..value.start)?;
    if between.trim() != "=" {
        return None;
    }
    let start = text.get(..key.span().start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(value.end..)?.find('\n').map_or(text.len() + 1, |at| value.end + at + 1);
    Some(Found { value, line: start..end })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::with_other_secret;

    fn changed(text: &str, keep_until: Option<&str>) -> Result<String, String> {
        let file = Path::new("web.toml");
        let changed = with_other_secret(file, text, "{ file = \"web.2.secret\" }", keep_until);
        changed.map_err(|error| error.to_string())
    }

    #[test]
    fn the_source_of_before_goes_on_counting_and_the_rest_stays() {
        let text =
            "# Ours.\nclient_id = 'web' # yes\nclient_secret = { env = 'WEB' } # old\nscope = 'openid'";
        assert_eq!(
            changed(text, Some("2027-01-22T08:00:00Z")).unwrap(),
            "# Ours.\nclient_id = 'web' # yes\nclient_secret = { file = \"web.2.secret\" } # old\n\
             previous_client_secret = { env = 'WEB' }\n\
             previous_client_secret_until = \"2027-01-22T08:00:00Z\"\nscope = 'openid'\n"
        );
        assert_eq!(
            changed("client_secret='x'", Some("2027-01-22T08:00:00Z")).unwrap(),
            "client_secret={ file = \"web.2.secret\" }\nprevious_client_secret = 'x'\n\
             previous_client_secret_until = \"2027-01-22T08:00:00Z\"\n"
        );
    }

    #[test]
    fn one_overlap_takes_the_place_of_another_or_ends_it() {
        let text = "previous_client_secret_until = '2026-01-01T00:00:00Z'\nclient_secret = { file = 'b' }\n\
                    previous_client_secret = { file = 'a' }\n# end\n";
        assert_eq!(
            changed(text, Some("2027-01-22T08:00:00Z")).unwrap(),
            "previous_client_secret_until = \"2027-01-22T08:00:00Z\"\n\
             client_secret = { file = \"web.2.secret\" }\nprevious_client_secret = { file = 'b' }\n# end\n"
        );
        assert_eq!(changed(text, None).unwrap(), "client_secret = { file = \"web.2.secret\" }\n# end\n");
    }

    #[test]
    fn what_is_written_otherwise_is_not_touched() {
        for text in ["client_id = 'a'", "[client_secret]\nfile = 'a'\n", "client_secret.file = 'a'\n"] {
            let refusal = changed(text, None).unwrap_err();
            assert!(refusal.contains("client_secret: say it on one line"), "{text}: {refusal}");
        }
    }
}
