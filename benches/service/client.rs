//! The load generator's end of a connection: HTTP/1.1, kept alive, as little work as possible, so that the
//! processors are the servers'.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::Failure;

/// Longest answer that is read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// An address of this machine by number: each is another source to the limits of the service.
pub fn source(number: u16) -> Ipv4Addr {
    let [high, low] = number.to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}

pub struct Connection {
    stream: TcpStream,
    bytes: Vec<u8>,
}

/// An answer, in the connection's own memory until the next one.
pub struct Answer<'a> {
    pub status: u16,
    head: &'a str,
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    pub fn headers(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(": "))
    }

    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> Result<&'a str, Failure> {
        Ok(std::str::from_utf8(self.body)?)
    }

    /// # Errors
    /// It has another status.
    pub fn demand(self, status: u16) -> Result<Self, Failure> {
        if self.status == status {
            return Ok(self);
        }
        let said: String = String::from_utf8_lossy(self.body).chars().take(300).collect();
        Err(format!("status {} and not {status}: {said}", self.status).into())
    }
}

impl Connection {
    pub async fn open(server: SocketAddr, from: Ipv4Addr) -> Result<Self, Failure> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, bytes: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, Failure> {
        self.stream.write_all(request).await?;
        self.bytes.clear();
        let head = loop {
            self.read().await?;
            if let Some(end) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let text = std::str::from_utf8(self.bytes.get(..head).unwrap_or_default())?;
        let answer = Answer { status: 0, head: text, body: &[] };
        let length = match answer.header("content-length") {
            Some(length) => length.parse::<usize>()?,
            None => 0,
        };
        let status = text.get(9..12).unwrap_or_default().parse()?;
        if length > ANSWER_BYTES_MAX {
            return Err("an answer is too long".into());
        }
        let start = head + 4;
        while self.bytes.len() < start + length {
            self.read().await?;
        }
        let head = std::str::from_utf8(self.bytes.get(..head).unwrap_or_default())?;
        Ok(Answer { status, head, body: self.bytes.get(start..start + length).unwrap_or_default() })
    }

    async fn read(&mut self) -> Result<(), Failure> {
        if self.bytes.len() > ANSWER_BYTES_MAX || self.stream.read_buf(&mut self.bytes).await? == 0 {
            return Err("the connection ended within an answer".into());
        }
        Ok(())
    }
}

/// A request without a body.
pub fn get(host: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes()
}

/// A form, with further header lines that each end in a line break.
pub fn post(host: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Fields as a form writes them.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
