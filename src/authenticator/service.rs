//! Binding, verifying and revoking authenticator apps.

use super::model::{self, Authenticator, CodeVerdict};
use super::offer::Offer;
use super::store::{self, authenticator};
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, AuthenticatorId, DeviceId};
use crate::kernel::proof::{Binding, Proof, ProofKind, Way};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition that fails when the step of a code was used already.
pub const STEP_UNUSED: &str = "totp_step_unused";
/// Condition that fails when an offer was bound already.
pub const OFFER_UNBOUND: &str = "offer_unbound";
/// Condition that fails when the authenticator is gone already.
pub const STILL_BOUND: &str = "authenticator_still_bound";
/// Condition that fails when the account has as many authenticators as it may.
pub const ROOM_LEFT: &str = "authenticator_room_left";
/// Authenticators that one account may have.
pub const PER_ACCOUNT_MAX: usize = 10;
const KIND: &str = "totp";

/// What a code turned out to be, over all apps of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Right, and to be used up in the unit that acts on it.
    Right {
        authenticator: AuthenticatorId,
        step: i64,
    },
    ClockOff {
        minutes: i64,
    },
    Wrong,
}

#[derive(Clone)]
pub struct Authenticators {
    db: Database,
    ring: KeyRing,
    entropy: Entropy,
}

impl Authenticators {
    pub const fn new(db: Database, ring: KeyRing, entropy: Entropy) -> Self {
        Self { db, ring, entropy }
    }

    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, account: AccountId) -> Result<Vec<Authenticator>, DbErr> {
        let rows = store::all_of(&self.db, account.uuid()).await?;
        Ok(rows
            .into_iter()
            .map(|row| Authenticator {
                id: AuthenticatorId::from_uuid(row.id),
                name: row.name,
                created_at: Moment::from_micros(row.created_at),
                last_used_at: row.last_used_at.map(Moment::from_micros),
            })
            .collect())
    }

    /// The ways that what is bound to an account opens, strongest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ways(&self, account: AccountId) -> Result<Vec<Way>, DbErr> {
        let bound = store::all_of(&self.db, account.uuid()).await?;
        Ok(if bound.is_empty() { vec![] } else { vec![Way::App] })
    }

    /// Looks at a code; uses nothing up.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn check(&self, account: AccountId, code: &str, now: Moment) -> Result<Checked, DbErr> {
        let mut best = Checked::Wrong;
        for row in store::all_of(&self.db, account.uuid()).await? {
            let Ok(secret) = self.ring.open(place(&row.id.to_string()), &row.secret) else {
                tracing::error!(authenticator = %row.id, "the secret of an authenticator does not open");
                continue;
            };
            match model::judge(&secret, code, now) {
                CodeVerdict::OfStep(step) => {
                    return Ok(Checked::Right { authenticator: AuthenticatorId::from_uuid(row.id), step });
                }
                CodeVerdict::ClockOff { minutes } => best = Checked::ClockOff { minutes },
                CodeVerdict::Wrong => {}
            }
        }
        Ok(best)
    }

    /// Whether a code confirms an offered secret, and by which step.
    pub fn check_offer(&self, offer: &Offer, code: &str, now: Moment) -> CodeVerdict {
        model::judge(&offer.secret, code, now)
    }

    /// Uses up the step of a right code in a unit; the proof counts only if the unit becomes durable.
    pub fn use_code(
        &self,
        unit: &mut Unit,
        authenticator: AuthenticatorId,
        step: i64,
        binding: Binding,
        now: Moment,
    ) -> Proof {
        unit.require(STEP_UNUSED, &store::use_step(authenticator.uuid(), step, now.micros()));
        Proof::attest(ProofKind::Totp(authenticator), binding, now)
    }

    /// A secret for a person to scan.
    pub fn offer(&self, now: Moment) -> Offer {
        Offer::new(now, &self.entropy)
    }

    /// # Errors
    /// The offer cannot be sealed.
    pub fn seal_offer(
        &self,
        offer: &Offer,
        account: AccountId,
        browser: DeviceId,
    ) -> Result<String, SealError> {
        offer.seal(&self.ring, account, browser, &self.entropy)
    }

    pub fn open_offer(
        &self,
        field: &str,
        account: AccountId,
        browser: DeviceId,
        now: Moment,
    ) -> Option<Offer> {
        Offer::open(field, &self.ring, account, browser, now)
    }

    /// Binds an offered secret that was confirmed by the code of a step; that step is used up with it.
    /// `at_most` is how many the account may then have: one where a first one is enrolled by password.
    ///
    /// # Errors
    /// The secret cannot be sealed.
    #[expect(clippy::too_many_arguments, reason = "each is one plain fact of the new row")]
    pub fn bind(
        &self,
        unit: &mut Unit,
        account: AccountId,
        offer: &Offer,
        name: &str,
        step: i64,
        at_most: usize,
        now: Moment,
    ) -> Result<(), WriteError> {
        let row = self.row(account, offer.id, &offer.secret, name, now)?;
        unit.insert_once(
            OFFER_UNBOUND,
            authenticator::Model { last_step: step, last_used_at: Some(now.micros()), ..row },
        );
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        unit.require(ROOM_LEFT, &store::keep_if_among(offer.id.uuid(), account.uuid(), at_most));
        Ok(())
    }

    /// Binds a secret that an operator gives, unused so far; returns its id.
    ///
    /// # Errors
    /// The secret cannot be sealed.
    pub fn bind_given(
        &self,
        unit: &mut Unit,
        account: AccountId,
        secret: &Secret<Vec<u8>>,
        name: &str,
        now: Moment,
    ) -> Result<AuthenticatorId, WriteError> {
        let id = AuthenticatorId::new(now, &self.entropy);
        unit.insert_once(OFFER_UNBOUND, self.row(account, id, secret, name, now)?);
        Ok(id)
    }

    /// The proof that comes with binding: the confirming code showed possession.
    pub const fn bound(&self, offer: &Offer, binding: Binding, now: Moment) -> Proof {
        Proof::attest(ProofKind::Totp(offer.id), binding, now)
    }

    /// Revokes one of several; the last one cannot go this way.
    pub fn revoke(&self, unit: &mut Unit, account: AccountId, id: AuthenticatorId) {
        unit.require(STILL_BOUND, &store::revoke_unless_last(id.uuid(), account.uuid()));
    }

    fn row(
        &self,
        account: AccountId,
        id: AuthenticatorId,
        secret: &Secret<Vec<u8>>,
        name: &str,
        now: Moment,
    ) -> Result<authenticator::Model, SealError> {
        let sealed = self.ring.seal(place(&id.to_string()), secret.expose(), &self.entropy)?;
        Ok(authenticator::Model {
            id: id.uuid(),
            account_id: account.uuid(),
            kind: KIND.to_owned(),
            name: model::clean_name(name),
            secret: sealed,
            last_step: 0,
            created_at: now.micros(),
            last_used_at: None,
        })
    }
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "authenticator", column: "secret", row }
}
