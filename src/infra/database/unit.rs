//! A unit of work: statements with the conditions under which all of them count.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Insert, IntoActiveModel, ModelTrait,
    QueryTrait, SqlErr, Statement, StatementBuilder,
};

use crate::infra::sealing::SealError;

/// Why a unit did not become durable.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The condition of this name did not hold; nothing of the unit was kept.
    #[error("the condition `{0}` did not hold")]
    Refused(&'static str),
    /// Too many units are waiting.
    #[error("too many writes are waiting")]
    Full,
    /// The database did not take it.
    #[error("the database did not take the write")]
    Unavailable(#[source] DbErr),
    /// A part of it was to be sealed and is not: it was not handed over.
    #[error("what was to be written could not be sealed")]
    Unsealed(#[from] SealError),
}

/// What the database said of a unit that is durable now.
#[derive(Debug, Default)]
pub struct Committed {
    numbers: Vec<i64>,
}

impl Committed {
    pub(super) fn push(&mut self, number: i64) {
        self.numbers.push(number);
    }

    /// The numbers that the unit's `returning` steps gave, in order.
    pub fn number(&self, step: usize) -> Option<i64> {
        self.numbers.get(step).copied()
    }
}

/// What a step must do.
pub(super) enum Expect {
    /// Any number of rows, none included.
    Any,
    /// Exactly one row, and no conflict with an existing one; otherwise the unit is refused by this name.
    One(&'static str),
    /// As `One`, and the first column of the row is kept.
    Number(&'static str),
}

pub(super) struct Step {
    pub statement: Statement,
    pub expect: Expect,
}

/// Statements that happen together or not at all, with their events and mails among them.
#[must_use = "a unit does nothing until it is handed to `Database::write`"]
pub struct Unit {
    backend: DbBackend,
    steps: Vec<Step>,
}

impl Unit {
    pub(super) const fn new(backend: DbBackend) -> Self {
        Self { backend, steps: Vec::new() }
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Inserts a row that nothing can forestall.
    pub fn insert<M: Row>(&mut self, row: M) {
        self.run(&Insert::one(row.to_be_written()).into_query());
    }

    /// Inserts a row; when one with the same key exists the unit is refused.
    pub fn insert_once<M: Row>(&mut self, condition: &'static str, row: M) {
        self.require(condition, &Insert::one(row.to_be_written()).into_query());
    }

    /// Runs a statement whatever number of rows it touches.
    pub fn run<S: StatementBuilder>(&mut self, statement: &S) {
        self.push(statement, Expect::Any);
    }

    /// Runs a statement that must touch exactly one row: the form of every single use.
    pub fn require<S: StatementBuilder>(&mut self, condition: &'static str, statement: &S) {
        self.push(statement, Expect::One(condition));
    }

    /// As [`Unit::require`] for a statement with `RETURNING` one number.
    pub fn require_number<S: StatementBuilder>(&mut self, condition: &'static str, statement: &S) {
        self.push(statement, Expect::Number(condition));
    }

    /// Adds all of another unit to this one.
    pub fn append(&mut self, other: Self) {
        self.steps.extend(other.steps);
    }

    fn push<S: StatementBuilder>(&mut self, statement: &S, expect: Expect) {
        let statement = statement.build(&self.backend);
        self.steps.push(Step { statement, expect });
    }

    /// Runs the steps inside a transaction of PostgreSQL that the caller ends.
    pub(super) async fn run_in<C: ConnectionTrait>(&self, transaction: &C) -> Result<Committed, WriteError> {
        let mut done = Committed::default();
        for step in &self.steps {
            let statement = step.statement.clone();
            match step.expect {
                Expect::Any => {
                    transaction.execute_raw(statement).await.map_err(WriteError::Unavailable)?;
                }
                Expect::One(condition) => {
                    let result = transaction.execute_raw(statement).await;
                    let result = result.map_err(|error| unmet(condition, error))?;
                    if result.rows_affected() != 1 {
                        return Err(WriteError::Refused(condition));
                    }
                }
                Expect::Number(condition) => {
                    let row = transaction.query_one_raw(statement).await;
                    let row = row.map_err(|error| unmet(condition, error))?;
                    let row = row.ok_or(WriteError::Refused(condition))?;
                    let number = row.try_get_by_index::<i64>(0).map_err(WriteError::Unavailable)?;
                    done.push(number);
                }
            }
        }
        Ok(done)
    }
}

fn unmet(condition: &'static str, error: DbErr) -> WriteError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => WriteError::Refused(condition),
        _ => WriteError::Unavailable(error),
    }
}

/// A row as a plain value, with every column given.
pub trait Row: Sized {
    type Active: ActiveModelTrait;

    /// The row with all its columns marked as to be written.
    fn to_be_written(self) -> Self::Active;
}

impl<M> Row for M
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait,
{
    type Active = <M::Entity as EntityTrait>::ActiveModel;

    fn to_be_written(self) -> Self::Active {
        self.into_active_model().reset_all()
    }
}
