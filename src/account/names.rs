//! Accounts whose name is near to one that was typed: what the desk needs when a caller misspelled.

use crate::kernel::id::AccountId;

/// Near accounts that are kept at the most.
const NEAR_MAX: usize = 5;
/// Edits (insert, delete, replace, swap of neighbours) that still count as near.
const EDITS_MAX: usize = 2;

/// The accounts with a name at most two edits away, nearest first.
pub fn near(typed: &str, names: &[(String, AccountId)]) -> Vec<AccountId> {
    let typed: Vec<char> = typed.chars().take(64).collect();
    let mut found: Vec<(usize, AccountId)> = names
        .iter()
        .filter_map(|(name, id)| {
            let name: Vec<char> = name.chars().take(64).collect();
            let edits = distance(&typed, &name);
            (edits > 0 && edits <= EDITS_MAX).then_some((edits, *id))
        })
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(_, id)| *id);
    found.into_iter().take(NEAR_MAX).map(|(_, id)| id).collect()
}

/// Optimal string alignment distance; anything far beyond the limit is not computed.
fn distance(a: &[char], b: &[char]) -> usize {
    if a.len().abs_diff(b.len()) > EDITS_MAX {
        return EDITS_MAX + 1;
    }
    let mut before: Vec<usize> = vec![];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |line: &[usize], position: usize| line.get(position).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_slip_of_the_finger_is_near() {
        let table = [
            ("staff", "staff", 0),
            ("satff", "staff", 1),
            ("staf", "staff", 1),
            ("stxfy", "staff", 2),
            ("desk", "staff", 3),
        ];
        for (a, b, edits) in table {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&a, &b).min(3), edits);
        }
    }
}
