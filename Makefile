# Jike 集客: nine targets. Everything they install lies in .venv and node_modules.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ASSETS := jike/foundation/static/vendor/made-from.txt
READY := .venv/.runtime .venv/.project $(ASSETS)
# uv installs in seconds; pip, which knows every local index setting, takes over where uv cannot.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
	$(BIN)/pip install --quiet --require-hashes -r $(1)
ARGS ?=
# Compiling everything anew in each process costs more than starting it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := setup
.PHONY: setup demo serve test check bench docs shots clean

setup: $(READY) .venv/.dev ## Prepare everything a developer needs
	@echo "Ready. Next: make demo, or make test."

demo: $(READY) ## Start Jike with demo data; prints its address and sign-in names (ARGS="--scale S")
	@$(BIN)/jike demo $(ARGS)

serve: $(READY) ## Start Jike on the data it has
	@$(BIN)/jike serve $(ARGS)

test: check ## Check, then run the whole suite (ARGS=tests/house for a part of it)
	@.ci/browser
	@$(BIN)/pytest -n 3 $(ARGS)

check: setup ## Format, lint, types, storeys and rooms, templates
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@JIKE_ROLE=none $(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint jike --lint --quiet

bench: setup ## Measure (ARGS="ground --json")
	@$(BIN)/jike bench $(ARGS)

docs: setup ## Check the pages: links, tree, keys
	@$(BIN)/pytest -q tests/house/test_documents.py

shots: setup ## Take the guide's pictures anew from a demo of its own (ARGS=sheet for every page in every look)
	@.ci/browser
	@$(BIN)/python -m tests.journeys.shots $(ARGS)

clean: ## Remove what was built; data in .jike stays
	rm -rf .venv node_modules build dist jike/foundation/static/vendor .mypy_cache .ruff_cache .pytest_cache
	find jike -name '*.mo' -delete

.venv/.runtime: requirements/tools.txt requirements/runtime.txt
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is needed (Debian and Ubuntu: python3-venv)."; exit 1; }
	@echo "Installing Python packages …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/tools.txt
	@$(call INSTALL,requirements/runtime.txt)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.runtime
	@echo "Installing the developers' Python packages …"
	@$(call INSTALL,requirements/dev.txt)
	@touch $@

$(ASSETS): package-lock.json jike/foundation/icons.txt hatch_build.py $(wildcard jike/*/locale/*/LC_MESSAGES/*.po) | .venv/.runtime
	@$(BIN)/python hatch_build.py
	@touch $@

.venv/.project: pyproject.toml .venv/.runtime | $(ASSETS)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
