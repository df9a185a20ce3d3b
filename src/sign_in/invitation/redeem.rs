//! Looking at an invitation and using it up.

use std::fmt::Write;

use crate::account::Account;
use crate::account::attempt::{Bucket, Target as AttemptTarget};
use crate::authenticator::invitation::{Held, INVITATION_OPEN, Invitation, Purpose as InvitedTo};
use crate::event::model::{EndReason, InvitationRefusal};
use crate::event::{CaseCode, Event, Origin, What};
use crate::infra::database::{Unit, WriteError};
use crate::journey::model::{Journey, Purpose, Target};
use crate::journey::service::NewJourney;
use crate::kernel::acr::Acr;
use crate::kernel::digest::base64url;
use crate::kernel::login_name::LoginName;
use crate::kernel::proof::Binding;
use crate::kernel::secret::BearerToken;
use crate::sign_in::service::{NotTaken, SignIn, Visit, paused_event};

/// An invitation that can be used, and whose it is.
pub struct Invited {
    pub invitation: Invitation,
    account: Account,
}

/// Why an account is not set up by what was sent.
#[derive(Debug)]
pub enum NotActivated {
    /// The invitation is none (any more).
    Dead {
        reason: InvitationRefusal,
        case: CaseCode,
    },
    /// It is somebody else's, by the name that was typed.
    OtherName {
        invitation: Invitation,
        left: u32,
        case: CaseCode,
    },
    NotTaken(NotTaken),
}

impl<E: Into<NotTaken>> From<E> for NotActivated {
    fn from(error: E) -> Self {
        Self::NotTaken(error.into())
    }
}

impl SignIn {
    /// What stands behind a link. That one is dead is recorded once, however often it is looked at.
    ///
    /// # Errors
    /// Why it is of no use.
    pub async fn look_at_invitation(&self, origin: &Origin, token: &str) -> Result<Invited, NotActivated> {
        let parsed = BearerToken::parse(token);
        let held = match &parsed {
            Some(parsed) => self.authenticators.invitations().find(parsed, origin.now).await?,
            None => Held::Unknown,
        };
        let (account, reason) = match held {
            Held::Open(invitation) => match self.accounts.by_id(invitation.account).await? {
                Some(account) if self.is_open(&account, origin) => {
                    return Ok(Invited { invitation, account });
                }
                account => (account, InvitationRefusal::Closed),
            },
            Held::Used(id) => (self.accounts.by_id(id).await?, InvitationRefusal::Used),
            Held::Expired(id) => (self.accounts.by_id(id).await?, InvitationRefusal::Expired),
            Held::Unknown => (None, InvitationRefusal::Unknown),
        };
        let mut window = format!("invitation:{}", reason.name());
        // Of what was never made, a source has one code an hour. Writing to a text cannot fail.
        let _ = match parsed.filter(|_| account.is_some()) {
            Some(token) => write!(window, ":{}", base64url(&token.digest())),
            None => write!(window, ":{}:{}", origin.source(), origin.now.unix_seconds() / 3600),
        };
        let what = What::InvitationRefused { reason };
        let event = match &account {
            Some(account) => Event::of(what, account.id).named(&account.login),
            None => Event::new(what),
        };
        let case = self.log.case_code_of_window(origin, &window, &event).await?;
        Err(NotActivated::Dead { reason, case })
    }

    /// Uses an invitation up and begins the journey that sets the account up.
    ///
    /// # Errors
    /// Why it was not used; then it is as good as before.
    pub async fn activate(&self, visit: &Visit, token: &str, name: &str) -> Result<Journey, NotActivated> {
        let origin = &visit.origin;
        let Invited { invitation, account } = self.look_at_invitation(origin, token).await?;
        let paused =
            |seconds| Event { subject: Some(account.id), ..paused_event(seconds).named(&account.login) };
        self.admit_source(origin, paused).await?;
        let bucket = Bucket::of_account(AttemptTarget::Invitation, account.id, None);
        let reserved = self.reserve(origin, &bucket, paused).await?;
        if !is_of(&account, name) {
            let what = What::InvitationRefused { reason: InvitationRefusal::OtherName };
            let event = Event::of(what, account.id).named(&account.login).attempt(reserved.attempt);
            let case = self.refuse(origin, event).await?;
            return Err(NotActivated::OtherName { invitation, left: reserved.left, case });
        }
        let required = account.required_acr.max(Acr::Mfa);
        let (login, target) = (account.login.clone(), Target::Home);
        let planned = NewJourney { purpose: Purpose::SignIn, required, login, target };
        let journey = self.journeys.plan(planned, origin.now);
        let origin = &origin.with_journey(journey.id);
        let mut unit = self.log.db().unit();
        let binding = Binding { journey: journey.id, account: account.id };
        let proof = self.authenticators.invitations().use_up(&mut unit, &invitation, binding, origin.now);
        // What a rescue takes away ends what was issued before; this journey is of the time after it.
        let account = match invitation.purpose {
            InvitedTo::Enrol => account,
            InvitedTo::Rescue => self.clear_out(&mut unit, origin, account).await?,
        };
        let browser = visit.browser.id;
        let next = self.journeys.add_proof(&mut unit, &journey, browser, &account, proof, origin.now);
        self.attempts.clear(&mut unit, &bucket);
        let what = What::InvitationUsed { purpose: invitation.purpose.name() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        self.notices.invitation_used(&mut unit, &account, origin)?;
        match self.log.db().write(unit).await {
            Ok(_) => {
                self.forgive_source(origin).await;
                Ok(next)
            }
            // Somebody was faster: now it is a dead one.
            Err(WriteError::Refused(INVITATION_OPEN)) => {
                self.look_at_invitation(origin, token).await?;
                Err(NotActivated::NotTaken(NotTaken::Moved))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away whatever opened an account, and all that was issued to it.
    async fn clear_out(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: Account,
    ) -> Result<Account, NotTaken> {
        for bound in self.authenticators.of(account.id).await? {
            let (authenticator, kind) = (bound.id, bound.kind.name().to_owned());
            let event = Event::of(What::AuthenticatorRevoked { authenticator, kind }, account.id);
            self.log.record(unit, origin, event.named(&account.login)).await?;
        }
        self.accounts.raise_epoch(unit, account.id);
        self.authenticators.revoke_all(unit, account.id);
        self.authenticators.recovery().forget(unit, account.id);
        self.directory.forget(unit, account.id);
        self.sessions.end_all(unit, origin, &account, None, EndReason::Rescued).await?;
        Ok(Account { epoch: account.epoch + 1, ..account })
    }
}

/// Whether a name as typed is one that this person signs in with.
fn is_of(account: &Account, typed: &str) -> bool {
    let Some(typed) = LoginName::parse(typed.trim()) else { return false };
    let is_name = |name: &str| LoginName::parse(name).is_some_and(|name| name.as_str() == typed.as_str());
    is_name(&account.login) || is_name(&account.email)
}
