//! The log beside its database: what stands in its copy, and what is left of a person who was erased.

mod copy;
mod erased;
