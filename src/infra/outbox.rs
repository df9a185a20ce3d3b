//! Mails wait as rows of the unit that causes them, sealed, and are sent by periodic work: tried again
//! with growing pauses, limited per person, never twice by two nodes at once.

use std::time::Duration;

use sea_orm::sea_query::{DeleteStatement, Expr};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use super::database::{Database, Unit, WriteError};
use super::mailer::{Letter, MailError, Mailer};
use super::sealing::{KeyRing, Place};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, MailId};
use crate::kernel::time::Moment;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Option<Uuid>,
        pub envelope: Vec<u8>,
        pub created_at: i64,
        pub due_at: i64,
        pub tries: i64,
        pub sent_at: Option<i64>,
        pub given_up_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Mails looked at in one round.
const MAILS_PER_ROUND: u64 = 50;
/// How long a node has for one mail before another may take it.
const HOLD: Duration = Duration::from_mins(2);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
const HOUR: Duration = Duration::from_hours(1);
/// Condition that fails when another node took the mail.
const STILL_DUE: &str = "mail_still_due";

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct OutboxRules {
    pub per_person_per_hour: u64,
    pub tries_max: u32,
}

/// What became of one round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u32,
    pub postponed: u32,
    pub given_up: Vec<MailId>,
}

#[derive(Clone)]
pub struct Outbox {
    db: Database,
    ring: KeyRing,
    entropy: Entropy,
    rules: OutboxRules,
}

impl Outbox {
    pub const fn new(db: Database, ring: KeyRing, entropy: Entropy, rules: OutboxRules) -> Self {
        Self { db, ring, entropy, rules }
    }

    /// Puts a mail into the unit of what it tells of.
    ///
    /// # Errors
    /// It cannot be sealed.
    pub fn post(
        &self,
        unit: &mut Unit,
        account: Option<AccountId>,
        letter: &Letter,
        now: Moment,
    ) -> Result<(), WriteError> {
        self.put(unit, account, letter, now, None)
    }

    /// Does the work of posting a mail that nobody gets: where there is nobody to write to, and that must not show.
    ///
    /// # Errors
    /// It cannot be sealed.
    pub fn post_to_nobody(&self, unit: &mut Unit, letter: &Letter, now: Moment) -> Result<(), WriteError> {
        self.put(unit, None, letter, now, Some(now))
    }

    fn put(
        &self,
        unit: &mut Unit,
        account: Option<AccountId>,
        letter: &Letter,
        now: Moment,
        given_up_at: Option<Moment>,
    ) -> Result<(), WriteError> {
        let id = MailId::new(now, &self.entropy);
        // Cannot fail: texts alone.
        let plain = serde_json::to_vec(letter).unwrap_or_default();
        let envelope = self.ring.seal(place(&id.to_string()), &plain, &self.entropy)?;
        unit.insert(row::Model {
            id: id.uuid(),
            account_id: account.map(AccountId::uuid),
            envelope,
            created_at: now.micros(),
            due_at: now.micros(),
            tries: 0,
            sent_at: None,
            given_up_at: given_up_at.map(Moment::micros),
        });
        Ok(())
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// The database does not answer; a mail server that does not is no error but a later try.
    pub async fn send_due(&self, mailer: &Mailer, now: Moment) -> Result<Round, WriteError> {
        let due = row::Entity::find()
            .filter(row::Column::SentAt.is_null())
            .filter(row::Column::GivenUpAt.is_null())
            .filter(row::Column::DueAt.lte(now.micros()))
            .order_by_asc(row::Column::DueAt)
            .limit(MAILS_PER_ROUND)
            .all(self.db.read())
            .await
            .map_err(WriteError::Unavailable)?;
        let mut round = Round::default();
        for mail in due {
            self.send_one(mailer, mail, now, &mut round).await?;
        }
        Ok(round)
    }

    async fn send_one(
        &self,
        mailer: &Mailer,
        mail: row::Model,
        now: Moment,
        round: &mut Round,
    ) -> Result<(), WriteError> {
        if self.has_had_enough(&mail, now).await.map_err(WriteError::Unavailable)? {
            round.postponed += 1;
            return self.set(&mail, row::Column::DueAt, now.plus(HOUR / 6).micros(), 0).await;
        }
        match self.set(&mail, row::Column::DueAt, now.plus(HOLD).micros(), 1).await {
            Ok(()) => {}
            Err(WriteError::Refused(STILL_DUE)) => return Ok(()),
            Err(error) => return Err(error),
        }
        let held = row::Model { due_at: now.plus(HOLD).micros(), tries: mail.tries + 1, ..mail };
        let id = MailId::from_uuid(held.id);
        let outcome = match self.open(&held) {
            Some(letter) => mailer.send(id, &letter).await,
            None => Err(MailError::Address("a sealed mail that does not open".to_owned())),
        };
        let tries = u32::try_from(held.tries).unwrap_or(u32::MAX);
        match outcome {
            Ok(()) => {
                round.sent += 1;
                self.set(&held, row::Column::SentAt, now.micros(), 0).await
            }
            Err(error) if error.is_final() || tries >= self.rules.tries_max => {
                tracing::error!(mail = %id, %error, "a mail is given up");
                round.given_up.push(id);
                self.set(&held, row::Column::GivenUpAt, now.micros(), 0).await
            }
            Err(error) => {
                tracing::warn!(mail = %id, tries, %error, "a mail could not be sent; it is tried again");
                round.postponed += 1;
                let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries - 1)).min(LONGEST_PAUSE);
                self.set(&held, row::Column::DueAt, now.plus(pause).micros(), 0).await
            }
        }
    }

    /// Changes one column of a mail that is still as it was read.
    async fn set(
        &self,
        mail: &row::Model,
        column: row::Column,
        value: i64,
        more_tries: i64,
    ) -> Result<(), WriteError> {
        let update = row::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .col_expr(row::Column::Tries, Expr::value(mail.tries + more_tries))
            .filter(row::Column::Id.eq(mail.id))
            .filter(row::Column::DueAt.eq(mail.due_at))
            .filter(row::Column::SentAt.is_null());
        let mut unit = self.db.unit();
        unit.require(STILL_DUE, &update.into_query());
        self.db.write(unit).await.map(|_| ())
    }

    async fn has_had_enough(&self, mail: &row::Model, now: Moment) -> Result<bool, DbErr> {
        let Some(account) = mail.account_id else { return Ok(false) };
        let lately = row::Entity::find()
            .filter(row::Column::AccountId.eq(account))
            .filter(row::Column::SentAt.gt(now.minus(HOUR).micros()))
            .count(self.db.read())
            .await?;
        Ok(lately >= self.rules.per_person_per_hour)
    }

    fn open(&self, mail: &row::Model) -> Option<Letter> {
        let plain = self.ring.open(place(&mail.id.to_string()), &mail.envelope).ok()?;
        serde_json::from_slice(plain.expose()).ok()
    }

    /// Takes away what was sent or given up before a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        let old = row::Entity::delete_many().filter(row::Column::CreatedAt.lt(before.micros())).filter(
            Condition::any().add(row::Column::SentAt.is_not_null()).add(row::Column::GivenUpAt.is_not_null()),
        );
        unit.run(&old.into_query());
    }

    /// Mails of a person who is erased, sent or not.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        let all = row::Entity::delete_many().filter(row::Column::AccountId.eq(account.uuid()));
        let all: DeleteStatement = all.into_query();
        unit.run(&all);
    }
}

const fn place(row: &str) -> Place<'_> {
    Place { table: "outbox", column: "envelope", row }
}
