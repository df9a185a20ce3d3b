//! A line of the public lists: the hash in hexadecimal digits, and how often it was seen.

use super::Key;

/// Longest line that is one: a hash, a colon, a number, the end of the line.
pub const LINE_BYTES_MAX: usize = 80;
/// Digits of a SHA-1 hash.
const DIGITS: usize = 40;
/// Digits that the name of a range's file has in place of its lines.
pub const RANGE_DIGITS: usize = 5;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Entry(Key),
    /// A hash that was seen no times: ranges are filled up with such, so that their length does not tell.
    Padding,
    Empty,
}

/// What is wrong with a line. It is not repeated: an input of another kind may be a list of passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    #[error("the line is longer than any hash with its count")]
    Long,
    #[error(
        "a hash has {DIGITS} hexadecimal digits; 32 are those of the NTLM list, and the SHA-1 list is needed"
    )]
    Ntlm,
    #[error("a line is a SHA-1 hash of {DIGITS} hexadecimal digits, with `:` and a count or without")]
    Other,
}

/// Reads a line without its end. `range`: the digits that stand before those of each line.
pub fn parse(line: &[u8], range: Option<&[u8; RANGE_DIGITS]>) -> Result<Line, BadLine> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Ok(Line::Empty);
    }
    let end = line.iter().position(|byte| *byte == b':');
    let (digits, count) = match end {
        Some(end) => (line.get(..end).unwrap_or_default(), line.get(end + 1..)),
        None => (line, None),
    };
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(BadLine::Other);
    }
    let before: &[u8] = match (range, digits.len()) {
        (_, DIGITS) => &[],
        (Some(range), len) if len + RANGE_DIGITS == DIGITS => range,
        (_, 32) => return Err(BadLine::Ntlm),
        _ => return Err(BadLine::Other),
    };
    let padding = match count {
        None => false,
        Some(count) if !count.is_empty() && count.iter().all(u8::is_ascii_digit) => {
            count.iter().all(|digit| *digit == b'0')
        }
        Some(_) => return Err(BadLine::Other),
    };
    if padding {
        return Ok(Line::Padding);
    }
    let key = before.iter().chain(digits).take(16).fold(0, |key: Key, digit| (key << 4) | nibble(*digit));
    Ok(Line::Entry(key))
}

fn nibble(digit: u8) -> u64 {
    u64::from(match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10) & 15,
    })
}

#[cfg(test)]
mod tests {
    use super::{BadLine, Line, parse};
    use crate::directory::breach::key_of;

    #[test]
    fn a_line_is_a_hash_with_or_without_its_count() {
        let key = key_of("password");
        let hash = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
        let plain = |text: &str| parse(text.as_bytes(), None);
        let good = [hash.to_owned(), hash.to_lowercase(), format!("{hash}:9659365\r"), format!(" {hash}:1")];
        for text in good {
            assert_eq!(plain(&text), Ok(Line::Entry(key)), "{text}");
        }
        assert_eq!(parse(&hash.as_bytes()[5..], Some(b"5BAA6")), Ok(Line::Entry(key)));
        assert_eq!(plain(&format!("{hash}:0")), Ok(Line::Padding));
        assert_eq!(plain("\r"), Ok(Line::Empty));
        assert_eq!(plain("8846F7EAEE8FB117AD06BDD830B7586C:12"), Err(BadLine::Ntlm));
        let bad =
            [&hash[5..], "password", "5BAA6:", &format!("{hash}:"), &format!("{hash}:-1"), "\u{feff}", ":"];
        for text in bad {
            assert_eq!(plain(text), Err(BadLine::Other), "{text}");
        }
    }
}
