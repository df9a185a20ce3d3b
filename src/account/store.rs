//! Rows of accounts, names, roles and attempts.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    CaseStatement, DeleteStatement, Expr, ExprTrait, InsertStatement, OnConflict, Query, UpdateStatement,
};
use sea_orm::{DatabaseConnection, Insert, QueryOrder, QuerySelect, QueryTrait};

use crate::infra::database::{Database, Row};

pub mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub login: String,
        pub display_name: String,
        pub email: String,
        pub language: String,
        pub organisation_id: Uuid,
        pub state: String,
        pub ends_at: Option<i64>,
        pub protected: bool,
        pub directory: String,
        pub epoch: i64,
        pub sub: String,
        pub claims: String,
        pub required_acr: String,
        pub created_at: i64,
        pub contained_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::role_grant::Entity")]
        Grants,
    }

    impl Related<super::role_grant::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Grants.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod account_name {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_name")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub account_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod role_grant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::account::Entity",
            from = "Column::AccountId",
            to = "super::account::Column::Id"
        )]
        Account,
    }

    impl Related<super::account::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Account.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod organisation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod attempt {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bucket: String,
        pub failures: i64,
        pub last_at: i64,
        pub paused_until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn account_id_of(db: &Database, name: &str) -> Result<Option<Uuid>, DbErr> {
    let row = db.first(account_name::Entity::find_by_id(name)).await?;
    Ok(row.map(|row| row.account_id))
}

pub async fn account_with_grants(
    db: &Database,
    id: Uuid,
) -> Result<Option<(account::Model, Vec<role_grant::Model>)>, DbErr> {
    // Both are asked in any case: for nobody this is the same work as for somebody.
    let account = db.first(account::Entity::find_by_id(id)).await?;
    let grants = db.all(role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(id))).await?;
    Ok(account.map(|account| (account, grants)))
}

pub async fn all_accounts(
    db: &DatabaseConnection,
) -> Result<Vec<(account::Model, Vec<role_grant::Model>)>, DbErr> {
    account::Entity::find().find_with_related(role_grant::Entity).all(db).await
}

/// Every name with its account, for finding near ones.
pub async fn all_names(db: &DatabaseConnection, at_most: u64) -> Result<Vec<account_name::Model>, DbErr> {
    account_name::Entity::find().limit(at_most).all(db).await
}

pub async fn first_organisation(db: &DatabaseConnection) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find().order_by_asc(organisation::Column::CreatedAt).one(db).await
}

pub async fn attempt(db: &Database, bucket: &str) -> Result<Option<attempt::Model>, DbErr> {
    db.first(attempt::Entity::find_by_id(bucket)).await
}

/// Changes the state of an account that is still in the one it is changed from; all that was issued
/// before stops.
pub fn set_state(id: Uuid, from: &str, to: &str) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::State, Expr::value(to))
        .col_expr(account::Column::Epoch, Expr::col(account::Column::Epoch).add(1_i64))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::State.eq(from))
        .into_query()
}

/// `epochs`: 1 where the account had ended, so that what was issued before does not come back with it.
pub fn set_end(id: Uuid, ends_at: Option<i64>, epochs: i64) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::EndsAt, Expr::value(ends_at))
        .col_expr(account::Column::Epoch, Expr::col(account::Column::Epoch).add(epochs))
        .filter(account::Column::Id.eq(id))
        .into_query()
}

/// Contains an account that is not contained; all that was issued before stops.
pub fn contain(id: Uuid, now: i64) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::ContainedAt, Expr::value(now))
        .col_expr(account::Column::Epoch, Expr::col(account::Column::Epoch).add(1_i64))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::ContainedAt.is_null())
        .into_query()
}

pub fn release(id: Uuid) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::ContainedAt, Expr::value(Option::<i64>::None))
        .filter(account::Column::Id.eq(id))
        .into_query()
}

pub fn describe(id: Uuid, login: &str, display_name: &str, email: &str, language: &str) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::Login, Expr::value(login))
        .col_expr(account::Column::DisplayName, Expr::value(display_name))
        .col_expr(account::Column::Email, Expr::value(email))
        .col_expr(account::Column::Language, Expr::value(language))
        .filter(account::Column::Id.eq(id))
        .into_query()
}

pub fn forget_names(id: Uuid) -> DeleteStatement {
    account_name::Entity::delete_many().filter(account_name::Column::AccountId.eq(id)).into_query()
}

pub fn add_to_epoch(id: Uuid, more: i64) -> UpdateStatement {
    account::Entity::update_many()
        .col_expr(account::Column::Epoch, Expr::col(account::Column::Epoch).add(more))
        .filter(account::Column::Id.eq(id))
        .into_query()
}

pub fn revoke_role(grant: &role_grant::Model) -> DeleteStatement {
    role_grant::Entity::delete_many()
        .filter(role_grant::Column::AccountId.eq(grant.account_id))
        .filter(role_grant::Column::Role.eq(grant.role.as_str()))
        .filter(role_grant::Column::OrganisationId.eq(grant.organisation_id))
        .into_query()
}

pub fn erase(id: Uuid) -> DeleteStatement {
    account::Entity::delete_many().filter(account::Column::Id.eq(id)).into_query()
}

/// One statement: refuses while paused, counts, and sets the pause that the count brings (`ladder`: from
/// how many failures on, until when; highest first).
pub fn count_one_more(first: attempt::Model, ladder: &[(u32, i64)]) -> InsertStatement {
    let failures = || Expr::col((attempt::Entity, attempt::Column::Failures));
    let now = first.last_at;
    let mut pause = CaseStatement::new();
    for (count, until) in ladder {
        pause = pause.case(failures().gte(i64::from(*count) - 1), *until);
    }
    let again = OnConflict::column(attempt::Column::Bucket)
        .value(attempt::Column::Failures, failures().add(1_i64))
        .value(attempt::Column::LastAt, now)
        .value(attempt::Column::PausedUntil, pause.finally(0_i64))
        .action_and_where(Expr::col((attempt::Entity, attempt::Column::PausedUntil)).lte(now))
        .to_owned();
    let mut statement = Insert::one(first.to_be_written()).on_conflict(again).into_query();
    statement.returning(Query::returning().column(attempt::Column::Failures));
    statement
}

pub fn clear_attempts(bucket: &str) -> DeleteStatement {
    attempt::Entity::delete_many().filter(attempt::Column::Bucket.eq(bucket)).into_query()
}

pub fn give_back_attempt(bucket: &str) -> UpdateStatement {
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Failures, Expr::col(attempt::Column::Failures).sub(1_i64))
        .col_expr(attempt::Column::PausedUntil, Expr::value(0_i64))
        .filter(attempt::Column::Bucket.eq(bucket))
        .filter(attempt::Column::Failures.gt(0))
        .into_query()
}

/// Takes away counts of buckets that begin alike, of a time where one is given.
pub fn forget_attempts(start: &str, last_before: Option<i64>) -> DeleteStatement {
    let mut delete = attempt::Entity::delete_many().filter(attempt::Column::Bucket.starts_with(start));
    if let Some(before) = last_before {
        delete = delete.filter(attempt::Column::LastAt.lt(before));
    }
    delete.into_query()
}
