//! What a person is led to before going on: whoever used a code has lost something, and whoever enrolled a first
//! authenticator has no way back yet.

use crate::account::Account;
use crate::infra::database::DbErr;
use crate::journey::model::{Journey, Target};
use crate::kernel::acr::Acr;
use crate::kernel::proof::{ProofKind, Way};
use crate::sign_in::service::{Afterwards, SignIn};

impl SignIn {
    pub(in crate::sign_in) async fn afterwards(
        &self,
        journey: &Journey,
        account: &Account,
        acr: Acr,
    ) -> Result<Option<Afterwards>, DbErr> {
        if journey.proved().any(|way| way == Way::RecoveryCode) {
            return Ok(Some(Afterwards::Recovery));
        }
        // An application is not kept waiting: home tells what is missing.
        if acr >= Acr::Mfa && !matches!(journey.target, Target::Authorization { .. }) {
            let bound = self.authenticators.of(account.id).await?;
            // What this very step binds is not to be read yet.
            let all_new = bound.iter().all(|bound| bound.created_at > journey.created_at);
            if all_new && self.authenticators.recovery().of(account.id).await?.is_none() {
                return Ok(Some(Afterwards::Enrolment));
            }
        }
        let by = |kind| journey.proofs.iter().any(|proof| proof.kind() == kind);
        let replaced = by(ProofKind::NewPassword) && !by(ProofKind::Invitation);
        Ok(replaced.then_some(Afterwards::NewPassword))
    }
}
