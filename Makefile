# The commands of this project; `make` alone lists them.
PORT ?= 8000
PYTHON ?= python3
export PORT

.PHONY: help run reset test check test-services test-walls test-browser test-large rehearse bench-matching bench-enumeration .venv
.DELETE_ON_ERROR:

help:  ## List the commands
	@sed -n 's/^\([a-z.-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

run: .venv  ## Start the example with invented people (PORT=8000); Ctrl-C stops it
	@exec .venv/bin/python -m mentorship.supervisor

reset:  ## Forget everything the example has kept; the next `make run` starts over
	@rm -rf var
	@echo "The example's data is gone. make run starts over."

test: .venv  ## All tests but the browser's, on SQLite; needs no service
	@.venv/bin/python -m pytest -n auto --dist loadfile $(ARGS)

check: .venv  ## Style, floors, types, templates, Django's checks, migrations
	@bin/check

test-services: .venv  ## The same tests on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	@bin/test-services $(ARGS)

test-walls: .venv  ## Nobody sees what isn't theirs: every route, and every guard taken away (ARGS=--short)
	@.venv/bin/python -m tests.walls.mutation $(ARGS)

test-browser: .venv  ## The journey in headless Chromium against the running example
	@bin/test-browser $(ARGS)

test-large: .venv  ## The matching's engine with the larger solver (requirements-large.txt)
	@bin/make-large
	@.venv-large/bin/python -m pytest matching/tests/test_engine_*.py $(ARGS)

rehearse: .venv  ## A cohort of each programme, lived through with faults of the clock: minutes (ARGS=--short)
	@bin/rehearse $(ARGS)

bench-matching: .venv  ## The matching beside its peers: about an hour (ARGS=--short: a minute)
	@bin/bench-matching $(ARGS)

bench-enumeration: .venv  ## Whether the time of an answer tells a known address: a minute (ARGS=--short: 20 s)
	@bin/bench-enumeration $(ARGS)

.venv: .venv/.installed  ## Make the Python environment alone

.venv/.installed: requirements.txt
	@bin/make-venv $(PYTHON)
	@touch $@
