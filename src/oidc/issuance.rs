//! The tokens that a code becomes.

use serde::Serialize;

use super::claims::{self, ACCESS_TOKEN, AccessClaims, ID_TOKEN, IdClaims};
use super::client_auth::Authenticated;
use super::keys::KeysError;
use super::provider::Oidc;
use super::store::Code;
use crate::config::clients::SigningAlg;
use crate::kernel::digest::base64url;
use crate::kernel::time::Moment;
use crate::session::Current;

/// Source: RFC 6749 §5.1, OIDC Core §3.1.3.3.
#[derive(Serialize)]
pub struct Tokens {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    id_token: String,
    scope: String,
}

impl Oidc {
    /// Signs both tokens; gives the access token's id for the record.
    ///
    /// # Errors
    /// There is no key for an algorithm, or it does not sign.
    pub(super) async fn sign(
        &self,
        client: &Authenticated,
        code: &Code,
        current: &Current,
        now: Moment,
    ) -> Result<(Tokens, String), KeysError> {
        let parts = self.parts();
        let keys = parts.keys.current(now).await;
        let lives = parts.lives;
        let life = if client.immediate { lives.access_token_immediate } else { lives.access_token };
        let auth_time = Moment::from_micros(code.authenticated_at).unix_seconds();
        let amr = claims::amr_of(code);
        let access = AccessClaims {
            iss: parts.issuer.clone(),
            exp: now.plus(life).unix_seconds(),
            aud: parts.issuer.clone(),
            sub: current.account.sub.clone(),
            client_id: code.client_id.clone(),
            iat: now.unix_seconds(),
            jti: base64url(&parts.entropy.bytes::<16>()),
            scope: code.scope.clone(),
            auth_time,
            acr: code.acr.clone(),
            amr: amr.iter().map(|name| (*name).to_owned()).collect(),
            sid: current.session.id,
            account_epoch: code.account_epoch,
            client_epoch: code.client_epoch,
            grant: claims::grant_of(code),
        };
        // Ours alone to read, so always under the one algorithm.
        let access_token = keys.sign(SigningAlg::Es256, ACCESS_TOKEN, &access, now)?;
        let id = IdClaims {
            iss: &parts.issuer,
            sub: &current.account.sub,
            aud: &code.client_id,
            exp: now.plus(lives.id_token).unix_seconds(),
            iat: now.unix_seconds(),
            auth_time,
            nonce: code.nonce.as_deref(),
            acr: &code.acr,
            amr,
            sid: current.session.id,
            at_hash: claims::at_hash(&access_token),
        };
        let id_token = keys.sign(client.id_token_signed_response_alg, ID_TOKEN, &id, now)?;
        let scope = code.scope.clone();
        let tokens =
            Tokens { access_token, token_type: "Bearer", expires_in: life.as_secs(), id_token, scope };
        Ok((tokens, access.jti))
    }
}
