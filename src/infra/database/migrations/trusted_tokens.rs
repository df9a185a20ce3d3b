//! Version 2: what a client was given and may go on with, what people agreed to, and the register of clients.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Flag, Number, Text, Uuid};
use super::table::{column, index, of, optional, table};
use crate::infra::database::Kind;

/// A code lives for a minute: whoever holds one while the program is exchanged begins anew.
pub const DROPS: &[&str] = &["authorization_code"];

pub fn tables() -> Vec<TableCreateStatement> {
    vec![authorization_code(), token_grant(), consent(), single_use(), client()]
}

fn authorization_code() -> TableCreateStatement {
    table(
        "authorization_code",
        1,
        vec![
            column("code", Bytes),
            // The grant that it becomes.
            column("grant_id", Uuid),
            column("client_id", Text),
            column("redirect_uri", Text),
            of("account", "account_id"),
            of("session", "session_id"),
            column("scope", Text),
            column("claims", Text),
            column("audience", Text),
            optional("nonce", Text),
            column("challenge", Text),
            column("acr", Text),
            column("amr", Text),
            column("authenticated_at", Number),
            column("account_epoch", Number),
            column("client_epoch", Number),
            column("created_at", Number),
            column("expires_at", Number),
            optional("used_at", Number),
        ],
    )
}

/// One row for all that comes of one code: its access tokens point to it, and of its refresh tokens the
/// generation says which is the present one.
fn token_grant() -> TableCreateStatement {
    table(
        "token_grant",
        1,
        vec![
            column("id", Uuid),
            column("client_id", Text),
            of("account", "account_id"),
            // Not a reference: a grant for offline access outlives the session that it began in.
            column("session_id", Uuid),
            column("offline", Flag),
            column("scope", Text),
            column("claims", Text),
            column("audience", Text),
            column("acr", Text),
            column("amr", Text),
            column("authenticated_at", Number),
            column("account_epoch", Number),
            column("client_epoch", Number),
            optional("refresh_secret", Bytes),
            column("generation", Number),
            column("rotated_at", Number),
            column("created_at", Number),
            column("expires_at", Number),
            optional("ended_at", Number),
        ],
    )
}

fn consent() -> TableCreateStatement {
    table(
        "consent",
        2,
        vec![
            of("account", "account_id"),
            column("client_id", Text),
            // Of the client that it was given to: another one under the same id is not agreed to.
            column("client_epoch", Number),
            column("scope", Text),
            column("claims", Text),
            column("given_at", Number),
        ],
    )
}

/// What was seen once and must not be accepted again while it could be.
fn single_use() -> TableCreateStatement {
    table("single_use", 2, vec![column("kind", Text), column("id", Bytes), column("expires_at", Number)])
}

fn client() -> TableCreateStatement {
    table(
        "client",
        1,
        vec![
            column("client_id", Text),
            column("registration", Text),
            column("applied_at", Number),
            optional("ended_at", Number),
        ],
    )
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("authorization_code", &["expires_at"]),
        index("token_grant", &["account_id", "client_id"]),
        index("token_grant", &["expires_at"]),
        index("single_use", &["expires_at"]),
    ]
}

pub const fn statements(_: Kind) -> &'static [&'static str] {
    // Ends of grants are in their own rows now.
    &["DELETE FROM epoch WHERE kind = 'grant'"]
}
