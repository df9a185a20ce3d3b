//! Who is at the other end, as the operating system knows.

use std::os::unix::fs::MetadataExt;

pub const ROOT: u32 = 0;
/// Where the operating system lists its users.
const USERS: &str = "/etc/passwd";

/// The number of the user that runs this process: the owner of its entry in `/proc`.
pub fn own_id() -> std::io::Result<u32> {
    Ok(std::fs::metadata("/proc/self")?.uid())
}

/// The name of the user that runs this process.
pub fn own_name() -> String {
    own_id().map_or_else(|_| "unknown".to_owned(), name_of)
}

/// The name of a user; the number where there is none (a user of another directory service).
pub fn name_of(id: u32) -> String {
    let users = std::fs::read_to_string(USERS).unwrap_or_default();
    find(&users, id).unwrap_or_else(|| format!("uid {id}"))
}

fn find(users: &str, id: u32) -> Option<String> {
    let id = id.to_string();
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_user_is_found_by_number() {
        let users = "root:x:0:0:root:/root:/bin/bash\n+\n\nels:x:1000:1000::/home/els:/bin/sh\n";
        assert_eq!(find(users, 0).as_deref(), Some("root"));
        assert_eq!(find(users, 1000).as_deref(), Some("els"));
        assert_eq!(find(users, 100), None);
    }
}
