# Everything one does with this project. Each target needs only `make` and Python 3.12 or newer:
# it installs what else it needs into .venv, node_modules and var/. `make help` lists them.

.DEFAULT_GOAL := help
.SUFFIXES:
.NOTPARALLEL:

# `exec`, so that a signal sent to make reaches the program itself and nothing is left behind.
LAUNCH = python="$$(sh tools/find_python.sh)" && exec "$$python" tools/launch.py

.PHONY: help run test check fix dev demo coverage bench soak lock clean

help: ## List these commands
	@echo "Hate Crime Casework. The commands:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo "Settings: PORT=8000 (run, dev), DATABASE_URL=postgres://... (a server of your own), ARGS=\"...\" (test, bench, soak)."

run: ## Install, migrate, load demo data and serve at http://127.0.0.1:8000 as in production
	@$(LAUNCH) run

test: ## Install, then every check and the whole test suite, browser included (ARGS for pytest)
	@$(LAUNCH) test $(ARGS)

check: ## The checks without the tests: format, lint, types, imports, templates, migrations
	@$(LAUNCH) check

fix: ## Put format, import order and whatever else can be mended right
	@$(LAUNCH) fix

dev: ## Serve with debug pages, reloading code and styles as they change
	@$(LAUNCH) dev

demo: ## Load demo data into an empty database and print who can sign in
	@$(LAUNCH) demo

coverage: ## The tests with branch coverage: all, then what must be complete (rules, operations)
	@$(LAUNCH) coverage $(ARGS)

bench: ## Measure the pages beside floors of the same machine (writes docs/, takes minutes)
	@$(LAUNCH) bench $(ARGS)

soak: ## Crowds, nonsense posts, races and kill -9 on a real server (SOAK=short; ARGS="posts kills")
	@$(LAUNCH) soak $(ARGS)

lock: ## Resolve requirements/*.in again into pinned, hashed requirements/*.txt
	@$(LAUNCH) lock

clean: ## Remove what the commands installed and built; never the data in var/
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
