//! Making recovery codes anew.

use crate::authenticator::RecoveryCode;
use crate::event::{Event, Origin, What};
use crate::kernel::time::Moment;
use crate::policy::Action;
use crate::session::Current;
use crate::sign_in::service::{NotTaken, SignIn};

impl SignIn {
    /// Makes a new set in the place of the one that the person saw on the page before (`None`: of none), so that a
    /// page that is sent twice does not make a printed set worthless.
    ///
    /// # Errors
    /// Why none was made; the old ones are good then.
    pub async fn make_recovery_codes(
        &self,
        origin: &Origin,
        current: &Current,
        seen: Option<Moment>,
    ) -> Result<Vec<RecoveryCode>, NotTaken> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, origin.now)?;
        let recovery = self.authenticators.recovery();
        if recovery.of(account.id).await?.map(|set| set.made_at) != seen {
            return Err(NotTaken::Moved);
        }
        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        let codes = recovery.make(&mut unit, account.id, origin.now);
        let what = What::RecoveryCodesMade { count: codes.len() };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        self.notices.recovery_codes_made(&mut unit, account, origin)?;
        self.log.db().write(unit).await?;
        Ok(codes)
    }
}
