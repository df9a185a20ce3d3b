//! The applications that a person agreed to, and taking that back.

use super::pages::ConsentRow;
use super::service::{NotDone, Portal};
use crate::event::Origin;
use crate::infra::database::DbErr;
use crate::oidc::consent_kinds;
use crate::policy::Action;
use crate::session::Current;
use crate::web::text::Text;

impl Portal {
    pub(super) async fn consent_rows(&self, text: Text, current: &Current) -> Result<Vec<ConsentRow>, DbErr> {
        let agreed = self.consents.of(current.account.id).await?;
        let rows = agreed.into_iter().map(|agreed| ConsentRow {
            name: self.application(&agreed.client_id, text.language()),
            given: agreed.given_at,
            knows: consent_kinds(text, &agreed.scope, &agreed.claims),
            client_id: agreed.client_id,
        });
        Ok(rows.collect())
    }

    /// Takes back what a person agreed to: whatever the application was given ends.
    ///
    /// # Errors
    /// It was not written.
    pub async fn withdraw_consent(
        &self,
        origin: &Origin,
        current: &Current,
        client_id: &str,
    ) -> Result<(), NotDone> {
        let _permit = self.permit(current, Action::WithdrawOwnConsent, origin.now)?;
        Ok(self.consents.withdraw(origin, &current.account, client_id).await?)
    }
}
