//! Rows of invitations.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, UpdateStatement};

use crate::infra::database::Database;

pub mod invitation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub token: Vec<u8>,
        pub purpose: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn by_token(db: &Database, token: &[u8]) -> Result<Option<invitation::Model>, DbErr> {
    db.first(invitation::Entity::find().filter(invitation::Column::Token.eq(token))).await
}

/// Uses up an invitation that is open.
pub fn use_up(id: Uuid, now: i64) -> UpdateStatement {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .into_query()
}

/// Ends whatever is open of an account.
pub fn end_open(account: Uuid, now: i64) -> UpdateStatement {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, Expr::value(now))
        .filter(invitation::Column::AccountId.eq(account))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .into_query()
}

pub fn forget_before(before: i64) -> DeleteStatement {
    invitation::Entity::delete_many().filter(invitation::Column::ExpiresAt.lt(before)).into_query()
}
