//! Rows of authenticators.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{QueryOrder, QueryTrait};

use crate::infra::database::{Database, Unit};
use crate::kernel::id::{AccountId, AuthenticatorId};

/// Condition that fails when the account has as many authenticators as it may.
pub const ROOM_LEFT: &str = "authenticator_room_left";

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

/// Says that an authenticator was used.
pub fn touch(id: Uuid, now: i64) -> UpdateStatement {
    authenticator::Entity::update_many()
        .col_expr(authenticator::Column::LastUsedAt, Expr::value(now))
        .filter(authenticator::Column::Id.eq(id))
        .into_query()
}

/// Calls an authenticator of an account by another name.
pub fn rename(id: Uuid, account: Uuid, name: &str) -> UpdateStatement {
    authenticator::Entity::update_many()
        .col_expr(authenticator::Column::Name, Expr::value(name))
        .filter(authenticator::Column::Id.eq(id))
        .filter(authenticator::Column::AccountId.eq(account))
        .into_query()
}

/// Revokes all of an account.
pub fn revoke_all(account: Uuid) -> DeleteStatement {
    authenticator::Entity::delete_many().filter(authenticator::Column::AccountId.eq(account)).into_query()
}

/// Revokes one of an account.
pub fn revoke(id: Uuid, account: Uuid) -> DeleteStatement {
    authenticator::Entity::delete_many()
        .filter(authenticator::Column::Id.eq(id))
        .filter(authenticator::Column::AccountId.eq(account))
        .into_query()
}

/// A statement that touches an authenticator of an account while it is there, and changes nothing.
pub fn keep(id: Uuid, account: Uuid) -> UpdateStatement {
    authenticator::Entity::update_many()
        .col_expr(authenticator::Column::Kind, Expr::col(authenticator::Column::Kind))
        .filter(authenticator::Column::Id.eq(id))
        .filter(authenticator::Column::AccountId.eq(account))
        .into_query()
}

/// Refuses the unit when the account would have more authenticators than it may.
pub fn demand_room(unit: &mut Unit, id: AuthenticatorId, account: AccountId, at_most: usize) {
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    unit.require(ROOM_LEFT, &keep_if_among(id.uuid(), account.uuid(), at_most));
}

/// A statement that touches the new row only while it is one of at most so many of its account.
fn keep_if_among(id: Uuid, account: Uuid, at_most: i64) -> UpdateStatement {
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
