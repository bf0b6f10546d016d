# County Basket. `make help` lists what can be done.
PYTHON ?= python3
RUN := .venv/bin
# one more than there are cores: some tests wait for processes of their own; who is done takes over from who is not
SIDE_BY_SIDE = $$($(RUN)/python -c "import os; print((os.cpu_count() or 1) + 1)")
PIP := $(RUN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help run test lint bench pictures messages lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/run.stamp ## migrate and start: with BASKET_TOKEN on Telegram, without it the demo
	@exec $(RUN)/python -m bot run

test: .venv/dev.stamp ## everything: style, types, layers, tests
	@$(RUN)/ruff check --quiet . && $(RUN)/ruff format --check --quiet . && $(RUN)/mypy --no-error-summary && $(RUN)/lint-imports --no-cache >/dev/null || { echo "make lint fails: run it to see why"; exit 1; }
	@exec $(RUN)/python -m pytest -n $(SIDE_BY_SIDE) --dist worksteal --hypothesis-profile=ci

.PHONY: explore
explore: .venv/dev.stamp ## the properties with new dice each time: make test draws the same examples every time
	@exec $(RUN)/python -m pytest -n auto -m hypothesis --hypothesis-profile=explore

lint: .venv/dev.stamp ## ruff, mypy strict, import contracts
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

.PHONY: mutants
mutants: .venv/dev.stamp ## mutation testing over rules/: what survives is explained in docs/mutants.md
	@rm -rf mutants
	$(RUN)/mutmut run
	@$(RUN)/python -m tests.mutation.survivors

.PHONY: fuzz
fuzz: .venv/fuzz.stamp ## 100,000 strange updates through the bot, then a minute of coverage-guided fuzzing
	BASKET_FUZZ=100000 $(RUN)/python -m pytest tests/fuzz/test_strange_updates.py -s
	$(RUN)/python -m tests.fuzz.coverage_guided 60

.PHONY: crash
crash: .venv/dev.stamp ## kill the bot 2,000 times (BASKET_KILLS), take the database away for 30 s at a time
	@BASKET_KILLS=$${BASKET_KILLS:-2000} BASKET_AWAY_SECONDS=$${BASKET_AWAY_SECONDS:-30} exec $(RUN)/python -m pytest tests/crash -n auto -rP

.PHONY: soak
soak: .venv/dev.stamp ## thirty days of fifty weekly series and 2,000 members (BASKET_SOAK=days,enterprises,series,members)
	@BASKET_SOAK=$${BASKET_SOAK:-30,10,5,200} exec $(RUN)/python -m pytest tests/soak

bench: .venv/dev.stamp ## the benchmarks, each against a peer or a limit in the same run
	@exec $(RUN)/python -m bench

pictures: .venv/dev.stamp ## play the scenes of the docs and photograph the chat page
	@BASKET_PICTURES=docs/pictures exec $(RUN)/python -m pytest tests/browser/test_scenes.py

messages: .venv/dev.stamp ## write the English catalogue, list what Chinese lacks
	@$(RUN)/python -m locales.sentences

lock: ## renew the lock files (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --upgrade -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --upgrade -o requirements-dev.lock
	uv pip compile --group fuzz --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --upgrade -o requirements-fuzz.lock

clean: ## remove the environment and caches (the data stays)
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis mutants

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "County Basket needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing what the bot needs (once) …"
	@$(PIP) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what the tests need (once) …"
	@$(PIP) -r requirements-dev.lock
	@touch $@ .venv/run.stamp

.venv/fuzz.stamp: requirements-fuzz.lock .venv/dev.stamp
	@$(PIP) -r requirements-fuzz.lock
	@touch $@
