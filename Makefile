# TRUE API. `make` prints what there is; `make demo` needs nothing but git, make and Python 3.11 or newer.

PYTHON ?= python3
UV ?= $(shell command -v uv 2>/dev/null)
ARGS ?=
NAME ?=
# Where the published schemas of HSDS are, for make proof; they are not copied here.
HSDS_SCHEMAS ?=

VENV := .venv
BIN := $(VENV)/bin

# What only the system's own installer brings, as Debian names it. Tests that miss one say so: tests/system.py.
# Later parts add theirs here: redis, nodejs, npm.
SYSTEM_PACKAGES := postgresql chromium softhsm2

# Nothing is compiled while installing: Python compiles what it first imports, which is far less, and must be let keep it.
unexport PYTHONDONTWRITEBYTECODE
# pip shows errors only.
ifeq ($(UV),)
CREATE = $(PYTHON) -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check
else
CREATE = $(UV) venv -q --python "$$(command -v $(PYTHON))" $(VENV)
INSTALL = $(UV) pip install -q --python $(BIN)/python
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-run demo test sure proof guard-report bench fix migration openapi doors lock system-deps docker-proof clean

help: ## Print this list
	@echo "TRUE API. Targets (ARGS=\"...\" is passed on where a target runs a program):"
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.setup-test ## Build .venv with everything that tests and checks need

setup-run: $(VENV)/.setup-run ## Build .venv with what running needs, and no more

demo: $(VENV)/.setup-run ## Start the API on SQLite with a synthetic program in it (ARGS="--port 8080 --json")
	@$(BIN)/true-api demo $(ARGS)

test: $(VENV)/.setup-test ## Run the tests on SQLite and PostgreSQL (ARGS="-k timeline -n 0")
	@rm -f .pytest_cache/v/cache/lastfailed
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS) \
	  || { test $$? = 1 && $(BIN)/python -m tests.again; }

sure: $(VENV)/.setup-test ## All checks: format, lint, types, floors, the tests on both engines, and mutations
	@echo "Format ..."
	@$(BIN)/ruff format --check -q . || { echo "Not formatted as agreed; make fix does it."; exit 1; }
	@echo "Lint ..."
	@$(BIN)/ruff check -q .
	@echo "Types ..."
	@$(BIN)/mypy
	@echo "Floors ..."
	@$(BIN)/lint-imports --no-logo
	@$(MAKE) --no-print-directory test
	@echo "Mutations: without the predicate at any one door, somebody must notice ..."
	@$(BIN)/python -m tests.enforcement.mutations

proof: $(VENV)/.setup-test ## The full-size experiments and attacks; minutes to an hour (HSDS_SCHEMAS=DIR)
	@HSDS_SCHEMAS="$(abspath $(HSDS_SCHEMAS))" $(BIN)/python -m pytest -m proof -rA $(ARGS)

guard-report: $(VENV)/.setup-run ## Measure the narrative guard (ARGS="--small", ARGS="--write" for docs/guard-report.md)
	@$(BIN)/python -m true_api.cli.guard_report $(ARGS)

bench: $(VENV)/.setup-test ## Measure speed
	@test -f benchmarks/__main__.py || { echo "No benchmark is written yet: benchmarks/__main__.py is missing."; exit 1; }
	@$(BIN)/python -m benchmarks $(ARGS)

fix: $(VENV)/.setup-test ## Format, and mend what the linter can mend
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

migration: $(VENV)/.setup-test ## Write a migration from what the tables now declare (NAME="keep supplies")
	@test -n "$(NAME)" || { echo "Name it: make migration NAME=\"keep supplies\""; exit 2; }
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT \
	  && export TRUE_DATA_DIR="$$scratch" TRUE_DATABASE_URL="sqlite:///$$scratch/scratch.db" \
	  && $(BIN)/alembic upgrade head && written=$$(ls migrations/versions/[0-9]*.py | wc -l) \
	  && $(BIN)/alembic revision --autogenerate --rev-id "$$(printf %04d $$((written + 1)))" -m "$(NAME)"

openapi: $(VENV)/.setup-run ## Write openapi/openapi.json from the app
	@$(BIN)/true-api openapi > openapi/.openapi.json && mv openapi/.openapi.json openapi/openapi.json \
	  || { rm -f openapi/.openapi.json; exit 1; }
	@echo "Wrote openapi/openapi.json"

doors: $(VENV)/.setup-run ## Print every door with its gate
	@$(BIN)/true-api doors $(ARGS)

lock: ## Compile requirements/*.in to hashed requirements/*.txt (ARGS="--upgrade"; needs uv)
	@uv="$(UV)"; test -n "$$uv" || uv=$(BIN)/uv; \
	test -x "$$uv" || { echo "make lock needs uv: install it, or run $(BIN)/python -m pip install uv"; exit 1; }; \
	compile() { \
	  echo "Compiling requirements/$$1.txt ..."; \
	  "$$uv" pip compile -q --universal --generate-hashes --python-version 3.11 \
	    --no-header --no-emit-index-url --no-annotate -o "requirements/$$1.txt" "requirements/$$1.in" $$2 $(ARGS); \
	}; \
	compile run && compile test "-c requirements/run.txt" && compile build "-c requirements/run.txt"

system-deps: ## Install what only the system brings (Debian, as root)
	@wanted="$(SYSTEM_PACKAGES)"; \
	if ! command -v dpkg-query >/dev/null; then \
	  echo "This is not Debian. Install these with your system's own installer (Debian's names): $$wanted"; exit 1; \
	fi; \
	missing=""; \
	for package in $$wanted; do \
	  dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	if test -z "$$missing"; then echo "System packages are there: $$wanted"; exit 0; fi; \
	if test "$$(id -u)" != 0; then echo "Not root. Ask root to run: apt-get install$$missing"; exit 1; fi; \
	echo "Installing$$missing ..."; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing >/dev/null

docker-proof: ## Carry out the Dockerfile's steps in a clean environment, without Docker
	@PYTHON="$(PYTHON)" .ci/docker-proof

clean: ## Remove caches and build output; .venv and var stay
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests migrations benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says that .venv holds what these files ask for, so that a second call costs nothing.
$(VENV)/.setup-run: requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing what running needs into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.setup-test: requirements/test.txt $(VENV)/.setup-run
	@echo "Installing what tests need into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "TRUE API needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo not there)."; \
	  echo "Install one, or name the one you have: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (first time only) ..."
	@$(CREATE) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment." \
	  "On Debian and Ubuntu, install python3-venv."; exit 1; }
