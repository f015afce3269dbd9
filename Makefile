# Two commands: `make book` builds and serves the course, `make test` runs everything that must pass.

BIN := .venv/bin
PORT ?= 8000
# The first Python that the pins fit; tools/setup.py explains what to do when there is none.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$python" && exit; \
	done; echo python3)
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

# Two notebooks at a time on two cores: threads of one would only stand in the other's way.
ONE_THREAD := TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev book html lab test check unit nbval browser chromium bench notebooks lock binder clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Make .venv with all that reading and running the course needs
	@$(PYTHON) tools/setup.py requirements.txt

setup-dev:  ## Add all that testing and changing the course needs
	@$(PYTHON) tools/setup.py requirements-dev.txt

book: html  ## Build the course, serve it, and print the address (PORT=8000)
	@$(BIN)/python tools/serve.py _build/html --port $(PORT)

html: setup  ## Build the course into _build/html, warnings as errors
	@$(BIN)/python tools/build.py

lab: setup  ## Open the chapters in JupyterLab
	$(BIN)/jupyter lab --config=tools/jupyter_server_config.py --ServerApp.root_dir=book

test: check unit nbval browser  ## Run everything that must pass: style, types, units, notebooks, pages

check: setup-dev  ## Check style, types, the JavaScript, exercises and workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deno fmt --check
	$(BIN)/deno lint
	$(BIN)/deno check lessons_lib/explorables/static/*.js book/_static/*.js
	$(BIN)/deno test tests/javascript
	$(BIN)/check-jsonschema --schemafile lessons_lib/exercises/schema.json lessons_lib/exercises/topics/*/*.json
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

unit: setup-dev  ## Run the unit tests and doctests
	$(BIN)/pytest -n 2 --ignore=tests/browser

nbval: setup-dev  ## Run every notebook and compare every output
	$(ONE_THREAD) $(BIN)/pytest --nbval -n 2 --dist loadscope book/*.ipynb

browser: setup-dev chromium html  ## Check every built page in headless Chromium
	$(BIN)/pytest -n 2 tests/browser

chromium:
	@if [ "$$CI" = true ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	&& ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then \
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; fi

bench: setup-dev chromium  ## Measure how long a figure takes to redraw, and how fast training is
	$(BIN)/python tools/bench_redraw.py
	$(BIN)/python tools/bench_training.py

notebooks: setup  ## Run the chapters in place and clean what must not be stored (ONLY="03 05")
	$(BIN)/python tools/notebooks.py $(ONLY)

lock: setup-dev  ## Pin everything anew from pyproject.toml
	$(COMPILE) --upgrade --extra book -o requirements.txt
	$(COMPILE) --upgrade --extra book --extra dev -c requirements.txt -o requirements-dev.txt

binder: setup-dev  ## Follow Binder's own build steps, run a chapter there, print the peak memory
	$(BIN)/python tools/binder.py

clean:  ## Remove what was made: the site, caches, the environments
	rm -rf _build .venv .venv-binder .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
