//! Everything that the provider asks the database, a file for each kind of row.

pub mod client;
pub mod code;
pub mod consent;
pub mod epoch;
pub mod grant;
pub mod key;
pub mod single_use;

use crate::infra::database::Unit;
use crate::kernel::time::Moment;

/// What no code, token or assertion asks for any more.
pub fn forget_before(unit: &mut Unit, before: Moment) {
    code::forget_before(unit, before);
    grant::forget_before(unit, before);
    single_use::forget_before(unit, before);
}
