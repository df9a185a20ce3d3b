//! Policies that an installation writes itself: they are asked wherever something is issued or done, and not
//! only at the door.

use std::net::Ipv4Addr;

use cardea::kernel::role::Role;
use cardea::kernel::secret::Secret;
use reqwest::StatusCode;

use crate::support::app::{TestApp, WEB_CALLBACK, WEB_SECRET};
use crate::support::people::Person;
use crate::support::visitor::{Application, Reply, Visitor};

const WEB: Application<'static> =
    Application { client_id: "web", secret: WEB_SECRET, callback: WEB_CALLBACK };

/// Stands in place of the policies that are compiled in; each test forbids its part.
const ALL: &str = r#"
@id("own.all")
@why("Everyone does everything.")
permit (principal is Account, action, resource);
"#;

/// A rule that a role which is granted makes apply, and that raises no epoch: nothing but the policies tells.
const NO_ANALYSTS_IN_THE_APPLICATION: &str = r#"
@id("own.no-analysts-in-the-application")
@why("Who watches the log does not work in this application.")
forbid (principal is Account, action == Action::"signIn", resource == Client::"web")
when { principal.roles.contains("analyst") };
"#;

async fn forbidding(policy: &'static str) -> Option<TestApp> {
    let builder = TestApp::builder().with(move |config| {
        let folder = config.data.folder.join("policies");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("own.cedar"), format!("{ALL}{policy}")).unwrap();
        config.policies.folder = Some(folder);
    });
    builder.start().await
}

/// Comes from the application, signs in, and gives the browser with what the provider answers then.
async fn enter(app: &TestApp, person: &Person) -> (Visitor, Reply) {
    let mut browser = Visitor::new(app.address, &app.issuer, Ipv4Addr::new(127, 84, 0, 1));
    browser.arrive().await.unwrap();
    let journey = browser.authorize(WEB).await.unwrap().sent("journey").unwrap();
    let typed = [
        ("journey", journey.as_str()),
        ("username", person.username.as_str()),
        ("password", person.password.as_str()),
    ];
    let reply = browser.post("/sign-in", &typed).await.unwrap();
    assert_eq!(reply.sent("journey").as_ref(), Some(&journey), "{}", reply.body);
    let reply = browser.code(&journey, &person.code(app)).await.unwrap();
    assert!(browser.has("__Host-session"), "{}", reply.body);
    let reply = browser.get(reply.header("location")).await.unwrap();
    (browser, reply)
}

#[tokio::test]
async fn who_may_not_enter_an_application_gets_no_code_for_it_by_any_way() {
    let Some(app) = forbidding(NO_ANALYSTS_IN_THE_APPLICATION).await else { return };
    let analyst = app.person("analyst").roles(&[Role::Staff, Role::Analyst]).with_totp().build().await;
    let (mut browser, after_signing_in) = enter(&app, &analyst).await;
    let at_once = browser.authorize(WEB).await.unwrap();
    for (reply, way) in [(after_signing_in, "after signing in"), (at_once, "with a session")] {
        assert!(reply.header("location").starts_with(&format!("{WEB_CALLBACK}?")), "{way}: {}", reply.body);
        // Source: RFC 6749 §4.1.2.1, RFC 9207 §2.
        let sent = ["error", "state", "iss"].map(|name| reply.sent(name).unwrap_or_default());
        assert_eq!(sent, ["access_denied", "s", app.issuer.as_str()], "{way}");
        assert_eq!(reply.sent("code"), None, "{way}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM authorization_code").await, 0);
    let told = app.records_of("authorization_refused").await;
    assert!(told.iter().any(|record| record.text("error") == Some("access_denied")));
    // It is this person who may not: others go in.
    let staff = app.person("staff").with_totp().build().await;
    assert!(enter(&app, &staff).await.1.sent("code").is_some());
}

#[tokio::test]
async fn a_code_becomes_no_tokens_once_the_person_may_not_enter_any_more() {
    let Some(app) = forbidding(NO_ANALYSTS_IN_THE_APPLICATION).await else { return };
    let staff = app.person("staff").with_totp().build().await;
    let (mut browser, reply) = enter(&app, &staff).await;
    let codes = [reply.sent("code").unwrap(), browser.authorize(WEB).await.unwrap().sent("code").unwrap()];
    let before = browser.redeem(WEB, &codes[0]).await.unwrap();
    assert_eq!(before.status, 200, "{}", before.body);

    let account = staff.account(&app).await;
    app.opened.accounts.grant(&app.origin(), &account, Role::Analyst).await.unwrap();
    let after = browser.redeem(WEB, &codes[1]).await.unwrap();
    assert_eq!(after.status, 400, "{}", after.body);
    assert!(
        after.body.contains("\"invalid_grant\"") && !after.body.contains("access_token"),
        "{}",
        after.body
    );
    let told = app.records_of("token_refused").await;
    let told: Vec<_> = told.iter().map(|record| (record.text("error"), record.subject)).collect();
    assert_eq!(told, [(Some("not_permitted"), Some(staff.id))]);
    assert_eq!(app.records_of("tokens_issued").await.len(), 1);
    // The session goes on, as far as the policies let it.
    assert_eq!(browser.get("/account").await.unwrap().status, 200);
    assert_eq!(browser.authorize(WEB).await.unwrap().sent("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn who_may_not_enter_the_portal_is_refused_like_anyone() {
    let policy = r#"
@id("own.no-analysts")
@why("Who watches the log does it elsewhere.")
forbid (principal is Account, action == Action::"signIn", resource is Portal)
when { principal.roles.contains("analyst") };
"#;
    let Some(app) = forbidding(policy).await else { return };
    let analyst = app.person("analyst").roles(&[Role::Staff, Role::Analyst]).with_totp().build().await;
    let page = app.browser().password("analyst", &analyst.password).await;
    let other = app.browser().password("nobody", "a wrong password").await;
    assert_eq!([page.status, other.status], [StatusCode::UNPROCESSABLE_ENTITY; 2]);
    assert_eq!(page.steady_headers(), other.steady_headers());
    assert_eq!(page.masked("analyst"), other.masked("nobody"));
    let record = app.record_of_case(&page.case_code()).await;
    assert_eq!((record.text("reason"), record.subject), (Some("not_permitted"), Some(analyst.id)));
}

/// What nobody may do with what is theirs, so that each use case has to ask.
const NOTHING_OF_ONES_OWN: &str = r#"
@id("own.nothing")
@why("Nobody looks after the own account.")
forbid (
  principal is Account,
  action in
    [Action::"viewOwnAccount",
     Action::"changeOwnPassword",
     Action::"bindOwnAuthenticator",
     Action::"revokeOwnAuthenticator",
     Action::"exportOwnData",
     Action::"endOwnSession"],
  resource
);
"#;

/// Rows that the use cases of an account write.
async fn rows(app: &TestApp) -> [i64; 4] {
    let mut rows = [0; 4];
    let sql = [
        "SELECT COUNT(*) FROM authenticator",
        "SELECT COUNT(*) FROM session WHERE ended_at IS NULL",
        "SELECT COUNT(*) FROM journey WHERE finished_at IS NOT NULL",
        "SELECT COUNT(*) FROM event WHERE plain LIKE '%\"own_data_exported\"%'",
    ];
    for (row, sql) in rows.iter_mut().zip(sql) {
        *row = app.number(sql).await;
    }
    rows
}

#[tokio::test]
async fn every_use_of_the_own_account_asks_the_policies() {
    let Some(app) = forbidding(NOTHING_OF_ONES_OWN).await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let mut unit = app.opened.db.unit();
    let secret = Secret::new(vec![7; 20]);
    let second =
        app.opened.authenticators.bind_given(&mut unit, anna.id, &secret, "Old phone", app.now()).unwrap();
    app.opened.db.write(unit).await.unwrap();
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let before = rows(&app).await;

    let offer = browser.get("/account/authenticators/app/new").await;
    let enrolment = offer.form("/account/authenticators/app").value("enrolment").unwrap().to_owned();
    let code = offer.offered().at(app.now());
    let token = browser.get("/").await.form("/sign-out").value("form_token").unwrap().to_owned();
    let account = anna.account(&app).await;
    let session = app.opened.sessions.open_of(&account, app.now()).await.unwrap()[0].id;
    let new = "seven quiet lighthouses";
    let forms: [(String, Vec<(&str, &str)>); 7] = [
        (
            "/account/authenticators/app".to_owned(),
            vec![("enrolment", &enrolment), ("code", &code), ("name", "New phone")],
        ),
        (
            "/account/password".to_owned(),
            vec![("current_password", &anna.password), ("new_password", new), ("new_password_again", new)],
        ),
        (format!("/account/authenticators/{second}/remove"), vec![]),
        (format!("/account/sessions/{session}/end"), vec![]),
        ("/account/sessions/end-others".to_owned(), vec![]),
        ("/sign-out".to_owned(), vec![("everywhere", "yes")]),
        ("/privacy/export".to_owned(), vec![]),
    ];
    let mut let_through = vec![];
    for (path, mut fields) in forms {
        fields.push(("form_token", &token));
        let status = browser.post(&path, &fields).await.status;
        if status != StatusCode::FORBIDDEN {
            let_through.push(format!("{path}: {status}"));
        }
    }
    assert_eq!(let_through, Vec::<String>::new());
    assert_eq!(browser.get("/account").await.status, StatusCode::FORBIDDEN);
    assert_eq!(rows(&app).await, before);
    // The old password is still the one.
    assert_eq!(app.browser().password("anna", &anna.password).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_steps_of_signing_in_that_change_the_account_ask_the_policies_too() {
    let Some(app) = forbidding(NOTHING_OF_ONES_OWN).await else { return };
    let first_time = app.person("first.time").build().await;
    let temporary = app.person("temporary").with_totp().must_change().build().await;
    let before = rows(&app).await;
    let browser = app.browser();
    let page = browser.enrol_page(&first_time).await;
    assert_eq!(browser.enrol(&app, &page).await.1.status, StatusCode::FORBIDDEN);

    let page = browser.code_page(&temporary).await;
    let page = browser.follow(browser.code(&page, &temporary.code(&app)).await).await;
    let new = "seven quiet lighthouses";
    let typed = [("new_password", new), ("new_password_again", new)];
    assert_eq!(browser.submit(&page.form("/sign-in/password"), &typed).await.status, StatusCode::FORBIDDEN);
    assert!(browser.cookie("__Host-session").is_none());
    assert_eq!(rows(&app).await, before);
}
