# One folder, .venv, holds everything; `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SOURCES := pyproject.toml rustbpe/Cargo.toml $(wildcard rustbpe/src/*.rs)
BUDGET ?= 0.06usd
# One thread a test process: more would fight for the cores that the workers share. A cache of the
# checkout's own: another version of the code rebuilds the starter set in the user's.
PYTEST := OMP_NUM_THREADS=1 HARNESS_CACHE=$(CURDIR)/$(VENV)/test-cache $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup start chat test test-data check docs bench clean toolchain

help:                ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

toolchain:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or newer is needed; set PYTHON=/path/to/python3"; exit 2; }
	@command -v cargo >/dev/null || \
		{ echo "A Rust toolchain is needed: install rustup (rustup.rs), or 'apt-get install rustup && rustup default stable', then run make again"; exit 2; }

$(READY): $(SOURCES)
	@$(MAKE) --no-print-directory toolchain
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (torch is large: a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

setup: $(READY)     ## create .venv and build

start: $(READY)     ## run the lab on starter data for about 18 minutes (BUDGET=0.06usd)
	$(BIN)/harness start --budget $(BUDGET)

chat: $(READY)      ## talk to the lab's current best model
	$(BIN)/harness chat

test: $(READY)      ## all tests, on all cores
	cargo test --quiet --manifest-path rustbpe/Cargo.toml
	$(PYTEST)

test-data: $(READY) ## the tests on real data; fails without HARNESS_DATA
	@test -n "$$HARNESS_DATA" || { echo "HARNESS_DATA is not set: name the data folder"; exit 2; }
	$(PYTEST) -m real_data

check: $(READY)     ## lint, types, clippy
	$(BIN)/ruff check .
	$(BIN)/mypy
	cargo clippy --manifest-path rustbpe/Cargo.toml --all-features -- -D warnings

docs: $(READY)      ## write the generated pages of docs/reference
	$(BIN)/python -m tests.docs

bench: $(READY)     ## measure (see bench/)
	$(BIN)/python -m bench

clean:               ## remove .venv and build products
	rm -rf $(VENV) rustbpe/target
