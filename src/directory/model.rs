//! What a directory can answer to a password.

use crate::kernel::proof::Proof;
use crate::kernel::time::Moment;

/// The closed list of answers; only the first three carry a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Right(Proof),
    /// Right, and past its date: good for nothing but choosing a new one.
    RightButExpired {
        proof: Proof,
        since: Moment,
    },
    /// Right, and set by someone else: good for nothing but choosing a new one.
    RightButMustChange(Proof),
    Wrong,
    Locked,
    Disabled,
    Ended,
    Unreachable,
}
