//! Who a person is at other providers: what there is, and taking one away.

use super::execute::{Work, failed};
use super::shown::LinkShown;
use super::wire::Answer;
use crate::app::Failure;
use crate::event::{Event, What};
use crate::kernel::time::Moment;
use crate::policy::Action;

impl Work<'_> {
    pub(super) async fn list_links(&self, name: &str) -> Result<Answer, Failure> {
        let federation = &self.opened.federation;
        let account = self.person(name).await?;
        let _permit = self.permit(Action::ViewAccount, &self.resource(&account))?;
        let links = federation.links().of(account.id).await.map_err(failed)?;
        let what = What::CommandRun { command: "people links list".to_owned() };
        self.record(Event::of(what, account.id).named(&account.login)).await?;
        let shown = links.into_iter().map(|link| LinkShown {
            label: federation.label(&link.provider),
            in_use: !federation.ways_of(&link.provider).is_empty(),
            provider: link.provider,
            ground: link.ground,
            linked_at: link.linked_at.iso(),
            last_used_at: link.used_at.map(Moment::iso),
        });
        Ok(Answer::Links { links: shown.collect() })
    }

    /// Whoever may set a password may take another way in away. What else the person has is not asked: a link that is
    /// somebody else's has to go in any case.
    pub(super) async fn remove_link(&self, name: &str, provider: &str) -> Result<Answer, Failure> {
        let opened = self.opened;
        let links = opened.federation.links();
        let account = self.person(name).await?;
        let _permit = self.permit(Action::SetPassword, &self.resource(&account))?;
        if !links.of(account.id).await.map_err(failed)?.iter().any(|link| link.provider == provider) {
            return Err(Failure::Input(format!("{} has no link to `{provider}`", account.login)));
        }
        let text = format!("{} is not linked to {provider} any more", account.login);
        if self.dry_run {
            return Ok(self.done(text));
        }
        let mut unit = opened.db.unit();
        opened.accounts.hold(&mut unit, account.id);
        links.unlink(&mut unit, &self.origin, account.id, provider).await.map_err(failed)?;
        let label = opened.federation.label(provider);
        let now = self.origin.now;
        opened.notices.authenticator_removed(&mut unit, &account, &label, now).map_err(failed)?;
        // No event: taking the link away has put its own into the unit.
        opened.db.write(unit).await.map_err(failed)?;
        Ok(self.done(text))
    }
}
