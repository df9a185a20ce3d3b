//! What `strace` saw of a process: which bytes went where, and when they were safe.
//!
//! Made with `-f -ttt -T -y -s N`: every line has the thread, the moment of the call, what it was told (with
//! the path behind each file descriptor), what it gave and how long it took.

use std::collections::HashMap;

/// One finished system call. Times are microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    /// What its file descriptor stands for: a path, or `socket:[…]`.
    pub on: String,
    pub start: i64,
    pub end: i64,
    pub done: bool,
    text: String,
}

impl Call {
    fn is_sync(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.done
    }

    fn is_write_to(&self, end: &str) -> bool {
        matches!(self.name.as_str(), "write" | "pwrite64" | "writev" | "pwritev") && self.on.ends_with(end)
    }

    fn is_answer(&self) -> bool {
        self.on.starts_with("socket:") && self.text.contains("\"HTTP/1.1 ")
    }
}

/// Reads the calls of a trace, in the order in which they began.
pub fn read(trace: &str) -> Vec<Call> {
    let mut begun: HashMap<&str, (i64, &str)> = HashMap::new();
    let mut calls = vec![];
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((moment, rest)) = rest.trim_start().split_once(' ') else { continue };
        let Some(moment) = micros(moment) else { continue };
        if let Some(head) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, (moment, head));
        } else if let Some(tail) = rest.strip_prefix("<... ") {
            let Some((start, head)) = begun.remove(thread) else { continue };
            let Some((_, tail)) = tail.split_once(" resumed>") else { continue };
            calls.extend(call(start, moment, &format!("{head}{tail}")));
        } else {
            calls.extend(call(moment, moment, rest));
        }
    }
    calls.sort_by_key(|call| call.start);
    calls
}

/// `name(3</path>, …) = 0 <0.000123>`; the end is taken from the duration where the line tells no later one.
fn call(start: i64, seen: i64, line: &str) -> Option<Call> {
    let (name, arguments) = line.split_once('(')?;
    let on = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(on, _)| on);
    let (body, result) = line.rsplit_once(" = ")?;
    let took = result.rsplit_once('<').and_then(|(_, took)| micros(took.trim_end_matches('>')));
    Some(Call {
        name: name.to_owned(),
        on: on.to_owned(),
        start,
        end: seen.max(start + took.unwrap_or(0)),
        done: result.starts_with(|c: char| c.is_ascii_digit()),
        text: body.to_owned(),
    })
}

fn micros(seconds: &str) -> Option<i64> {
    let (whole, part) = seconds.split_once('.')?;
    let part = format!("{part:0<6}");
    Some(whole.parse::<i64>().ok()? * 1_000_000 + part.get(..6)?.parse::<i64>().ok()?)
}

/// Of each mark (a text that stands in one record and in the answer that tells of it): that the record was
/// written to the journal of the database, that a sync of the journal began after that and was over before
/// the answer left. Gives what does not hold, a line each.
pub fn early_answers(calls: &[Call], marks: &[String], journal: &str) -> Vec<String> {
    marks.iter().filter_map(|mark| early(calls, mark, journal).map(|why| format!("{mark}: {why}"))).collect()
}

fn early(calls: &[Call], mark: &str, journal: &str) -> Option<&'static str> {
    let tells = |call: &&Call| call.text.contains(mark);
    let Some(written) = calls.iter().filter(tells).find(|call| call.is_write_to(journal)) else {
        return Some("no record of it was written");
    };
    let Some(answer) = calls.iter().filter(tells).find(|call| call.is_answer()) else {
        return Some("no answer tells of it");
    };
    let mut syncs = calls.iter().filter(|call| call.is_sync() && call.on.ends_with(journal));
    let safe = syncs.any(|sync| sync.start >= written.end && sync.end <= answer.start);
    (!safe).then_some("the answer left before its record was safe")
}

#[cfg(test)]
mod tests {
    use super::{early_answers, read};

    const SOUND: &str = r#"
7 100.000100 recvfrom(9<socket:[5]>, "POST /sign-in HTTP/1.1\r\n"..., 8192, 0, NULL, NULL) = 400 <0.000010>
8 100.000200 pwrite64(4</d/cardea.db-wal>, "\2\1{\"case_code\":\"KIWI-4921\"}", 4096, 56) = 4096 <0.000020>
8 100.000230 fdatasync(4</d/cardea.db-wal> <unfinished ...>
7 100.000300 write(2</d/node.log>, "KIWI-4921 is not for the log", 28) = 28 <0.000005>
8 100.000900 <... fdatasync resumed>) = 0 <0.000665>
7 100.000950 writev(9<socket:[5]>, [{iov_base="HTTP/1.1 422 Unprocessable Content\r\n", iov_len=36}, {iov_base="<p>KIWI-4921", iov_len=12}], 2) = 48 <0.000030>
"#;

    fn faults(trace: &str) -> Vec<String> {
        early_answers(&read(trace), &["KIWI-4921".to_owned()], "-wal")
    }

    #[test]
    fn a_sound_trace_is_one() {
        assert_eq!(faults(SOUND), Vec::<String>::new());
        let calls = read(SOUND);
        assert_eq!(calls.len(), 5);
        assert_eq!((calls[2].start, calls[2].end), (100_000_230, 100_000_900));
    }

    #[test]
    fn every_way_in_which_an_answer_can_be_early_is_caught() {
        let early = "the answer left before its record was safe";
        for (what, from, to, why) in [
            ("no sync at all", "fdatasync", "fdatasink", early),
            ("it failed", "resumed>) = 0", "resumed>) = -1 EIO (Input/output error)", early),
            ("it was another file's", "fdatasync(4</d/cardea.db-wal>", "fdatasync(5</d/heads.jsonl>", early),
            ("it began before the record was written", "100.000230", "100.000150", early),
            ("it was over after the answer had left", "100.000900 <...", "100.000960 <...", early),
            ("another record", "\\\"KIWI-4921", "\\\"YETI-0001", "no record of it was written"),
            ("another answer", "<p>KIWI-4921", "<p>YETI-0001", "no answer tells of it"),
        ] {
            assert!(SOUND.contains(from), "{what}");
            assert_eq!(faults(&SOUND.replace(from, to)), [format!("KIWI-4921: {why}")], "{what}");
        }
    }
}
