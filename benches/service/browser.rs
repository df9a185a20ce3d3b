//! A browser as far as signing in needs one: cookies, hidden fields, redirects.

use std::collections::BTreeMap;

use crate::Failure;
use crate::client::{Answer, Connection, form, post};
use crate::node::Node;
use crate::people::Person;

pub struct Browser {
    connection: Connection,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// What is kept of an answer.
struct Page {
    location: String,
    text: String,
}

impl Browser {
    /// A browser that was never here, at this person's address.
    pub async fn new(node: &Node, person: &Person) -> Result<Self, Failure> {
        let connection = Connection::open(node.address, person.address).await?;
        Ok(Self { connection, host: node.host.clone(), cookies: BTreeMap::new() })
    }

    /// Opens the page, types name, password and code, and arrives in the portal.
    pub async fn sign_in(&mut self, person: &Person) -> Result<(), Failure> {
        let page = self.get("/sign-in", 200).await?;
        let fields = [
            ("form_token", field(&page.text, "form_token")?),
            ("username", &person.username),
            ("password", &person.password),
        ];
        let sent = self.post("/sign-in", &fields).await?;
        let page = self.get(&sent.location, 200).await?;
        let fields = [
            ("form_token", field(&page.text, "form_token")?),
            ("journey", field(&page.text, "journey")?),
            ("code", &person.code()),
        ];
        let sent = self.post("/sign-in/code", &fields).await?;
        if !self.cookies.contains_key("__Host-session") {
            return Err("a sign-in ended without a session".into());
        }
        self.get(&sent.location, 200).await?;
        Ok(())
    }

    /// Where a page sends the browser.
    pub async fn sent_on(&mut self, path: &str) -> Result<String, Failure> {
        Ok(self.get(path, 303).await?.location)
    }

    async fn get(&mut self, path: &str, status: u16) -> Result<Page, Failure> {
        let (host, cookies) = (&self.host, self.cookie_line());
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept-language: en\r\n{cookies}\r\n");
        self.ask(request.as_bytes(), status).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page, Failure> {
        let headers =
            format!("origin: http://{}\r\naccept-language: en\r\n{}", self.host, self.cookie_line());
        let request = post(&self.host, path, &headers, &form(fields));
        self.ask(&request, 303).await
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("cookie: {}\r\n", pairs.join("; ")) }
    }

    async fn ask(&mut self, request: &[u8], status: u16) -> Result<Page, Failure> {
        let answer = self.connection.ask(request).await?.demand(status)?;
        keep(&mut self.cookies, &answer);
        let location = answer.header("location").unwrap_or_default().to_owned();
        Ok(Page { location, text: answer.text()?.to_owned() })
    }
}

fn keep(cookies: &mut BTreeMap<String, String>, answer: &Answer<'_>) {
    let set = answer.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    for (_, line) in set {
        let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.split_once('=') else { continue };
        if rest.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The value of a hidden field.
fn field<'a>(page: &'a str, name: &str) -> Result<&'a str, Failure> {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).map(|(_, rest)| rest);
    let value = rest.and_then(|rest| rest.split_once('"')).map(|(value, _)| value);
    value.ok_or_else(|| format!("a page without the field {name}").into())
}
