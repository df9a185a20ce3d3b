//! Rows of authenticators.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{QueryOrder, QueryTrait};

use crate::infra::database::Database;

pub mod authenticator {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authenticator")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub name: String,
        pub secret: Vec<u8>,
        pub last_step: i64,
        pub created_at: i64,
        pub last_used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub async fn all_of(db: &Database, account: Uuid) -> Result<Vec<authenticator::Model>, DbErr> {
    let of_the_account = authenticator::Entity::find().filter(authenticator::Column::AccountId.eq(account));
    db.all(of_the_account.order_by_asc(authenticator::Column::CreatedAt)).await
}

/// Uses up a step: each step, and all before it, counts once.
pub fn use_step(id: Uuid, step: i64, now: i64) -> UpdateStatement {
    authenticator::Entity::update_many()
        .col_expr(authenticator::Column::LastStep, Expr::value(step))
        .col_expr(authenticator::Column::LastUsedAt, Expr::value(now))
        .filter(authenticator::Column::Id.eq(id))
        .filter(authenticator::Column::LastStep.lt(step))
        .into_query()
}

/// Revokes an authenticator, as long as another one stays.
pub fn revoke_unless_last(id: Uuid, account: Uuid) -> DeleteStatement {
    authenticator::Entity::delete_many()
        .filter(authenticator::Column::Id.eq(id))
        .filter(authenticator::Column::AccountId.eq(account))
        .filter(Expr::value(1_i64).lt(count_of(account)))
        .into_query()
}

/// A statement that touches the new row only while it is one of at most so many of its account.
pub fn keep_if_among(id: Uuid, account: Uuid, at_most: i64) -> UpdateStatement {
    authenticator::Entity::update_many()
        .col_expr(authenticator::Column::Kind, Expr::col(authenticator::Column::Kind))
        .filter(authenticator::Column::Id.eq(id))
        .filter(Expr::value(at_most).gte(count_of(account)))
        .into_query()
}

fn count_of(account: Uuid) -> Expr {
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(authenticator::Entity)
        .and_where(authenticator::Column::AccountId.eq(account))
        .to_owned();
    Expr::SubQuery(None, Box::new(count.into()))
}
