# Cardea. `make` alone lists what can be made; each longer recipe is a script in tests/scripts/.

SHELL := /bin/bash
# rustup installs to ~/.cargo/bin, which a fresh shell may not have on its PATH.
export PATH := $(HOME)/.cargo/bin:$(PATH)

DEMO ?=
BENCH ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint bench bench-breach timing soak geoip

help: ## Lists the targets.
	@echo "Targets of this Makefile:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

run: ## Installs what is missing, builds, and starts the demo on http://localhost:8080 (more options: make run DEMO="--fresh").
	@tests/scripts/install.sh run
	cargo build --release
	@exec target/release/cardea demo $(DEMO)

test: ## Installs what the tests need, then runs lint, all tests on SQLite, all on PostgreSQL and Redis, the browser tests, and client libraries and servers of others.
	@tests/scripts/test.sh

lint: ## Checks formatting, clippy, that no second crypto backend crept in, and licences and advisories where cargo-deny is installed.
	@tests/scripts/lint.sh

bench: ## Measures the program as it is packaged against bare axum servers, in about four minutes; wants a quiet machine (docs/benchmarks.md).
	@tests/scripts/bench.sh $(BENCH)

bench-breach: ## Builds a file of 50 million generated breach hashes and measures it: size, mistakes, look-ups, memory (1 GB of disk).
	cargo bench --locked --bench breach

timing: ## Runs the statistical proofs of equal time on a release build; wants a quiet machine.
	@tests/scripts/timing.sh

soak: ## Turns the signing keys of a release build under load for CARDEA_SOAK_MINUTES (10) and counts failed verifications.
	@tests/scripts/soak.sh

geoip: ## Fetches place and network data (DB-IP, RouteViews) into data/ and prints the attribution that they ask for.
	@tests/scripts/geoip.sh
