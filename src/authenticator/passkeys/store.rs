//! Rows of credentials, of what authenticators know people by, and of challenges.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, UpdateStatement};

use crate::authenticator::store::authenticator;
use crate::infra::database::Database;

pub mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webauthn_user")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub handle: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod credential {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webauthn_credential")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub authenticator_id: Uuid,
        pub credential_id: Vec<u8>,
        pub storage: String,
        pub credential: String,
        pub counter: i64,
        pub aaguid: Uuid,
        pub transports: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod challenge {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webauthn_challenge")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub browser: Vec<u8>,
        pub purpose: String,
        pub journey_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub state: String,
        pub created_at: i64,
        pub expires_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn user_of(db: &Database, account: Uuid) -> Result<Option<user::Model>, DbErr> {
    db.first(user::Entity::find_by_id(account)).await
}

/// The credential of an id with the authenticator that it is.
pub async fn by_credential_id(
    db: &Database,
    id: &[u8],
) -> Result<Option<(authenticator::Model, credential::Model)>, DbErr> {
    let key = db.first(credential::Entity::find().filter(credential::Column::CredentialId.eq(id))).await?;
    let Some(key) = key else { return Ok(None) };
    let bound = db.first(authenticator::Entity::find_by_id(key.authenticator_id)).await?;
    Ok(bound.map(|bound| (bound, key)))
}

pub async fn of_authenticators(db: &Database, ids: Vec<Uuid>) -> Result<Vec<credential::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    db.all(credential::Entity::find().filter(credential::Column::AuthenticatorId.is_in(ids))).await
}

/// A challenge of this browser whose time runs.
pub async fn challenge(
    db: &Database,
    id: Uuid,
    browser: &[u8],
    now: i64,
) -> Result<Option<challenge::Model>, DbErr> {
    let of_the_browser = challenge::Entity::find_by_id(id).filter(challenge::Column::Browser.eq(browser));
    db.first(of_the_browser.filter(challenge::Column::ExpiresAt.gt(now))).await
}

/// Uses a challenge up: one row, or it was used before.
pub fn use_challenge(id: Uuid) -> DeleteStatement {
    challenge::Entity::delete_many().filter(challenge::Column::Id.eq(id)).into_query()
}

pub fn forget_challenges_of(account: Uuid) -> DeleteStatement {
    challenge::Entity::delete_many().filter(challenge::Column::AccountId.eq(account)).into_query()
}

pub fn forget_challenges(before: i64) -> DeleteStatement {
    challenge::Entity::delete_many().filter(challenge::Column::ExpiresAt.lt(before)).into_query()
}

/// Moves the counter on: never back, and never to where it is. One that counts not at all stays at nought.
pub fn count_use(authenticator: Uuid, counter: i64) -> UpdateStatement {
    let forward = credential::Column::Counter.lt(counter);
    let uncounted = credential::Column::Counter.eq(0_i64).and(Expr::value(counter).eq(0_i64));
    credential::Entity::update_many()
        .col_expr(credential::Column::Counter, Expr::value(counter))
        .filter(credential::Column::AuthenticatorId.eq(authenticator))
        .filter(forward.or(uncounted))
        .into_query()
}
