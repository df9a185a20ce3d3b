//! Version 3: events that wait for their seal are listed, so that the sealer asks what waits and not what is
//! there. The list is kept by the database itself: nothing can be recorded past it.

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

use super::table::Kind::Uuid;
use super::table::{column, table};
use crate::infra::database::Kind;

pub fn tables() -> Vec<TableCreateStatement> {
    vec![table("event_unsealed", 1, vec![column("event_id", Uuid)])]
}

pub const fn indexes() -> Vec<IndexCreateStatement> {
    vec![]
}

/// What the list begins with, and the trigger that goes on with it.
pub const fn statements(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Sqlite => &[
            FILL,
            "CREATE TRIGGER event_awaits_seal AFTER INSERT ON event BEGIN INSERT INTO event_unsealed (event_id) VALUES (NEW.id); END",
        ],
        Kind::Postgres => &[
            FILL,
            "CREATE FUNCTION event_awaits_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO event_unsealed (event_id) VALUES (NEW.id); RETURN NULL; END $$",
            "CREATE TRIGGER event_awaits_seal AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_awaits_seal()",
        ],
    }
}

const FILL: &str = "INSERT INTO event_unsealed (event_id) SELECT event.id FROM event LEFT JOIN event_seal ON event_seal.event_id = event.id WHERE event_seal.event_id IS NULL";
