//! Documents that every application reads: discovery and keys.

use crate::Failure;
use crate::bare::Document;
use crate::client::{Connection, get, source};
use crate::load::Caller;
use crate::node::Node;

pub const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Callers at the same time, each a source of its own.
const CALLERS: u16 = 32;

/// Headers that the server below writes itself.
const WRITTEN_BELOW: [&str; 4] = ["content-length", "date", "connection", "transfer-encoding"];

/// Reads a document once, to have a bare server send the same.
pub async fn read(node: &Node, path: &str) -> Result<Document, Failure> {
    let mut connection = Connection::open(node.address, source(1)).await?;
    let answer = connection.ask(&get(&node.host, path)).await?.demand(200)?;
    let kept =
        answer.headers().filter(|(name, _)| !WRITTEN_BELOW.contains(&name.to_ascii_lowercase().as_str()));
    let headers = kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Document { path: path.to_owned(), headers, body: answer.text()?.to_owned() })
}

/// The path of an address that a document names.
pub fn path_of(address: &str) -> Result<String, Failure> {
    Ok(url::Url::parse(address)?.path().to_owned())
}

pub struct Reader {
    connection: Connection,
    request: Vec<u8>,
}

pub async fn readers(node: &Node, path: &str) -> Result<Vec<Reader>, Failure> {
    let mut readers = vec![];
    for number in 1..=CALLERS {
        let connection = Connection::open(node.address, source(number)).await?;
        readers.push(Reader { connection, request: get(&node.host, path) });
    }
    Ok(readers)
}

impl Caller for Reader {
    async fn call(&mut self) -> Result<(), Failure> {
        self.connection.ask(&self.request).await?.demand(200)?;
        Ok(())
    }
}
