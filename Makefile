# bill-ledger: `make demo` and `make test` are enough to begin with.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SETUP := $(VENV)/.installed
MANIFEST := dbt_project/target/manifest.json
COLUMNS := dbt_project/target/columns.json
DBT_FILES := $(shell find dbt_project -name target -prune -o -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' \) -print)

DOCS := $(CURDIR)/dbt_project/target/docs

BENCHES := $(patsubst tests/benchmarks/test_%_cost.py,%,$(wildcard tests/benchmarks/test_*_cost.py))
BENCHED := $(patsubst %,tests/benchmarks/test_%_cost.py,$(filter $(BENCHES),$(MAKECMDGOALS)))

export DO_NOT_TRACK = 1

.PHONY: setup demo test coverage check ui app bench docs lock clean $(BENCHES)

setup: $(SETUP) $(MANIFEST) $(COLUMNS)  ## the virtual environment, dbt's manifest, each column's origins, compiled models and tests

$(SETUP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# uv takes half a minute where pip takes three; where there is none, pip does it.
	{ $(PIP) uv --constraint requirements.lock && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.lock; } || $(PIP) -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	# Where nobody may write here later, each process would compile it all again.
	$(BIN)/python -m compileall -q bill_source models orchestration
	touch $@

$(MANIFEST): $(SETUP) $(DBT_FILES)
	$(BIN)/dbt parse --quiet --project-dir $(CURDIR)/dbt_project --profiles-dir dbt_project --log-path dbt_project/target
	touch $@

$(COLUMNS): $(MANIFEST) orchestration/columns.py orchestration/dbt_builds.py orchestration/dbt_models.py
	$(BIN)/python -m orchestration.columns

demo: setup  ## sync the bundled company and show its ledger
	$(BIN)/bill-ledger demo

test: setup  ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

coverage: setup  ## every test, and which lines none of them runs
	$(MAKE) --no-print-directory test PYTEST_ARGS="--cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)"

check: setup  ## linters and types, then every test
	./.ci/lint
	$(MAKE) --no-print-directory test

ui: setup  ## the Dagster UI on http://127.0.0.1:3000
	$(BIN)/bill-ledger ui

app: setup  ## the review app on http://127.0.0.1:8501
	$(BIN)/bill-ledger app

docs: setup  ## dbt's pages about every table and where it comes from, as one file
	BILL_LEDGER_WAREHOUSE=$(DOCS)/warehouse.duckdb $(BIN)/dbt docs generate --quiet --static --empty-catalog --project-dir dbt_project --profiles-dir dbt_project --target-path $(DOCS) --log-path $(DOCS)
	@echo "$(DOCS)/static_index.html"

bench: setup  ## measurements against a baseline in the same run; one kind: `make bench source`
	$(BIN)/python -m pytest -p no:randomly -p no:cacheprovider -s --benchmarks $(if $(HOURS),--hours $(HOURS)) $(or $(BENCHED),tests/benchmarks)

$(BENCHES): bench

lock: setup  ## pin what pyproject.toml asks for
	$(BIN)/uv pip compile --no-emit-index-url --no-header --quiet --extra dev --python-version 3.11 pyproject.toml -o requirements.lock

clean:  ## remove what setup and runs made, state excepted
	rm -rf $(VENV) dbt_project/target build *.egg-info .pytest_cache .mypy_cache .ruff_cache
