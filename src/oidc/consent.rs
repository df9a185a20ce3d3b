//! What a person agreed that an application may know. Clients of the house itself (`trusted`) are not asked
//! for; every other one is, once, and again when it asks for more. Source: OIDC Core §3.1.2.4.

use super::claims::{scope_of, words};
use super::claims_request::ClaimsRequest;
use super::request::AuthorizationRequest;
use super::store::{code, consent, grant};
use crate::account::Account;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{DbErr, WriteError};
use crate::kernel::id::AccountId;
use crate::kernel::time::Moment;

use consent::Consent;

/// Whether what was agreed to covers all that is asked for.
pub fn covers(given: &Consent, scope: &str, claims: &ClaimsRequest) -> bool {
    let has_scope = |name: &str| words(&given.scope).any(|known| known == name);
    let has_claim = |name: &str| words(&given.claims).any(|known| known == name);
    words(scope).all(has_scope) && singles(scope, claims).all(|name| has_claim(name) || opened(given, name))
}

/// What is agreed to from now on: what was before, and what is asked for.
pub fn joined(
    before: Option<&Consent>,
    request: &AuthorizationRequest,
    account: AccountId,
    client_epoch: i64,
    now: Moment,
) -> Consent {
    let scope = before.map_or("", |before| &before.scope);
    let claims = before.map_or("", |before| &before.claims);
    Consent {
        account_id: account.uuid(),
        client_id: request.client_id.clone(),
        client_epoch,
        scope: union(words(scope).chain(words(&request.scope))),
        claims: union(words(claims).chain(one_by_one(request))),
        given_at: now.micros(),
    }
}

/// The claims that are asked for by their names and that no scope of the request opens.
pub fn one_by_one(request: &AuthorizationRequest) -> impl Iterator<Item = &str> {
    singles(&request.scope, &request.claims)
}

fn singles<'a>(scope: &'a str, claims: &'a ClaimsRequest) -> impl Iterator<Item = &'a str> {
    let is_single =
        move |name: &&str| scope_of(name).is_none_or(|opens| !words(scope).any(|known| known == opens));
    claims.names().into_iter().filter(is_single)
}

fn opened(given: &Consent, claim: &str) -> bool {
    scope_of(claim).is_some_and(|scope| words(&given.scope).any(|known| known == scope))
}

fn union<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = vec![];
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.join(" ")
}

/// An application that a person agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedTo {
    pub client_id: String,
    pub scope: String,
    pub claims: String,
    pub given_at: Moment,
}

/// What people agreed to, for their own pages; cheap to clone.
#[derive(Clone)]
pub struct Consents {
    log: EventLog,
}

impl Consents {
    pub const fn new(log: EventLog) -> Self {
        Self { log }
    }

    /// Everything that a person agreed to, by the client's id.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, account: AccountId) -> Result<Vec<AgreedTo>, DbErr> {
        let rows = consent::of_account(self.log.db(), account.uuid()).await?;
        let agreed = rows.into_iter().map(|row| AgreedTo {
            client_id: row.client_id,
            scope: row.scope,
            claims: row.claims,
            given_at: Moment::from_micros(row.given_at),
        });
        Ok(agreed.collect())
    }

    /// Takes a consent back: what the application was given in the person's name ends with it.
    ///
    /// # Errors
    /// It was not written.
    pub async fn withdraw(
        &self,
        origin: &Origin,
        account: &Account,
        client_id: &str,
    ) -> Result<(), WriteError> {
        let db = self.log.db();
        let agreed = consent::of_account(db, account.id.uuid()).await.map_err(WriteError::Unavailable)?;
        let is_agreed = agreed.iter().any(|row| row.client_id == client_id);
        let mut unit = db.unit();
        consent::withdraw(&mut unit, account.id.uuid(), client_id);
        // Codes first: one that is being redeemed is a grant when this comes to its end.
        code::take_back(&mut unit, account.id.uuid(), client_id);
        grant::end_all(&mut unit, account.id.uuid(), client_id, origin.now);
        if !is_agreed {
            // No event: the withdrawal was told; this ends what was on its way meanwhile.
            return db.write(unit).await.map(|_| ());
        }
        let event = Event::of(What::ConsentWithdrawn, account.id).named(&account.login);
        self.log.record(&mut unit, &origin.with_application(client_id), event).await?;
        db.write(unit).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::{covers, joined};
    use crate::kernel::entropy::Entropy;
    use crate::kernel::id::AccountId;
    use crate::kernel::time::Moment;
    use crate::oidc::request::AuthorizationRequest;
    use crate::oidc::request_check::checked;

    fn asking(scope: &str, claims: &str) -> AuthorizationRequest {
        checked(&[("scope", Some(scope)), ("claims", Some(claims))]).unwrap()
    }

    #[test]
    fn more_than_was_agreed_to_is_not_covered() {
        let (now, entropy) = (Moment::from_unix_seconds(5), Entropy::seeded(1));
        let account = AccountId::new(now, &entropy);
        let email = asking("openid email", "{}");
        let given = joined(None, &email, account, 0, now);
        assert_eq!((given.scope.as_str(), given.claims.as_str()), ("openid email", ""));
        let single = r#"{"id_token": {"email": null}}"#;
        for (request, expected) in [
            (asking("openid email", "{}"), true),
            (asking("openid", "{}"), true),
            (asking("openid files.read", "{}"), false),
            // The scope opened it already.
            (asking("openid", single), true),
            (asking("openid", r#"{"userinfo": {"phone_number": null}}"#), false),
        ] {
            assert_eq!(covers(&given, &request.scope, &request.claims), expected, "{request:?}");
        }
        // A claim that was asked for alone opens nothing beside it.
        let alone = joined(None, &asking("openid", single), account, 0, now);
        assert_eq!((alone.scope.as_str(), alone.claims.as_str()), ("openid", "email"));
        let same = asking("openid", single);
        assert!(covers(&alone, &same.scope, &same.claims) && !covers(&alone, &email.scope, &email.claims));
        // What was agreed to before stays.
        let both = joined(Some(&alone), &asking("openid files.read", "{}"), account, 0, now);
        assert_eq!((both.scope.as_str(), both.claims.as_str()), ("openid files.read", "email"));
    }
}
