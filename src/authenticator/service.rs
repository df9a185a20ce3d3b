//! Binding, verifying and revoking authenticator apps.

use super::invitation::Invitations;
use super::model::{self, APP, Authenticator, AuthenticatorKind, CodeVerdict};
use super::offer::Offer;
use super::passkeys::{DeviceKind, KeyKind, Passkeys};
use super::readiness::Holdings;
use super::recovery::RecoveryCodes;
use super::store::{self, authenticator};
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::sealing::{KeyRing, Place, SealError};
use crate::kernel::acr::Acr;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, AuthenticatorId, DeviceId};
use crate::kernel::proof::{Binding, Proof, ProofKind, Way};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition that fails when the step of a code was used already.
pub const STEP_UNUSED: &str = "totp_step_unused";
/// Condition that fails when an offer was bound already.
pub const OFFER_UNBOUND: &str = "offer_unbound";
/// Condition that fails when the authenticator is gone already, or one on which a decision rests.
pub const STILL_BOUND: &str = "authenticator_still_bound";
/// Authenticators that one account may have.
pub const PER_ACCOUNT_MAX: usize = 10;

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
    passkeys: Passkeys,
}

impl Authenticators {
    pub const fn new(db: Database, ring: KeyRing, entropy: Entropy, passkeys: Passkeys) -> Self {
        Self { db, ring, entropy, passkeys }
    }

    /// Passkeys and security keys.
    pub const fn passkeys(&self) -> &Passkeys {
        &self.passkeys
    }

    /// # Errors
    /// The database does not answer.
    pub async fn of(&self, account: AccountId) -> Result<Vec<Authenticator>, DbErr> {
        let rows = store::all_of(&self.db, account.uuid()).await?;
        let keys = rows.iter().filter(|row| row.kind != APP).map(|row| row.id).collect();
        let facts = self.passkeys.facts(keys).await?;
        let bound = |row: authenticator::Model| {
            let id = AuthenticatorId::from_uuid(row.id);
            let kind = match KeyKind::from_name(&row.kind) {
                None => AuthenticatorKind::App,
                Some(kind) => {
                    let (_, facts) = facts.iter().find(|(of, _)| *of == id)?;
                    let device = DeviceKind::of(facts.storage, &facts.transports);
                    AuthenticatorKind::Key { kind, storage: facts.storage, device }
                }
            };
            Some(Authenticator {
                id,
                kind,
                name: row.name,
                created_at: Moment::from_micros(row.created_at),
                last_used_at: row.last_used_at.map(Moment::from_micros),
            })
        };
        Ok(rows.into_iter().filter_map(bound).collect())
    }

    /// Codes on paper.
    pub fn recovery(&self) -> RecoveryCodes {
        RecoveryCodes::new(self.db.clone(), self.entropy.clone())
    }

    /// Invitations to enrol.
    pub fn invitations(&self) -> Invitations {
        Invitations::new(self.db.clone(), self.entropy.clone())
    }

    /// Revokes everything that is bound to an account: it is set up anew.
    pub fn revoke_all(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::revoke_all(account.uuid()));
    }

    /// What a person has to get in with, where there is a password or not and a level is needed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn holdings(&self, account: AccountId, password: bool, needed: Acr) -> Result<Holdings, DbErr> {
        let bound = self.of(account).await?.iter().map(|bound| bound.kind.way()).collect();
        Ok(Holdings { password, bound, codes_left: self.recovery().left(account).await?, needed })
    }

    /// The ways that what is bound to an account opens, strongest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ways(&self, account: AccountId) -> Result<Vec<Way>, DbErr> {
        let mut ways: Vec<Way> = self.of(account).await?.iter().map(|bound| bound.kind.way()).collect();
        ways.sort_unstable();
        ways.dedup();
        Ok(ways)
    }

    /// Looks at a code; uses nothing up.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn check(&self, account: AccountId, code: &str, now: Moment) -> Result<Checked, DbErr> {
        let mut best = Checked::Wrong;
        for row in store::all_of(&self.db, account.uuid()).await? {
            if row.kind != APP {
                continue;
            }
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
        store::demand_room(unit, offer.id, account, at_most);
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

    /// Revokes one of an account.
    pub fn revoke(&self, unit: &mut Unit, account: AccountId, id: AuthenticatorId) {
        unit.require(STILL_BOUND, &store::revoke(id.uuid(), account.uuid()));
    }

    /// Demands that those are still bound on which it rests that something else may go. Beside `Accounts::hold`, so
    /// that of two who take something away one sees what the other did.
    pub fn demand_bound(
        &self,
        unit: &mut Unit,
        account: AccountId,
        those: impl IntoIterator<Item = AuthenticatorId>,
    ) {
        for id in those {
            unit.require(STILL_BOUND, &store::keep(id.uuid(), account.uuid()));
        }
    }

    /// Calls one by another name; gives that name as it is kept.
    pub fn rename(&self, unit: &mut Unit, account: AccountId, id: AuthenticatorId, name: &str) -> String {
        let name = model::clean_name(name);
        unit.require(STILL_BOUND, &store::rename(id.uuid(), account.uuid(), &name));
        name
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
            kind: APP.to_owned(),
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
