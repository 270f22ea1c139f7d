.DEFAULT_GOAL := help
PY := .venv/bin/python
.PHONY: help setup demo test check fix bench

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.venv/.ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[school,train,coordinator,dev,bench]'
	$(PY) -m pip check
	@touch $@

setup: .venv/.ready ## install everything into .venv

check: .venv/.ready ## format, lint, types, import contracts, structure rules
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m pytest -q -m "not slow" tests/house

fix: .venv/.ready ## format and safe fixes
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

test: .venv/.ready ## every test that this machine can run
	OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadgroup

demo: .venv/.ready ## a whole consortium on this machine (SERVE=0, DATA=file, SCHOOLS=n)
	@OMP_NUM_THREADS=1 $(PY) -m deploy.demo

bench: .venv/.ready ## the measurements behind docs/numbers.md
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.speed --out report.json
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.quality --simulated --epsilon 3 --out report.json
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.exchange
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.secagg
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.attack --out report.json
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.practice --out report.json
	OMP_NUM_THREADS=1 $(PY) -m benchmarks.load --out report.json
