//! Version 1: people, proofs, sessions, tokens, the log, and the machinery under them.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::{Bytes, Flag, Number, Text, Uuid};
use super::table::{column, index, of, optional, table, unique};

pub fn tables() -> Vec<TableCreateStatement> {
    [people(), proofs(), browsers(), tokens(), log(), machinery()].into_iter().flatten().collect()
}

fn people() -> Vec<TableCreateStatement> {
    vec![
        table(
            "organisation",
            1,
            vec![column("id", Uuid), column("name", Text), column("created_at", Number)],
        ),
        table(
            "account",
            1,
            vec![
                column("id", Uuid),
                column("login", Text),
                column("display_name", Text),
                column("email", Text),
                column("language", Text),
                of("organisation", "organisation_id"),
                column("state", Text),
                optional("ends_at", Number),
                column("protected", Flag),
                column("directory", Text),
                column("epoch", Number),
                column("sub", Text),
                column("claims", Text),
                column("required_acr", Text),
                column("created_at", Number),
            ],
        ),
        table("account_name", 1, vec![column("name", Text), of("account", "account_id")]),
        table(
            "role_grant",
            3,
            vec![of("account", "account_id"), column("role", Text), of("organisation", "organisation_id")],
        ),
        table(
            "password",
            1,
            vec![
                of("account", "account_id"),
                column("memory_kib", Number),
                column("passes", Number),
                column("lanes", Number),
                column("salt", Bytes),
                column("verifier", Bytes),
                column("changed_at", Number),
                optional("expires_at", Number),
                column("must_change", Flag),
            ],
        ),
    ]
}

fn proofs() -> Vec<TableCreateStatement> {
    vec![
        table(
            "authenticator",
            1,
            vec![
                column("id", Uuid),
                of("account", "account_id"),
                column("kind", Text),
                column("name", Text),
                column("secret", Bytes),
                column("last_step", Number),
                column("created_at", Number),
                optional("last_used_at", Number),
            ],
        ),
        table(
            "attempt",
            1,
            vec![
                column("bucket", Text),
                column("failures", Number),
                column("last_at", Number),
                column("paused_until", Number),
            ],
        ),
        table(
            "journey",
            1,
            vec![
                column("id", Uuid),
                column("browser", Bytes),
                column("purpose", Text),
                column("required_acr", Text),
                optional("account_id", Uuid),
                optional("account_epoch", Number),
                column("login", Text),
                column("proofs", Text),
                column("target", Text),
                column("created_at", Number),
                column("expires_at", Number),
                optional("finished_at", Number),
                column("version", Number),
            ],
        ),
        table(
            "case_code",
            1,
            vec![
                column("code", Text),
                column("opened_at", Number),
                column("expires_at", Number),
                optional("throttle_window", Text),
            ],
        ),
    ]
}

fn browsers() -> Vec<TableCreateStatement> {
    vec![
        table(
            "session",
            1,
            vec![
                column("id", Uuid),
                column("token", Bytes),
                of("account", "account_id"),
                column("device_id", Uuid),
                column("acr", Text),
                column("amr", Text),
                column("authenticated_at", Number),
                column("created_at", Number),
                column("seen_at", Number),
                column("idle_seconds", Number),
                column("ends_at", Number),
                column("epoch", Number),
                column("address", Text),
                column("user_agent", Text),
                optional("ended_at", Number),
                optional("end_reason", Text),
            ],
        ),
        table(
            "session_client",
            2,
            vec![of("session", "session_id"), column("client_id", Text), column("first_at", Number)],
        ),
        table(
            "device",
            1,
            vec![
                column("id", Uuid),
                column("generation", Number),
                column("user_agent", Text),
                column("first_at", Number),
                column("last_at", Number),
            ],
        ),
        table(
            "device_account",
            2,
            vec![
                of("device", "device_id"),
                of("account", "account_id"),
                column("first_at", Number),
                column("last_at", Number),
                optional("remembered_until", Number),
            ],
        ),
    ]
}

fn tokens() -> Vec<TableCreateStatement> {
    vec![
        table(
            "authorization_code",
            1,
            vec![
                column("code", Bytes),
                column("client_id", Text),
                column("redirect_uri", Text),
                of("account", "account_id"),
                of("session", "session_id"),
                column("scope", Text),
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
        ),
        table(
            "signing_key",
            1,
            vec![
                column("id", Uuid),
                column("algorithm", Text),
                column("private", Bytes),
                column("public_jwk", Text),
                column("created_at", Number),
                column("active_from", Number),
                optional("retired_at", Number),
            ],
        ),
        table("epoch", 2, vec![column("kind", Text), column("name", Text), column("value", Number)]),
    ]
}

fn log() -> Vec<TableCreateStatement> {
    vec![
        table(
            "personal_key",
            1,
            vec![
                column("id", Uuid),
                column("subject", Uuid),
                column("month", Text),
                column("key", Bytes),
                column("created_at", Number),
            ],
        ),
        table(
            "event",
            1,
            vec![
                column("id", Uuid),
                column("at", Number),
                column("class", Number),
                optional("subject", Uuid),
                optional("case_code", Text),
                column("plain", Text),
                column("key_id", Uuid),
                column("personal", Bytes),
            ],
        ),
        table(
            "event_seal",
            1,
            vec![
                column("sequence", Number),
                column("event_id", Uuid),
                column("record_hash", Bytes),
                column("previous_hash", Bytes),
                column("sealed_at", Number),
            ],
        ),
    ]
}

fn machinery() -> Vec<TableCreateStatement> {
    vec![
        table(
            "outbox",
            1,
            vec![
                column("id", Uuid),
                optional("account_id", Uuid),
                column("envelope", Bytes),
                column("created_at", Number),
                column("due_at", Number),
                column("tries", Number),
                optional("sent_at", Number),
                optional("given_up_at", Number),
            ],
        ),
        table("job_lease", 1, vec![column("name", Text), column("holder", Text), column("until", Number)]),
    ]
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("account", &["login"]),
        unique("account", &["sub"]),
        index("account_name", &["account_id"]),
        index("authenticator", &["account_id"]),
        index("attempt", &["last_at"]),
        index("journey", &["expires_at"]),
        unique("case_code", &["throttle_window"]),
        unique("session", &["token"]),
        index("session", &["account_id"]),
        index("authorization_code", &["expires_at"]),
        unique("personal_key", &["subject", "month"]),
        index("event", &["subject", "at"]),
        index("event", &["case_code"]),
        unique("event_seal", &["event_id"]),
        index("outbox", &["due_at"]),
    ]
}
