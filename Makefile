# One door for everything; `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up test soak bench price-vectors realdata install build fmt messages sizes clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Install, build, start the database, migrate, load the demo company once, and run Niaga
	@exec bin/up

test: ## Everything that must hold before a change lands
	@exec bin/test

soak: ## The tests at full counts, from printed seeds (up to 60 minutes)
	@bin/install --dev && exec .venv/bin/python -m niaga bench soak

bench: install ## The benchmarks, each in a scratch database of its own
	@exec .venv/bin/python -m niaga bench all

price-vectors: install ## 5,000 priced cases as JSON, for a second price engine to prove that it agrees
	@exec .venv/bin/python -m niaga bench price-vectors

realdata: ## Import a real retailer's 1.47 million sales lines into a database of its own
	@exec bin/realdata

install: ## Only install and build
	@exec bin/install

build: install ## The same

fmt: install ## Put the code into its form
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix . && .venv/bin/djlint niaga --reformat --quiet

messages: install ## Add new texts to the Indonesian catalogs, to be filled in, and drop old ones
	@.venv/bin/python bin/translations.py --write

sizes: ## Lines of code by app
	@exec bin/sizes

clean: ## Remove what was built and installed, never the data in var/
	@rm -rf .venv .bootstrap frontend/node_modules niaga/ui/static/dist staticfiles
	@find niaga -name '*.mo' -delete
