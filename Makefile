# One command for each thing; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help upgrade run test web bench fmt lint rulebook power simulate coverage plants kill same chaos kills steps figures screenshots pictures need need-test need-screens need-chaos app

SHELL := /bin/bash
CARGO := cargo
# How many random scenarios the two interpreters of the rule book are compared on.
SCENARIOS ?= 2000
SEED ?= 1
# The commit that `make upgrade` begins with: the last one before rules 3.
FROM ?= 8302212

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

need:
	@scripts/need

need-test:
	@scripts/need test

need-screens:
	@scripts/need screens

need-chaos:
	@scripts/need chaos

app: need
	@scripts/app

run: app ## Run the exchange with its demonstration market (http://localhost:8330)
	$(CARGO) run --release --quiet --locked -p bayan -- dev

test: need-test app ## Run every test: format, lints, unit, laws, whole system, the app, and the second interpreter of the rule book
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) test --workspace --locked
	cd web && npm run --silent check && npm run --silent lint && npm run --silent unit
	cd web && BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/bayan" npm run --silent types -- --check
	cd web && BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/bayan" npm run --silent browser
	python3 tests/quotes/test_figures.py
	python3 tests/rulebook/test_interpreter.py
	python3 tests/rulebook/compare.py --bayan "$${CARGO_TARGET_DIR:-target}/debug/bayan" --seed $(SEED) --count $(SCENARIOS)

web: need ## Show the app with hot reload, before the exchange that runs at BAYAN_URL (http://localhost:8330)
	@scripts/app packages
	cd web && npm run dev

bench: app ## Measure every figure of docs/benchmarks.md beside what it is compared with (about 15 minutes)
	$(CARGO) build --release --locked -p bayan
	"$${CARGO_TARGET_DIR:-target}/release/bayan" bench --write docs/benchmarks.md

steps: need-test app ## Count what a person does for each task, in a real browser, and write it into docs/steps.md
	$(CARGO) build --locked -p bayan
	cd web && STEPS_WRITE=1 BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/bayan" npm run --silent browser -- steps

# One part of the figures (bundle, lighthouse, thread, list, memory); all of them where none is named.
PART ?=

figures: need-screens app ## Measure the app in a real browser and write docs/figures.md: weight, Lighthouse, main thread, list, memory (about 40 minutes)
	@cd web/scripts/figures && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error; }
	$(CARGO) build --release --locked -p bayan
	cd web && BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/release/bayan" npx vitest run --config vitest.figures.ts $(PART)

screenshots: need-screens app ## Take a picture of every screen in every state into docs/screens/, to be looked at (about 10 minutes)
	$(CARGO) build --locked -p bayan
	cd web && BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/bayan" npx vitest run --config vitest.pictures.ts screens

pictures: need-screens app ## Take the small pictures of README.md and the handbook anew
	$(CARGO) build --locked -p bayan
	cd web && BAYAN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/bayan" npx vitest run --config vitest.pictures.ts pictures

rulebook: need ## Compare the exchange with the second interpreter on 10,000 random scenarios
	$(MAKE) --no-print-directory SCENARIOS=10000 only-rulebook

.PHONY: only-rulebook
only-rulebook:
	$(CARGO) build --release --locked -p bayan
	python3 tests/rulebook/compare.py --bayan "$${CARGO_TARGET_DIR:-target}/release/bayan" --seed $(SEED) --count $(SCENARIOS)

power: need ## Lose or tear at 1,000 random points of a workload what was not synced
	BAYAN_CRASH_POINTS=1000 $(CARGO) test --release --locked -p ordering --test power -- --nocapture

# How many seeds; an earlier run of the same program is gone on with. MINUTES=… ends it before.
SEEDS ?= 2000

simulate: need ## Run SEEDS (2000) clusters in one thread each, under seeded faults of disks, network, clocks and processes
	$(CARGO) build --release --locked -p simulator
	"$${CARGO_TARGET_DIR:-target}/release/simulate" many --seeds $(SEEDS) --state "$${CARGO_TARGET_DIR:-target}/simulate/seeds" $(if $(filter command line environment,$(origin MINUTES)),--minutes $(MINUTES))

coverage: need ## Print how much of crates/ordering forty seeds of the simulator go through
	scripts/simulate-coverage

plants: need ## Plant the bugs of tests/plants one by one, and say after how many seeds the simulator finds each (about 20 minutes)
	SEEDS=$(SEEDS) scripts/plants $(PLANTS)

kill: need ## Kill a node 100 times under 64 clients that retry until answered
	BAYAN_KILL_ROUNDS=100 $(CARGO) test --release --locked -p bayan --test kill -- --nocapture

# How long, and how often.
MINUTES ?= 10
ROUNDS ?= 200

chaos: need-chaos ## Kill, freeze, cut off, slow, fill, mistime and replace nodes of real clusters under load, for MINUTES (10)
	BAYAN_CHAOS_MINUTES=$(MINUTES) BAYAN_SEED=$(SEED) $(CARGO) test --release --locked -p bayan --test chaos -- --ignored --exact --nocapture chaos

kills: need-chaos ## Kill the leader of three nodes ROUNDS (200) times under load, and draw how long each was felt
	BAYAN_CHAOS_ROUNDS=$(ROUNDS) BAYAN_SEED=$(SEED) $(CARGO) test --release --locked -p bayan --test chaos -- --ignored --exact --nocapture kills

same: need ## Execute one log in debug and in release, twice each: the same state and events, byte for byte
	$(CARGO) build --locked -p bayan
	$(CARGO) build --release --locked -p bayan
	scripts/same "$${CARGO_TARGET_DIR:-target}/debug/bayan" "$${CARGO_TARGET_DIR:-target}/release/bayan"

upgrade: need ## Upgrade a cluster of an older commit under load, node after node (FROM=commit)
	scripts/upgrade $(FROM)

fmt: ## Format the code
	$(CARGO) fmt --all

lint: need ## Check the format and the lints, warnings as errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
