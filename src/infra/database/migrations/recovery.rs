//! Version 6: recovery codes, browsers that stand for a second proof, and invitations to enrol.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Number, Text, Uuid};
use super::table::{column, index, of, optional, table, unique};
use crate::infra::database::Kind;

pub fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "recovery_code",
            2,
            vec![
                of("account", "account_id"),
                // Over the account and the code: the same code of somebody else is another one.
                column("digest", Bytes),
                column("made_at", Number),
                optional("used_at", Number),
            ],
        ),
        table(
            "trusted_browser",
            2,
            vec![
                of("device", "device_id"),
                of("account", "account_id"),
                // Of the account: what stops all that was issued before stops this.
                column("account_epoch", Number),
                column("since", Number),
                column("until", Number),
            ],
        ),
        table(
            "invitation",
            1,
            vec![
                column("id", Uuid),
                of("account", "account_id"),
                column("token", Bytes),
                column("purpose", Text),
                column("created_at", Number),
                column("expires_at", Number),
                optional("used_at", Number),
            ],
        ),
    ]
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("trusted_browser", &["account_id"]),
        unique("invitation", &["token"]),
        index("invitation", &["account_id"]),
        index("invitation", &["expires_at"]),
    ]
}

pub const fn statements(_: Kind) -> &'static [&'static str] {
    &[]
}
