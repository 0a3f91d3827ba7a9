# What a person types: make demo, make test. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?= 600
NEED_PYTHON := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.PHONY: help demo serve check test test-all soak lock pictures bench clean

help:
	@echo "make demo      invent a small world, link it, and serve it on 127.0.0.1"
	@echo "make test      linters, types and tests, with a real Neo4j where one can be started"
	@echo "make test-all  the same with the slow tests, and the current Neo4j beside the LTS"
	@echo "make soak      what adversaries send, ten minutes an entry; SECONDS=60 shortens it"
	@echo "make check     linters and types only"
	@echo "make pictures  make the README's pictures again from an invented world"
	@echo "make bench     the timings of bench/README.md"
	@echo "make lock      resolve the dependencies again"
	@echo "make clean     remove .venv, .neo4j and the demo's workspace"

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "samehand needs Python 3.11 or newer: there is no $(PYTHON); name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -c "$(NEED_PYTHON)" || { echo "samehand needs Python 3.11 or newer: $(PYTHON) is $$($(PYTHON) --version); name another with PYTHON=..."; exit 1; }
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || { echo "$(PYTHON) cannot make environments: install its venv package (Debian: apt install python3-venv)"; exit 1; }
	@command -v gpg >/dev/null || { echo "samehand needs GnuPG to verify signatures: there is no gpg (Debian: apt install gnupg)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "installing the libraries of requirements.lock: some minutes, the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/samehand demo

check: $(VENV)/.installed-dev
	$(BIN)/python -m tests.run --check

test: $(VENV)/.installed-dev
	$(BIN)/python -m tests.run

test-all: $(VENV)/.installed-dev
	$(BIN)/python -m tests.run --all

soak: $(VENV)/.installed-dev
	$(BIN)/python -m tests.soak.run --seconds $(SECONDS)

pictures: $(VENV)/.installed-dev
	test -d workspace-demo || $(BIN)/samehand demo --check --workspace workspace-demo
	$(BIN)/python docs/make_pictures.py --workspace workspace-demo

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/run.py

lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --constraint requirements.lock --extra notebook --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .neo4j workspace-demo
