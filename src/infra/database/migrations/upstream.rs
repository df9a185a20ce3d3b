//! Version 5: upstream providers: sign-ins that are under way there, who is whose account, and our own keys.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Number, Text, Uuid};
use super::table::{column, index, of, optional, table, unique};

pub fn tables() -> Vec<TableCreateStatement> {
    vec![state(), link(), awaited(), key()]
}

/// A request that a browser took to an upstream provider.
fn state() -> TableCreateStatement {
    table(
        "upstream_state",
        1,
        vec![
            // Digest of what travels.
            column("state", Bytes),
            column("provider", Text),
            column("issuer", Text),
            column("journey_id", Uuid),
            column("browser", Bytes),
            column("nonce", Bytes),
            // Sealed.
            column("verifier", Bytes),
            column("required_acr", Text),
            column("freshness", Text),
            column("created_at", Number),
            column("expires_at", Number),
            optional("used_at", Number),
        ],
    )
}

/// Who at an upstream provider is which account.
fn link() -> TableCreateStatement {
    table(
        "upstream_link",
        2,
        vec![
            of("account", "account_id"),
            column("provider", Text),
            column("issuer", Text),
            column("subject", Text),
            column("ground", Text),
            column("linked_at", Number),
            optional("used_at", Number),
        ],
    )
}

/// Whose national register number is awaited for an account: a keyed digest, and under which pepper.
fn awaited() -> TableCreateStatement {
    table(
        "upstream_awaited",
        1,
        vec![
            of("account", "account_id"),
            column("pepper", Number),
            column("digest", Bytes),
            column("created_at", Number),
        ],
    )
}

fn key() -> TableCreateStatement {
    table(
        "upstream_key",
        2,
        vec![
            // What it does and by which algorithm; keys of one line follow each other by number.
            column("line", Text),
            column("number", Number),
            column("id", Uuid),
            column("private", Bytes),
            column("public_jwk", Text),
            column("created_at", Number),
            column("active_from", Number),
            optional("retired_at", Number),
        ],
    )
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("upstream_state", &["expires_at"]),
        unique("upstream_link", &["issuer", "subject"]),
        unique("upstream_awaited", &["pepper", "digest"]),
        unique("upstream_key", &["id"]),
    ]
}
