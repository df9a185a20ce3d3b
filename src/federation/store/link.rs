//! Who at an upstream provider is which account. One of a provider for an account, one account for each.

use sea_orm::QueryTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, Select};

use crate::infra::database::{Database, Unit};
use crate::kernel::time::Moment;

/// Condition that fails when the account has a link at the provider, or the one at the provider an account.
pub const LINK_FREE: &str = "upstream_link_free";
/// Condition that fails when there is no such link any more.
pub const LINK_THERE: &str = "upstream_link_there";
/// Condition that fails when a link is gone on which a decision rests.
pub const LINK_KEPT: &str = "upstream_link_kept";

pub mod rows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upstream_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider: String,
        pub issuer: String,
        pub subject: String,
        /// What the link was made on.
        pub ground: String,
        pub linked_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use rows::Model as Link;
use rows::{Column, Entity};

pub async fn find(db: &Database, issuer: &str, subject: &str) -> Result<Option<Link>, DbErr> {
    let who = Entity::find().filter(Column::Issuer.eq(issuer)).filter(Column::Subject.eq(subject));
    db.first(who).await
}

pub async fn all_of(db: &Database, account: Uuid) -> Result<Vec<Link>, DbErr> {
    let of_the_account: Select<Entity> = Entity::find().filter(Column::AccountId.eq(account));
    db.all(of_the_account.order_by_asc(Column::Provider)).await
}

pub fn insert(unit: &mut Unit, link: Link) {
    unit.insert_once(LINK_FREE, link);
}

pub fn delete(unit: &mut Unit, account: Uuid, provider: &str) {
    let gone =
        Entity::delete_many().filter(Column::AccountId.eq(account)).filter(Column::Provider.eq(provider));
    unit.require(LINK_THERE, &gone.into_query());
}

/// Refuses the unit where the account has no such link any more; changes nothing.
pub fn keep(unit: &mut Unit, account: Uuid, provider: &str) {
    let same = Entity::update_many()
        .col_expr(Column::Ground, Expr::col(Column::Ground))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Provider.eq(provider));
    unit.require(LINK_KEPT, &same.into_query());
}

/// Notes a use. It must still be the link that was found: one that was taken away meanwhile signs nobody in.
pub fn use_up(unit: &mut Unit, link: &Link, now: Moment) {
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.micros()))
        .filter(Column::AccountId.eq(link.account_id))
        .filter(Column::Provider.eq(link.provider.as_str()))
        .filter(Column::Issuer.eq(link.issuer.as_str()))
        .filter(Column::Subject.eq(link.subject.as_str()));
    unit.require(LINK_THERE, &update.into_query());
}

pub fn forget_account(unit: &mut Unit, account: Uuid) {
    unit.run(&Entity::delete_many().filter(Column::AccountId.eq(account)).into_query());
}
