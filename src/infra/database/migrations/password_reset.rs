//! Version 8: the reset of a password, codes that are sent by mail, and "this was not me".

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Number, Text, Uuid};
use super::table::{column, index, of, optional, table};
use crate::infra::database::Kind;

pub fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "password_reset",
            1,
            vec![
                column("journey_id", Uuid),
                // Of nobody where nobody has the name: then there is no account to refer to.
                column("account_id", Uuid),
                column("case_code", Text),
                column("problem", Text),
                // Since when somebody writes the new password: of two at once one does.
                optional("claimed_at", Number),
                optional("outcome", Text),
                optional("finished_at", Number),
                column("sessions_ended", Number),
                column("applications", Text),
                column("expires_at", Number),
            ],
        ),
        table(
            "mail_code",
            1,
            vec![
                column("id", Uuid),
                column("journey_id", Uuid),
                column("account_id", Uuid),
                column("purpose", Text),
                // Under a key and over journey, account and purpose: the code counts nowhere else.
                column("digest", Bytes),
                column("tries", Number),
                column("created_at", Number),
                column("expires_at", Number),
                optional("ended_at", Number),
            ],
        ),
        // How often something was asked for in an hour of the clock.
        table("hourly_count", 2, vec![column("what", Text), column("hour", Number), column("count", Number)]),
        table(
            "not_me_code",
            1,
            vec![
                column("digest", Bytes),
                of("account", "account_id"),
                column("about", Text),
                column("created_at", Number),
                column("expires_at", Number),
                optional("used_at", Number),
            ],
        ),
    ]
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("password_reset", &["expires_at"]),
        index("password_reset", &["account_id"]),
        index("mail_code", &["journey_id", "purpose"]),
        index("mail_code", &["account_id"]),
        index("mail_code", &["expires_at"]),
        index("hourly_count", &["hour"]),
        index("not_me_code", &["account_id"]),
        index("not_me_code", &["expires_at"]),
    ]
}

pub const fn statements(_: Kind) -> &'static [&'static str] {
    // Since when nothing is open to the account but the reset of its password.
    &["ALTER TABLE account ADD COLUMN contained_at BIGINT"]
}
