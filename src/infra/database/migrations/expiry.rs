//! Version 9: change-by days, notices of passwords that run out, and passwords that were met expired.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Flag, Number, Text};
use super::table::{column, index, of, table};

pub fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "change_by",
            1,
            vec![of("account", "account_id"), column("expires_at", Number), column("day", Text)],
        ),
        table(
            "expiry_notice",
            3,
            vec![
                of("account", "account_id"),
                // Of the password that it spoke of: the next one has notices of its own.
                column("expires_at", Number),
                column("notice", Number),
                column("sent_at", Number),
            ],
        ),
        table(
            "expiry_met",
            2,
            vec![
                of("account", "account_id"),
                column("expires_at", Number),
                column("met_at", Number),
                column("at_home", Flag),
            ],
        ),
    ]
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("expiry_notice", &["expires_at"]), index("expiry_met", &["met_at"])]
}
