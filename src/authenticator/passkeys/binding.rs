//! Making and binding passkeys and security keys. Who may do so is said by those who call.

use serde_json::Value;
use uuid::Uuid;

use super::ceremony::{Made, Owner};
use super::challenge::{Place, Purpose};
use super::model::{KeyKind, storage_name, transports_text};
use super::service::{Asked, CHALLENGE_UNUSED, KeyError, NotAccepted, Passkeys, Sent};
use super::store::{self, credential, user};
use crate::account::Account;
use crate::authenticator::model::clean_name;
use crate::authenticator::store::{self as rows, authenticator};
use crate::event::model::KeyRefusal;
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::kernel::id::{AccountId, AuthenticatorId};
use crate::kernel::proof::{Binding, KeyStorage, Proof, ProofKind};
use crate::kernel::time::Moment;

/// Condition that fails when a credential is bound already, to whomever.
pub const CREDENTIAL_FREE: &str = "webauthn_credential_free";

/// A credential that was made and checked, and is not bound yet.
pub struct NewKey {
    pub authenticator: AuthenticatorId,
    pub kind: KeyKind,
    pub storage: KeyStorage,
    challenge: Uuid,
    row: credential::Model,
}

impl NewKey {
    /// The same as one that is not bound after all.
    pub const fn refused(&self, reason: KeyRefusal) -> NotAccepted {
        NotAccepted {
            reason,
            account: None,
            authenticator: Some(self.authenticator),
            challenge: Some(self.challenge),
        }
    }
}

/// A passkey that an operator gives to a person, with the number that it knows the person by.
pub struct Given<'a> {
    pub account: AccountId,
    pub handle: Uuid,
    pub login: &'a str,
    pub name: &'a str,
}

impl Passkeys {
    /// The making of a credential for a person.
    ///
    /// # Errors
    /// It cannot be begun or kept.
    pub async fn offer(
        &self,
        kind: KeyKind,
        account: &Account,
        place: Place,
        now: Moment,
    ) -> Result<Asked, KeyError> {
        let place = Place { account: Some(account.id), ..place };
        let bound = self.credentials_of(account.id).await?.into_iter().map(|bound| bound.cred_id).collect();
        let handle = self.handle_of(account.id).await?;
        let owner = Owner { handle, login: &account.login, display_name: shown_name(account) };
        let (options, state) = self.ceremony.offer(kind, &owner, bound)?;
        self.keep(Purpose::Bind, place, options, &state, now).await
    }

    /// Checks a credential that was made for a person. Nothing is bound yet.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn check_new(
        &self,
        sent: Sent<'_>,
        account: AccountId,
        place: Place,
        now: Moment,
    ) -> Result<Result<NewKey, NotAccepted>, DbErr> {
        let place = Place { account: Some(account), ..place };
        let (id, state) = match self.question(sent.challenge, Purpose::Bind, place, now).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let refuse = |reason| NotAccepted { account: Some(account), ..NotAccepted::new(reason, Some(id)) };
        let (made, transports) = match self.ceremony.verify_made(sent.credential, &state) {
            Ok(made) => made,
            Err(reason) => return Ok(Err(refuse(reason))),
        };
        if store::by_credential_id(&self.db, &made.credential.cred_id).await?.is_some() {
            return Ok(Err(refuse(KeyRefusal::BoundAlready)));
        }
        let authenticator = AuthenticatorId::new(now, &self.entropy);
        let (kind, storage) = (made.kind, made.storage);
        Ok(row_of(authenticator, made, &transports)
            .map(|row| NewKey { authenticator, kind, storage, challenge: id, row })
            .map_err(refuse))
    }

    /// Binds a credential that was checked. `at_most` is how many authenticators the account may then have: one
    /// where a first one is bound by a password alone.
    pub fn bind(
        &self,
        unit: &mut Unit,
        account: AccountId,
        new: &NewKey,
        name: &str,
        at_most: usize,
        now: Moment,
    ) {
        unit.require(CHALLENGE_UNUSED, &store::use_challenge(new.challenge));
        insert(unit, account, new.kind, name, new.row.clone(), now);
        rows::demand_room(unit, new.authenticator, account, at_most);
    }

    /// Binds a passkey that an operator gives, by the checks that any passes: `answer` plays its device.
    ///
    /// # Errors
    /// The reason that it is refused for.
    pub fn bind_given(
        &self,
        unit: &mut Unit,
        given: &Given<'_>,
        answer: impl FnOnce(&Value) -> String,
        now: Moment,
    ) -> Result<(), KeyRefusal> {
        let owner = Owner { handle: given.handle, login: given.login, display_name: given.login };
        let begun = self.ceremony.offer(KeyKind::Passkey, &owner, vec![]);
        let (options, state) = begun.map_err(|_| KeyRefusal::NotAcceptable)?;
        let (made, transports) = self.ceremony.verify_made(&answer(&options), &state)?;
        let row = row_of(AuthenticatorId::new(now, &self.entropy), made, &transports)?;
        let handle = given.handle.as_bytes().to_vec();
        unit.insert_once(CREDENTIAL_FREE, user::Model { account_id: given.account.uuid(), handle });
        insert(unit, given.account, KeyKind::Passkey, given.name, row, now);
        Ok(())
    }

    /// The proof that comes with binding: the device has signed.
    pub const fn bound(&self, new: &NewKey, binding: Binding, now: Moment) -> Proof {
        let authenticator = new.authenticator;
        let kind = match new.kind {
            KeyKind::Passkey => ProofKind::Passkey { authenticator, storage: new.storage },
            KeyKind::SecurityKey => ProofKind::SecurityKey(authenticator),
        };
        Proof::attest(kind, binding, now)
    }

    /// What authenticators know the person by; made when the first one is offered.
    async fn handle_of(&self, account: AccountId) -> Result<Uuid, KeyError> {
        let known = async || -> Result<Option<Uuid>, DbErr> {
            let row = store::user_of(&self.db, account.uuid()).await?;
            Ok(row.and_then(|row| Uuid::from_slice(&row.handle).ok()))
        };
        if let Some(handle) = known().await? {
            return Ok(handle);
        }
        let handle = Uuid::from_bytes(self.entropy.bytes());
        let mut unit = self.db.unit();
        let row = user::Model { account_id: account.uuid(), handle: handle.as_bytes().to_vec() };
        unit.insert_once(CREDENTIAL_FREE, row);
        // No event: a number by which nobody is known yet.
        match self.db.write(unit).await {
            Ok(_) => Ok(handle),
            // Another tab was first.
            Err(WriteError::Refused(_)) => Ok(known().await?.unwrap_or(handle)),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is kept of a credential that was made.
fn row_of(
    authenticator: AuthenticatorId,
    made: Made,
    transports: &[String],
) -> Result<credential::Model, KeyRefusal> {
    let credential = serde_json::to_string(&made.credential).map_err(|_| KeyRefusal::NotAcceptable)?;
    Ok(credential::Model {
        authenticator_id: authenticator.uuid(),
        credential_id: made.credential.cred_id,
        storage: storage_name(made.storage).to_owned(),
        credential,
        counter: i64::from(made.credential.counter),
        aaguid: made.model,
        transports: transports_text(transports.iter().map(String::as_str)),
    })
}

fn insert(
    unit: &mut Unit,
    account: AccountId,
    kind: KeyKind,
    name: &str,
    row: credential::Model,
    now: Moment,
) {
    unit.insert_once(
        CREDENTIAL_FREE,
        authenticator::Model {
            id: row.authenticator_id,
            account_id: account.uuid(),
            kind: kind.name().to_owned(),
            name: clean_name(name),
            // Its secret never left the device.
            secret: vec![],
            last_step: 0,
            created_at: now.micros(),
            last_used_at: None,
        },
    );
    unit.insert_once(CREDENTIAL_FREE, row);
}

/// Authenticators show a name, and the standard demands that there is one.
fn shown_name(account: &Account) -> &str {
    if account.display_name.is_empty() { &account.login } else { &account.display_name }
}
