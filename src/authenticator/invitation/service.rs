//! Making, finding and using up invitations.

use std::time::Duration;

use super::store::{self, invitation};
use crate::infra::database::{Database, DbErr, Unit};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, InvitationId};
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;

/// Condition that fails when the invitation was used, or is over.
pub const INVITATION_OPEN: &str = "invitation_open";
/// Longest time that an invitation is good for.
pub const LASTS_MAX: Duration = Duration::from_hours(24);

/// What an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To set up an account for the first time.
    Enrol,
    /// To set it up anew: what was there goes when this is used.
    Rescue,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Rescue => "rescue",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Enrol, Self::Rescue].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// One that can be used.
#[derive(Clone, Copy, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub account: AccountId,
    pub purpose: Purpose,
    pub expires_at: Moment,
}

/// What stands behind a token.
#[derive(Clone, Copy, Debug)]
pub enum Held {
    Open(Invitation),
    Used(AccountId),
    Expired(AccountId),
    Unknown,
}

#[derive(Clone)]
pub struct Invitations {
    db: Database,
    entropy: Entropy,
}

impl Invitations {
    pub const fn new(db: Database, entropy: Entropy) -> Self {
        Self { db, entropy }
    }

    /// Makes an invitation; an earlier one of the same account ends. The token leaves once.
    pub fn make(
        &self,
        unit: &mut Unit,
        account: AccountId,
        purpose: Purpose,
        lasts: Duration,
        now: Moment,
    ) -> (BearerToken, Moment) {
        unit.run(&store::end_open(account.uuid(), now.micros()));
        let (token, expires_at) = (BearerToken::new(&self.entropy), now.plus(lasts.min(LASTS_MAX)));
        unit.insert(invitation::Model {
            id: InvitationId::new(now, &self.entropy).uuid(),
            account_id: account.uuid(),
            token: token.digest(),
            purpose: purpose.name().to_owned(),
            created_at: now.micros(),
            expires_at: expires_at.micros(),
            used_at: None,
        });
        (token, expires_at)
    }

    /// Looks behind a token; uses nothing up.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(&self, token: &BearerToken, now: Moment) -> Result<Held, DbErr> {
        let Some(row) = store::by_token(&self.db, &token.digest()).await? else { return Ok(Held::Unknown) };
        let account = AccountId::from_uuid(row.account_id);
        let expires_at = Moment::from_micros(row.expires_at);
        Ok(match Purpose::from_name(&row.purpose) {
            _ if row.used_at.is_some() => Held::Used(account),
            _ if expires_at <= now => Held::Expired(account),
            Some(purpose) => {
                Held::Open(Invitation { id: InvitationId::from_uuid(row.id), account, purpose, expires_at })
            }
            None => Held::Unknown,
        })
    }

    /// Uses an invitation up in a unit; the proof counts only if the unit becomes durable.
    pub fn use_up(&self, unit: &mut Unit, invitation: &Invitation, binding: Binding, now: Moment) -> Proof {
        unit.require(INVITATION_OPEN, &store::use_up(invitation.id.uuid(), now.micros()));
        Proof::attest(ProofKind::Invitation, binding, now)
    }

    /// Takes away those whose time was over before a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_before(before.micros()));
    }
}
