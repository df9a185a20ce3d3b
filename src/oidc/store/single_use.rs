//! What was seen once and must not be accepted again while it could be: a typed name space for each kind.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Insert, QueryTrait};

use crate::infra::database::{Database, Row, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when it was seen before.
pub const UNSEEN: &str = "unseen";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The assertion that a client proves itself by.
    Assertion,
    /// An access token that was taken back before its time.
    RevokedToken,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Assertion => "client_assertion",
            Self::RevokedToken => "revoked_token",
        }
    }
}

mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "single_use")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        /// A digest: what it is of may be a secret, and may be long.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Vec<u8>,
        pub expires_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Takes an id; the unit is refused when it was taken before.
pub fn take(unit: &mut Unit, kind: Kind, id: &[u8], expires_at: Moment) {
    unit.insert_once(UNSEEN, row(kind, id, expires_at));
}

/// Notes an id, be it known or not.
pub fn note(unit: &mut Unit, kind: Kind, id: &[u8], expires_at: Moment) {
    let known = OnConflict::columns([rows::Column::Kind, rows::Column::Id]).do_nothing().to_owned();
    unit.run(&Insert::one(row(kind, id, expires_at).to_be_written()).on_conflict(known).into_query());
}

pub async fn is_noted(db: &Database, kind: Kind, id: &[u8]) -> Result<bool, WriteError> {
    let row = db.first(rows::Entity::find_by_id((kind.name().to_owned(), id.to_vec()))).await;
    Ok(row.map_err(WriteError::Unavailable)?.is_some())
}

pub fn forget_before(unit: &mut Unit, before: Moment) {
    let gone = rows::Entity::delete_many().filter(rows::Column::ExpiresAt.lt(before.micros()));
    unit.run(&gone.into_query());
}

fn row(kind: Kind, id: &[u8], expires_at: Moment) -> rows::Model {
    rows::Model { kind: kind.name().to_owned(), id: id.to_vec(), expires_at: expires_at.micros() }
}
