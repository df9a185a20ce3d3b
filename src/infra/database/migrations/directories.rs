//! Version 7: people of directories beside our own, and the password before the present one.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Flag, Number, Text};
use super::table::{column, index, of, optional, table, unique};
use crate::infra::database::Kind;

pub fn tables() -> Vec<TableCreateStatement> {
    vec![person(), send(), cursor()]
}

/// Who in a directory is which account, and what the directory last said of them.
fn person() -> TableCreateStatement {
    table(
        "directory_person",
        1,
        vec![
            of("account", "account_id"),
            column("directory", Text),
            // objectGUID or entryUUID: neither a new name nor another place makes it another person.
            column("key", Bytes),
            column("dn", Text),
            optional("upn", Text),
            // As the directory says it: active, disabled, ended, gone.
            column("state", Text),
            column("changed_at", Number),
            // As the directory counts it; nothing where we changed it and have not read it again.
            optional("changed_mark", Number),
            optional("expires_at", Number),
            column("must_change", Flag),
            column("locked", Flag),
            optional("locked_until", Number),
            optional("earliest_change", Number),
            column("protected", Flag),
            column("refreshed_at", Number),
        ],
    )
}

/// Passwords that were sent to a directory and not found right, by who sent them.
fn send() -> TableCreateStatement {
    table(
        "directory_send",
        2,
        vec![
            of("account", "account_id"),
            // stranger or known
            column("sender", Text),
            column("sent", Number),
            column("since", Number),
        ],
    )
}

/// How far a directory was read.
fn cursor() -> TableCreateStatement {
    table(
        "directory_cursor",
        1,
        vec![
            column("directory", Text),
            column("controller", Text),
            column("mark", Text),
            column("all_read_at", Number),
        ],
    )
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("directory_person", &["directory", "key"]),
        index("directory_person", &["directory", "expires_at"]),
    ]
}

pub const fn statements(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Sqlite => &[
            "ALTER TABLE password ADD COLUMN previous BLOB",
            "ALTER TABLE password ADD COLUMN previous_until BIGINT",
        ],
        Kind::Postgres => &[
            "ALTER TABLE password ADD COLUMN previous BYTEA",
            "ALTER TABLE password ADD COLUMN previous_until BIGINT",
        ],
    }
}
