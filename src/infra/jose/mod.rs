//! Signed and encrypted texts in their compact forms, on the one crypto backend.

pub mod jwe;
pub mod jws;
