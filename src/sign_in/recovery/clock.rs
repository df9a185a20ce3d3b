//! A phone whose clock is off is told of to its owner once another second proof succeeded in the same sign-in. Before,
//! it would tell whoever guesses that a code is right at another time.

use crate::account::Account;
use crate::event::model::Class;
use crate::infra::database::DbErr;
use crate::journey::model::Journey;
use crate::kernel::proof::Way;
use crate::sign_in::service::SignIn;

/// Records of the person that are looked through.
const RECORDS: u64 = 20;

impl SignIn {
    /// How many minutes the clock is off that made a code of this journey wrong.
    pub(in crate::sign_in) async fn clock_off(
        &self,
        journey: &Journey,
        account: &Account,
    ) -> Result<Option<u32>, DbErr> {
        let other = |way| matches!(way, Way::RecoveryCode | Way::SecurityKey | Way::Passkey(_));
        if !journey.proved().any(other) {
            return Ok(None);
        }
        let records = self.log.latest_of(account.id, &[Class::Authentication.uid()], RECORDS).await?;
        let of_this = journey.id.to_string();
        let off = records
            .iter()
            .filter(|record| record.text("journey") == Some(of_this.as_str()))
            .find_map(|record| record.plain.get("minutes_off")?.as_i64());
        Ok(off.map(|minutes| u32::try_from(minutes.unsigned_abs()).unwrap_or(u32::MAX)))
    }
}
