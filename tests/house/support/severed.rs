//! A line to a server that a test cuts at a moment of its choice.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// When the line is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// The request after the next answers does not arrive.
    BeforeNextRequest,
    /// It arrives, and its answer does not.
    BeforeItsAnswer,
    /// It arrives and its answer too; nobody can connect any more.
    AfterItsAnswer,
    /// As [`Cut::BeforeItsAnswer`], and new connections are let through.
    BeforeItsAnswerOnce,
    Refused,
}

const ALL: [Cut; 6] = [
    Cut::Never,
    Cut::BeforeNextRequest,
    Cut::BeforeItsAnswer,
    Cut::AfterItsAnswer,
    Cut::BeforeItsAnswerOnce,
    Cut::Refused,
];

/// Answers that come after a cut was armed and before the request that it is for: how things stand is asked first.
const ANSWERS_BEFORE: u32 = 2;

/// A line on the address of the server itself, so that its certificate fits.
pub struct Line {
    pub port: u16,
    cut: Arc<AtomicU8>,
}

impl Line {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((server.ip(), 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(AtomicU8::new(0));
        let shared = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if now(&shared) != Cut::Refused
                    && let Ok(far) = TcpStream::connect(server).await
                {
                    tokio::spawn(carry(near, far, Arc::clone(&shared)));
                }
            }
        });
        Self { port, cut }
    }

    pub fn cut(&self, when: Cut) {
        let number = ALL.iter().position(|cut| *cut == when).unwrap();
        self.cut.store(u8::try_from(number).unwrap(), Ordering::SeqCst);
    }
}

fn now(cut: &AtomicU8) -> Cut {
    ALL[usize::from(cut.load(Ordering::SeqCst))]
}

async fn carry(mut near: TcpStream, mut far: TcpStream, cut: Arc<AtomicU8>) {
    let (mut asked, mut told) = (vec![0; 65_536], vec![0; 65_536]);
    let end = |next: Cut| {
        cut.store(u8::try_from(ALL.iter().position(|cut| *cut == next).unwrap()).unwrap(), Ordering::SeqCst);
    };
    // What was armed counts from the answers after it.
    let mut answers = 0;
    let mut is_last = false;
    loop {
        tokio::select! {
            read = near.read(&mut asked) => {
                let count = read.unwrap_or(0);
                if count == 0 { return }
                let when = now(&cut);
                let is_due = answers >= ANSWERS_BEFORE;
                if is_due && when == Cut::BeforeNextRequest { return end(Cut::Refused) }
                if far.write_all(&asked[..count]).await.is_err() { return }
                if is_due && matches!(when, Cut::BeforeItsAnswer | Cut::BeforeItsAnswerOnce) {
                    // The server has done it when it begins to answer.
                    let _ = far.read(&mut told).await;
                    return end(if when == Cut::BeforeItsAnswer { Cut::Refused } else { Cut::Never });
                }
                is_last = is_due && when == Cut::AfterItsAnswer;
            }
            read = far.read(&mut told) => {
                let count = read.unwrap_or(0);
                if count == 0 { return }
                if is_last { end(Cut::Refused) }
                if near.write_all(&told[..count]).await.is_err() { return }
                let is_armed = !matches!(now(&cut), Cut::Never | Cut::Refused);
                answers = if is_armed { answers + 1 } else { 0 };
            }
        }
    }
}
