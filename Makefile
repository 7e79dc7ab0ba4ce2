# registergraf: every command does its own set-up. `make serve` and `make test` need Python >= 3.11 and make.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help serve build test quick check format lock bench soak openrefine clean clients editor screenshots

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What a lock names, by uv in a twentieth of pip's time; by pip where uv does not reach its index.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
	$(PIP) install --quiet --require-hashes -r $(1)
# A file of tests stays in one process; tests/conftest.py says which come first.
BY_FILE := --dist loadfile --no-loadscope-reorder
LIBRARIES := $(VENV)/.installed-libraries
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
PEERS := $(VENV)/.installed-bench
EDITOR := server/pages/static/editor.js
EDITOR_SOURCE := $(wildcard server/pages/editor/script/*)
CLIENTS := $(if $(wildcard tests/clients/package-lock.json),tests/clients/node_modules/.package-lock.json)

help:  ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

serve: $(RUN) editor  ## build the release if there is none, and serve it on http://localhost:8000 (HOST=, PORT=)
	exec $(BIN)/registergraf serve --host $(HOST) --port $(PORT)

build: $(RUN)  ## build the release from data/sources
	$(BIN)/registergraf build

test:  ## format check, lint, types, and every test over a release built of the real sources (JOBS=)
	@$(MAKE) --no-print-directory -j3 $(DEV) clients editor
	$(BIN)/python -m tests.programs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.beside $(BIN)/mypy , $(BIN)/lint-imports --no-cache --no-logo , \
		$(BIN)/python -m pytest -n $(JOBS) $(BY_FILE) $(PYTEST)

quick: $(DEV)  ## lint, types and the tests of what changed, or of one room (ROOM=server/query)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@tests=$$($(BIN)/python -m tests.quick $(ROOM)); \
	if [ -n "$$tests" ]; then set -- $(BIN)/python -m pytest -q -n $(JOBS) $(BY_FILE) $$tests; \
	else set -- echo "No room has changed: ROOM=… names one."; fi; \
	$(BIN)/python -m tests.beside $(BIN)/mypy , $(BIN)/lint-imports --no-cache --no-logo , "$$@"

check: test  ## the same as test

format: $(DEV)  ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(PEERS)  ## measure the loader and the server against peers (BENCH= options)
	$(BIN)/python -m tests.bench $(BENCH)

soak: $(DEV) clients  ## the many cases of tests, then load on the server for a long time, and what it holds (SOAK= options)
	REGISTERGRAF_TESTS_MANY=1 $(BIN)/python -m pytest -m "soak or soak_too" --timeout 1800 -n $(JOBS) --dist worksteal
	$(BIN)/python -m tests.soak $(SOAK)
	$(BIN)/python -m tests.soak.checks
	$(BIN)/python -m tests.soak.crash
	$(BIN)/python -m tests.soak.years
	$(BIN)/python -m tests.soak.restarts
	$(BIN)/python -m tests.soak.attacks

openrefine: $(DEV)  ## let a real OpenRefine reconcile names with the service (needs Debian's openrefine)
	@test -e data/release/current || $(BIN)/registergraf build
	$(BIN)/python -m tests.openrefine

# The environment in use is brought up to the new locks in place, so the stamps are set by hand.
lock: $(DEV)  ## resolve the dependencies of pyproject.toml anew into the lock files (LOCK=--upgrade)
	$(LOCKING) --group build -o requirements.lock
	$(LOCKING) --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCKING) --group bench -c requirements-dev.lock -o requirements-bench.lock
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	touch $(LIBRARIES) $(RUN) $(DEV)

LOCKING = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(LOCK) pyproject.toml

clean:  ## remove what was built: environment, releases, caches
	rm -rf $(VENV) data/release dist build $(EDITOR) tests/clients/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
	find loader server tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed lock file makes a new environment: nothing of the old one stays behind.
$(LIBRARIES): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "registergraf needs Python 3.11 or later. Give one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments (no ensurepip). Install its venv package:" \
			"apt-get install python3-venv on Debian and Ubuntu." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^uv==/,/^[^ ]/p' requirements-dev.lock | sed '$$d' >$(VENV)/uv.lock
	$(PIP) install --quiet --require-hashes -r $(VENV)/uv.lock
	$(call INSTALL,requirements.lock)
	@touch $@

$(RUN): pyproject.toml $(LIBRARIES)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	$(call INSTALL,requirements-dev.lock)
	@touch $@

$(PEERS): requirements-bench.lock $(DEV)
	$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	@touch $@

screenshots: $(DEV) editor  ## take the pictures of the README anew (Chromium)
	test -e data/release/current || $(BIN)/registergraf build
	$(BIN)/python -m tests.screenshots

clients: $(CLIENTS)

editor: $(EDITOR)  ## bundle the query editor (CodeMirror) when npm is there; without it /query has a text area

# npm installs beside a copy, so that nothing of others lies in the packages. In CI a failure is one; elsewhere it is told.
$(EDITOR): $(EDITOR_SOURCE)
	@rm -rf build/editor && mkdir -p build/editor && cp $(EDITOR_SOURCE) build/editor/
	@if ! command -v npm >/dev/null; then \
		echo "npm is not installed: /query keeps its plain text area (make editor makes the editor later)." >&2; \
	elif cd build/editor && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent bundle -- --log-level=warning; then \
		cp out/editor.js $(CURDIR)/$(EDITOR); \
	else \
		echo "The query editor could not be made (see above): /query keeps its plain text area." >&2; test -z "$${CI:-}"; \
	fi

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix tests/clients --no-audit --no-fund; \
	else echo "npm is not installed: the JavaScript clients are not installed." >&2; fi
