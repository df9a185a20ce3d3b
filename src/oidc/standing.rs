//! Whether what was granted still stands: asked at every issuance and whenever a token is presented, so that
//! a person or a client that is over gets nothing more, wherever the request stands.

use uuid::Uuid;

use super::claims_request::ClaimsRequest;
use super::client::Client;
use super::consent;
use super::provider::Oidc;
use super::store::consent as consents;
use super::store::grant::Grant;
use crate::account::Account;
use crate::infra::database::WriteError;
use crate::kernel::id::{AccountId, SessionId};
use crate::kernel::time::Moment;

pub enum Standing {
    /// In whose name. Boxed, as the other answer is a word.
    Stands(Box<Account>),
    /// Why not, for the log.
    Over(&'static str),
}

impl Oidc {
    /// Client, grant, session and account, each as it was; and what the policies say now.
    pub(super) async fn standing(&self, grant: &Grant, now: Moment) -> Result<Standing, WriteError> {
        if grant.ended_at.is_some() {
            return Ok(Standing::Over("grant_ended"));
        }
        if grant.expires_at <= now.micros() {
            return Ok(Standing::Over("grant_expired"));
        }
        self.person_stands(grant, now).await
    }

    async fn person_stands(&self, grant: &Grant, now: Moment) -> Result<Standing, WriteError> {
        let client = self.parts().clients.get(&grant.client_id);
        let Some(client) = client.filter(|client| client.epoch() == grant.client_epoch) else {
            return Ok(Standing::Over("client_changed"));
        };
        let account = self.present_account(grant, now).await?;
        let account = account.filter(|account| {
            account.id.uuid() == grant.account_id && account.gate_for(grant.account_epoch, now).is_ok()
        });
        let Some(account) = account else { return Ok(Standing::Over("session_over")) };
        if !self.may_enter(&account, &grant.client_id, now) {
            return Ok(Standing::Over("not_permitted"));
        }
        if !self.is_agreed_to(&client, grant.account_id, &grant.scope, &grant.claims).await? {
            return Ok(Standing::Over("consent_withdrawn"));
        }
        Ok(Standing::Stands(Box::new(account)))
    }

    /// Whether the person agrees to what the client is given: asked again wherever something is given, since
    /// a consent may be taken back while a code or a token is on its way.
    pub(super) async fn is_agreed_to(
        &self,
        client: &Client,
        account: Uuid,
        scope: &str,
        claims: &str,
    ) -> Result<bool, WriteError> {
        if client.trusted {
            return Ok(true);
        }
        let given = consents::find(self.db(), account, &client.client_id, client.epoch()).await?;
        let claims = ClaimsRequest::parse_stored(claims);
        Ok(given.is_some_and(|given| consent::covers(&given, scope, &claims)))
    }

    /// By the session that it came from, or, for offline access, the account itself.
    async fn present_account(&self, grant: &Grant, now: Moment) -> Result<Option<Account>, WriteError> {
        if grant.offline {
            let account = self.parts().accounts.by_id(AccountId::from_uuid(grant.account_id)).await;
            return account.map_err(WriteError::Unavailable);
        }
        let session = SessionId::from_uuid(grant.session_id);
        let found = self.parts().sessions.by_id(session, now).await.map_err(WriteError::Unavailable)?;
        Ok(found.and_then(Result::ok).map(|current| current.account))
    }
}
