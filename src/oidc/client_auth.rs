//! How a client proves itself at the token endpoint. Source: RFC 6749 §2.3, OIDC Core §9.

use std::ops::Deref;
use std::sync::Arc;

use data_encoding::BASE64;
use percent_encoding::percent_decode;

use super::client::Clients;
use super::error::{ErrorCode, OAuthError, refuse};
use crate::config::clients::{AuthMethod, ClientConfig};
use crate::web::params::Params;

/// A client that proved itself by its registered method, or a public one that has nothing to prove.
/// Only [`authenticate`] makes one, after the comparison.
pub struct Authenticated(Arc<ClientConfig>);

impl Deref for Authenticated {
    type Target = ClientConfig;

    fn deref(&self) -> &ClientConfig {
        &self.0
    }
}

/// What a request presents.
#[derive(Debug, PartialEq, Eq)]
struct Presented {
    method: AuthMethod,
    client_id: String,
    secret: String,
}

/// Compares what is presented with the registration; the method must be the registered one.
///
/// # Errors
/// `invalid_request` for two ways at once, `invalid_client` for everything else, whatever the cause.
pub fn authenticate(
    authorization: Option<&str>,
    form: &Params,
    clients: &Clients,
) -> Result<Authenticated, OAuthError> {
    let presented = presented(authorization, form)?;
    let client = clients.get(&presented.client_id);
    let proved = client.as_ref().is_some_and(|client| match presented.method {
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => {
            client.secret_matches(&presented.secret)
        }
        // A public client: the code's verifier is its proof.
        AuthMethod::None => true,
        AuthMethod::PrivateKeyJwt => false,
    });
    client
        .filter(|client| proved && client.token_endpoint_auth_method == presented.method)
        .map(Authenticated)
        .ok_or(invalid_client())
}

/// The client that a request says it is from, for the record.
pub fn claimed(authorization: Option<&str>, form: &Params) -> Option<String> {
    let by_header = authorization.and_then(basic).map(|(id, _)| id);
    by_header.or_else(|| form.filled("client_id").map(str::to_owned))
}

/// The way that was chosen, of which there must be one. Source: RFC 6749 §2.3 ("MUST NOT use more than one").
fn presented(authorization: Option<&str>, form: &Params) -> Result<Presented, OAuthError> {
    let client_id = form.filled("client_id");
    let secret = form.filled("client_secret");
    if form.filled("client_assertion").is_some() {
        return Err(invalid_client());
    }
    let Some(header) = authorization else {
        let client_id = client_id.ok_or(invalid_client())?.to_owned();
        return Ok(match secret {
            Some(secret) => {
                Presented { method: AuthMethod::ClientSecretPost, client_id, secret: secret.to_owned() }
            }
            None => Presented { method: AuthMethod::None, client_id, secret: String::new() },
        });
    };
    if secret.is_some() {
        return Err(refuse(ErrorCode::InvalidRequest, "credentials are in the header and in the body"));
    }
    let (basic_id, secret) = basic(header).ok_or(invalid_client())?;
    if client_id.is_some_and(|client_id| client_id != basic_id) {
        return Err(refuse(ErrorCode::InvalidRequest, "the header and the body name two clients"));
    }
    Ok(Presented { method: AuthMethod::ClientSecretBasic, client_id: basic_id, secret })
}

const fn invalid_client() -> OAuthError {
    refuse(ErrorCode::InvalidClient, "the client did not prove itself by its registered method")
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
        let code = |authorization: Option<&str>, text: &str| {
            presented(authorization, &form(text))
                .map(|presented| presented.method)
                .map_err(|error| error.code)
        };
        let web = header("web:secret");
        assert_eq!(code(Some(&web), "a=1"), Ok(AuthMethod::ClientSecretBasic));
        assert_eq!(code(Some(&web), "client_id=web"), Ok(AuthMethod::ClientSecretBasic));
        assert_eq!(code(Some(&web), "client_id=spa"), Err(ErrorCode::InvalidRequest));
        assert_eq!(code(Some(&web), "client_id=web&client_secret=secret"), Err(ErrorCode::InvalidRequest));
        assert_eq!(code(None, "client_id=web&client_secret=secret"), Ok(AuthMethod::ClientSecretPost));
        assert_eq!(code(None, "client_id=spa"), Ok(AuthMethod::None));
        assert_eq!(code(None, "client_id=spa&client_secret="), Ok(AuthMethod::None));
        assert_eq!(code(None, "client_assertion=x&client_id=pkj"), Err(ErrorCode::InvalidClient));
        assert_eq!(code(None, ""), Err(ErrorCode::InvalidClient));
        assert_eq!(code(Some("Bearer x"), "client_id=web"), Err(ErrorCode::InvalidClient));
    }
}
