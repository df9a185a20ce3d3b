//! What keeps the log append-only: triggers on both databases, and on PostgreSQL rights as well.

use crate::infra::database::Kind;

pub const fn statements(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Sqlite => &[
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
            "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
            // REPLACE deletes without the delete's trigger, unless the connection asks for it.
            "CREATE TRIGGER event_no_replace BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
            "CREATE TRIGGER event_seal_no_update BEFORE UPDATE ON event_seal BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
            "CREATE TRIGGER event_seal_no_delete BEFORE DELETE ON event_seal BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        ],
        Kind::Postgres => &[
            "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
            "CREATE TRIGGER event_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_seal FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
        ],
    }
}

/// What the node's own login may do on PostgreSQL: everything but change the log.
pub fn grants(node: &str) -> Vec<String> {
    vec![
        format!("GRANT USAGE ON SCHEMA public TO {node}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {node}"),
        format!("REVOKE UPDATE, DELETE, TRUNCATE ON event, event_seal FROM {node}"),
        format!("REVOKE INSERT, UPDATE, DELETE ON schema_version FROM {node}"),
    ]
}
