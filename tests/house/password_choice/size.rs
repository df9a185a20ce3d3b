//! A small version of the measurement: size, false positives, and more than one shard.

use cardea::directory::breach::BreachFilter;
use cardea::kernel::entropy::Entropy;

use super::{built, lines, written};

const ENTRIES: usize = 1_200_000;
const STRANGERS: u32 = 200_000;

#[test]
fn a_million_entries_take_few_bytes_and_few_strangers_are_taken_for_known() {
    let folder = tempfile::tempdir().unwrap();
    let text = lines(9, ENTRIES);
    let input = written(folder.path(), "list.txt", &text);
    let output = folder.path().join("x.filter");
    let made = built(&[input], &output).unwrap();
    assert_eq!((made.entries, made.shards), (1_200_000, 2));
    assert!(made.bytes_per_entry() <= 1.25, "{} bytes an entry", made.bytes_per_entry());
    let filter = BreachFilter::open(&output).unwrap();
    for line in text.lines().step_by(11) {
        assert!(filter.may_hold(u64::from_str_radix(&line[..16], 16).unwrap()).unwrap(), "{line}");
    }
    let strangers = Entropy::seeded(10);
    let taken =
        (0..STRANGERS).filter(|_| filter.may_hold(u64::from_le_bytes(strangers.bytes())).unwrap()).count();
    // One in 256 is 781 of them; five standard deviations more would be a fault.
    assert!((640..=921).contains(&taken), "{taken} of {STRANGERS}");
}
