# Everything needs only Python 3.11 or newer and make; each target sets up what it uses.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AUDIT := .venv-audit

.DEFAULT_GOAL := install
.PHONY: install demo test lint types fmt lock licences audit sbom bench-tools example settings-page agents-page schemas rules-page learning-page clean help

# What learning from corrections needs (scikit-learn): about 150 MB. make LEARN=no leaves it out.
LEARN ?= yes

install: $(VENV)/.installed  ## make .venv with what the worker needs; LEARN=no leaves scikit-learn out

demo: $(VENV)/.installed  ## the whole story on an embedded mail host
	@$(BIN)/python worker.py demo

test: $(VENV)/.installed-dev  ## all tests
	@$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev  ## style and import order
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev  ## static types
	@$(BIN)/mypy

fmt: $(VENV)/.installed-dev  ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(VENV)/.installed-dev  ## refresh the lock files from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --extra learn --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q -c requirements.txt -o requirements-learn.txt
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q -c requirements-learn.txt -o requirements-dev.txt

	@$(BIN)/uv pip compile pyproject.toml --group bench --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q -c requirements-dev.txt -o requirements-bench.txt

	@$(BIN)/uv pip compile pyproject.toml --group audit --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q -o requirements-audit.txt

audit: $(AUDIT)/.installed  ## look the locked packages up in the list of known weaknesses (asks the network)
	@$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-learn.txt

sbom: $(AUDIT)/.installed  ## write sbom.json: every package that is installed, with licence and hashes (CycloneDX)
	@$(AUDIT)/bin/cyclonedx-py requirements requirements-learn.txt --output-reproducible -o sbom.json
	@echo "sbom.json is written"

bench-tools: $(VENV)/.installed-dev  ## what bench.replies and bench.fuzz_coverage need besides
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt

example: $(VENV)/.installed  ## write .env.example anew from settings/
	@$(BIN)/python -c 'import settings; print(settings.example(), end="")' > .env.example

settings-page: $(VENV)/.installed  ## write docs/settings.md anew from settings/
	@$(BIN)/python -c 'from pathlib import Path; from settings import page; page.write(Path("docs/settings.md"))'

rules-page: $(VENV)/.installed  ## measure the shipped rules and write the figures of docs/rules.md anew
	@$(BIN)/python -m bench.rules --write

learning-page: $(VENV)/.installed  ## measure what corrections add and write the figures of docs/rules.md anew
	@$(BIN)/python -m bench.learning --write

licences: $(VENV)/.installed  ## write docs/licences.md anew from what is installed
	@$(BIN)/python -m bench.licences

schemas: $(VENV)/.installed  ## write the schemas of the rule files (rules/schemas) anew from the code
	@$(BIN)/python -c 'from reports import rule_schemas; rule_schemas.write()'

agents-page: $(VENV)/.installed  ## make the table of commands in docs/agents.md and the agents' cards anew
	@$(BIN)/python -c 'from reports import agents_card, commands_table; commands_table.write(); agents_card.write()'

clean:  ## remove the environment and what demo and tests left
	rm -rf $(VENV) $(AUDIT) sbom.json demo-run .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Peygir needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt requirements-learn.txt | $(VENV)/bin/python
	@echo "Installing what Peygir needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@[ "$(LEARN)" = no ] || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-learn.txt
	@touch $@

$(AUDIT)/.installed: requirements-audit.txt | $(VENV)/bin/python
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-learn.txt $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-learn.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
