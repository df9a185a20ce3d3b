//! A token for the client itself, without a person. Source: RFC 6749 §4.4.

use super::claims::words;
use super::client_auth::Authenticated;
use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse};
use super::issuance::Tokens;
use super::provider::Oidc;
use super::request::SCOPES;

impl Oidc {
    /// # Errors
    /// As RFC 6749 §5.2 names them.
    pub(super) async fn serve_client(&self, call: &Call) -> Result<Tokens, OAuthError> {
        let client = &call.client;
        let scope = scope(call.form.filled("scope"), client)?;
        let audience = audience(call.form.filled("resource"), client)?;
        let issued = self.sign_for_client(client, scope, &audience, call.origin.now).await?;
        self.ledger().enter(call.origin.clone(), issued.tokens.scope().to_owned(), issued.jti).await?;
        Ok(issued.tokens)
    }
}

/// What it is registered for, or less; scopes about a person have no meaning here. Source: RFC 6749 §3.3.
fn scope(asked: Option<&str>, client: &Authenticated) -> Result<String, OAuthError> {
    let registered: Vec<&str> = words(&client.scope).filter(|name| !SCOPES.contains(name)).collect();
    let Some(asked) = asked else { return Ok(registered.join(" ")) };
    let mut granted: Vec<&str> = vec![];
    for name in words(asked) {
        if !registered.contains(&name) {
            return Err(refuse(
                ErrorCode::InvalidScope,
                "scope goes beyond what the client is registered for",
            ));
        }
        if !granted.contains(&name) {
            granted.push(name);
        }
    }
    Ok(granted.join(" "))
}

/// The registered resource servers, or the one that is asked for. Source: RFC 8707 §2.
fn audience(asked: Option<&str>, client: &Authenticated) -> Result<String, OAuthError> {
    match asked {
        None => Ok(client.audiences.join(" ")),
        Some(one) if client.audiences.iter().any(|known| known == one) => Ok(one.to_owned()),
        Some(_) => Err(refuse(ErrorCode::InvalidTarget, "the client is not registered for this resource")),
    }
}
