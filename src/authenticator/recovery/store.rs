//! Rows of recovery codes.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, UpdateStatement};

use crate::infra::database::Database;

pub mod recovery_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: Vec<u8>,
        pub made_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn all_of(db: &Database, account: Uuid) -> Result<Vec<recovery_code::Model>, DbErr> {
    db.all(recovery_code::Entity::find().filter(recovery_code::Column::AccountId.eq(account))).await
}

pub async fn find(
    db: &Database,
    account: Uuid,
    digest: &[u8],
) -> Result<Option<recovery_code::Model>, DbErr> {
    db.first(recovery_code::Entity::find_by_id((account, digest.to_vec()))).await
}

/// Uses up a code that is unused.
pub fn use_up(account: Uuid, digest: &[u8], now: i64) -> UpdateStatement {
    recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::Digest.eq(digest))
        .filter(recovery_code::Column::UsedAt.is_null())
        .into_query()
}

pub fn forget(account: Uuid) -> DeleteStatement {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account)).into_query()
}
