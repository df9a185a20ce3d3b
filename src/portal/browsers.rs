//! Browsers that stand for the second proof, and trusting one no more.

use super::pages::BrowserRow;
use super::service::{NotDone, Portal};
use crate::event::user_agent::Device;
use crate::event::{Event, Origin, What};
use crate::infra::database::{DbErr, WriteError};
use crate::kernel::id::DeviceId;
use crate::policy::Action;
use crate::session::Current;
use crate::session::trust::TRUST_UNCHANGED;
use crate::web::context::Ctx;

impl Portal {
    pub(super) async fn browser_rows(&self, ctx: &Ctx, current: &Current) -> Result<Vec<BrowserRow>, DbErr> {
        let trusted = self.devices.trusted_by(&current.account, ctx.now()).await?;
        let row = |trusted: crate::session::TrustedBrowser| {
            let device = Device::recognise(&trusted.user_agent);
            BrowserRow {
                device: ctx.text().device(device.browser, device.os),
                here: trusted.device == ctx.browser().id,
                id: trusted.device,
                since: trusted.since,
                until: trusted.until,
            }
        };
        Ok(trusted.into_iter().map(row).collect())
    }

    /// Has a browser ask for the second proof again.
    ///
    /// # Errors
    /// It was not written.
    pub async fn distrust_browser(
        &self,
        origin: &Origin,
        current: &Current,
        browser: DeviceId,
    ) -> Result<(), NotDone> {
        let _permit = self.permit(current, Action::RevokeOwnAuthenticator, origin.now)?;
        let account = &current.account;
        let mut unit = self.log.db().unit();
        self.devices.distrust(&mut unit, browser, account.id);
        let event = Event::of(What::BrowserDistrusted, account.id).named(&account.login);
        self.log.record(&mut unit, origin, event).await?;
        match self.log.db().write(unit).await {
            // What is gone already is what was asked for.
            Ok(_) | Err(WriteError::Refused(TRUST_UNCHANGED)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
