//! Browsers that stand for a second proof, as their owner wished: a grant on the device's record. What the browser
//! shows is the value of its cookie, which is replaced at every strong proof; an older one is a copy's.
//!
//! ```text
//! second proof + tick ──► trusted ──password──► used, value replaced
//!                            ├── time, epoch, sessions ended, /account ──► gone
//!                            └── an old value ──► a copy: gone, and every session with it
//! ```

use std::time::Duration;

use super::device::Devices;
use super::store::{self, trusted_browser};
use crate::account::Account;
use crate::infra::database::{DbErr, Unit};
use crate::kernel::id::{AccountId, DeviceId};
use crate::kernel::time::Moment;
use crate::web::browser::DeviceCookie;

/// Condition that fails when the browser's value was used by another one, or is trusted no more.
pub const TRUST_UNCHANGED: &str = "browser_still_trusted";
/// How long an answer may have been lost on its way, so that a browser shows the value before in good faith.
const LOST_ANSWER: Duration = Duration::from_mins(2);

/// What a browser's value is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nobody said that it may stand for anything.
    None,
    /// The present value of a trusted browser.
    Present,
    /// Of one that was replaced a moment ago: perhaps the answer was lost. Worth nothing, and no alarm.
    JustReplaced,
    /// Of one that was replaced before: somebody has a copy.
    Copied,
}

/// A trusted browser as its owner sees it.
#[derive(Clone, Debug)]
pub struct TrustedBrowser {
    pub device: DeviceId,
    pub user_agent: String,
    pub since: Moment,
    pub until: Moment,
}

impl Devices {
    /// # Errors
    /// The database does not answer.
    pub async fn trust_of(
        &self,
        cookie: DeviceCookie,
        account: &Account,
        now: Moment,
    ) -> Result<Trust, DbErr> {
        let row = store::trusted(&self.db, cookie.id.uuid(), account.id.uuid()).await?;
        let stands =
            |row: &trusted_browser::Model| row.account_epoch == account.epoch && row.until > now.micros();
        if !row.as_ref().is_some_and(stands) {
            return Ok(Trust::None);
        }
        let Some(device) = store::device(&self.db, cookie.id.uuid()).await? else { return Ok(Trust::None) };
        let behind = device.generation - i64::from(cookie.generation);
        let replaced = Moment::from_micros(device.last_at);
        Ok(match behind {
            0 => Trust::Present,
            1 if now.since(replaced) < LOST_ANSWER => Trust::JustReplaced,
            _ => Trust::Copied,
        })
    }

    /// Demands in a unit that the browser is trusted and shows its present value, which this uses up.
    pub fn use_trust(&self, unit: &mut Unit, cookie: DeviceCookie, account: &Account, now: Moment) {
        let (device, account_id) = (cookie.id.uuid(), account.id.uuid());
        let stands = store::still_trusted(device, account_id, account.epoch, now.micros());
        unit.require(TRUST_UNCHANGED, &stands);
        let rotates = store::next_generation(device, i64::from(cookie.generation));
        unit.require(TRUST_UNCHANGED, &rotates);
    }

    /// Trusts a browser on which a second proof was given in the same unit.
    pub fn trust(&self, unit: &mut Unit, device: DeviceId, account: &Account, now: Moment, until: Moment) {
        unit.run(&store::trust(trusted_browser::Model {
            device_id: device.uuid(),
            account_id: account.id.uuid(),
            account_epoch: account.epoch,
            since: now.micros(),
            until: until.micros(),
        }));
    }

    /// Trusts one browser of an account no more.
    pub fn distrust(&self, unit: &mut Unit, device: DeviceId, account: AccountId) {
        unit.require(TRUST_UNCHANGED, &store::distrust(account.uuid(), Some(device.uuid())));
    }

    /// Trusts none of its browsers any more.
    pub fn distrust_all(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::distrust(account.uuid(), None));
    }

    /// Takes away trust whose time is over.
    pub fn forget_trust_before(&self, unit: &mut Unit, now: Moment) {
        unit.run(&store::forget_trust_before(now.micros()));
    }

    /// The browsers that an account trusts, newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn trusted_by(&self, account: &Account, now: Moment) -> Result<Vec<TrustedBrowser>, DbErr> {
        let rows = store::trusted_of(&self.db, account.id.uuid()).await?;
        let stands =
            |row: &trusted_browser::Model| row.account_epoch == account.epoch && row.until > now.micros();
        let rows: Vec<_> = rows.into_iter().filter(stands).collect();
        let devices = store::devices(&self.db, rows.iter().map(|row| row.device_id).collect()).await?;
        let browser = |row: trusted_browser::Model| {
            let device = devices.iter().find(|device| device.id == row.device_id)?;
            Some(TrustedBrowser {
                device: DeviceId::from_uuid(row.device_id),
                user_agent: device.user_agent.clone(),
                since: Moment::from_micros(row.since),
                until: Moment::from_micros(row.until),
            })
        };
        Ok(rows.into_iter().filter_map(browser).collect())
    }
}
