#!/usr/bin/env bash
# Everything that can be said about the code without running it.
. "$(dirname "$0")/common.sh"

# rustup's minimal profile leaves these two out.
for part in rustfmt clippy; do
  program=cargo-${part/rustfmt/fmt}
  if ! have "$program" && have rustup; then rustup component add "$part" >&2; fi
done

say "formatting"
cargo fmt --check

say "clippy"
cargo clippy --locked --all-targets -- -D warnings

say "one crypto backend: ring must be nowhere in the tree"
if ring=$(cargo tree --locked -i ring 2>/dev/null) && [ -n "$ring" ]; then
  printf 'ring is in the dependency tree; find the feature that brings it and turn it off:\n%s\n' "$ring" >&2
  exit 1
fi

if have cargo-deny; then
  say "licences, banned crates, sources"
  cargo deny --locked check licenses bans sources
  say "advisories"
  if cargo deny --locked fetch db >/dev/null 2>&1; then
    cargo deny --locked check advisories
  else
    say "SKIPPED: the database of advisories cannot be fetched from here, so advisories were NOT checked"
  fi
else
  say "SKIPPED: cargo-deny is not installed, so licences and advisories were NOT checked (cargo install --locked cargo-deny)"
fi
