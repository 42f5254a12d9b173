# Two commands for a newcomer: `make start` and `make check`. Everything else is for those who live here.
PORT ?= 8000
PYTHON ?= python3
PART ?= all
BIN := .venv/bin
DATABASE_TESTS := $(addprefix tests/,base ledger org notify listen sense plan respond follow review drill board)
EVERY_ADDRESS := 'tests/project/test_addresses.py::test_a_role_finds_what_it_may_and_nothing_else[everything]'
CORE_TESTS := $(addprefix tests/,engine flows commands)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: start check lint test test-postgres test-core soak bench fmt lock words clean

start: .venv/core  ## serve the sample organisation with a drill ready to play
	$(BIN)/shudao start --port $(PORT)

check: .venv/dev system lint test test-postgres test-core  ## everything CI runs

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }
	$(BIN)/deptry shudao
	SHUDAO_SECRET=x $(BIN)/python manage.py makemigrations --check --dry-run

test: .venv/dev  ## all but the core tests, which test-core runs
	$(BIN)/python -m pytest -n 2 $(addprefix --ignore=,$(CORE_TESTS))

test-postgres: .venv/dev  ## the tests that use the database, again, on a PostgreSQL cluster of their own
	$(BIN)/python -m tests.postgres -m pytest -n 3 $(DATABASE_TESTS) $(EVERY_ADDRESS)

test-core: .venv-core/core  ## the core tests in an environment without any extra
	.venv-core/bin/python -m pytest -n 2 $(CORE_TESTS)

soak: .venv/dev  ## long and random tests, in parts: make soak PART=kills
	$(BIN)/python -m tests.soak $(PART)

bench: .venv-bench/bench  ## every published figure with its peer: make bench PART=stories
	.venv-bench/bin/python -m bench $(filter-out all,$(PART))

fmt: .venv/dev
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

words: .venv/dev  ## collect what needs an English message
	$(BIN)/python -m shudao.base.languages extract

lock:  ## pin every package by hash, without addresses
	$(BIN)/python tools/lock.py

.PHONY: system
system:  ## PostgreSQL and chromium from the system's packages, when root
	sh tools/system.sh

.venv/core: requirements.txt pyproject.toml
	sh tools/environment.sh .venv requirements.txt && touch $@

.venv/dev: requirements-dev.txt pyproject.toml
	sh tools/environment.sh .venv requirements-dev.txt && touch .venv/core $@

.venv-core/core: requirements-core-tests.txt pyproject.toml
	sh tools/environment.sh .venv-core requirements-core-tests.txt && touch $@

.venv-bench/bench: requirements-bench.txt pyproject.toml
	sh tools/environment.sh .venv-bench requirements-bench.txt && touch $@

clean:
	rm -rf .venv .venv-core .venv-bench .mypy_cache .ruff_cache .hypothesis
