//! Whether a person could get back in alone, and what is left of the recovery codes.

use super::pages::RecoveryState;
use super::service::Portal;
use crate::directory::Whose;
use crate::infra::database::DbErr;
use crate::kernel::time::Moment;
use crate::session::Current;

impl Portal {
    /// # Errors
    /// The database does not answer.
    pub(super) async fn recovery_state(
        &self,
        current: &Current,
        now: Moment,
    ) -> Result<RecoveryState, DbErr> {
        let account = &current.account;
        let whose = Whose::kept_by(account.id, &account.directory);
        let password = self.directory.standing(whose, now).await?.is_some();
        let holdings = self.authenticators.holdings(account.id, password, account.required_acr).await?;
        Ok(RecoveryState {
            set: self.authenticators.recovery().of(account.id).await?,
            readiness: holdings.readiness(),
            next: holdings.next_step(),
        })
    }
}
