//! Rows of accounts, names, roles and attempts.

use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseConnection, QuerySelect};

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

pub async fn account_id_of(db: &DatabaseConnection, name: &str) -> Result<Option<Uuid>, DbErr> {
    let row = account_name::Entity::find_by_id(name).one(db).await?;
    Ok(row.map(|row| row.account_id))
}

pub async fn account_with_grants(
    db: &DatabaseConnection,
    id: Uuid,
) -> Result<Option<(account::Model, Vec<role_grant::Model>)>, DbErr> {
    let Some(account) = account::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let grants = role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(id)).all(db).await?;
    Ok(Some((account, grants)))
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
    use sea_orm::QueryOrder;
    organisation::Entity::find().order_by_asc(organisation::Column::CreatedAt).one(db).await
}

pub async fn attempt(db: &DatabaseConnection, bucket: &str) -> Result<Option<attempt::Model>, DbErr> {
    attempt::Entity::find_by_id(bucket).one(db).await
}
