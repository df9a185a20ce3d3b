//! A mail server in the test's own process: takes a real SMTP exchange, keeps what it received.
//! Source: RFC 5321 §4.1.1, §4.5.2 (transparency).

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A message larger than this is a defect of the sender.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One received message, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's sender, without brackets.
    pub from: String,
    /// The envelope's recipients, without brackets.
    pub to: Vec<String>,
    /// Header and body, lines ended by CR LF, dots restored.
    pub data: String,
}

/// The server; ends with this value. Needs the test's tokio runtime.
pub struct MailSink {
    address: SocketAddr,
    refusals_left: Arc<AtomicU32>,
    received: Arc<Mutex<Vec<Mail>>>,
    incoming: tokio::sync::Mutex<mpsc::UnboundedReceiver<Mail>>,
    listening: JoinHandle<()>,
}

impl MailSink {
    /// Listens on a free port of this machine.
    pub async fn start() -> Self {
        Self::refusing(0).await
    }

    /// Answers the first `messages` with 451, "try again later", and takes the next ones.
    pub async fn refusing(messages: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let refusals_left = Arc::new(AtomicU32::new(messages));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (sender, incoming) = mpsc::unbounded_channel();
        let desk =
            Desk { refusals_left: Arc::clone(&refusals_left), received: Arc::clone(&received), sender };
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let desk = desk.clone();
                tokio::spawn(async move {
                    // A client that hangs up in the middle has sent nothing.
                    let _ = desk.serve(stream).await;
                });
            }
        });
        Self { address, refusals_left, received, incoming: tokio::sync::Mutex::new(incoming), listening }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many of the refusals that were asked for have not happened yet.
    pub fn refusals_left(&self) -> u32 {
        self.refusals_left.load(Ordering::SeqCst)
    }

    /// Everything received so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.received.lock().unwrap().clone()
    }

    /// The next message in order of arrival; fails the test when none comes in time.
    pub async fn next_mail(&self, deadline: Duration) -> Mail {
        let mut incoming = self.incoming.lock().await;
        match tokio::time::timeout(deadline, incoming.recv()).await {
            Ok(Some(mail)) => mail,
            Ok(None) | Err(_) => panic!("no mail within {deadline:?}"),
        }
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Mail {
    /// A header by its name, unfolded, not decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.data.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        unfolded.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }

    /// The words of a message, decoded: its plain part, where it has several.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The part of a kind, decoded; a message of one part is that part.
    pub fn part(&self, kind: &str) -> String {
        let whole = self.header("Content-Type").unwrap_or_default();
        let Some(boundary) = parameter(&whole, "boundary") else {
            return self.decoded();
        };
        let (_, body) = self.data.split_once("\r\n\r\n").unwrap_or(("", &self.data));
        let border = format!("--{boundary}");
        let mut parts = body.split(&border).map(|part| Self {
            from: String::new(),
            to: vec![],
            data: part.trim_start_matches("\r\n").to_owned(),
        });
        let is_wanted = |part: &Self| part.header("Content-Type").is_some_and(|is| is.starts_with(kind));
        parts.find(is_wanted).map(|part| part.decoded()).unwrap_or_default()
    }

    fn decoded(&self) -> String {
        let (_, body) = self.data.split_once("\r\n\r\n").unwrap_or(("", &self.data));
        match self.header("Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted_printable(body),
            "base64" => {
                let packed: String = body.split_whitespace().collect();
                String::from_utf8(data_encoding::BASE64.decode(packed.as_bytes()).unwrap()).unwrap()
            }
            _ => body.to_owned(),
        }
    }
}

/// A parameter of a header's value, without its quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Source: RFC 2045 §6.7.
fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.first_chunk::<2>().filter(|_| first == b'=');
        let decoded = escaped.and_then(|pair| data_encoding::HEXUPPER_PERMISSIVE.decode(pair).ok());
        if let Some(byte) = decoded {
            bytes.extend(byte);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What every connection shares.
#[derive(Clone)]
struct Desk {
    refusals_left: Arc<AtomicU32>,
    received: Arc<Mutex<Vec<Mail>>>,
    sender: mpsc::UnboundedSender<Mail>,
}

impl Desk {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (reading, mut writing) = stream.into_split();
        let mut reading = BufReader::new(reading);
        let mut from = None;
        let mut to = Vec::new();
        writing.write_all(b"220 sink.test ESMTP\r\n").await?;
        loop {
            let mut line = String::new();
            if reading.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let command = line.trim_end();
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-sink.test\r\n250-8BITMIME\r\n250 SMTPUTF8",
                "HELO" | "NOOP" => "250 sink.test",
                "RSET" => {
                    (from, to) = (None, Vec::new());
                    "250 forgotten"
                }
                "MAIL" => {
                    from = bracketed(command);
                    to.clear();
                    if from.is_some() { "250 from you" } else { "501 MAIL FROM:<address>" }
                }
                "RCPT" if from.is_none() => "503 MAIL first",
                "RCPT" => match bracketed(command) {
                    Some(recipient) => {
                        to.push(recipient);
                        "250 to them"
                    }
                    None => "501 RCPT TO:<address>",
                },
                "DATA" if to.is_empty() => "503 RCPT first",
                "DATA" => {
                    writing.write_all(b"354 go on\r\n").await?;
                    let data = read_data(&mut reading).await?;
                    let mail =
                        Mail { from: from.take().unwrap_or_default(), to: std::mem::take(&mut to), data };
                    self.take(mail)
                }
                "QUIT" => {
                    writing.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "502 not here",
            };
            writing.write_all(answer.as_bytes()).await?;
            writing.write_all(b"\r\n").await?;
        }
    }

    /// Keeps the message before it says so.
    fn take(&self, mail: Mail) -> &'static str {
        let one_less = |left: u32| left.checked_sub(1);
        if self.refusals_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
            return "451 4.3.0 try again later";
        }
        self.received.lock().unwrap().push(mail.clone());
        // Nobody listens any more when the test is over.
        let _ = self.sender.send(mail);
        "250 kept"
    }
}

fn bracketed(command: &str) -> Option<String> {
    let (_, after) = command.split_once('<')?;
    let (address, _) = after.split_once('>')?;
    Some(address.to_owned())
}

async fn read_data(reading: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if reading.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        // A line that starts with a dot was sent with one more.
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        assert!(data.len() <= MESSAGE_BYTES_MAX, "a message of more than {MESSAGE_BYTES_MAX} bytes");
    }
}

#[tokio::test]
async fn a_message_arrives_as_it_was_written() {
    use lettre::transport::smtp::AsyncSmtpTransport;
    use lettre::{AsyncTransport as _, Message, Tokio1Executor};

    let sink = MailSink::refusing(1).await;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(sink.address().port())
        .build();
    let text = ".dots\r\n..at the start, an é and a line that is much longer than the 76 characters that a quoted line may have\r\n";
    let message = Message::builder()
        .from("Cardea <cardea@house.test>".parse().unwrap())
        .to("anna@house.test".parse().unwrap())
        .subject("Code")
        .body(text.to_owned())
        .unwrap();

    let refused = transport.send(message.clone()).await.unwrap_err();
    assert!(refused.is_transient());
    assert_eq!(sink.refusals_left(), 0);
    assert!(sink.mails().is_empty());

    transport.send(message).await.unwrap();
    let mail = sink.next_mail(Duration::from_secs(5)).await;
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("cardea@house.test", &["anna@house.test".to_owned()][..])
    );
    assert_eq!(mail.header("subject").as_deref(), Some("Code"));
    assert_eq!(mail.text().trim_end(), text.trim_end());
    assert_eq!(sink.mails(), [mail]);
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let sink = MailSink::start().await;
    let (reading, mut writing) = TcpStream::connect(sink.address()).await.unwrap().into_split();
    let mut answers = BufReader::new(reading).lines();
    writing
        .write_all(b"RCPT TO:<a@house.test>\r\nDATA\r\nMAIL FROM:<>\r\nVRFY a\r\nRSET\r\nDATA\r\nQUIT\r\n")
        .await
        .unwrap();
    for code in ["220", "503", "503", "250", "502", "250", "503", "221"] {
        let answer = answers.next_line().await.unwrap().unwrap();
        assert!(answer.starts_with(code), "{answer} instead of {code}");
    }
    assert!(sink.mails().is_empty());
}
