//! Parameters of a query or a form: each name once, UTF-8, bounded in number and length.
//!
//! Hand-written over `percent-encoding`: the usual decoders replace bytes that are no UTF-8 and take
//! the first or the last of two values, and both have opened doors elsewhere.

use percent_encoding::percent_decode;

/// Parameters that a request may have.
const PARAMS_MAX: usize = 64;

/// Parameters by name, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// Why parameters are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadParams {
    #[error("a parameter is not UTF-8")]
    NotUtf8,
    #[error("the parameter `{0}` is there twice")]
    Twice(String),
    #[error("there are too many parameters")]
    TooMany,
    #[error("the form is not application/x-www-form-urlencoded")]
    Form,
}

impl Params {
    /// Parses `application/x-www-form-urlencoded`. Source: WHATWG URL §5.1.
    ///
    /// # Errors
    /// A name stands twice, bytes are no UTF-8, or there are too many.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadParams> {
        let mut params: Vec<(String, String)> = vec![];
        for pair in bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            if params.len() >= PARAMS_MAX {
                return Err(BadParams::TooMany);
            }
            let cut = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(cut);
            let name = decode(name)?;
            if params.iter().any(|(known, _)| *known == name) {
                return Err(BadParams::Twice(name));
            }
            params.push((name, decode(value.strip_prefix(b"=").unwrap_or(value))?));
        }
        Ok(Self(params))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value, where an empty one is none. Source: RFC 6749 §3.1.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn decode(bytes: &[u8]) -> Result<String, BadParams> {
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| BadParams::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::{BadParams, Params};

    #[test]
    fn each_name_counts_once_and_bytes_are_not_guessed() {
        let ok = Params::parse(b"a=1&b=%C3%A9+x&c&d=").unwrap();
        assert_eq!(
            (ok.get("a"), ok.get("b"), ok.get("c"), ok.filled("d")),
            (Some("1"), Some("é x"), Some(""), None)
        );
        assert_eq!(Params::parse(b"a=1&a=2"), Err(BadParams::Twice("a".into())));
        assert_eq!(Params::parse(b"a=1&%61=2"), Err(BadParams::Twice("a".into())));
        assert_eq!(Params::parse(b"a=%FF"), Err(BadParams::NotUtf8));
        assert_eq!(Params::parse(b"a&"), Ok(Params(vec![("a".into(), String::new())])));
        let many: Vec<u8> = (0..65).flat_map(|n| format!("p{n}=1&").into_bytes()).collect();
        assert_eq!(Params::parse(&many), Err(BadParams::TooMany));
        // An array-valued name is another name, never a second value of the first.
        assert_eq!(Params::parse(b"email[]=x").unwrap().get("email"), None);
    }
}
