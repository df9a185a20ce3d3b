//! An access token that somebody presents: read, proved, and compared with what it came from.

use super::claims::{ACCESS_TOKEN, AccessClaims, PersonClaims};
use super::keys::Expected;
use super::provider::Oidc;
use super::standing::Standing;
use super::store::grant;
use super::store::single_use::{self, Kind};
use crate::account::Account;
use crate::infra::database::WriteError;
use crate::kernel::digest::sha256;
use crate::kernel::time::Moment;

/// Longest token that is looked at, in bytes.
const TOKEN_BYTES_MAX: usize = 8192;

/// An access token that counts, whomever it is for.
pub struct AccessToken {
    pub claims: AccessClaims,
    /// The person whom it stands for; `None` where it is the client's own.
    pub account: Option<Account>,
    /// What was granted, for tokens of a person.
    pub granted: Option<grant::Grant>,
}

impl Oidc {
    /// The claims of a token that we signed and that has not run out, whether or not it still counts.
    pub(super) async fn signed_access(&self, token: &str, now: Moment) -> Option<AccessClaims> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let expected = Expected { kind: ACCESS_TOKEN, issuer: self.issuer(), audience: None };
        let claims: AccessClaims = self.parts().keys.verify(token, &expected, now).await?;
        (claims.exp > now.unix_seconds()).then_some(claims)
    }

    /// The token, when nothing that it was issued under has changed: client, grant, session, account.
    ///
    /// # Errors
    /// The database does not answer: then nothing is known of the token.
    pub(super) async fn access(&self, token: &str, now: Moment) -> Result<Option<AccessToken>, WriteError> {
        let Some(claims) = self.signed_access(token, now).await else { return Ok(None) };
        if single_use::is_noted(self.db(), Kind::RevokedToken, &mark(&claims.jti)).await? {
            return Ok(None);
        }
        match (&claims.person, claims.client_epoch) {
            (Some(person), _) => {
                let found = self.person_of(person, &claims, now).await?;
                Ok(found.map(|(account, granted)| AccessToken {
                    claims,
                    account: Some(account),
                    granted: Some(granted),
                }))
            }
            (None, Some(epoch)) => {
                let same = self.parts().clients.epoch_of(&claims.client_id) == Some(epoch);
                Ok(same.then_some(AccessToken { claims, account: None, granted: None }))
            }
            (None, None) => Ok(None),
        }
    }

    async fn person_of(
        &self,
        person: &PersonClaims,
        claims: &AccessClaims,
        now: Moment,
    ) -> Result<Option<(Account, grant::Grant)>, WriteError> {
        let found = grant::find(self.db(), person.grant).await?;
        let Some(granted) = found.filter(|grant| grant.client_id == claims.client_id) else {
            return Ok(None);
        };
        Ok(match self.standing(&granted, now).await? {
            Standing::Stands(account) if account.sub == claims.sub => Some((*account, granted)),
            Standing::Stands(_) | Standing::Over(_) => None,
        })
    }
}

/// What a revoked token is remembered by.
pub fn mark(jti: &str) -> Vec<u8> {
    sha256(jti.as_bytes()).to_vec()
}
