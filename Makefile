# Everything a developer or a PMO needs; `make` alone prints this help.
# Needs Python 3.11+ and make; packages come at the versions and hashes of requirements/.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

# The demonstration keeps its months to itself, away from the PMO's own history.
demo: export CONSOLIDATE_HOME ?= $(CURDIR)/.demo
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help setup demo test check format format-check lint types golden samples bench history fuzz soak docs docs-check pictures bundle build lock clean

help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: see python.org, or apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not create $(VENV); on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(RUNTIME): requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	@$(INSTALL) -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "Installing the developers' tools ..."
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

setup: $(DEV) ## Install consolidate and the developers' tools into .venv

demo: $(RUNTIME) ## Consolidate the two sample months into out/ and say what to open
	@$(BIN)/consolidate run sample_workbooks/2026-09 --period 2026-09 --output out --quiet > /dev/null; \
	status=$$?; test $$status -le 1 || exit $$status
	@$(BIN)/consolidate run sample_workbooks/2026-10 --period 2026-10 --output out; \
	status=$$?; test $$status -eq 1 || { echo "make demo: exit status 1 was expected (one sample is unreadable on purpose), got $$status" >&2; exit 1; }
	@echo
	@echo "Open out/index.html in a browser and out/portfolio.xlsx in a spreadsheet."
	@echo "Where a figure comes from: $(BIN)/consolidate explain PRJ-101 progress"
	@echo "The months so far:         $(BIN)/consolidate history --home $${CONSOLIDATE_HOME#$(CURDIR)/}"
	@echo "Status 1 is expected here: one sample workbook is unreadable on purpose."

test: $(DEV) ## Run the tests
	@$(BIN)/python -m pytest -q -n auto

check: format-check lint types test ## What every change must pass

format: $(DEV) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

format-check: $(DEV) ## Is the code formatted?
	@$(BIN)/ruff format --check .

lint: $(DEV) ## Does the code follow the house's rules?
	@$(BIN)/ruff check .

types: $(DEV) ## Do the types hold?
	@$(BIN)/mypy

golden: $(DEV) ## Accept what the golden tests found, to be read in the diff
	@$(BIN)/python -m pytest -q -k golden --update-golden

samples: $(DEV) ## Build sample_workbooks/ again
	@$(BIN)/python sample_workbooks/build.py

bench: $(DEV) ## Measure the run on 130 generated workbooks, stage by stage
	@$(BIN)/python -m benchmarks.run

history: $(DEV) ## Prove the alert rules on 130 projects and 18 months
	@$(BIN)/python -m benchmarks.history

fuzz: $(DEV) ## Run every attack and 10,000 mutants through the command
	@cd tests && ../$(BIN)/python fuzz.py

soak: $(DEV) ## Kill the run, fill or break its disk at every step; 200 rounds of a crowd
	@CONSOLIDATE_SOAK=1 CONSOLIDATE_ROUNDS=200 $(BIN)/python -m pytest -q tests/test_crash_run.py tests/test_crowd.py

docs: $(DEV) ## Write the generated parts of docs/ again
	@$(BIN)/python -m docs.generate

pictures: $(DEV) ## Make the pictures of docs/ again
	@$(BIN)/python -m docs.pictures

docs-check: $(DEV) ## Are the generated parts of docs/ up to date?
	@$(BIN)/python -m docs.generate --check

bundle: $(DEV) ## Make an archive that installs without internet, for Linux and Windows
	@$(BIN)/python requirements/bundle.py

build: $(DEV) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation

lock: | $(BIN)/python ## Choose the newest packages and write their hashes to requirements/
	@$(PIP) install pip-tools
	@$(LOCK) --output-file requirements/runtime.txt pyproject.toml requirements/windows.in
	@$(LOCK) --output-file requirements/build.txt requirements/build.in
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' \
	| $(LOCK) --constraint requirements/runtime.txt --constraint requirements/build.txt --output-file requirements/dev.txt \
	pyproject.toml requirements/windows.in requirements/build.in -

clean: ## Remove what was built; keeps .venv
	@rm -rf out .demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage tests/actual
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
