# The commands to remember; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file of tests stays in one process. Not those of many tests first: the few long ones would be left to one process at the end.
SHARED_OUT := -n auto --dist loadscope --no-loadscope-reorder
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false

.PHONY: help demo nightly test check pythons bench docs site pictures golden lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

demo: $(VENV)/.made  ## a made-up runner through the real pipeline; ends with the page's path
	$(BIN)/hipdrive demo

nightly: $(VENV)/.made  ## one night over your own data/inbox
	$(BIN)/hipdrive nightly

test: $(VENV)/.made-test  ## the whole suite
	$(BIN)/python -m pytest $(SHARED_OUT)

check: $(VENV)/.made-test  ## format, lint, types, imports, tests, and how much of lines and branches these reach
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SHARED_OUT)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

PYTHONS ?= python3.11 python3.12 python3.13
pythons:  ## the suite on each of these, in environments of their own: PYTHONS="python3.12 python3.13"
	@set -e; for one in $(PYTHONS); do $(MAKE) test PYTHON=$$one VENV=$${TMPDIR:-/tmp}/hipdrive-$$(basename $$one); done

WHAT ?= strength estimate
bench: $(VENV)/.made-test  ## what is claimed fast, measured; WHAT=page ARGS="--weeks 104" starts another of benchmarks/
	@set -e; for one in $(WHAT); do echo "benchmarks/$$one.py $(ARGS)"; $(BIN)/python -m benchmarks.$$one $(ARGS); done

docs: $(VENV)/.made  ## docs/tables.md from the typed tables
	$(BIN)/python docs/make_tables.py

site: $(VENV)/.made-docs  ## the docs as a site, read without a network: site/index.html
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs site
	@echo "$(CURDIR)/site/index.html"

pictures: $(VENV)/.made-test  ## the pictures of README and docs, of made-up runners' pages; look at them before you keep them
	$(BIN)/python docs/make_pictures.py

golden: $(VENV)/.made-test  ## the stored text of made runners' pages, written anew
	HIPDRIVE_WRITE_GOLDEN=1 $(BIN)/python -m pytest -q tests/report/test_golden_pages.py

lock:  ## new versions into the locks, on purpose (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --group build -o requirements-build.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras -c requirements.lock --group test -o requirements-test.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras -c requirements.lock -c requirements-test.lock --group docs -o requirements-docs.lock

clean:  ## the environment and the demo go; your data and reports stay
	rm -rf $(VENV) site data/demo reports/demo

# A lock lists everything with its hash, so nothing is resolved (--no-deps). Hash checking refuses -e, so the project
# itself follows, with the build backend that was locked and installed first (fitparse is built by it too).
INSTALL = if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=$(VENV) uv pip install -q --no-deps --no-build-isolation "$$@"; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation "$$@"; fi

$(VENV)/.made: requirements.lock requirements-build.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@set -- --require-hashes -r requirements-build.lock; $(INSTALL)
	@echo "Installing the locked packages (a minute or two) …"
	@set -- --require-hashes -r requirements.lock; $(INSTALL)
	@set -- -e .; $(INSTALL)
	touch $@

$(VENV)/.made-docs: $(VENV)/.made requirements-docs.lock
	@set -- --require-hashes -r requirements-docs.lock; $(INSTALL)
	touch $@

$(VENV)/.made-test: $(VENV)/.made-docs requirements-test.lock
	@set -- --require-hashes -r requirements-test.lock; $(INSTALL)
	touch $@
