//! Filling the home page.

use std::time::Duration;

use super::account_page::method_of;
use super::pages::{Attention, HomePage, LastSignIn, Tile};
use super::service::{Portal, place_name};
use crate::event::model::Class;
use crate::infra::database::DbErr;
use crate::kernel::time::Moment;
use crate::session::Current;
use crate::web::context::Ctx;

/// How long a reset of the password is told of.
const TOLD_FOR: Duration = Duration::from_hours(7 * 24);
/// Records looked through for the sign-in before this one.
const RECORDS: u64 = 30;

impl Portal {
    /// # Errors
    /// The database does not answer.
    pub async fn home(&self, ctx: &Ctx, current: &Current) -> Result<HomePage, DbErr> {
        let account = &current.account;
        let mut attention = vec![];
        let set = self.authenticators.recovery().of(account.id).await?;
        if set.is_none_or(|set| set.left == 0) && self.authenticators.of(account.id).await?.len() == 1 {
            attention.push(Attention::NoSecondPhone);
        }
        if let Some(set) = set.filter(|set| set.is_low()) {
            attention.push(Attention::FewCodes { left: set.left });
        }
        if let Some(ahead) = self.expiry.ahead(account, ctx.now()).await? {
            let (days, date, by) = (ahead.days, ahead.expires_at, ahead.day);
            attention.push(Attention::PasswordExpires { days, date, by });
        }
        if let Some(at) = self.reset_lately(ctx, current).await? {
            attention.push(Attention::PasswordReset { at });
        }
        let language = ctx.text().language();
        let applications = self.clients.all().filter_map(|client| {
            Some(Tile {
                name: client.client_name.get(language).to_owned(),
                description: client.description.get(language).to_owned(),
                href: client.home_uri.clone()?,
                icon: "globe".to_owned(),
            })
        });
        Ok(HomePage {
            shell: ctx.shell_at("/"),
            name: account.display_name.clone(),
            last: self.last_sign_in(current).await?,
            attention,
            applications: applications.collect(),
            now: ctx.now(),
        })
    }

    /// When the password was set anew without the old one, for as long as the code of the notice may count.
    async fn reset_lately(&self, ctx: &Ctx, current: &Current) -> Result<Option<Moment>, DbErr> {
        let classes = [Class::AccountChange.uid()];
        let records = self.log.latest_of(current.account.id, &classes, RECORDS).await?;
        let reset = records.iter().find(|record| record.text("what") == Some("password_reset"));
        Ok(reset.map(|record| record.at).filter(|at| ctx.now().since(*at) < TOLD_FOR))
    }

    /// The sign-in before the one of this session.
    async fn last_sign_in(&self, current: &Current) -> Result<Option<LastSignIn>, DbErr> {
        let classes = [Class::Authentication.uid()];
        let records = self.log.latest_of(current.account.id, &classes, RECORDS).await?;
        let this = current.session.id.to_string();
        let before = records.iter().find(|record| {
            record.text("what") == Some("signed_in") && record.text("session") != Some(this.as_str())
        });
        Ok(before.map(|record| {
            let personal = record.personal.clone().unwrap_or_default();
            LastSignIn {
                when: record.at,
                place: place_name(personal.city.as_deref(), personal.country.as_deref()),
                method: method_of(record),
            }
        }))
    }
}
