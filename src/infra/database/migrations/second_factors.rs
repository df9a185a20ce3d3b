//! Version 4: passkeys and security keys. Each is an authenticator, with what is special about it beside.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Number, Text, Uuid};
use super::table::{column, index, of, optional, table, unique};
use crate::infra::database::Kind;

pub fn tables() -> Vec<TableCreateStatement> {
    vec![
        // What authenticators know a person by: random, and never the account's own id.
        table("webauthn_user", 1, vec![of("account", "account_id"), column("handle", Bytes)]),
        table(
            "webauthn_credential",
            1,
            vec![
                of("authenticator", "authenticator_id"),
                column("credential_id", Bytes),
                // Where its key is kept, as far as that is known.
                column("storage", Text),
                // The public key and what was said at its making, as the library writes it.
                column("credential", Text),
                column("counter", Number),
                // Of the model; nil where it is not told.
                column("aaguid", Uuid),
                column("transports", Text),
            ],
        ),
        table(
            "webauthn_challenge",
            1,
            vec![
                column("id", Uuid),
                column("browser", Bytes),
                column("purpose", Text),
                optional("journey_id", Uuid),
                optional("account_id", Uuid),
                column("state", Text),
                column("created_at", Number),
                column("expires_at", Number),
            ],
        ),
    ]
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("webauthn_user", &["handle"]),
        unique("webauthn_credential", &["credential_id"]),
        index("webauthn_challenge", &["expires_at"]),
    ]
}

pub const fn statements(_: Kind) -> &'static [&'static str] {
    &[]
}
