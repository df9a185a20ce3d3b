//! The record of a browser that comes back: known for an account only after a strong proof.

use super::store::{self, device, device_account};
use crate::infra::database::{Database, DbErr, Unit};
use crate::kernel::id::{AccountId, DeviceId};
use crate::kernel::time::Moment;
use crate::web::browser::DeviceCookie;

#[derive(Clone)]
pub struct Devices {
    pub(super) db: Database,
}

impl Devices {
    pub const fn new(db: Database) -> Self {
        Self { db }
    }

    /// Whether the account was strongly proved on this device before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn is_known(&self, device: DeviceId, account: AccountId) -> Result<bool, DbErr> {
        let row = store::device_account(&self.db, device.uuid(), account.uuid()).await?;
        Ok(row.is_some())
    }

    /// Devices of a person who is erased, as far as nobody else is known on them.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget_devices_of(account.uuid()));
    }

    /// Takes away browsers that nobody signed in with since a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_devices_before(before.micros()));
    }

    /// The value that a browser gets after a strong proof: one that nobody has yet, also where a copy of its cookie
    /// was used meanwhile.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn next(&self, cookie: DeviceCookie) -> Result<DeviceCookie, DbErr> {
        let present = store::device(&self.db, cookie.id.uuid()).await?.map_or(0, |device| device.generation);
        let present = u32::try_from(present).unwrap_or(u32::MAX);
        Ok(DeviceCookie { generation: present.max(cookie.generation), ..cookie }.next())
    }

    /// Records a strong proof of the account on the device, under the browser's next value.
    pub fn prove(
        &self,
        unit: &mut Unit,
        next: DeviceCookie,
        account: AccountId,
        user_agent: &str,
        now: Moment,
    ) {
        unit.run(&store::prove_device(device::Model {
            id: next.id.uuid(),
            generation: i64::from(next.generation),
            user_agent: user_agent.to_owned(),
            first_at: now.micros(),
            last_at: now.micros(),
        }));
        unit.run(&store::prove_device_account(device_account::Model {
            device_id: next.id.uuid(),
            account_id: account.uuid(),
            first_at: now.micros(),
            last_at: now.micros(),
            remembered_until: None,
        }));
    }
}
