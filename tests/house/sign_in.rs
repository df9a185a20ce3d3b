//! Signing in, entered as browsers do: the steps, and that none of them can be gone around.

use std::time::Duration;

use cardea::kernel::acr::Acr;
use cardea::kernel::language::Language;
use reqwest::StatusCode;

use crate::support::app::{SPA_CALLBACK, TestApp};
use crate::support::client::{Browser, Page};
use crate::support::people::Person;

const MINUTE: Duration = Duration::from_mins(1);

async fn apps_of(app: &TestApp, person: &Person) -> usize {
    app.opened.authenticators.of(person.id).await.unwrap().len()
}

#[tokio::test]
async fn password_and_code_lead_home() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();

    let door = browser.get("/").await;
    assert_eq!((door.status, door.location().as_str()), (StatusCode::SEE_OTHER, "/sign-in?to=home"));
    let page = browser.code_page(&anna).await;
    assert!(browser.cookie("__Host-session").is_none(), "half a sign-in is none");
    assert!(!browser.is_in().await);
    let answer = browser.code(&page, &anna.code(&app)).await;
    assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/"));
    let home = browser.follow(answer).await;
    assert!(home.h1().contains("The one called anna"), "{}", home.h1());

    // Records of one moment have no order among themselves.
    let mut told: Vec<String> = app
        .records()
        .await
        .iter()
        .filter(|record| record.subject == Some(anna.id))
        .map(|record| record.text("what").unwrap().to_owned())
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["account_added", "password_accepted", "signed_in", "totp_accepted"]);
}

#[tokio::test]
async fn a_password_alone_is_enough_only_where_the_person_needs_no_more() {
    let Some(app) = TestApp::start().await else { return };
    let plain = app.person("plain").password_only().build().await;
    let home = app.browser().sign_in(&app, &plain).await;
    assert!(home.h1().contains("The one called plain"));
    // Whoever has a second proof is asked for it, whatever the requirement.
    let careful = app.person("careful").password_only().with_totp().build().await;
    app.browser().code_page(&careful).await;
}

// ------------------------------------------------------------------------------------------- enrolment

#[tokio::test]
async fn who_has_no_second_proof_must_enrol_and_cannot_go_around_it() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.enrol_page(&staff).await;
    let form = page.form("/sign-in/enrol");
    let token = form.value("form_token").unwrap().to_owned();
    let journey = form.value("journey").unwrap().to_owned();

    let around: [(&str, Vec<(&str, &str)>); 7] = [
        ("/sign-in/code", vec![("code", "123456")]),
        (
            "/sign-in/password",
            vec![("new_password", "twelve brave otters"), ("new_password_again", "twelve brave otters")],
        ),
        ("/sign-in/enrol", vec![("code", "123456"), ("enrolment", ""), ("name", "x")]),
        ("/sign-in/enrol", vec![("code", "123456"), ("enrolment", "AAAA"), ("name", "x")]),
        (
            "/account/authenticators/app",
            vec![("code", "123456"), ("enrolment", form.value("enrolment").unwrap())],
        ),
        (
            "/account/password",
            vec![
                ("current_password", &staff.password),
                ("new_password", "twelve brave otters"),
                ("new_password_again", "twelve brave otters"),
            ],
        ),
        ("/privacy/export", vec![]),
    ];
    for (path, mut fields) in around {
        fields.extend([("form_token", token.as_str()), ("journey", journey.as_str())]);
        let answer = browser.post(path, &fields).await;
        assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
        assert!(browser.follow(answer).await.path.starts_with("/sign-in"), "{path} leads past the step");
        assert!(browser.cookie("__Host-session").is_none(), "{path} gave a session");
    }
    for path in ["/", "/account", "/account/password", "/account/authenticators/app/new"] {
        assert!(browser.get(path).await.location().starts_with("/sign-in"), "{path}");
    }
    assert_eq!(apps_of(&app, &staff).await, 0);
    // A wrong code keeps the offer, and says so at the field.
    let totp = page.offered();
    let wrong = browser.submit(&form, &[("code", &totp.wrong(&app)), ("name", "Phone")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.form("/sign-in/enrol").value("enrolment"), form.value("enrolment"));
    assert_eq!(app.record_of_case(&wrong.case_code()).await.text("reason"), Some("wrong"));
    // And the way through leads home.
    let (_, answer) = browser.enrol(&app, &page).await;
    assert!(answer.lets_in(), "{}", answer.text());
    assert!(browser.is_in().await);
    assert_eq!(apps_of(&app, &staff).await, 1);
}

#[tokio::test]
async fn a_journey_helps_no_other_browser_and_no_other_person() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let berta = app.person("berta").build().await;
    let (mine, theirs) = (app.browser(), app.browser());
    let page = mine.code_page(&anna).await;
    let journey = page.form("/sign-in/code").value("journey").unwrap().to_owned();

    let other = theirs.enrol_page(&berta).await;
    let form = other.form("/sign-in/enrol");
    let code = anna.code(&app);
    for path in ["/sign-in", "/sign-in/code", "/sign-in/enrol", "/sign-in/password"] {
        let fields = form.filled(&[
            ("journey", &journey),
            ("code", &code),
            ("username", "berta"),
            ("password", &berta.password),
        ]);
        let answer = theirs.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} took the journey of another browser");
    }
    assert_eq!(theirs.get(&format!("/sign-in?journey={journey}")).await.status, StatusCode::BAD_REQUEST);
    assert!(theirs.cookie("__Host-session").is_none());

    // The same browser, another person's password: the journey stays Anna's, Berta gets one of her own.
    let fields =
        [("username", "berta"), ("password", berta.password.as_str()), ("journey", journey.as_str())];
    let answer = mine.submit(&mine.get("/sign-in?again=1").await.form("/sign-in"), &fields).await;
    assert!(answer.location().starts_with("/sign-in?journey=") && !answer.location().contains(&journey));
    let berta_page = mine.follow(answer).await;
    assert!(berta_page.has_form("/sign-in/enrol"));
    // Anna's offer would be sealed for Anna: Berta's is not taken in Anna's journey.
    let mixed = berta_page.form("/sign-in/enrol").filled(&[("journey", &journey), ("code", "000000")]);
    let answer = mine.post("/sign-in/enrol", &mixed).await;
    assert!(mine.follow(answer).await.has_form("/sign-in/code"), "Anna's journey stands where it stood");
    // It still works where it began.
    assert_eq!(mine.code(&page, &code).await.location(), "/");
    assert_eq!(apps_of(&app, &anna).await, 1);
}

#[tokio::test]
async fn of_two_tabs_that_enrol_one_wins_and_the_other_is_asked_for_its_code() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let first = browser.enrol_page(&staff).await;
    let second = browser.enrol_page(&staff).await;
    assert_ne!(first.form("/sign-in/enrol").value("journey"), second.form("/sign-in/enrol").value("journey"));

    let (totp, answer) = browser.enrol(&app, &first).await;
    assert!(answer.lets_in(), "{}", answer.text());
    let (_, late) = browser.enrol(&app, &second).await;
    let late = browser.follow(late).await;
    assert!(late.has_form("/sign-in/code"), "{}", late.text());
    assert_eq!(apps_of(&app, &staff).await, 1);
    // The app that was bound is the one that counts there.
    assert_eq!(browser.code(&late, &totp.next(&app)).await.location(), "/");
}

#[tokio::test]
async fn a_stale_enrolment_page_binds_nothing() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let browser = app.browser();
    let page = browser.enrol_page(&staff).await;
    // The same step opened once more shows another secret.
    let again = browser.get(&page.path).await;
    assert_ne!(
        page.form("/sign-in/enrol").value("enrolment"),
        again.form("/sign-in/enrol").value("enrolment")
    );
    // A guesser who knows the password has the page open elsewhere before the owner enrols.
    let guesser = app.browser();
    let waiting = guesser.enrol_page(&staff).await;

    assert!(browser.enrol(&app, &again).await.1.lets_in());
    // Back button: the first page, and the very page that was sent, once more.
    for old in [&page, &again] {
        let (_, answer) = browser.enrol(&app, old).await;
        assert_eq!(answer.location(), "/", "the step is over");
    }
    let (_, answer) = guesser.enrol(&app, &waiting).await;
    assert!(guesser.follow(answer).await.has_form("/sign-in/code"));
    assert!(guesser.cookie("__Host-session").is_none());
    assert_eq!(apps_of(&app, &staff).await, 1);
    // An offer has its time.
    let late = app.person("late").build().await;
    let page = guesser.enrol_page(&late).await;
    app.advance(MINUTE * 16);
    let (_, answer) = guesser.enrol(&app, &page).await;
    assert!(!answer.status.is_success() && guesser.cookie("__Host-session").is_none());
    assert_eq!(apps_of(&app, &late).await, 0);
}

#[tokio::test]
async fn two_parallel_enrolments_of_one_person_bind_one_app() {
    let Some(app) = TestApp::start().await else { return };
    let staff = app.person("staff").build().await;
    let (one, two) = (app.browser(), app.browser());
    let (first, second) = (one.enrol_page(&staff).await, two.enrol_page(&staff).await);
    let ((_, a), (_, b)) = tokio::join!(one.enrol(&app, &first), two.enrol(&app, &second));
    assert_eq!([&a, &b].iter().filter(|answer| answer.lets_in()).count(), 1);
    assert_eq!(apps_of(&app, &staff).await, 1);
    let sessions =
        u8::from(one.cookie("__Host-session").is_some()) + u8::from(two.cookie("__Host-session").is_some());
    assert_eq!(sessions, 1);
}

// ------------------------------------------------------------------------------------------- new password

#[tokio::test]
async fn an_expired_password_leads_over_the_code_to_a_new_one_and_home() {
    let Some(app) = TestApp::start().await else { return };
    let new = "seven quiet lighthouses";
    for must_change in [false, true] {
        let person = app.person(if must_change { "temporary" } else { "expired" }).with_totp();
        let mut person = if must_change { person.must_change() } else { person.expired() }.build().await;
        let browser = app.browser();
        let page = browser.code_page(&person).await;
        let answer = browser.code(&page, &person.code(&app)).await;
        let page = browser.follow(answer).await;
        assert!(page.has_form("/sign-in/password"), "{}", page.text());
        assert_eq!(page.text().contains("expired on 12 January 2027"), !must_change, "{}", page.text());
        assert!(browser.cookie("__Host-session").is_none());
        assert!(!browser.is_in().await);

        let form = page.form("/sign-in/password");
        let refused = [
            (["", ""], "short"),
            (["otters", "otters"], "short"),
            (["password1234", "password1234"], "guess"),
            ([new, "seven quiet lighthouse"], "not the same"),
            ([&person.password, &person.password], "name"),
            ([&"x".repeat(1100), &"x".repeat(1100)], "longer"),
        ];
        for ([first, second], why) in refused {
            let answer =
                browser.submit(&form, &[("new_password", first), ("new_password_again", second)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{first}: {}", answer.text());
            assert!(answer.text().contains(why), "{first}: {}", answer.text());
            assert!(!answer.body.contains(&format!("value=\"{first}\"")) || first.is_empty());
        }
        let answer = browser.submit(&form, &[("new_password", new), ("new_password_again", new)]).await;
        assert!(answer.location().starts_with("/reset/receipt?journey="), "{}", answer.text());
        assert!(browser.is_in().await);

        let other = app.browser();
        assert_eq!(
            other.password(&person.username, &person.password).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        person.password = new.to_owned();
        other.sign_in(&app, &person).await;
    }
    assert_eq!(app.records_of("password_set").await.len(), 2);
}

#[tokio::test]
async fn the_present_password_is_not_a_new_one() {
    let Some(app) = TestApp::start().await else { return };
    let same = "seven quiet lighthouses";
    let person = app.person("expired").password(same).with_totp().expired().build().await;
    let browser = app.browser();
    let page = browser.code_page(&person).await;
    let page = browser.follow(browser.code(&page, &person.code(&app)).await).await;
    let typed = [("new_password", same), ("new_password_again", same)];
    let answer = browser.submit(&page.form("/sign-in/password"), &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("present password"), "{}", answer.text());
}

#[tokio::test]
async fn a_new_password_stops_what_the_old_one_opened() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let (thief, owner) = (app.browser(), app.browser());
    thief.sign_in(&app, &anna).await;
    owner.sign_in(&app, &anna).await;
    let page = owner.get("/account/password").await;
    let new = "seven quiet lighthouses";
    let typed =
        [("current_password", anna.password.as_str()), ("new_password", new), ("new_password_again", new)];
    let answer = owner.submit(&page.form("/account/password"), &typed).await;
    assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/account"));
    assert!(owner.is_in().await, "the session where it was changed goes on");
    // Source: OWASP ASVS 5.0 §7.4.3; security.md §5.3 (sessions that survive a reset).
    assert!(!thief.is_in().await, "a session from before the change goes on elsewhere");
}

// --------------------------------------------------------------------------------- one answer for refusals

/// A refusal as the person sees it, and its case code.
struct Refused {
    page: Page,
    typed: &'static str,
    case: String,
}

async fn refused(app: &TestApp, typed: &'static str, password: &str) -> Refused {
    let page = app.browser().password(typed, password).await;
    let case = page.case_code();
    Refused { page, typed, case }
}

#[tokio::test]
async fn every_refusal_looks_the_same_and_its_case_code_tells_the_truth() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let gone = app.person("gone").with_totp().disabled().build().await;
    let left = app.person("left").with_totp().build().await;
    let account = left.account(&app).await;
    app.opened.accounts.set_end(&app.origin(), &account, Some(app.now())).await.unwrap();

    let table = [
        (refused(&app, "anna", "a wrong password").await, "wrong", Some(anna.id)),
        (refused(&app, "anna", "").await, "empty", Some(anna.id)),
        (refused(&app, "gone", &gone.password).await, "disabled", Some(gone.id)),
        (refused(&app, "gone", "a wrong password").await, "wrong", Some(gone.id)),
        (refused(&app, "left", &left.password).await, "ended", Some(left.id)),
        (refused(&app, "zzzz", "a wrong password").await, "unknown_name", None),
        (refused(&app, "zzzz", "").await, "unknown_name", None),
        (refused(&app, "a bc", "a wrong password").await, "unknown_name", None),
        (refused(&app, "", "a wrong password").await, "unknown_name", None),
        (refused(&app, "anna", &"x".repeat(1025)).await, "empty", Some(anna.id)),
    ];
    let first = &table[0].0;
    assert_eq!(first.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (answer, reason, subject) in &table {
        let row = format!("{reason} for `{}`", answer.typed);
        assert_eq!(answer.page.status, first.page.status, "{row}");
        assert_eq!(answer.page.steady_headers(), first.page.steady_headers(), "{row}");
        assert_eq!(answer.page.masked(answer.typed), first.page.masked(first.typed), "{row}");
        assert_eq!(answer.page.cookies_set(), Vec::<String>::new(), "{row}");
        let form = answer.page.form("/sign-in");
        assert_eq!((form.value("username"), form.value("password")), (Some(answer.typed), Some("")), "{row}");
        let record = app.record_of_case(&answer.case).await;
        assert_eq!(
            (record.text("what"), record.text("reason")),
            (Some("password_refused"), Some(*reason)),
            "{row}"
        );
        assert_eq!(record.subject, *subject, "{row}");
        let personal = record.personal.unwrap();
        assert!(personal.ip.unwrap().starts_with("127.77."), "{row}");
        assert!(personal.user_agent.contains("Firefox"), "{row}");
    }
    let mut cases: Vec<&str> = table.iter().map(|(answer, ..)| answer.case.as_str()).collect();
    cases.sort_unstable();
    cases.dedup();
    assert_eq!(cases.len(), table.len(), "a case code stands for two refusals");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_kept_as_a_digest_only() {
    let Some(app) = TestApp::start().await else { return };
    app.person("anna").with_totp().build().await;
    // People type their password where the name belongs.
    let typed = "Mypasswordistotallyhere99";
    let browser = app.browser();
    for _ in 0..7 {
        let page = browser.password(typed, "Anothersecretpassword77").await;
        let record = app.record_of_case(&page.case_code()).await;
        assert!(record.text("name_digest").is_some_and(|digest| digest.len() == 64));
        assert_eq!(record.personal.unwrap().user, None);
    }
    app.records().await;
    for text in [typed, &typed.to_lowercase(), "Anothersecretpassword77"] {
        assert!(!app.database_holds(text).await, "the database holds what was typed");
        let copy = std::fs::read_to_string(app.folder.file("events.jsonl")).unwrap();
        assert!(!copy.contains(text), "the copy of the log holds what was typed");
    }
    assert!(app.database_holds("password_refused").await, "the search finds what is there");
    // Nor as something that can be guessed at with the database alone.
    let plain = cardea::kernel::digest::sha256(typed.to_lowercase().as_bytes());
    for digest in [cardea::kernel::digest::base64url(&plain), cardea::kernel::digest::hex(&plain)] {
        assert!(!app.database_holds(&digest).await, "the database holds a plain digest of what was typed");
    }
}

#[tokio::test]
async fn a_misspelled_name_tells_the_desk_whose_it_may_have_been() {
    let Some(app) = TestApp::start().await else { return };
    let peeters = app.person("peeters").with_totp().build().await;
    app.person("janssens").with_totp().build().await;
    for (typed, near) in [("peetres", vec![peeters.id]), ("peters", vec![peeters.id]), ("dubois", vec![])] {
        let page = app.browser().password(typed, &peeters.password).await;
        let record = app.record_of_case(&page.case_code()).await;
        let told: Vec<String> = record.plain["near_accounts"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(told, near.iter().map(ToString::to_string).collect::<Vec<_>>(), "{typed}");
    }
}

// ------------------------------------------------------------------------------------------ where one goes

#[tokio::test]
async fn a_person_arrives_where_they_were_going() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    for (path, arrival) in [
        ("/", "/"),
        ("/account", "/account"),
        ("/account/password", "/account/password"),
        ("/account/authenticators/app/new", "/account/authenticators/app/new"),
        ("/sign-in?to=account", "/account"),
        ("/sign-in?to=home", "/"),
        ("/sign-in?to=https://evil.example", "/"),
        ("/sign-in?to=//evil.example", "/"),
        ("/sign-in?to=%2Faccount", "/"),
        ("/sign-in?to=authorization", "/"),
    ] {
        let browser = app.browser();
        let page = browser.sign_in_to(&app, &anna, path).await;
        assert_eq!(page.path, arrival, "from {path}");
    }
}

#[tokio::test]
async fn binding_an_app_asks_for_signing_in_again_after_a_quarter_of_an_hour() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &anna).await;
    let new = "/account/authenticators/app/new";
    let page = browser.get(new).await;
    assert_eq!(page.status, StatusCode::OK);
    app.advance(MINUTE * 16);
    assert_eq!(browser.get(new).await.location(), "/sign-in?to=new%2Dauthenticator&again=1");
    let (_, answer) = browser.enrol(&app, &page).await;
    assert_eq!(answer.location(), "/sign-in?to=new%2Dauthenticator&again=1", "the form is held to it too");
    assert_eq!(apps_of(&app, &anna).await, 1);
    // Everything else goes on, and after signing in again so does this.
    assert!(browser.is_in().await);
    let page = browser.sign_in_to(&app, &anna, &answer.location()).await;
    assert_eq!(page.path, new);
    let (_, answer) = browser.enrol(&app, &page).await;
    assert_eq!(answer.location(), "/account");
    assert_eq!(apps_of(&app, &anna).await, 2);
}

#[tokio::test]
async fn an_app_needs_two_proofs_to_be_added() {
    let Some(app) = TestApp::start().await else { return };
    let plain = app.person("plain").password_only().build().await;
    let browser = app.browser();
    browser.sign_in(&app, &plain).await;
    let answer = browser.get("/account/authenticators/app/new").await;
    assert!(answer.location().starts_with("/sign-in?to=new"), "{} {}", answer.status, answer.location());
    assert_eq!(plain.account(&app).await.required_acr, Acr::Pwd);
}

#[tokio::test]
async fn each_page_speaks_the_language_of_its_reader() {
    let Some(app) = TestApp::start().await else { return };
    let karl = app.person("karl").language(Language::De).with_totp().build().await;
    let browser = app.browser();
    browser.speak("fr-BE,fr;q=0.9,en;q=0.8");
    assert_eq!(browser.get("/sign-in").await.language(), "fr");
    browser.forget("__Host-lang");
    let home = browser.sign_in(&app, &karl).await;
    assert_eq!(home.language(), "de", "the account's language stands above the browser's");
    assert_eq!(browser.get("/account?lang=nl").await.language(), "nl");
    assert_eq!(browser.get("/account").await.language(), "nl", "a choice is remembered");
    for other in ["xx", "", "nl\"><script>", "../en"] {
        let query = url::form_urlencoded::byte_serialize(other.as_bytes()).collect::<String>();
        let page = browser.get(&format!("/account?lang={query}")).await;
        assert_eq!((page.status, page.language().as_str()), (StatusCode::OK, "nl"), "{other}");
        assert!(!page.body.contains("<script>"));
    }
}

// --------------------------------------------------------------------------------------- to an application

/// A sound request of the single-page application.
fn authorize() -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("client_id", "spa"),
        ("redirect_uri", SPA_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s&t"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]);
    format!("/oauth2/authorize?{}", query.finish())
}

/// The last place inside the service on the way of some redirects, and where that sends the browser.
async fn sent_on(browser: &Browser, mut page: Page) -> String {
    while page.location().starts_with('/') {
        page = browser.get(&page.location()).await;
    }
    page.location()
}

#[tokio::test]
async fn on_the_way_to_an_application_one_signs_in_and_goes_on_there() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.open(&authorize()).await;
    assert!(page.text().contains("Single-page application"), "{}", page.text());
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http://localhost:3002;"), "{policy}");
    // A wrong password keeps the way.
    let typed = [("username", "anna"), ("password", "a wrong password")];
    let page = browser.submit(&page.form("/sign-in"), &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = [("username", "anna"), ("password", anna.password.as_str())];
    let page = browser.follow(browser.submit(&page.form("/sign-in"), &typed).await).await;
    let answer = browser.code(&page, &anna.code(&app)).await;
    let to = sent_on(&browser, answer.clone()).await;
    assert!(to.starts_with(&format!("{SPA_CALLBACK}?code=")) && to.contains("state=s%26t"), "{to}");
    // The same journey gives no second code; who is signed in gets one without a page.
    assert!(!sent_on(&browser, answer).await.contains("code="), "a finished journey gave another code");
    let answer = browser.get(&authorize()).await;
    assert!(sent_on(&browser, answer).await.starts_with(SPA_CALLBACK));
    // Another browser that knows the address of the journey gets nothing of it.
    let page = app
        .browser()
        .get(&format!("/oauth2/authorize/continue?{}", page.path.split('?').nth(1).unwrap()))
        .await;
    assert!(page.location().is_empty(), "{}", page.location());
}

#[tokio::test]
async fn one_source_begins_so_many_journeys_and_no_more() {
    let Some(app) = TestApp::builder().with(|config| config.sign_in.journeys_per_source = 3).start().await
    else {
        return;
    };
    let source = [127, 83, 0, 1].into();
    for _ in 0..3 {
        let page = app.browser_from(source).get(&authorize()).await;
        assert!(page.location().starts_with("/sign-in?journey="), "{}", page.text());
    }
    let page = app.browser_from(source).get(&authorize()).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.header("retry-after").parse::<u64>().unwrap() <= 60);
    assert_eq!(app.number("SELECT COUNT(*) FROM journey").await, 3);
    assert!(app.browser().get(&authorize()).await.location().starts_with("/sign-in?journey="));
}

#[tokio::test]
async fn a_sign_in_half_done_does_not_outlive_what_stops_everything_else() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let thief = app.browser();
    let page = thief.code_page(&anna).await;
    // The service desk hears of it and stops all that was issued to the account.
    let mut unit = app.opened.db.unit();
    app.opened.accounts.raise_epoch(&mut unit, anna.id);
    app.opened.db.write(unit).await.unwrap();
    let answer = thief.code(&page, &anna.code(&app)).await;
    assert_ne!(answer.location(), "/");
    assert!(thief.get("/account").await.location().starts_with("/sign-in"), "the thief is in");
    // The owner begins anew, and is in.
    app.advance(std::time::Duration::from_mins(1));
    let owner = app.browser();
    let page = owner.code_page(&anna).await;
    assert_eq!(owner.code(&page, &anna.code(&app)).await.location(), "/");
}
