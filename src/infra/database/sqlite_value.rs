//! Values on their way into SQLite and back. The schema knows five kinds of columns (`migrations/table.rs`).

use rusqlite::types::{ToSql, ToSqlOutput, Value as Plain, ValueRef};
use rusqlite::{CachedStatement, Error};
use sea_orm::sea_query::ColumnType;
use sea_orm::{Statement, Value};
use uuid::Uuid;

/// Gives a prepared statement its values.
///
/// # Errors
/// A value has no form in SQLite, or there are too many.
pub fn bind(prepared: &mut CachedStatement<'_>, statement: &Statement) -> rusqlite::Result<()> {
    let values = statement.values.iter().flat_map(|values| &values.0);
    for (place, value) in values.enumerate() {
        prepared.raw_bind_parameter(place + 1, Bound(value))?;
    }
    Ok(())
}

/// A value as the database keeps it.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "which other kinds there are depends on features")]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let owned = |value: Option<Plain>| Ok(ToSqlOutput::Owned(value.unwrap_or(Plain::Null)));
        let whole = |number: Option<i64>| owned(number.map(Plain::Integer));
        match self.0 {
            Value::Bool(flag) => whole(flag.map(i64::from)),
            Value::TinyInt(number) => whole(number.map(i64::from)),
            Value::SmallInt(number) => whole(number.map(i64::from)),
            Value::Int(number) => whole(number.map(i64::from)),
            Value::BigInt(number) => whole(*number),
            Value::TinyUnsigned(number) => whole(number.map(i64::from)),
            Value::SmallUnsigned(number) => whole(number.map(i64::from)),
            Value::Unsigned(number) => whole(number.map(i64::from)),
            Value::BigUnsigned(number) => {
                let number = number.map(i64::try_from).transpose();
                whole(number.map_err(|error| Error::ToSqlConversionFailure(error.into()))?)
            }
            Value::Float(number) => owned(number.map(|number| Plain::Real(number.into()))),
            Value::Double(number) => owned(number.map(Plain::Real)),
            Value::Char(letter) => owned(letter.map(|letter| Plain::Text(letter.to_string()))),
            Value::String(text) => Ok(borrowed(text.as_deref().map(|text| ValueRef::Text(text.as_bytes())))),
            Value::Bytes(bytes) => Ok(borrowed(bytes.as_deref().map(ValueRef::Blob))),
            Value::Uuid(id) => Ok(borrowed(id.as_ref().map(|id| ValueRef::Blob(id.as_bytes())))),
            other => Err(Error::ToSqlConversionFailure(format!("{other:?} has no form in SQLite").into())),
        }
    }
}

fn borrowed(value: Option<ValueRef<'_>>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null))
}

/// A value as a query gives it, of the kind that its column has in the schema: SQLite itself knows fewer.
///
/// # Errors
/// It is of another kind.
pub fn read(value: ValueRef<'_>, kind: &ColumnType) -> Result<Value, BadValue> {
    Ok(match (kind, value) {
        (ColumnType::Uuid, ValueRef::Null) => Value::Uuid(None),
        (ColumnType::Uuid, ValueRef::Blob(bytes)) => Uuid::from_slice(bytes).map_err(|_| BadValue)?.into(),
        (ColumnType::Boolean, ValueRef::Null) => Value::Bool(None),
        (ColumnType::Boolean, ValueRef::Integer(number)) => (number != 0).into(),
        (ColumnType::BigInteger, ValueRef::Null) => Value::BigInt(None),
        (ColumnType::BigInteger, ValueRef::Integer(number)) => number.into(),
        (ColumnType::String(_) | ColumnType::Text, ValueRef::Null) => Value::String(None),
        (ColumnType::String(_) | ColumnType::Text, ValueRef::Text(text)) => {
            std::str::from_utf8(text).map_err(|_| BadValue)?.into()
        }
        (ColumnType::VarBinary(_) | ColumnType::Blob, ValueRef::Null) => Value::Bytes(None),
        (ColumnType::VarBinary(_) | ColumnType::Blob, ValueRef::Blob(bytes)) => bytes.to_vec().into(),
        _ => return Err(BadValue),
    })
}

/// A value of another kind than its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value is not of its column's kind")]
pub struct BadValue;

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{ColumnType, StringLen};
    use sea_orm::{DbBackend, Statement, Value};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn values_come_back_as_what_they_were() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (a uuid_text, b boolean, c bigint, d text, e blob)").unwrap();
        let kinds = [
            ColumnType::Uuid,
            ColumnType::Boolean,
            ColumnType::BigInteger,
            ColumnType::String(StringLen::None),
            ColumnType::VarBinary(StringLen::None),
        ];
        let there = [
            Uuid::from_u128(7).into(),
            true.into(),
            i64::MIN.into(),
            "é".into(),
            Value::from(vec![0u8, 255]),
        ];
        let missing = [
            Value::Uuid(None),
            Value::Bool(None),
            Value::BigInt(None),
            Value::String(None),
            Value::Bytes(None),
        ];
        for values in [&there, &missing] {
            let sql = "INSERT INTO t VALUES (?, ?, ?, ?, ?)";
            let insert = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.clone());
            let mut prepared = db.prepare_cached(&insert.sql).unwrap();
            bind(&mut prepared, &insert).unwrap();
            prepared.raw_execute().unwrap();
        }
        let mut query = db.prepare("SELECT a, b, c, d, e FROM t ORDER BY rowid").unwrap();
        let mut rows = query.raw_query();
        for values in [there, missing] {
            let row = rows.next().unwrap().unwrap();
            for (place, (value, kind)) in values.into_iter().zip(&kinds).enumerate() {
                assert_eq!(read(row.get_ref(place).unwrap(), kind), Ok(value));
            }
        }
        assert_eq!(read(ValueRef::Blob(b"short"), &ColumnType::Uuid), Err(BadValue));
        assert_eq!(read(ValueRef::Text(b"yes"), &ColumnType::Boolean), Err(BadValue));
        assert_eq!(read(ValueRef::Text(&[0xff]), &ColumnType::Text), Err(BadValue));
        assert_eq!(read(ValueRef::Integer(1), &ColumnType::Text), Err(BadValue));
    }
}
