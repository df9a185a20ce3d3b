//! A unit's steps on SQLite.

use rusqlite::{Connection, Error, ffi};
use sea_orm::DbErr;

use super::sqlite_value::bind;
use super::unit::{Committed, Expect, Unit, WriteError};

/// Runs the steps inside a savepoint that the caller ends.
pub fn run_unit(db: &Connection, unit: &Unit) -> Result<Committed, WriteError> {
    let mut done = Committed::default();
    for step in unit.steps() {
        let refused = |error| match step.expect {
            Expect::Any => unavailable(&error),
            Expect::One(condition) | Expect::Number(condition) => unmet(condition, &error),
        };
        let mut statement = db.prepare_cached(&step.statement.sql).map_err(|error| unavailable(&error))?;
        bind(&mut statement, &step.statement).map_err(|error| unavailable(&error))?;
        match step.expect {
            Expect::Any => {
                statement.raw_execute().map_err(refused)?;
            }
            Expect::One(condition) => {
                if statement.raw_execute().map_err(refused)? != 1 {
                    return Err(WriteError::Refused(condition));
                }
            }
            Expect::Number(condition) => {
                let mut rows = statement.raw_query();
                let row = rows.next().map_err(refused)?.ok_or(WriteError::Refused(condition))?;
                let number = row.get(0).map_err(|error| unavailable(&error))?;
                // It is done when it says that there is no more.
                rows.next().map_err(refused)?;
                done.push(number);
            }
        }
    }
    Ok(done)
}

/// A conflict with an existing row is what a condition is there for; everything else is a failure.
fn unmet(condition: &'static str, error: &Error) -> WriteError {
    let unique = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    let code = error.sqlite_error().map(|cause| cause.extended_code);
    if code.is_some_and(|code| unique.contains(&code)) {
        return WriteError::Refused(condition);
    }
    unavailable(error)
}

fn unavailable(error: &Error) -> WriteError {
    WriteError::Unavailable(DbErr::Custom(error.to_string()))
}
