//! Whether a person could get back in alone, and what is left of the recovery codes.

use super::pages::RecoveryState;
use super::service::Portal;
use crate::infra::database::DbErr;
use crate::session::Current;

impl Portal {
    /// # Errors
    /// The database does not answer.
    pub(super) async fn recovery_state(&self, current: &Current) -> Result<RecoveryState, DbErr> {
        let account = &current.account;
        let password = self.directory.dates(account.id).await?.is_some();
        let holdings = self.authenticators.holdings(account.id, password, account.required_acr).await?;
        Ok(RecoveryState {
            set: self.authenticators.recovery().of(account.id).await?,
            readiness: holdings.readiness(),
            next: holdings.next_step(),
        })
    }
}
