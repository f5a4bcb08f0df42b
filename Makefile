# The two commands of this project are `make demo` and `make test`. Both make their own .venv.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
WORKERS ?= 2

.PHONY: help demo test lint types layers spelling pages docs pytest bench bench-engine look clean

help:
	@echo "make demo    install and plan the demo company"
	@echo "make test    install what tests need and run every check"
	@echo "make docs    write the generated pages and build docs/_build"
	@echo "make bench   the benchmarks (several minutes)"
	@echo "make bench-engine   the engine beside other free solvers (three and a half hours at most; FULL=1: a day)"
	@echo "make look    pictures of plan workbooks (needs LibreOffice)"
	@echo "make clean   remove .venv and everything built"

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer (with venv) was not found. Say which: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml
	$(BIN)/python -m pip install -qq --disable-pip-version-check -e .
	@touch $@

.venv/ready: .venv/installed
	$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: .venv/installed
	@test -f demo.xlsx || $(BIN)/equipoise template demo.xlsx --example demo
	$(BIN)/equipoise plan demo.xlsx

# pytest is last, so that its closing line ends the output
test: lint types layers spelling pages docs pytest

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

layers: .venv/ready
	$(BIN)/lint-imports

spelling: .venv/ready
	$(BIN)/codespell

pages: .venv/ready
	$(BIN)/python docs/generate.py --check

docs: .venv/ready
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

pytest: .venv/ready
	$(BIN)/python -m pytest -n $(WORKERS)

bench: .venv/ready
	$(BIN)/python -m benchmarks

.venv/peers: .venv/ready
	$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[bench]'
	@touch $@

bench-engine: .venv/peers
	$(BIN)/python -m benchmarks.engine $(if $(FULL),--full) --json build/bench-engine.json --picture docs/images/engine.png

look: .venv/ready
	$(BIN)/python tools/look.py

clean:
	rm -rf .venv build dist docs/_build look .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info demo*.xlsx
