//! How a client proves itself at the endpoints that it calls. Source: RFC 6749 §2.3, OIDC Core §9, RFC 7523 §2.2.

use std::ops::Deref;
use std::sync::Arc;

use data_encoding::BASE64;
use percent_encoding::percent_decode;

use super::assertion;
use super::client::Client;
use super::error::{ErrorCode, OAuthError, refuse};
use crate::config::clients::AuthMethod;
use crate::web::params::Params;

/// The one type of assertion. Source: RFC 7523 §2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client that proved itself by its registered method, or a public one that has nothing to prove.
pub struct Authenticated(Arc<Client>);

impl Authenticated {
    /// The client, when its proof fitted and the method is the registered one: after the comparison, so
    /// that the time does not tell which method a client has.
    pub fn by(client: Arc<Client>, method: AuthMethod, proved: bool) -> Option<Self> {
        (proved && client.token_endpoint_auth_method == method).then_some(Self(client))
    }

    /// Whether it proved itself by something that only it has.
    pub fn is_confidential(&self) -> bool {
        self.token_endpoint_auth_method != AuthMethod::None
    }
}

impl Deref for Authenticated {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// What a request presents.
#[derive(Debug, PartialEq, Eq)]
pub struct Presented {
    /// Whom it says that it is from.
    pub client_id: String,
    pub by: By,
}

/// The way that was chosen.
#[derive(Debug, PartialEq, Eq)]
pub enum By {
    Secret { method: AuthMethod, secret: String },
    Assertion(String),
    Nothing,
}

/// The client that a request says it is from, for the record.
pub fn claimed(authorization: Option<&str>, form: &Params) -> Option<String> {
    let by_header = authorization.and_then(basic).map(|(id, _)| id);
    let by_assertion = || form.filled("client_assertion").and_then(assertion::issuer_of);
    by_header.or_else(|| form.filled("client_id").map(str::to_owned)).or_else(by_assertion)
}

/// The way that was chosen, of which there must be one. Source: RFC 6749 §2.3 ("MUST NOT use more than one").
///
/// # Errors
/// `invalid_request` for two ways at once, `invalid_client` for what is none.
pub fn presented(authorization: Option<&str>, form: &Params) -> Result<Presented, OAuthError> {
    let client_id = form.filled("client_id");
    let secret = form.filled("client_secret");
    let assertion = form.filled("client_assertion");
    if [authorization.is_some(), secret.is_some(), assertion.is_some()].iter().filter(|way| **way).count() > 1
    {
        return Err(refuse(ErrorCode::InvalidRequest, "the client proves itself in two ways at once"));
    }
    let two = || refuse(ErrorCode::InvalidRequest, "the request names two clients");
    if let Some(header) = authorization {
        let (basic_id, secret) = basic(header).ok_or(OAuthError::INVALID_CLIENT)?;
        if client_id.is_some_and(|client_id| client_id != basic_id) {
            return Err(two());
        }
        let by = By::Secret { method: AuthMethod::ClientSecretBasic, secret };
        return Ok(Presented { client_id: basic_id, by });
    }
    if let Some(assertion) = assertion {
        if form.filled("client_assertion_type") != Some(JWT_BEARER) {
            return Err(OAuthError::INVALID_CLIENT);
        }
        let issuer = assertion::issuer_of(assertion).ok_or(OAuthError::INVALID_CLIENT)?;
        // The id beside it is optional, and must be the same. Source: RFC 7521 §4.2.
        if client_id.is_some_and(|client_id| client_id != issuer) {
            return Err(two());
        }
        return Ok(Presented { client_id: issuer, by: By::Assertion(assertion.to_owned()) });
    }
    let client_id = client_id.ok_or(OAuthError::INVALID_CLIENT)?.to_owned();
    let by = match secret {
        Some(secret) => By::Secret { method: AuthMethod::ClientSecretPost, secret: secret.to_owned() },
        None => By::Nothing,
    };
    Ok(Presented { client_id, by })
}

/// Both halves are form-encoded before they are joined, so they are decoded after they are parted.
/// Source: RFC 6749 §2.3.1, RFC 7617 §2.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = BASE64.decode(encoded.trim().as_bytes()).ok()?;
    let colon = joined.iter().position(|b| *b == b':')?;
    let (id, secret) = joined.split_at(colon);
    Some((form_decoded(id)?, form_decoded(secret.strip_prefix(b":")?)?))
}

fn form_decoded(bytes: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(id_and_secret: &str) -> String {
        format!("Basic {}", BASE64.encode(id_and_secret.as_bytes()))
    }

    #[test]
    fn basic_credentials_are_parted_and_then_decoded() {
        let ok = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        let table = [
            (header("web:s3cret"), ok("web", "s3cret")),
            (header("we%3Ab:a%2Bb+c%25"), ok("we:b", "a+b c%")),
            (header("web:a:b"), ok("web", "a:b")),
            (header("web:%C3%A9"), ok("web", "é")),
            (header("web:"), ok("web", "")),
            (header("web:%FF"), None),
            (header("web"), None),
            (header("web:x").replace("Basic", "bAsIc"), ok("web", "x")),
            (header("web:x").replace("Basic", "Bearer"), None),
            ("Basic !!!".to_owned(), None),
            ("Basic".to_owned(), None),
            (String::new(), None),
        ];
        for (header, expected) in table {
            assert_eq!(basic(&header), expected, "{header}");
        }
    }

    #[test]
    fn one_way_of_proving_is_chosen() {
        let form = |text: &str| Params::parse(text.as_bytes()).unwrap();
        let way = |authorization: Option<&str>, text: &str| {
            let presented = presented(authorization, &form(text)).map_err(|error| error.code)?;
            Ok(match presented.by {
                By::Secret { method, .. } => method,
                By::Assertion(_) => AuthMethod::PrivateKeyJwt,
                By::Nothing => AuthMethod::None,
            })
        };
        let web = header("web:secret");
        // {"alg":"ES256"} . {"iss":"pkj"} . nothing
        let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJwa2oifQ.";
        let kind = format!("client_assertion_type={}", JWT_BEARER.replace(':', "%3A"));
        let with = |rest: &str| format!("{kind}&client_assertion={jwt}{rest}");
        let invalid = |code| Err(code);
        for (authorization, text, expected) in [
            (Some(web.as_str()), "a=1".to_owned(), Ok(AuthMethod::ClientSecretBasic)),
            (Some(&web), "client_id=web".to_owned(), Ok(AuthMethod::ClientSecretBasic)),
            (Some(&web), "client_id=spa".to_owned(), invalid(ErrorCode::InvalidRequest)),
            (Some(&web), "client_secret=secret".to_owned(), invalid(ErrorCode::InvalidRequest)),
            (Some(&web), with(""), invalid(ErrorCode::InvalidRequest)),
            (None, with("&client_secret=x"), invalid(ErrorCode::InvalidRequest)),
            (None, with(""), Ok(AuthMethod::PrivateKeyJwt)),
            (None, with("&client_id=pkj"), Ok(AuthMethod::PrivateKeyJwt)),
            (None, with("&client_id=web"), invalid(ErrorCode::InvalidRequest)),
            (None, format!("client_assertion={jwt}"), invalid(ErrorCode::InvalidClient)),
            (None, format!("{kind}&client_assertion=x"), invalid(ErrorCode::InvalidClient)),
            (None, "client_id=web&client_secret=s".to_owned(), Ok(AuthMethod::ClientSecretPost)),
            (None, "client_id=spa".to_owned(), Ok(AuthMethod::None)),
            (None, "client_id=spa&client_secret=".to_owned(), Ok(AuthMethod::None)),
            (None, String::new(), invalid(ErrorCode::InvalidClient)),
            (Some("Bearer x"), "client_id=web".to_owned(), invalid(ErrorCode::InvalidClient)),
        ] {
            assert_eq!(way(authorization, &text), expected, "{authorization:?} {text}");
        }
    }
}
