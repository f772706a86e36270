# Two commands do everything on a fresh Debian 12: `make run` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
# Tests and benchmarks have a store of their own; yours is never touched.
TEST_DATA := $(CURDIR)/build/test-data
TEST_ENV := env EKPHRASIS_DATA_DIR=$(TEST_DATA) EKPHRASIS_CONFIG=$(CURDIR)/packaging/test-config.toml

.PHONY: help setup run test quick lint format bench growth evaluate listen fuzz screenshots lock dev reproduce-tiny

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install everything and fill the store; safe to run again
	@packaging/setup/all.sh

run: setup ## set up, then open the kiosk (ARGS=--windowed for a desk)
	@$(BIN)/ekphrasis run $(ARGS)

dev:
	@packaging/setup/10-system.sh packaging/debian-packages.txt packaging/debian-test-packages.txt
	@packaging/setup/20-python.sh --dev
	@$(TEST_ENV) packaging/setup/30-collection.sh

test: dev lint ## set up, then run every check and every test
	$(TEST_ENV) $(BIN)/pytest

quick: ## the fast tests only, without the set-up
	$(TEST_ENV) $(BIN)/pytest -m "not slow"

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: ## put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev ## every speed figure, beside its peer (ONLY=prefix for a part)
	$(TEST_ENV) $(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

evaluate: dev ## how good the answers are, into docs/model-card.md (DATA=FOLDER of held-out data, ONLY=part)
	$(TEST_ENV) $(BIN)/python -m tests.evaluate $(if $(DATA),--data $(DATA)) $(if $(ONLY),--only $(ONLY))

growth: dev ## how the store's costs grow up to a million passages, drawn into docs/growth.svg
	$(TEST_ENV) $(BIN)/python -m tests.bench.growing

listen: dev ## how well each voice is understood, into docs/voices.md (ARGS="--voices FOLDER" for piper's)
	$(BIN)/pip install --quiet --no-build-isolation -e '.[listen,natural]'
	$(TEST_ENV) $(BIN)/python -m tests.listen $(ARGS)

fuzz: dev ## every parser of our own against a fuzzer, a minute each (ARGS="--only tei --seconds 600")
	$(BIN)/pip install --quiet --no-build-isolation -e '.[fuzz]'
	$(TEST_ENV) $(BIN)/python -m tests.fuzz $(ARGS)

screenshots: dev ## every screen as a picture, into build/screenshots; those the docs show, into docs/
	$(TEST_ENV) $(BIN)/ekphrasis screenshots build/screenshots --docs docs/screenshots

reproduce-tiny: dev ## the whole of the paper on tiny networks, from data to tables, in minutes
	@packaging/reproduce-tiny.sh

lock: ## write the hashed locks anew from pyproject.toml (needs uv)
	$(BIN)/python packaging/lock.py
