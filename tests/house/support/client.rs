//! A tiny browser: cookies as browsers keep them, forms as they send them, redirects only when asked.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use cardea::event::CaseCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, StatusCode};

use super::app::TestApp;
use super::html::{self, Form};
use super::jar::Jar;
use super::people::{Person, Totp};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
const REDIRECTS_MAX: usize = 10;
/// Longest that a test waits for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);

/// One browser of one person on one machine.
pub struct Browser {
    client: reqwest::Client,
    origin: String,
    host: String,
    pub source: Ipv4Addr,
    jar: Mutex<Jar>,
    languages: Mutex<Option<String>>,
}

/// An answer, read.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// Path and query that it answers.
    pub path: String,
}

impl Browser {
    pub(super) fn new(app: &TestApp, source: Ipv4Addr) -> Self {
        let host = app.issuer.split_once("://").unwrap().1;
        Self::of(app.address, host, source)
    }

    /// A browser for a service that runs in another process of this machine.
    pub fn at(port: u16, source: Ipv4Addr) -> Self {
        Self::of((Ipv4Addr::LOCALHOST, port).into(), &format!("localhost:{port}"), source)
    }

    /// As [`Browser::at`], for one node of a service that is known under another address.
    pub fn at_node(port: u16, issuer: &str, source: Ipv4Addr) -> Self {
        let host = issuer.split_once("://").unwrap().1;
        Self::of((Ipv4Addr::LOCALHOST, port).into(), host, source)
    }

    fn of(address: SocketAddr, host: &str, source: Ipv4Addr) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .local_address(Some(source.into()))
            .resolve("localhost", address)
            .timeout(ANSWER_WITHIN)
            .no_proxy()
            .build()
            .unwrap();
        Self {
            client,
            origin: format!("http://localhost:{}", address.port()),
            host: host.to_owned(),
            source,
            jar: Mutex::default(),
            languages: Mutex::default(),
        }
    }

    /// Sends `Accept-Language` from now on.
    pub fn speak(&self, languages: &str) {
        *self.languages.lock().unwrap() = Some(languages.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).map(str::to_owned)
    }

    /// Puts a cookie into the jar, as another program on the machine could.
    pub fn plant(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().plant(name, value);
    }

    pub fn forget(&self, name: &str) {
        self.jar.lock().unwrap().forget(name);
    }

    /// A request with this browser's cookies and nothing that a page would add.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.origin))
            .header("host", &self.host)
            .header("user-agent", FIREFOX);
        if let Some(languages) = &*self.languages.lock().unwrap() {
            request = request.header("accept-language", languages);
        }
        match self.jar.lock().unwrap().header() {
            Some(cookies) => request.header("cookie", cookies),
            None => request,
        }
    }

    /// Sends a request and keeps the cookies of its answer.
    pub async fn send(&self, request: RequestBuilder) -> Page {
        self.try_send(request).await.unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Page> {
        let response = request.send().await?;
        let url = response.url();
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all("set-cookie") {
            self.jar.lock().unwrap().keep(line.to_str().unwrap());
        }
        Ok(Page { status, headers, body: response.text().await?, path })
    }

    /// One page, redirects not followed.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path)).await
    }

    /// A page and all redirects from it.
    pub async fn open(&self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// Goes where an answer sends the browser, until there is a page.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..REDIRECTS_MAX {
            let Some(to) = page.onward() else { return page };
            page = self.get(&to).await;
        }
        panic!("more than {REDIRECTS_MAX} redirects, the last one to {}", page.location());
    }

    /// A POST from our own page, with exactly these fields; redirects not followed.
    pub async fn post<K: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(K, V)]) -> Page {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let issuer = format!("http://{}", self.host);
        let request = self.request(Method::POST, path).form(&fields);
        self.send(request.header("origin", issuer).header("sec-fetch-site", "same-origin")).await
    }

    /// Sends a form back with some fields typed into; redirects not followed.
    pub async fn submit(&self, form: &Form, typed: &[(&str, &str)]) -> Page {
        assert_eq!(form.method, "post");
        self.post(&form.action, &form.filled(typed)).await
    }

    /// The answer to a name and a password, typed on a fresh sign-in page.
    pub async fn password(&self, username: &str, password: &str) -> Page {
        let page = self.get("/sign-in?again=1").await;
        self.submit(&page.form("/sign-in"), &[("username", username), ("password", password)]).await
    }

    /// The code page that a right password leads to.
    pub async fn code_page(&self, person: &Person) -> Page {
        let page = self.password(&person.username, &person.password).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        let page = self.follow(page).await;
        assert!(page.has_form("/sign-in/code"), "no code is asked for: {}", page.text());
        page
    }

    /// The enrolment page that a right password leads to.
    pub async fn enrol_page(&self, person: &Person) -> Page {
        let page = self.password(&person.username, &person.password).await;
        let page = self.follow(page).await;
        assert!(page.has_form("/sign-in/enrol"), "no app is offered: {}", page.text());
        page
    }

    /// The answer to a code on a code page.
    pub async fn code(&self, page: &Page, code: &str) -> Page {
        self.submit(&page.form("/sign-in/code"), &[("code", code)]).await
    }

    /// Signs in with all that the person has, and gives the page where that leads.
    pub async fn sign_in(&self, app: &TestApp, person: &Person) -> Page {
        self.sign_in_to(app, person, "/sign-in?again=1").await
    }

    /// The same from a page of one's choice that asks for name and password.
    pub async fn sign_in_to(&self, app: &TestApp, person: &Person, path: &str) -> Page {
        let page = self.open(path).await;
        let typed = [("username", person.username.as_str()), ("password", person.password.as_str())];
        let page = self.submit(&page.form("/sign-in"), &typed).await;
        let mut page = self.follow(page).await;
        if page.has_form("/sign-in/code") {
            let answer = self.code(&page, &person.code(app)).await;
            page = self.follow(answer).await;
        }
        assert_eq!(page.status, StatusCode::OK, "{} did not get in: {}", person.username, page.text());
        assert!(self.cookie("__Host-session").is_some(), "{} got no session", person.username);
        page
    }

    /// Whether the browser is let into the portal.
    pub async fn is_in(&self) -> bool {
        self.get("/account").await.status == StatusCode::OK
    }

    /// Binds the app that an enrolment page offers; gives the app and the answer.
    pub async fn enrol(&self, app: &TestApp, page: &Page) -> (Totp, Page) {
        let totp = page.offered();
        let form = page.forms().into_iter().find(|form| form.value("enrolment").is_some()).unwrap();
        let answer = self.submit(&form, &[("code", &totp.next(app)), ("name", "New phone")]).await;
        (totp, answer)
    }
}

impl Page {
    pub fn location(&self) -> String {
        self.header("location")
    }

    /// Where inside the service a redirect leads; none for a page.
    pub fn onward(&self) -> Option<String> {
        let to = self.status.is_redirection().then(|| self.location())?;
        assert!(to.starts_with('/') && !to.starts_with("//"), "sent away to {to}");
        Some(to)
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    /// Whether the answer is that of a sign-in that is done: on to where the person was going, or first past what
    /// a first enrolment leaves to be seen to.
    pub fn lets_in(&self) -> bool {
        let to = self.location();
        self.status.is_redirection()
            && (to == "/" || to.starts_with("/account/set-up?") || to.starts_with("/reset/receipt?"))
    }

    pub fn cookies_set(&self) -> Vec<String> {
        let all = self.headers.get_all("set-cookie").iter();
        all.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    pub fn text(&self) -> String {
        html::text(&self.body)
    }

    pub fn h1(&self) -> String {
        html::text_of(&self.body, "h1").unwrap_or_default()
    }

    pub fn language(&self) -> String {
        html::attribute(&self.body, "html", "lang").unwrap_or_default()
    }

    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body)
    }

    /// The form of an address, whatever its query.
    pub fn form(&self, path: &str) -> Form {
        self.find_form(path).unwrap_or_else(|| panic!("{} has no form to {path}: {}", self.path, self.text()))
    }

    pub fn has_form(&self, path: &str) -> bool {
        self.find_form(path).is_some()
    }

    fn find_form(&self, path: &str) -> Option<Form> {
        let fits = |form: &Form| form.action.split('?').next() == Some(path);
        self.forms().into_iter().find(fits)
    }

    /// The app that an enrolment page offers, from the secret as a person would copy it.
    pub fn offered(&self) -> Totp {
        let (_, after) = self.body.split_once("class=\"secret").expect("a secret is shown");
        let (_, after) = after.split_once('>').unwrap();
        Totp::from_base32(&html::text(after.split_once("</p>").unwrap().0))
    }

    /// The case codes that the page shows.
    pub fn case_codes(&self) -> Vec<String> {
        case_codes(&self.body)
    }

    /// The one case code that the page shows.
    pub fn case_code(&self) -> String {
        let codes = self.case_codes();
        assert_eq!(codes.len(), 1, "case codes on {}: {}", self.path, self.text());
        codes.into_iter().next().unwrap()
    }

    /// The body without what is another each time: case code, hidden fields, and the name that was typed.
    pub fn masked(&self, typed: &str) -> String {
        let mut body = self.body.clone();
        for code in self.case_codes() {
            body = body.replace(&code, "CASE");
        }
        for form in self.forms() {
            for field in form.fields.iter().filter(|field| field.kind == "hidden" && !field.value.is_empty())
            {
                body = body.replace(&field.value, "HIDDEN");
            }
        }
        if !typed.is_empty() {
            body = body.replace(&format!("value=\"{typed}\""), "value=\"TYPED\"");
        }
        body.replace("value=\"\"", "value=\"TYPED\"")
    }

    /// The headers without those that are another each time.
    pub fn steady_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let changing = ["date", "x-request-id", "content-length", "set-cookie"];
        let kept = self.headers.iter().filter(|(name, _)| !changing.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// The case codes that a reader sees.
pub fn case_codes(body: &str) -> Vec<String> {
    let text = html::text(body);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| word.parse::<CaseCode>().is_ok()).map(str::to_owned).collect()
}

/// Sends bytes as they are and reads until the other side has no more to say.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let bytes = bytes.to_vec();
    let work = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(ANSWER_WITHIN)).unwrap();
        // A server may answer and hang up before all is sent.
        let _ = stream.write_all(&bytes);
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    });
    work.await.unwrap()
}
