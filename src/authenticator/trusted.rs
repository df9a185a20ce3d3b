//! The proof that a browser gives which its owner trusts: its value is used up for it.

use crate::account::Account;
use crate::infra::database::Unit;
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::time::Moment;
use crate::session::Devices;
use crate::web::browser::DeviceCookie;

/// The unit is refused where the browser's value is not the present one any more; the proof counts only if it becomes
/// durable.
pub fn prove(
    devices: &Devices,
    unit: &mut Unit,
    browser: DeviceCookie,
    account: &Account,
    binding: Binding,
    now: Moment,
) -> Proof {
    devices.use_trust(unit, browser, account, now);
    Proof::attest(ProofKind::TrustedBrowser, binding, now)
}
