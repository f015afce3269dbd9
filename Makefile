# Two commands: `make book` builds and serves the course, `make test` runs everything that must pass.

BIN := .venv/bin
PORT ?= 8000
# The first Python for which the pinned packages are made; if there is none, tools/setup.py explains what to do.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$python" && exit; \
	done; echo python3)
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

# Two notebooks run at a time on two cores, so that more threads for each would only slow the other one down.
ONE_THREAD := TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev book html archive pdf lab test check unit nbval browser built-browser browsers bench notebooks multiverse lock binder clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install into .venv what reading and running the course needs
	@$(PYTHON) tools/setup.py requirements.txt

setup-dev:  ## Also install what testing and changing the course needs
	@$(PYTHON) tools/setup.py requirements-dev.txt

book: html  ## Build the course, serve it, and print the address (PORT=8000)
	@$(BIN)/python tools/serve.py _build/html --port $(PORT)

html: setup  ## Build the course into _build/html; warnings are errors
	@$(BIN)/python tools/build.py

archive: html  ## Put the built course into one zip that works by double-click, without a server
	@$(BIN)/python tools/archive.py

pdf: setup-dev browsers html  ## Print the whole course, on A4 and on Letter
	@$(BIN)/python tools/pdf.py

lab: setup  ## Open the chapters in JupyterLab
	$(BIN)/jupyter lab --config=tools/jupyter_server_config.py --ServerApp.root_dir=book

# What waits for a network or keeps one core busy runs beside something else.
test:  ## Run all tests: check, unit, nbval, browser
	@$(MAKE) --no-print-directory -j 2 browsers setup-dev
	@$(MAKE) --no-print-directory -j 2 html check
	@$(MAKE) --no-print-directory unit nbval built-browser

check: setup-dev  ## Check style, types, JavaScript, exercises and workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deno fmt --check
	$(BIN)/deno lint
	$(BIN)/deno check lessons_lib/explorables/static/*.js book/_static/*.js book/_ext/*.js
	$(BIN)/deno test tests/javascript
	$(BIN)/check-jsonschema --schemafile lessons_lib/exercises/schema.json lessons_lib/exercises/topics/*/*.json
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

unit: setup-dev  ## Run the unit tests and doctests
	$(BIN)/pytest -n 2 --dist worksteal --ignore=tests/browser

# What takes longest comes first, so that no worker waits for it at the end: chapters 4, 9 and 12, then the last ones.
nbval: setup-dev  ## Run every notebook and compare its outputs with the stored ones
	$(ONE_THREAD) $(BIN)/pytest --nbval -n 2 --dist loadscope --no-loadscope-reorder \
	book/04*.ipynb book/09*.ipynb book/12*.ipynb $$(ls -r book/*.ipynb)

browser: setup-dev browsers html  ## Build the pages and test them in headless Chromium, Firefox and WebKit
	@$(MAKE) --no-print-directory built-browser

# A test waits for the browser, and the browser for the test: three tests at a time keep two cores busy.
built-browser:
	$(BIN)/pytest -n 3 tests/browser

browsers:
	@if [ "$$CI" = true ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	missing=; \
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing="$$missing firefox-esr"; \
	command -v WebKitWebDriver >/dev/null || missing="$$missing webkit2gtk-driver"; \
	command -v Xvfb >/dev/null || missing="$$missing xvfb"; \
	[ -z "$$missing" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; } || exit 1; \
	command -v chromium-headless-shell >/dev/null || \
	{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell; } || \
	echo "Without chromium-headless-shell, which Debian has, the tests of the pages take about twice as long."; fi

bench: setup-dev browsers html  ## Measure the pages, the redraw of a figure, and training in Python and on the page
	$(BIN)/python tools/bench_pages.py
	$(BIN)/python tools/bench_redraw.py
	$(BIN)/python tools/bench_training.py
	$(BIN)/python tools/bench_nn.py
	$(BIN)/python tools/bench_trainlab.py

notebooks: setup  ## Run the chapters in place and store their outputs (ONLY="03 05" runs two)
	$(BIN)/python tools/notebooks.py $(ONLY)

multiverse: setup-dev  ## Record which verdicts stand in other universes (ONLY="06"); takes an hour or two
	$(BIN)/python tools/multiverse.py $(ONLY)

lock: setup-dev  ## Pin the newest packages that pyproject.toml allows
	$(COMPILE) --upgrade --extra book -o requirements.txt
	$(COMPILE) --upgrade --extra book --extra dev -c requirements.txt -o requirements-dev.txt

binder: setup-dev  ## Build as Binder does, run a chapter there, print the peak memory
	$(BIN)/python tools/binder.py

clean:  ## Remove the built pages, caches and environments
	rm -rf _build .venv .venv-binder .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
