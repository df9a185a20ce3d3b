//! Use cases of passkeys and security keys that are bound: asking and checking. Who may do so, and what it is worth,
//! is said by those who call.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{Credential, PublicKeyCredential};

use super::ceremony::{Ceremony, CeremonyError, State};
use super::challenge::{self, Place, Purpose};
use super::model::{KeyKind, storage_from_name};
use super::store::{self, credential};
use crate::authenticator::store::{self as rows, authenticator};
use crate::event::model::KeyRefusal;
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, AuthenticatorId};
use crate::kernel::proof::{Binding, KeyStorage, Proof, ProofKind};
use crate::kernel::time::Moment;

/// Condition that fails when a challenge was used already.
pub const CHALLENGE_UNUSED: &str = "webauthn_challenge_unused";
/// Condition that fails when the counter of a credential is not behind the new one any more.
pub const COUNTER_FORWARD: &str = "webauthn_counter_forward";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
}

impl From<DbErr> for KeyError {
    fn from(error: DbErr) -> Self {
        Self::Write(WriteError::Unavailable(error))
    }
}

/// A question for the browser.
pub struct Asked {
    /// Under which the answer comes back.
    pub challenge: Uuid,
    /// As `navigator.credentials` takes them, bytes in base64url.
    pub options: Value,
}

/// What a form brought.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    pub challenge: &'a str,
    pub credential: &'a str,
}

/// An answer that was checked. It counts when the unit that uses it up becomes durable.
pub struct Assertion {
    pub account: AccountId,
    pub authenticator: AuthenticatorId,
    pub kind: KeyKind,
    pub storage: KeyStorage,
    challenge: Uuid,
    counter: u32,
}

impl Assertion {
    /// The same as one that is not accepted after all.
    pub const fn refused(&self, reason: KeyRefusal) -> NotAccepted {
        NotAccepted {
            reason,
            account: Some(self.account),
            authenticator: Some(self.authenticator),
            challenge: Some(self.challenge),
        }
    }
}

/// Why an answer is not accepted, and what is known of it for the record.
#[derive(Clone, Copy, Debug)]
pub struct NotAccepted {
    pub reason: KeyRefusal,
    /// Whose credential it is, where that is known.
    pub account: Option<AccountId>,
    pub authenticator: Option<AuthenticatorId>,
    pub(super) challenge: Option<Uuid>,
}

impl NotAccepted {
    pub(super) const fn new(reason: KeyRefusal, challenge: Option<Uuid>) -> Self {
        Self { reason, account: None, authenticator: None, challenge }
    }
}

/// What a person sees of one.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    pub storage: KeyStorage,
    pub model: Uuid,
    pub transports: String,
}

#[derive(Clone)]
pub struct Passkeys {
    pub(super) db: Database,
    pub(super) entropy: Entropy,
    pub(super) ceremony: Arc<Ceremony>,
}

impl Passkeys {
    pub fn new(db: Database, entropy: Entropy, ceremony: Ceremony) -> Self {
        Self { db, entropy, ceremony: Arc::new(ceremony) }
    }

    /// A question that whoever has a passkey here can answer. It is the same for everyone.
    ///
    /// # Errors
    /// It cannot be begun or kept.
    pub async fn ask_anyone(&self, place: Place, now: Moment) -> Result<Asked, KeyError> {
        let (options, state) = self.ceremony.ask_anyone()?;
        self.keep(Purpose::SignIn, place, options, &state, now).await
    }

    /// A question to a person who has proved something else in this journey already.
    ///
    /// # Errors
    /// It cannot be begun or kept.
    pub async fn ask_owner(&self, account: AccountId, place: Place, now: Moment) -> Result<Asked, KeyError> {
        let place = Place { account: Some(account), ..place };
        let credentials = self.credentials_of(account).await?;
        let (options, state) = self.ceremony.ask_owner(credentials)?;
        self.keep(Purpose::SignIn, place, options, &state, now).await
    }

    pub(super) async fn keep(
        &self,
        purpose: Purpose,
        place: Place,
        options: Value,
        state: &State,
        now: Moment,
    ) -> Result<Asked, KeyError> {
        let id = Uuid::from_bytes(self.entropy.bytes());
        let row = challenge::row(id, purpose, place, state, now).ok_or(CeremonyError::State)?;
        let mut unit = self.db.unit();
        unit.insert(row);
        // No event: a question proves nothing; its answer is recorded.
        self.db.write(unit).await?;
        Ok(Asked { challenge: id, options })
    }

    /// Checks an answer to a question of this place. Nothing is used up yet.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn check(
        &self,
        sent: Sent<'_>,
        place: Place,
        now: Moment,
    ) -> Result<Result<Assertion, NotAccepted>, DbErr> {
        let (id, state) = match self.question(sent.challenge, Purpose::SignIn, place, now).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let refuse = |reason| NotAccepted::new(reason, Some(id));
        let answer = match self.ceremony.read_assertion(sent.credential) {
            Ok(answer) => answer,
            Err(reason) => return Ok(Err(refuse(reason))),
        };
        let found = store::by_credential_id(&self.db, &answer.raw_id).await?;
        let Some((bound, key)) = found else { return Ok(Err(refuse(KeyRefusal::UnknownCredential))) };
        let account = AccountId::from_uuid(bound.account_id);
        let known = NotAccepted {
            account: Some(account),
            authenticator: Some(AuthenticatorId::from_uuid(bound.id)),
            ..refuse(KeyRefusal::NotAcceptable)
        };
        let handle = store::user_of(&self.db, bound.account_id).await?.map(|user| user.handle);
        let outcome = is_owner(&answer, &state, handle.as_deref())
            .and_then(|()| match place.account {
                Some(meant) if meant != account => Err(KeyRefusal::OtherAccount),
                _ => Ok(()),
            })
            .and_then(|()| self.verify(&answer, state, &bound, &key));
        Ok(outcome.map_err(|reason| NotAccepted { reason, ..known }).map(|(kind, counter)| Assertion {
            account,
            authenticator: AuthenticatorId::from_uuid(bound.id),
            kind,
            storage: storage_from_name(&key.storage),
            challenge: id,
            counter,
        }))
    }

    fn verify(
        &self,
        answer: &PublicKeyCredential,
        state: State,
        bound: &authenticator::Model,
        key: &credential::Model,
    ) -> Result<(KeyKind, u32), KeyRefusal> {
        let kind = KeyKind::from_name(&bound.kind).ok_or(KeyRefusal::NotAcceptable)?;
        let alone = matches!(state, State::Anyone(_));
        if alone && kind != KeyKind::Passkey {
            return Err(KeyRefusal::NotAcceptable);
        }
        let credential = credential_of(key).ok_or(KeyRefusal::NotAcceptable)?;
        let result = self.ceremony.verify(answer, state, credential)?;
        // The library has demanded it; what stands alone is looked at twice.
        if kind == KeyKind::Passkey && !result.user_verified() {
            return Err(KeyRefusal::NotVerified);
        }
        Ok((kind, result.counter()))
    }

    /// Uses up a checked answer in a unit; the proof counts only if the unit becomes durable.
    pub fn use_assertion(
        &self,
        unit: &mut Unit,
        assertion: &Assertion,
        journey: crate::kernel::id::JourneyId,
        now: Moment,
    ) -> Proof {
        let &Assertion { account, authenticator, kind, storage, challenge, counter } = assertion;
        unit.require(CHALLENGE_UNUSED, &store::use_challenge(challenge));
        unit.require(COUNTER_FORWARD, &store::count_use(authenticator.uuid(), i64::from(counter)));
        unit.run(&rows::touch(authenticator.uuid(), now.micros()));
        let kind = match kind {
            KeyKind::Passkey => ProofKind::Passkey { authenticator, storage },
            KeyKind::SecurityKey => ProofKind::SecurityKey(authenticator),
        };
        Proof::attest(kind, Binding { journey, account }, now)
    }

    /// Uses up the challenge of an answer that was not accepted, in the unit of its record.
    pub fn use_up(&self, unit: &mut Unit, refused: &NotAccepted) {
        if let Some(challenge) = refused.challenge {
            unit.run(&store::use_challenge(challenge));
        }
    }

    /// What is told of the credentials among some authenticators.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn facts(&self, ids: Vec<Uuid>) -> Result<Vec<(AuthenticatorId, KeyFacts)>, DbErr> {
        let keys = store::of_authenticators(&self.db, ids).await?;
        Ok(keys
            .into_iter()
            .map(|key| {
                let facts = KeyFacts {
                    storage: storage_from_name(&key.storage),
                    model: key.aaguid,
                    transports: key.transports,
                };
                (AuthenticatorId::from_uuid(key.authenticator_id), facts)
            })
            .collect())
    }

    /// Whether anybody can have a passkey of the strongest level here.
    pub fn knows_hardware(&self) -> bool {
        self.ceremony.knows_hardware()
    }

    /// What the questions to a person who is erased leave behind.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget_challenges_of(account.uuid()));
    }

    /// Challenges whose time was over before a moment.
    pub fn forget_ended(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_challenges(before.micros()));
    }

    /// The state of a challenge of this place, if it is one.
    pub(super) async fn question(
        &self,
        id: &str,
        purpose: Purpose,
        place: Place,
        now: Moment,
    ) -> Result<Result<(Uuid, State), NotAccepted>, DbErr> {
        let Ok(id) = id.parse::<Uuid>() else {
            return Ok(Err(NotAccepted::new(KeyRefusal::WrongChallenge, None)));
        };
        let row = store::challenge(&self.db, id, &challenge::mark(place.browser), now.micros()).await?;
        let state = row.and_then(|row| challenge::state(&row, purpose, place));
        Ok(state.map(|state| (id, state)).ok_or(NotAccepted::new(KeyRefusal::WrongChallenge, None)))
    }

    pub(super) async fn credentials_of(&self, account: AccountId) -> Result<Vec<Credential>, DbErr> {
        let bound = rows::all_of(&self.db, account.uuid()).await?;
        let ids = bound.iter().filter(|row| KeyKind::from_name(&row.kind).is_some()).map(|row| row.id);
        let keys = store::of_authenticators(&self.db, ids.collect()).await?;
        Ok(keys.iter().filter_map(credential_of).collect())
    }
}

/// Whether the authenticator says that it answers for the owner of its credential. Without a name it has to say so.
/// Source: Web Authentication Level 3 §7.2 step 6.
fn is_owner(answer: &PublicKeyCredential, state: &State, handle: Option<&[u8]>) -> Result<(), KeyRefusal> {
    match (answer.get_user_unique_id(), state) {
        (Some(said), _) if Some(said) == handle => Ok(()),
        (None, State::Owner(_)) => Ok(()),
        (Some(_) | None, _) => Err(KeyRefusal::ForeignUser),
    }
}

/// The credential with its counter as it is now.
fn credential_of(row: &credential::Model) -> Option<Credential> {
    let credential: Credential = serde_json::from_str(&row.credential).ok()?;
    Some(Credential { counter: u32::try_from(row.counter).ok()?, ..credential })
}
