//! Who may do what: Cedar policies, read and validated once at the start, asked by the first line of each
//! use case.
//!
//! The schema (`policies/cardea.cedarschema`) belongs to the program; the policies beside it are compiled
//! in, and an operator may put a folder in their place. What each role may do today stands in
//! `tests/snapshots/policy_matrix.txt`.

mod decide;
mod entities;
mod load;
#[cfg(test)]
mod matrix;
mod model;

pub use decide::{Decision, Denied, Permit, Policies, PolicySummary};
pub use load::PolicyError;
pub use model::{Action, Grant, Person, Principal, Resource, Standing};
