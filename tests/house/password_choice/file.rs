//! The file: what is in it is found, in whatever order it came; what is damaged is not used; rubbish is refused.

use std::fs;

use cardea::directory::breach::{BreachFilter, UnreadableFilter, key_of};
use serde_json::json;

use super::{built, lines, sha1, written};
use crate::support::children::cardea;

#[test]
fn every_listed_password_is_found_in_whatever_order_and_form_the_list_came() {
    let folder = tempfile::tempdir().unwrap();
    let passwords = ["correct horse battery staple", "été 2026", "Zomer2026!", "p"];
    let listed = passwords.map(sha1).join(":3\r\n");
    let text = format!("{listed}:3\r\n{}", lines(1, 5_000));
    let one = written(folder.path(), "list.txt", &text);
    let mut backwards: Vec<&str> = text.lines().collect();
    backwards.reverse();
    let two = written(folder.path(), "backwards.txt", &backwards.join("\n").to_lowercase());
    let (output, other) = (folder.path().join("one.filter"), folder.path().join("two.filter"));
    let made = built(std::slice::from_ref(&one), &output).unwrap();
    assert_eq!((made.lines, made.entries, made.repeated, made.shards), (5_004, 5_004, 0, 1));
    let again = built(&[two, one], &other).unwrap();
    assert_eq!((again.lines, again.entries, again.repeated), (10_008, 5_004, 5_004));
    assert_eq!(fs::read(&output).unwrap(), fs::read(&other).unwrap(), "the same list makes the same file");

    let filter = BreachFilter::open(&output).unwrap();
    assert_eq!((filter.entries(), filter.bytes()), (5_004, fs::metadata(&output).unwrap().len()));
    for password in passwords {
        assert!(filter.may_hold(key_of(password)).unwrap(), "{password}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "something was left: {left:?}");
}

#[test]
fn ranges_are_read_by_the_name_of_their_file_and_padding_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let ranges = folder.path().join("ranges");
    fs::create_dir(&ranges).unwrap();
    for password in ["one", "two", "three"] {
        let hash = sha1(password);
        let (range, rest) = hash.split_at(5);
        let padding = sha1(&format!("padding of {password}"));
        written(&ranges, &format!("{range}.txt"), &format!("{rest}:12\r\n{}:0\r\n", &padding[5..]));
    }
    let output = folder.path().join("ranges.filter");
    let made = built(&[ranges], &output).unwrap();
    assert_eq!((made.lines, made.entries, made.padding), (6, 3, 3));
    let filter = BreachFilter::open(&output).unwrap();
    assert!(filter.may_hold(key_of("two")).unwrap() && !filter.may_hold(key_of("four")).unwrap());
}

#[test]
fn a_list_of_something_else_is_refused_with_its_line_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("x.filter");
    let good = sha1("good");
    let table = [
        (format!("{good}\n\nhunter2\n"), "line 3: a line is a SHA-1 hash of 40 hexadecimal digits"),
        (format!("{good}:x\n"), "line 1: a line is a SHA-1 hash"),
        (
            format!("{good}:1\n8846F7EAEE8FB117AD06BDD830B7586C:2\n"),
            "line 2: a hash has 40 hexadecimal digits; 32",
        ),
        (format!("{good}:1\n{}\n", "A".repeat(5_000)), "line 2: the line is longer"),
        (format!("{good}:{}\n", "1".repeat(60)), "line 1: the line is longer"),
        ("\u{feff}".to_owned() + &good, "line 1: a line is a SHA-1 hash"),
        (good[5..].to_owned(), "line 1: a line is a SHA-1 hash"),
        ("\n\n".to_owned(), "there is no hash"),
        (format!("{good}:0\n"), "there is no hash"),
    ];
    for (text, expected) in table {
        let input = written(folder.path(), "list.txt", &text);
        let refused = built(&[input], &output).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
        assert!(!refused.contains("hunter2"), "what may be a password is repeated");
    }
    let missing = built(&[folder.path().join("nowhere")], &output).unwrap_err().to_string();
    assert!(missing.contains("nowhere"), "{missing}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["list.txt"]);
}

#[test]
fn a_file_that_is_damaged_anywhere_or_cut_off_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("x.filter");
    built(&[written(folder.path(), "list.txt", &lines(2, 3_000))], &output).unwrap();
    let good = fs::read(&output).unwrap();
    let opened = |bytes: &[u8]| {
        let path = written(folder.path(), "changed.filter", "");
        fs::write(&path, bytes).unwrap();
        BreachFilter::open(&path).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(opened(&good), Ok(()));
    // Every byte of the head, the tables and the end, and every 7th fingerprint.
    let sums = good.len() - 500;
    for place in (0..good.len()).filter(|place| *place < 64 || *place > sums || place % 7 == 0) {
        let mut bytes = good.clone();
        bytes[place] ^= 0x10;
        let told = opened(&bytes).expect_err(&format!("byte {place} may be anything"));
        assert!(told.contains("changed.filter"), "{told}");
    }
    for length in (0..good.len()).rev().step_by(97).chain([good.len() - 1, 0, 1, 15, 16]) {
        assert!(opened(&good[..length]).is_err(), "cut off at {length}");
    }
    assert!(opened(&[good.as_slice(), b"x"].concat()).is_err(), "a byte more");
    assert!(opened(b"id,password\n1,hunter2\n").unwrap_err().contains("is no breach filter"));
    let mut newer = good;
    newer[8] = 2;
    assert!(opened(&newer).unwrap_err().contains("another version"));
}

#[test]
fn a_file_that_is_damaged_while_it_is_in_use_says_nothing_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("x.filter");
    let text = lines(3, 20_000);
    built(&[written(folder.path(), "list.txt", &text)], &output).unwrap();
    let filter = BreachFilter::open(&output).unwrap();
    let good = fs::read(&output).unwrap();
    let keys: Vec<u64> = text.lines().map(|line| u64::from_str_radix(&line[..16], 16).unwrap()).collect();
    assert!(keys.iter().all(|key| filter.may_hold(*key).unwrap()));
    // Zeros in the place of a block, as a disk may give them back: it is damaged in place, the file stays the same one.
    let mut bytes = good.clone();
    bytes[16 + 2_048..16 + 3_072].fill(0);
    fs::write(&output, &bytes).unwrap();
    let mut unread = 0;
    for key in &keys {
        match filter.may_hold(*key) {
            Ok(known) => assert!(known, "a listed password is taken for an unknown one"),
            Err(UnreadableFilter::Damaged { .. }) => unread += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(unread > 500, "{unread} of {} met the block", keys.len());
    fs::write(&output, &good[..2_000]).unwrap();
    assert!(
        keys.iter().all(|key| filter.may_hold(*key).unwrap_or(true)),
        "cut off, and something is unknown"
    );
}

#[test]
fn the_command_line_builds_shows_and_rehearses() {
    let folder = tempfile::tempdir().unwrap();
    let list = written(folder.path(), "list.txt", &format!("{}{}:7\n", lines(4, 1_000), sha1("known")));
    let file = folder.path().join("known.filter");
    let (list, output) = (list.to_str().unwrap(), file.to_str().unwrap());
    let rehearsed = cardea(&["breach", "build", list, "--output", output, "--dry-run", "--json"], "").json();
    assert_eq!((&rehearsed["entries"], &rehearsed["dry_run"]), (&json!(1_001), &json!(true)));
    assert!(!file.exists());
    let built = cardea(&["breach", "build", list, "--output", output, "--json"], "").json();
    assert_eq!((&built["entries"], &built["repeated"]), (&json!(1_001), &json!(0)));
    let shown = cardea(&["breach", "show", output], "").ok();
    assert!(shown.contains("is whole: 1001 hashes"), "{shown}");
    let wrong = cardea(&["breach", "show", list], "");
    assert!(wrong.refused(2).contains("is no breach filter"));
}
