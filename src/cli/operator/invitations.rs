//! Invitations to set up an account, and the one that breaks the glass.

use std::time::Duration;

use super::execute::{Work, failed};
use super::person::has;
use super::wire::{Answer, Invited};
use crate::account::Account;
use crate::app::Failure;
use crate::authenticator::invitation::{LASTS_MAX, Purpose};
use crate::event::{Event, What};
use crate::infra::database::Unit;
use crate::kernel::role::Role;
use crate::kernel::secret::Secret;
use crate::policy::Action;

const HOUR_SECONDS: u64 = 3600;

impl Work<'_> {
    /// For somebody who has nothing bound yet. Whoever may set a password may let the person choose it.
    pub(super) async fn invite(&self, name: &str, hours: u32) -> Result<Answer, Failure> {
        let account = self.person(name).await?;
        let _permit = self.permit(Action::SetPassword, &self.resource(&account))?;
        let lasts = lasts(hours)?;
        self.demand_open(&account)?;
        if !self.opened.authenticators.of(account.id).await.map_err(failed)?.is_empty() {
            return Err(Failure::Input(format!(
                "{} has sign-in methods already and adds others while signed in; \
                 `cardea people rescue` is for an administrator who has lost them all",
                account.login
            )));
        }
        let done = format!("{} was invited", account.login);
        if self.dry_run {
            return Ok(self.done(done));
        }
        self.send_out(self.opened.db.unit(), &account, Purpose::Enrol, lasts, done).await
    }

    /// For an administrator who is locked out, the last one perhaps. It asks no policy: whoever can run it holds the
    /// database and the keys. That it was done is a finding, and every administrator is told.
    pub(super) async fn rescue(&self, name: &str, hours: u32) -> Result<Answer, Failure> {
        let opened = self.opened;
        let account = self.person(name).await?;
        let lasts = lasts(hours)?;
        self.demand_open(&account)?;
        if !has(&account, Role::Admin) {
            return Err(Failure::Input(format!("{} is no administrator", account.login)));
        }
        let done = format!(
            "{} can set the account up anew; what it has now goes when the invitation is used",
            account.login
        );
        if self.dry_run {
            return Ok(self.done(done));
        }
        let mut unit = opened.db.unit();
        let event = Event::of(What::AdministratorRescued, account.id).named(&account.login);
        opened.log.record(&mut unit, &self.origin, event).await.map_err(failed)?;
        for told in opened.accounts.all().await.map_err(failed)? {
            if has(&told, Role::Admin) && told.gate(self.origin.now).is_ok() {
                let now = self.origin.now;
                opened.notices.rescued(&mut unit, &told, &account, &self.user, now).map_err(failed)?;
            }
        }
        let (login, operator) = (&account.login, &self.user);
        tracing::warn!(account = login, operator, "the glass was broken for an administrator");
        self.send_out(unit, &account, Purpose::Rescue, lasts, done).await
    }

    /// Makes the invitation durable with what goes along; its address leaves once.
    async fn send_out(
        &self,
        mut unit: Unit,
        account: &Account,
        purpose: Purpose,
        lasts: Duration,
        done: String,
    ) -> Result<Answer, Failure> {
        let (opened, now) = (self.opened, self.origin.now);
        let invitations = opened.authenticators.invitations();
        let (token, expires_at) = invitations.make(&mut unit, account.id, purpose, lasts, now);
        let expires_at = expires_at.iso();
        let what = What::InvitationMade { purpose: purpose.name(), expires_at: expires_at.clone() };
        self.record_with(unit, Event::of(what, account.id).named(&account.login)).await?;
        let link = format!("{}/activate?token={}", opened.config.server.issuer, token.expose());
        Ok(Answer::Invited(Invited { done, link: Secret::new(link), expires_at }))
    }

    fn demand_open(&self, account: &Account) -> Result<(), Failure> {
        account.gate(self.origin.now).map_err(|_| {
            Failure::Input(format!("{} is disabled or has ended: open the account first", account.login))
        })
    }
}

fn lasts(hours: u32) -> Result<Duration, Failure> {
    let lasts = Duration::from_secs(u64::from(hours) * HOUR_SECONDS);
    if hours == 0 || lasts > LASTS_MAX {
        return Err(Failure::Input("--hours: an invitation is good for 1 to 24 hours".to_owned()));
    }
    Ok(lasts)
}
