//! Mail goes out by SMTP, or in the demo into a folder, one file each.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::infra::files;
use crate::kernel::id::MailId;
use crate::kernel::secret::Secret;

const SMTP_SECONDS_MAX: u64 = 15;

/// A mail as it waits in the outbox (sealed there).
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// The same words as a sheet, for readers who show one. A mail that waited while the service was renewed
    /// may have none.
    #[serde(default)]
    pub html: Option<String>,
}

/// How the mail server is reached.
pub struct SmtpOptions {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub credentials: Option<(String, Secret<String>)>,
}

/// What protects the way to the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, demanded (port 587 or 25).
    Starttls,
    /// None: for a server on this machine only.
    None,
}

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("`{0}` is no mail address")]
    Address(String),
    #[error("the mail could not be put together: {0}")]
    Form(#[from] lettre::error::Error),
    #[error("the mail server did not take the mail: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    #[error("the mail could not be written to the folder: {0}")]
    Folder(#[from] std::io::Error),
}

impl MailError {
    /// Whether trying again later cannot help.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Address(_) | Self::Form(_) => true,
            Self::Smtp(error) => error.is_permanent(),
            Self::Folder(_) => false,
        }
    }
}

/// Where mail goes. Closed: there are these two ways and no other.
pub enum Mailer {
    Smtp { from: Mailbox, transport: AsyncSmtpTransport<Tokio1Executor> },
    Folder { from: Mailbox, path: PathBuf },
}

impl Mailer {
    /// # Errors
    /// The sender is no address, or TLS cannot be set up.
    pub fn smtp(from: &str, options: SmtpOptions) -> Result<Self, MailError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&options.host)
            .port(options.port)
            .timeout(Some(Duration::from_secs(SMTP_SECONDS_MAX)));
        builder = match options.encryption {
            Encryption::Tls => builder.tls(Tls::Wrapper(TlsParameters::new(options.host)?)),
            Encryption::Starttls => builder.tls(Tls::Required(TlsParameters::new(options.host)?)),
            Encryption::None => builder,
        };
        if let Some((user, password)) = options.credentials {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        Ok(Self::Smtp { from: mailbox(from)?, transport: builder.build() })
    }

    /// # Errors
    /// The sender is no address.
    pub fn folder(from: &str, path: PathBuf) -> Result<Self, MailError> {
        Ok(Self::Folder { from: mailbox(from)?, path })
    }

    /// Sends one mail; its id makes a second try of the same mail recognisable to the receiver.
    ///
    /// # Errors
    /// See [`MailError::is_final`] for whether another try makes sense.
    pub async fn send(&self, id: MailId, letter: &Letter) -> Result<(), MailError> {
        let (Self::Smtp { from, .. } | Self::Folder { from, .. }) = self;
        let message = Message::builder()
            .from(from.clone())
            .to(mailbox(&letter.to)?)
            .subject(letter.subject.as_str())
            .message_id(Some(format!("<{id}@cardea>")));
        let message = match &letter.html {
            Some(html) => {
                message.multipart(MultiPart::alternative_plain_html(letter.text.clone(), html.clone()))?
            }
            None => message.singlepart(SinglePart::plain(letter.text.clone()))?,
        };
        match self {
            Self::Smtp { transport, .. } => {
                transport.send(message).await?;
            }
            Self::Folder { path, .. } => {
                files::write_private(&path.join(format!("{id}.eml")), &message.formatted())?;
            }
        }
        Ok(())
    }

    /// Takes mails to an address out of the folder, for a person who is erased; what a mail server took
    /// is beyond reach.
    ///
    /// # Errors
    /// The folder cannot be read or a mail cannot be taken out of it.
    pub fn forget(&self, address: &str) -> std::io::Result<()> {
        let Self::Folder { path, .. } = self else { return Ok(()) };
        // The service makes it when it starts: before that there is no mail either.
        if !path.try_exists()? {
            return Ok(());
        }
        for entry in std::fs::read_dir(path)? {
            let file = entry?.path();
            let is_mail = file.extension().is_some_and(|ending| ending == "eml");
            if is_mail && is_to(&std::fs::read(&file)?, address) {
                std::fs::remove_file(&file)?;
            }
        }
        Ok(())
    }

    /// Whether the mail server answers; a folder always does.
    pub async fn answers(&self) -> bool {
        match self {
            Self::Smtp { transport, .. } => transport.test_connection().await.unwrap_or(false),
            // The service makes it when it starts.
            Self::Folder { path, .. } => path.is_dir() || !path.exists(),
        }
    }
}

/// Whether the head of a mail names the address as its receiver.
fn is_to(mail: &[u8], address: &str) -> bool {
    let text = String::from_utf8_lossy(mail).to_lowercase();
    let address = address.to_lowercase();
    let head = text.lines().take_while(|line| !line.is_empty());
    let mut receivers = head.filter_map(|line| line.strip_prefix("to:"));
    receivers.any(|to| to.split([' ', '<', '>', ',']).any(|part| part == address))
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    address.parse().map_err(|_| MailError::Address(address.to_owned()))
}
