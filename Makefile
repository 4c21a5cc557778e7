# Everything that is done with this project, on a machine with Python 3.11 or newer and pip.
# `make help` lists it. Another Python: make test PYTHON=python3.13

PYTHON ?= python3
JOBS ?= 2
IN := .venv/bin
PIP := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint types strict package-test oracle bench format reference clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: .venv/installed-cli ## check a campaign, print its table, assign 12,330 real sessions
	@echo '# with pip alone: python3 -m venv .venv && .venv/bin/pip install -e ".[cli]"'
	@echo '# and then .venv/bin/segdsl as in the lines below'
	@echo
	@echo '$$ segdsl check examples/sale/sale.seg'
	@$(IN)/segdsl check examples/sale/sale.seg || test $$? -eq 1
	@echo
	@echo '$$ segdsl check examples/sale/sale_fixed.seg'
	@$(IN)/segdsl check examples/sale/sale_fixed.seg
	@echo
	@echo '$$ segdsl table examples/sale/sale_fixed.seg'
	@$(IN)/segdsl table examples/sale/sale_fixed.seg
	@echo
	@echo '$$ segdsl assign examples/shoppers/shoppers.seg examples/shoppers/sessions.csv'
	@$(IN)/segdsl assign examples/shoppers/shoppers.seg examples/shoppers/sessions.csv

test: .venv/installed-dev ## all tests but packaging and benchmarks, with coverage
	@echo '# with pip alone: python3 -m venv .venv && .venv/bin/pip install -e ".[dev]"'
	$(IN)/python -m pytest -m "not packaging and not bench" -n $(JOBS) --cov --cov-report=term

lint: .venv/installed-dev ## ruff: rules and format
	$(IN)/ruff check .
	$(IN)/ruff format --check .

types: .venv/installed-dev ## mypy, strict
	$(IN)/mypy

# Lark looks at the grammar's words far more closely, and ten times more slowly, wherever interegular is installed.
strict: .venv-strict/installed ## the grammar without a conflict under Lark's strict mode
	.venv-strict/bin/python -m pytest tests/unit/test_grammar.py -k conflict

package-test: .venv/installed-dev ## build, install, import from a zip, install editable
	$(IN)/python -m pytest -m packaging tests/packaging

oracle: .venv/installed-dev ## 100,000 verdicts beside those of z3, a SAT solver and plain enumeration
	SEGDSL_CASES=100000 $(IN)/python -m pytest -m "not packaging and not bench" -n $(JOBS) -s tests/oracle

# SEGDSL_BENCH=full looks longer, at more sizes and seeds; SEGDSL_BENCH_JSON says where the figures go.
bench: .venv/installed-bench ## how fast it is, beside what others need
	$(IN)/python -m pytest -m bench -s -p no:cacheprovider tests/bench

format: .venv/installed-dev ## format code and example rules
	$(IN)/ruff check --fix .
	$(IN)/ruff format .
	find examples -name '*.seg' -exec $(IN)/segdsl fmt {} +

reference: .venv/installed-dev ## write the tables of grammar/REFERENCE.md
	$(IN)/python -m segdsl.tools.reference

clean: ## remove all that was made
	rm -rf .venv .venv-strict dist build .coverage coverage.xml .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find segdsl tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

# Virtual environments, each made once and again when what it holds changes.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed. Another one: make PYTHON=python3.13'; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed-cli: pyproject.toml | .venv/bin/python
	$(IN)/python $(PIP) -e '.[cli]'
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	$(IN)/python $(PIP) -e '.[dev]'
	@touch $@ .venv/installed-cli

.venv/installed-bench: .venv/installed-dev
	$(IN)/python $(PIP) -e '.[bench]'
	@touch $@

.venv-strict/installed: pyproject.toml
	$(PYTHON) -m venv .venv-strict
	.venv-strict/bin/python $(PIP) -e '.[strict]'
	@touch $@
