//! A refresh token becomes new tokens and its one successor. Source: RFC 6749 §6, RFC 9700 §4.14.
//!
//! ```text
//! presented ──number──► the present one ──► one is first: successor becomes present
//!                       the one before ──► within the grace, to the same proved client: the same successor
//!                                     └──► otherwise, and any older one: the grant ends, a finding is raised
//! ```

use std::time::Duration;

use super::claims::words;
use super::client_call::Call;
use super::error::{ErrorCode, OAuthError, refuse, unavailable};
use super::issuance::{InNameOf, Tokens};
use super::provider::{Oidc, RECORD_AGAIN};
use super::refresh_token::{GrantSecret, Presented};
use super::standing::Standing;
use super::store::grant::{self, GRANT_OPEN, Grant, REFRESH_PRESENT};
use crate::account::Account;
use crate::config::clients::GrantType;
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::kernel::id::{AccountId, SessionId};
use crate::kernel::time::Moment;

/// How long the one before the present is answered with the same successor: an answer that was lost on its
/// way, or two threads of one application. Only for a client that proved itself.
const GRACE: Duration = Duration::from_secs(10);

/// What a presented token is within its grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// The present one: its successor becomes present.
    First,
    /// The one before, within the grace: its successor is present already.
    Again,
    /// Long replaced: somebody else has it too.
    Reused,
}

impl Oidc {
    /// # Errors
    /// As RFC 6749 §5.2 names them.
    pub(super) async fn refresh(&self, call: &Call) -> Result<Tokens, OAuthError> {
        let text = call.form.filled("refresh_token");
        let text = text.ok_or(refuse(ErrorCode::InvalidRequest, "refresh_token is missing"))?;
        let Some(presented) = Presented::parse(text) else {
            return Err(self.refuse_refresh(&call.origin, None, "unknown_refresh_token").await);
        };
        let now = call.origin.now;
        let (mut grant, secret) = self.proved_grant(call, &presented).await?;
        let successor = secret.token(grant.id, presented.generation.saturating_add(1));
        loop {
            let turn = turn(&grant, &presented, call.client.is_confidential(), now);
            if turn == Turn::Reused {
                return Err(self.end_reused(&call.origin, &grant).await);
            }
            let account = match self.standing(&grant, now).await.map_err(|error| unavailable(&error))? {
                Standing::Stands(account) => account,
                Standing::Over(why) => {
                    return Err(self.refuse_refresh(&call.origin, Some(&grant), why).await);
                }
            };
            let scope = narrowed(call.form.filled("scope"), &grant.scope)?;
            // A refreshed ID token repeats no nonce. Source: OIDC Core §12.2.
            let given = InNameOf {
                grant: &grant,
                account: &account,
                scope: &scope,
                nonce: None,
                refresh_token: Some(successor.clone()),
            };
            let issued = self.sign_for_person(&call.client, given, now).await?;
            match self.keep(call, &grant, &account, turn, &scope, issued.jti).await {
                Ok(()) => return Ok(issued.tokens),
                // Another one with the same token was a moment faster: this one comes after it now.
                Err(WriteError::Refused(REFRESH_PRESENT)) if turn == Turn::First => {
                    (grant, _) = self.proved_grant(call, &presented).await?;
                    if turn_is_stuck(&grant, &presented) {
                        return Err(self.refuse_refresh(&call.origin, Some(&grant), "grant_over").await);
                    }
                }
                Err(error) => return Err(unavailable(&error)),
            }
        }
    }

    /// The grant of a token that we made, and gave to this client, and what its tokens are made from.
    async fn proved_grant(
        &self,
        call: &Call,
        presented: &Presented,
    ) -> Result<(Grant, GrantSecret), OAuthError> {
        let found = grant::find(self.db(), presented.grant).await.map_err(|error| unavailable(&error))?;
        let found = found.filter(|grant| grant.client_id == call.client.client_id);
        let proved = found.and_then(|grant| {
            let secret = self.secret_behind(&grant, presented)?;
            Some((grant, secret))
        });
        match proved {
            Some(proved) => Ok(proved),
            None => Err(self.refuse_refresh(&call.origin, None, "unknown_refresh_token").await),
        }
    }

    /// What a token was made from, if it is one that this grant gave: the present one or one before it.
    pub(super) fn secret_behind(&self, grant: &Grant, presented: &Presented) -> Option<GrantSecret> {
        let sealed = grant.refresh_secret.as_deref()?;
        let secret = GrantSecret::open(&self.parts().ring, grant.id, sealed).ok()?;
        let is_given = i64::from(presented.generation) <= grant.generation;
        (is_given && presented.is_proved_by(&secret)).then_some(secret)
    }

    /// Makes the successor the present one and records what was given, in one unit.
    async fn keep(
        &self,
        call: &Call,
        grant: &Grant,
        account: &Account,
        turn: Turn,
        scope: &str,
        jti: String,
    ) -> Result<(), WriteError> {
        let mut unit = self.db().unit();
        if turn == Turn::First {
            grant::rotate(&mut unit, grant, call.origin.now);
        }
        let what = What::TokensIssued {
            grant_type: GrantType::RefreshToken.name(),
            scope: scope.to_owned(),
            token_ids: vec![jti],
        };
        let event = Event::of(what, account.id).named(&account.login);
        self.record_and_write(unit, &about(&call.origin, grant), event).await
    }

    /// Somebody holds a token that was replaced: either the client or a thief has the newer one, and nobody
    /// can tell which. Source: RFC 9700 §4.14.2.
    async fn end_reused(&self, origin: &Origin, grant: &Grant) -> OAuthError {
        let mut unit = self.db().unit();
        grant::end(&mut unit, grant.id, origin.now);
        let event = Event::of(What::RefreshTokenReused, AccountId::from_uuid(grant.account_id));
        let written = match self.record_and_write(unit, &about(origin, grant), event).await {
            // It was told when it ended.
            Err(WriteError::Refused(GRANT_OPEN)) => Ok(()),
            written => written,
        };
        match written {
            Ok(()) => INVALID,
            Err(error) => unavailable(&error),
        }
    }

    /// A thief who repeats it must not fill the log.
    async fn record_again(&self, origin: &Origin, grant: &Grant, event: Event) -> Result<(), WriteError> {
        let key = format!("refresh-reuse {}", grant.id);
        if self.parts().state.first_time(&key, RECORD_AGAIN, origin.now).await {
            self.parts().log.record_alone(&about(origin, grant), event).await?;
        }
        Ok(())
    }

    async fn refuse_refresh(&self, origin: &Origin, grant: Option<&Grant>, why: &str) -> OAuthError {
        let what = What::TokenRefused { error: why.to_owned() };
        let written = match grant {
            None => self.record_sometimes(origin, what, why).await,
            Some(grant) => {
                let event = Event::of(what, AccountId::from_uuid(grant.account_id));
                self.record_again(origin, grant, event).await
            }
        };
        match written {
            Ok(()) => INVALID,
            Err(error) => unavailable(&error),
        }
    }
}

const INVALID: OAuthError =
    refuse(ErrorCode::InvalidGrant, "the refresh token is not valid, or not any more");

fn turn(grant: &Grant, presented: &Presented, confidential: bool, now: Moment) -> Turn {
    let behind = grant.generation - i64::from(presented.generation);
    let rotated = Moment::from_micros(grant.rotated_at);
    match behind {
        0 => Turn::First,
        1 if confidential && now < rotated.plus(GRACE) => Turn::Again,
        _ => Turn::Reused,
    }
}

/// Refused as not present although it still is: the grant ended or ran out in this moment.
fn turn_is_stuck(grant: &Grant, presented: &Presented) -> bool {
    grant.generation == i64::from(presented.generation)
}

/// The same scope or less. Source: RFC 6749 §6.
fn narrowed(asked: Option<&str>, granted: &str) -> Result<String, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.to_owned()) };
    let within = words(asked).all(|name| words(granted).any(|known| known == name));
    if within && words(asked).next().is_some() {
        return Ok(words(asked).collect::<Vec<_>>().join(" "));
    }
    Err(refuse(ErrorCode::InvalidScope, "scope goes beyond what was granted"))
}

fn about(origin: &Origin, grant: &Grant) -> Origin {
    origin.with_session(SessionId::from_uuid(grant.session_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_asks_for_the_same_or_for_less() {
        let scope = |asked| narrowed(asked, "openid email offline_access").ok();
        assert_eq!(scope(None).as_deref(), Some("openid email offline_access"));
        assert_eq!(scope(Some("email")).as_deref(), Some("email"));
        assert_eq!(scope(Some("  openid   email ")).as_deref(), Some("openid email"));
        for beyond in ["openid profile", "mail", " ", "OPENID"] {
            assert_eq!(scope(Some(beyond)), None, "{beyond}");
        }
    }
}
