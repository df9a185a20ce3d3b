//! Ways back in: recovery codes, what is seen to afterwards, and whether a person could get back in alone.

mod afterwards;
mod clock;
mod codes;
mod invitation;
mod trust;

use reqwest::StatusCode;

use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::html;
use crate::support::people::Person;

/// Where the first link that has this in its address leads.
pub fn link(page: &Page, part: &str) -> Option<String> {
    let hrefs = page.body.split("href=\"").filter_map(|rest| rest.split('"').next());
    let hrefs: Vec<String> = hrefs.map(|href| href.replace("&#38;", "&")).collect();
    hrefs.into_iter().find(|href| href.contains(part))
}

/// The codes that a page shows.
pub fn codes_on(page: &Page) -> Vec<String> {
    let Some((_, list)) = page.body.split_once("class=\"codes\"") else { return vec![] };
    let list = list.split("</ol>").next().unwrap();
    list.split("<li>").skip(1).map(|item| html::text(item.split("</li>").next().unwrap())).collect()
}

impl Browser {
    /// Makes recovery codes; the person is signed in.
    pub async fn make_codes(&self) -> Vec<String> {
        let ask = self.get("/account/recovery-codes").await;
        let page = self.submit(&ask.form("/account/recovery-codes"), &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let codes = codes_on(&page);
        assert_eq!(codes.len(), 10, "{}", page.text());
        codes
    }

    /// The page that asks for a recovery code, after a right password.
    pub async fn recovery_page(&self, person: &Person) -> Page {
        let page = self.password(&person.username, &person.password).await;
        let page = self.follow(page).await;
        let page = match link(&page, "way=recovery") {
            Some(href) => self.get(&href).await,
            None => page,
        };
        assert!(page.has_form("/sign-in/recovery"), "no recovery code is asked for: {}", page.text());
        page
    }

    pub async fn recover(&self, page: &Page, code: &str) -> Page {
        self.submit(&page.form("/sign-in/recovery"), &[("recovery_code", code)]).await
    }
}

/// Somebody with an app and a fresh set of codes.
async fn with_codes(app: &TestApp, name: &str) -> (Person, Vec<String>) {
    let person = app.person(name).with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(app, &person).await;
    let codes = browser.make_codes().await;
    (person, codes)
}
