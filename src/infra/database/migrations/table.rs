//! A short way to say a table, so that a migration reads as the list of its columns.

use sea_orm::sea_query::{
    Alias, ColumnDef, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, Table, TableCreateStatement,
};

/// What a column may hold; not null unless said.
#[derive(Clone, Copy)]
pub enum Kind {
    Uuid,
    Text,
    /// Whole number, or microseconds since the epoch.
    Number,
    Flag,
    Bytes,
}

pub struct Column {
    name: &'static str,
    kind: Kind,
    nullable: bool,
    references: Option<&'static str>,
}

pub const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, nullable: false, references: None }
}

pub const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, nullable: true, references: None }
}

/// An id of another table's row, which goes when that row goes.
pub const fn of(table: &'static str, name: &'static str) -> Column {
    Column { name, kind: Kind::Uuid, nullable: false, references: Some(table) }
}

/// A table whose first `key` columns are its primary key.
pub fn table(name: &str, key: usize, columns: Vec<Column>) -> TableCreateStatement {
    let mut statement = Table::create();
    statement.table(Alias::new(name));
    let mut primary = Index::create();
    for (position, column) in columns.into_iter().enumerate() {
        let mut definition = ColumnDef::new(Alias::new(column.name));
        match column.kind {
            Kind::Uuid => definition.uuid(),
            Kind::Text => definition.text(),
            Kind::Number => definition.big_integer(),
            Kind::Flag => definition.boolean(),
            Kind::Bytes => definition.blob(),
        };
        if !column.nullable {
            definition.not_null();
        }
        statement.col(&mut definition);
        if position < key {
            primary.col(Alias::new(column.name));
        }
        if let Some(parent) = column.references {
            statement.foreign_key(
                ForeignKey::create()
                    .from(Alias::new(name), Alias::new(column.name))
                    .to(Alias::new(parent), Alias::new("id"))
                    .on_delete(ForeignKeyAction::Cascade),
            );
        }
    }
    statement.primary_key(&mut primary);
    statement
}

pub fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table));
    for column in columns {
        statement.col(Alias::new(*column));
    }
    statement
}

pub fn unique(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut statement = index(table, columns);
    statement.unique();
    statement
}
