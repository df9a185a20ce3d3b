//! No answer before its sync: the real program under `strace`, which sees in which order it writes, syncs
//! and answers.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::crowd::crowd;
use crate::support::node::Node;
use crate::support::servers::skipped;
use crate::support::trace::{self, Call};
use crate::support::visitor::{Application, Reply};

/// Of the embedded database; what is in it is what a crash leaves.
const JOURNAL: &str = "cardea.db-wal";
const REFUSALS: u8 = 10;
const SIGN_INS: u8 = 4;
/// The demo's application, whose secret is known to all.
pub const WEB: Application<'static> = Application {
    client_id: "web",
    secret: "demo-secret-of-the-web-application-known-to-all",
    callback: "http://localhost:3001/callback",
};

fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// The trace, once the tracer has written down the end of the program.
async fn whole_trace(file: &Path, id: u32) -> String {
    let end = format!("{id} ");
    for _ in 0..200 {
        let trace = std::fs::read_to_string(file).unwrap();
        if trace.lines().any(|line| line.starts_with(&end) && line.ends_with("+++ exited with 0 +++")) {
            return trace;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the tracer did not come to an end");
}

#[tokio::test]
async fn no_answer_leaves_before_its_record_is_synced() {
    if !can_trace() {
        return skipped("strace is not installed, or this machine does not let it trace");
    }
    let folder = tempfile::tempdir().unwrap();
    let (people, members) = crowd(folder.path(), u32::from(SIGN_INS));
    let file = folder.path().join("trace");
    let calls = "trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg";
    // -D: the program is our child and the tracer its shadow, so that signals reach the program.
    let tracer =
        ["strace", "-D", "-f", "-ttt", "-T", "-y", "-s", "16384", "-e", calls, "-o", file.to_str().unwrap()];
    let mut node = Node::traced_demo(folder.path(), &["--people", people.to_str().unwrap()], &tracer);

    // A mark stands in the record and in the answer: a refusal's case code, and the id of any request.
    let mut marks = vec![];
    for number in 1..=REFUSALS {
        let mut visitor = node.visitor(Ipv4Addr::new(127, 31, 0, number));
        visitor.arrive().await.unwrap();
        let refusal = visitor.password(&format!("nobody.{number}"), "not a password").await.unwrap();
        assert_eq!(refusal.status, 422, "{}", refusal.body);
        marks.push(refusal.case_code().expect("the page shows a case code"));
        marks.push(refusal.request_id());
    }
    for (number, mut member) in (1..).zip(members) {
        let mut visitor = node.visitor(Ipv4Addr::new(127, 31, 1, number));
        visitor.arrive().await.unwrap();
        let first = visitor.password(&member.username, &member.password).await.unwrap();
        assert_eq!(first.status, 303, "{}", first.body);
        let second = visitor.code(&first.sent("journey").unwrap(), &member.code().unwrap()).await.unwrap();
        assert_eq!((second.status, second.header("location")), (303, "/"), "{}", second.body);
        let issued = visitor.authorize(WEB).await.unwrap();
        let code = issued.sent("code").unwrap_or_else(|| panic!("{} {}", issued.status, issued.body));
        let tokens = visitor.redeem(WEB, &code).await.unwrap();
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        marks.extend([&first, &second, &issued, &tokens].map(Reply::request_id));
    }
    let id = node.id();
    node.stop();

    let calls = trace::read(&whole_trace(&file, id).await);
    let found = trace::early_answers(&calls, &marks, JOURNAL);
    assert!(found.is_empty(), "{} of {} answers:\n{}", found.len(), marks.len(), found.join("\n"));
    eprintln!(
        "{} marks of {} answers, each synced before it left",
        marks.len(),
        marks.len() - usize::from(REFUSALS)
    );

    // The same trace doctored, so that it is known to be looked at: without its syncs, and with every sync
    // a second late.
    let doctored = |change: fn(&mut Call)| {
        let mut calls = calls.clone();
        calls.iter_mut().for_each(change);
        trace::early_answers(&calls, &marks, JOURNAL).len()
    };
    assert_eq!(doctored(|call| call.done &= !call.name.contains("sync")), marks.len());
    let late = doctored(|call| {
        if call.name.contains("sync") {
            call.end += 10_000_000;
        }
    });
    assert_eq!(late, marks.len(), "answers before a late sync were not all caught");
}
