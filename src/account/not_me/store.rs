//! Rows of the codes by which a person says "this was not me".

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, UpdateStatement};

use crate::infra::database::Database;

pub mod not_me_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "not_me_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: Vec<u8>,
        pub account_id: Uuid,
        pub about: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn find(db: &Database, digest: &[u8]) -> Result<Option<not_me_code::Model>, DbErr> {
    db.first(not_me_code::Entity::find_by_id(digest.to_vec())).await
}

/// How often a person said so since a moment.
pub async fn used_since(db: &Database, account: Uuid, since: i64) -> Result<usize, DbErr> {
    let of_account = not_me_code::Entity::find().filter(not_me_code::Column::AccountId.eq(account));
    Ok(db.all(of_account.filter(not_me_code::Column::UsedAt.gt(since))).await?.len())
}

/// Uses up a code that is unused.
pub fn use_up(digest: &[u8], now: i64) -> UpdateStatement {
    not_me_code::Entity::update_many()
        .col_expr(not_me_code::Column::UsedAt, Expr::value(now))
        .filter(not_me_code::Column::Digest.eq(digest))
        .filter(not_me_code::Column::UsedAt.is_null())
        .filter(not_me_code::Column::ExpiresAt.gt(now))
        .into_query()
}

pub fn forget_before(before: i64) -> DeleteStatement {
    not_me_code::Entity::delete_many().filter(not_me_code::Column::ExpiresAt.lt(before)).into_query()
}
