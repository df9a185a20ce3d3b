//! Rows of codes, signing keys and epochs.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{Condition, Insert, QueryOrder, QueryTrait};

use crate::infra::database::{Database, Unit, WriteError};
use crate::kernel::time::Moment;

/// Condition that fails when a code was used, ran out, or is another client's or address's.
pub const CODE_USABLE: &str = "code_usable";
/// Condition that fails when another node made the first key of the algorithm.
pub const FIRST_KEY: &str = "first_signing_key";

/// Kinds of epochs.
const CLIENT: &str = "client";
/// A grant with an epoch is over; the epoch is the moment of its end.
const GRANT: &str = "grant";
/// How many keys of an algorithm were ever made.
const SIGNING_KEY: &str = "signing_key";

pub mod authorization_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authorization_code")]
    pub struct Model {
        /// Digest of the code; the code itself is nowhere.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: Vec<u8>,
        pub client_id: String,
        pub redirect_uri: String,
        pub account_id: Uuid,
        pub session_id: Uuid,
        pub scope: String,
        pub nonce: Option<String>,
        pub challenge: String,
        pub acr: String,
        pub amr: String,
        pub authenticated_at: i64,
        pub account_epoch: i64,
        pub client_epoch: i64,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod signing_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signing_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub algorithm: String,
        /// PKCS#8, sealed.
        pub private: Vec<u8>,
        pub public_jwk: String,
        pub created_at: i64,
        pub active_from: i64,
        pub retired_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod epoch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "epoch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use authorization_code::Model as Code;
pub use signing_key::Model as StoredKey;

pub fn insert_code(unit: &mut Unit, code: Code) {
    unit.insert(code);
}

pub async fn code(db: &Database, digest: &[u8]) -> Result<Option<Code>, WriteError> {
    let row = authorization_code::Entity::find_by_id(digest.to_vec()).one(db.read()).await;
    row.map_err(WriteError::Unavailable)
}

/// Uses a code: one conditional statement with its whole binding.
pub fn use_code(unit: &mut Unit, code: &Code, now: Moment) {
    let update = authorization_code::Entity::update_many()
        .col_expr(authorization_code::Column::UsedAt, Expr::value(now.micros()))
        .filter(authorization_code::Column::Code.eq(code.code.clone()))
        .filter(authorization_code::Column::ClientId.eq(code.client_id.as_str()))
        .filter(authorization_code::Column::RedirectUri.eq(code.redirect_uri.as_str()))
        .filter(authorization_code::Column::UsedAt.is_null())
        .filter(authorization_code::Column::ExpiresAt.gt(now.micros()));
    unit.require(CODE_USABLE, &update.into_query());
}

/// What no code or token asks for any more.
pub fn forget_before(unit: &mut Unit, before: Moment) {
    let codes = authorization_code::Entity::delete_many()
        .filter(authorization_code::Column::ExpiresAt.lt(before.micros()));
    unit.run(&codes.into_query());
    let grants = epoch::Entity::delete_many()
        .filter(epoch::Column::Kind.eq(GRANT))
        .filter(epoch::Column::Value.lt(before.micros()));
    unit.run(&grants.into_query());
}

/// What has to be the same as when a token was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epochs {
    pub client: i64,
    pub grant_is_over: bool,
}

/// The epoch of a client (zero where it was never raised), and whether a grant is over.
pub async fn epochs(db: &Database, client_id: &str, grant: &str) -> Result<Epochs, WriteError> {
    let one = |kind: &str, name: &str| {
        Condition::all().add(epoch::Column::Kind.eq(kind)).add(epoch::Column::Name.eq(name))
    };
    let rows = epoch::Entity::find()
        .filter(Condition::any().add(one(CLIENT, client_id)).add(one(GRANT, grant)))
        .all(db.read())
        .await
        .map_err(WriteError::Unavailable)?;
    let client = rows.iter().find(|row| row.kind == CLIENT).map_or(0, |row| row.value);
    Ok(Epochs { client, grant_is_over: rows.iter().any(|row| row.kind == GRANT) })
}

pub async fn client_epoch(db: &Database, client_id: &str) -> Result<i64, WriteError> {
    let row = epoch::Entity::find_by_id((CLIENT.to_owned(), client_id.to_owned())).one(db.read()).await;
    Ok(row.map_err(WriteError::Unavailable)?.map_or(0, |row| row.value))
}

/// Ends all that was issued from a grant.
pub fn end_grant(unit: &mut Unit, grant: &str, now: Moment) {
    let known = OnConflict::columns([epoch::Column::Kind, epoch::Column::Name]).do_nothing().to_owned();
    let row = epoch_row(GRANT, grant, now.micros());
    unit.run(&Insert::one(row).on_conflict(known).into_query());
}

/// Keys that are not yet retired, oldest first.
pub async fn signing_keys(db: &Database, now: Moment) -> Result<Vec<StoredKey>, WriteError> {
    let unretired = Condition::any()
        .add(signing_key::Column::RetiredAt.is_null())
        .add(signing_key::Column::RetiredAt.gt(now.micros()));
    signing_key::Entity::find()
        .filter(unretired)
        .order_by_asc(signing_key::Column::ActiveFrom)
        .order_by_asc(signing_key::Column::Id)
        .all(db.read())
        .await
        .map_err(WriteError::Unavailable)
}

/// Keeps the first key of an algorithm; of two nodes that start together one is refused.
pub fn insert_first_key(unit: &mut Unit, key: StoredKey) {
    unit.insert_once(FIRST_KEY, epoch_row(SIGNING_KEY, &key.algorithm, 1));
    unit.insert(key);
}

fn epoch_row(kind: &str, name: &str, value: i64) -> epoch::Model {
    epoch::Model { kind: kind.to_owned(), name: name.to_owned(), value }
}
