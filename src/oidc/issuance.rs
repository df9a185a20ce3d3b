//! The tokens that a client is given, signed by what its registration says.

use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;

use super::claims::{self, ACCESS_TOKEN, AccessClaims, Audience, ID_TOKEN, IdClaims, PersonClaims, words};
use super::claims_request::ClaimsRequest;
use super::client_auth::Authenticated;
use super::error::{ErrorCode, OAuthError, refuse};
use super::keys::KeysError;
use super::provider::Oidc;
use super::store::grant::Grant;
use crate::account::Account;
use crate::config::clients::ClientConfig;
use crate::kernel::digest::base64url;
use crate::kernel::id::SessionId;
use crate::kernel::time::Moment;

/// Source: RFC 6749 §5.1, OIDC Core §3.1.3.3.
#[derive(Serialize)]
pub struct Tokens {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

impl Tokens {
    pub fn scope(&self) -> &str {
        &self.scope
    }
}

/// Signed tokens, and the access token's id for the record.
pub struct Issued {
    pub tokens: Tokens,
    pub jti: String,
}

/// What a client is given in a person's name.
pub struct InNameOf<'a> {
    pub grant: &'a Grant,
    pub account: &'a Account,
    /// At most the grant's.
    pub scope: &'a str,
    pub nonce: Option<&'a str>,
    pub refresh_token: Option<String>,
}

impl Oidc {
    /// # Errors
    /// There is no key for an algorithm, or it does not sign.
    pub(super) async fn sign_for_person(
        &self,
        client: &Authenticated,
        given: InNameOf<'_>,
        now: Moment,
    ) -> Result<Issued, OAuthError> {
        let InNameOf { grant, account, scope, nonce, refresh_token } = given;
        let auth_time = Moment::from_micros(grant.authenticated_at).unix_seconds();
        let amr: Vec<&str> = words(&grant.amr).collect();
        let sid = SessionId::from_uuid(grant.session_id);
        let is_openid = words(scope).any(|name| name == "openid");
        let person = PersonClaims {
            auth_time,
            acr: grant.acr.clone(),
            amr: amr.iter().map(|name| (*name).to_owned()).collect(),
            sid,
            grant: grant.id,
        };
        // Ourselves for the userinfo answer, then the resource servers.
        let own = is_openid.then(|| self.issuer());
        let audience = own.into_iter().chain(words(&grant.audience));
        let access = AccessClaims {
            aud: self.audience(audience),
            sub: account.sub.clone(),
            scope: scope.to_owned(),
            person: Some(person),
            ..self.access_claims(client, now)
        };
        let keys = self.parts().keys.current_for(client, now).await;
        let sign = || {
            let access_token =
                keys.sign_for(client, client.access_token_signed_response_alg, ACCESS_TOKEN, &access, now)?;
            if !is_openid {
                return Ok((access_token, None));
            }
            let asked = claims::named(account, &ClaimsRequest::parse_stored(&grant.claims).id_token);
            let id = IdClaims {
                iss: self.issuer(),
                sub: &account.sub,
                aud: &grant.client_id,
                exp: now.plus(self.parts().lives.id_token).unix_seconds(),
                iat: now.unix_seconds(),
                auth_time,
                nonce,
                acr: &grant.acr,
                amr,
                sid,
                at_hash: claims::at_hash(&access_token),
                asked,
            };
            let id_token = keys.sign_for(client, client.id_token_signed_response_alg, ID_TOKEN, &id, now)?;
            Ok((access_token, Some(id_token)))
        };
        let (access_token, id_token) = sign().map_err(|error| unsigned(&error))?;
        Ok(self.issued(client, access, access_token, id_token, refresh_token))
    }

    /// A token for the client itself. Source: RFC 6749 §4.4, RFC 9068 §2.2 (`sub`).
    ///
    /// # Errors
    /// There is no key for the algorithm, or it does not sign.
    pub(super) async fn sign_for_client(
        &self,
        client: &Authenticated,
        scope: String,
        audience: &str,
        now: Moment,
    ) -> Result<Issued, OAuthError> {
        let access = AccessClaims {
            aud: self.audience(words(audience)),
            sub: client.client_id.clone(),
            scope,
            client_epoch: Some(client.epoch()),
            ..self.access_claims(client, now)
        };
        let keys = self.parts().keys.current_for(client, now).await;
        let signed =
            keys.sign_for(client, client.access_token_signed_response_alg, ACCESS_TOKEN, &access, now);
        let access_token = signed.map_err(|error| unsigned(&error))?;
        Ok(self.issued(client, access, access_token, None, None))
    }

    fn access_claims(&self, client: &ClientConfig, now: Moment) -> AccessClaims {
        AccessClaims {
            iss: self.issuer().to_owned(),
            exp: now.plus(self.access_life(client)).unix_seconds(),
            aud: Audience::One(String::new()),
            sub: String::new(),
            client_id: client.client_id.clone(),
            iat: now.unix_seconds(),
            jti: base64url(&self.parts().entropy.bytes::<16>()),
            scope: String::new(),
            person: None,
            client_epoch: None,
        }
    }

    /// A token that is for nobody else is for ourselves.
    fn audience<'a>(&'a self, names: impl Iterator<Item = &'a str>) -> Audience {
        let names: Vec<String> = names.map(str::to_owned).collect();
        if names.is_empty() { Audience::One(self.issuer().to_owned()) } else { Audience::new(names) }
    }

    pub(super) fn access_life(&self, client: &ClientConfig) -> Duration {
        let lives = self.parts().lives;
        if client.immediate { lives.access_token_immediate } else { lives.access_token }
    }

    fn issued(
        &self,
        client: &ClientConfig,
        access: AccessClaims,
        access_token: String,
        id_token: Option<String>,
        refresh_token: Option<String>,
    ) -> Issued {
        let tokens = Tokens {
            access_token,
            token_type: "Bearer",
            expires_in: self.access_life(client).as_secs(),
            id_token,
            refresh_token,
            scope: access.scope,
        };
        Issued { tokens, jti: access.jti }
    }

    /// A fresh id for a grant.
    pub(super) fn new_grant_id(&self) -> Uuid {
        Uuid::from_bytes(self.parts().entropy.bytes::<16>())
    }
}

fn unsigned(error: &KeysError) -> OAuthError {
    tracing::error!(%error, "tokens could not be signed");
    refuse(ErrorCode::TemporarilyUnavailable, "try again in some seconds")
}
