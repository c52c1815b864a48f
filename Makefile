# Development of cloudops.lambda_rds. `make` lists the targets. Needs make, git and Python 3.11 or newer.
# PYTHON=python3.13 make test    uses that interpreter, in a venv of its own.

PYTHON ?= python3
VENV := .venv$(patsubst %,-%,$(filter-out python3,$(notdir $(PYTHON))))
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
MINISTACK := $(VENV)-ministack
MINISTACK_STAMP := $(MINISTACK)/.stamp
AWSCLI := $(VENV)-awscli
AWSCLI_STAMP := $(AWSCLI)/.stamp

# What a run builds, an interpreter a folder.
CACHE := $(CURDIR)/.cache/$(VENV:.%=%)
ARTIFACTS := $(CACHE)/artifacts
STEP := CACHE=$(CACHE) .ci/step
# $(call steps,WHAT,TARGETS): two at a time, the output of each in one piece, and a failure does not hide the next one.
steps = +@echo '== $@: $(1)'; status=0; \
	$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs=2 $(2) || status=1; \
	echo "== $@: $$SECONDS s"; python tests/release/summary.py $(CACHE)/steps && exit $$status

SHELL := bash
.DEFAULT_GOAL := help
ifneq ($(firstword $(subst :, ,$(PATH))),$(CURDIR)/$(BIN))
export PATH := $(CURDIR)/$(BIN):$(PATH)
endif
# Nobody's own collections, caches and bytecode habits change a run.
export ANSIBLE_HOME := $(CACHE)/ansible
export COVERAGE_FILE := $(CACHE)/coverage
export HYPOTHESIS_STORAGE_DIRECTORY := $(CACHE)/hypothesis
export MYPY_CACHE_DIR := $(CACHE)/mypy
export PYTHONPYCACHEPREFIX := $(CACHE)/bytecode
export RUFF_CACHE_DIR := $(CACHE)/ruff
unexport ANSIBLE_CONFIG ANSIBLE_COLLECTIONS_PATH PYTHONDONTWRITEBYTECODE PYTHONPATH
PYTEST := pytest -q -o cache_dir=$(CACHE)/pytest

# What people use first, in this order; `make` lists the others below.
FIRST := demo check test format unit clean

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## ' -v first='$(FIRST)' '/^[a-z-]+:.*## / { text[$$1] = $$2; order[++n] = $$1 } \
	  END { m = split(first, use, " "); for (i = 1; i <= m; i++) { print_it(use[i]); used[use[i]] = 1 } \
	  print ""; for (i = 1; i <= n; i++) if (!(order[i] in used)) print_it(order[i]) } \
	  function print_it(name) { printf "%-18s %s\n", name, text[name] }' $(MAKEFILE_LIST)

$(STAMP): requirements-dev.txt
	@$(STEP) setup 'make $(VENV) from requirements-dev.txt' .ci/venv $(PYTHON) $(VENV) requirements-dev.txt
	@touch $@

$(MINISTACK_STAMP): tests/permissions/requirements.txt | $(STAMP)
	@$(STEP) setup-ministack 'make $(MINISTACK) from tests/permissions/requirements.txt' \
	  .ci/venv $(BIN)/python $(MINISTACK) tests/permissions/requirements.txt
	@touch $@

$(AWSCLI_STAMP): tests/benchmark/requirements.txt | $(STAMP)
	@$(STEP) setup-awscli 'make $(AWSCLI) from tests/benchmark/requirements.txt' \
	  .ci/venv $(BIN)/python $(AWSCLI) tests/benchmark/requirements.txt
	@touch $@

.PHONY: setup
setup: $(STAMP)  ## make the venv (every other target does it when it has to)

# Those of tests/versions override what packages want of each other.
LOCKED := requirements-dev tests/permissions/requirements tests/benchmark/requirements \
  $(basename $(wildcard tests/versions/requirements-*.in))

.PHONY: lock
lock: $(STAMP)  ## pin requirements-*.in anew in requirements-*.txt
	@for set in $(LOCKED); do \
	  $(STEP) lock-$${set//\//-} "pin $$set.in in $$set.txt" \
	    uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links \
	    $$([[ $$set != tests/versions/* ]] || echo --override $$set.in) $$set.in -o $$set.txt || exit; \
	done

.PHONY: demo
demo: $(STAMP)  ## attach and detach against an emulator, to look at; fails if anything is not as it says
	@TERMINAL=$$([ -t 1 ] && echo 1) $(STEP) demo 'attach and detach against an emulator' python demo/demo.py

BENCH = BENCHMARK_AWS_CLI=$(CURDIR)/$(AWSCLI)/bin/aws TERMINAL=1 $(STEP)

.PHONY: bench
bench: $(STAMP) $(AWSCLI_STAMP)  ## time, API calls and memory of the main jobs: ten minutes
	@$(BENCH) bench 'time, API calls and memory of the main jobs' python tests/benchmark/bench.py --quick

.PHONY: bench-full
bench-full: $(STAMP) $(AWSCLI_STAMP)  ## the same with all that is slow, into docs/performance.md: forty minutes
	@$(BENCH) bench-full 'time, API calls and memory of the main jobs, with all that is slow' \
	  python tests/benchmark/bench.py --full

# ---- the quick checks ----

CHECKS := unit properties ansible-lint mypy lint yamllint

.PHONY: check
check: $(STAMP)  ## lint, types and unit tests: about a minute
	@rm -rf $(CACHE)/steps
	$(call steps,the quick checks,$(CHECKS))

.PHONY: lint
lint: $(STAMP)  ## ruff: lint and format
	@$(STEP) lint 'ruff: lint and format' sh -c 'ruff check --quiet --output-format=concise . && ruff format --quiet --check --diff .'

.PHONY: format
format: $(STAMP)  ## let ruff fix and format what it can
	@$(STEP) format 'ruff: fix and format' sh -c 'ruff check --fix --quiet . ; ruff format .'

# mypy wants the checkout in a place that has the names of the imports.
COLLECTION := ansible_collections/cloudops/lambda_rds
TYPES := $(CACHE)/types
TYPED = $(patsubst %,-p ansible_collections.cloudops.lambda_rds.%,$(wildcard demo plugins tests))

.PHONY: mypy
mypy: $(STAMP)  ## strict types of all our Python
	@mkdir -p $(TYPES)/$(dir $(COLLECTION)) && ln -sfn $(CURDIR) $(TYPES)/$(COLLECTION)
	@$(STEP) mypy 'mypy: strict types of all our Python' bash -o pipefail -c \
	  'cd $(TYPES) && MYPYPATH=. mypy --config-file $(COLLECTION)/pyproject.toml $(TYPED) | sed "s|^$(COLLECTION)/||"'

.PHONY: yamllint
yamllint: $(STAMP)  ## YAML style
	@$(STEP) yamllint 'yamllint: YAML style' \
	  sh -c 'git grep --untracked -lz "" -- "*.yml" "*.yaml" | xargs -0 yamllint --strict'

.PHONY: ansible-lint
ansible-lint: $(STAMP)  ## ansible-lint, profile production
	@$(STEP) ansible-lint 'ansible-lint: profile production' ansible-lint -q --offline

# Thousands of runs through code that the other tests cover: to measure them takes longer than they do themselves.
UNMEASURED := tests/unit/test_aws_errors.py $(wildcard tests/unit/*/test_properties.py)
UNIT := $(PYTEST) --disable-socket --allow-unix-socket

.PHONY: unit
unit: $(STAMP)  ## unit tests without a network, every branch of the pure core covered
	@$(STEP) unit 'pytest: unit tests, no network, every branch of the pure core' sh -c \
	  'coverage run -m $(UNIT) --junitxml=$(CACHE)/steps/unit.xml $(UNMEASURED:%=--ignore=%) tests/unit \
	  && coverage report'

.PHONY: properties
properties: $(STAMP)  ## unit tests that take many examples: properties, and every error of every call
	@$(STEP) properties 'pytest: properties, and every error of every call' \
	  python -m $(UNIT) --junitxml=$(CACHE)/steps/properties.xml $(UNMEASURED)

.PHONY: soak
soak: $(STAMP)  ## unit and module tests with SOAK_EXAMPLES (2000) new examples each, every survival test, many packets
	@$(STEP) soak 'pytest: unit, module, survival and packet tests with many new examples' \
	  env SOAK_EXAMPLES=$${SOAK_EXAMPLES:-2000} SURVIVAL_EXAMPLES=$${SURVIVAL_EXAMPLES:-2000} \
	  PACKET_WORLDS=$${PACKET_WORLDS:-500} PLAIN_MOTO=1 \
	  python -m $(PYTEST) -n 2 tests/unit tests/module tests/survival tests/packets

# After moto was raised in requirements-dev.in: which of the emulator's bridges are still needed.
.PHONY: plain-moto
plain-moto: $(STAMP)  ## what the emulator does and moto as it is does not: after moto was raised
	@$(STEP) plain-moto 'pytest: moto without the bridges of the emulator fails' \
	  env PLAIN_MOTO=1 python -m $(PYTEST) -n 2 tests/module -k moto

.PHONY: mutants
mutants: $(STAMP)  ## break the evaluation of paths, a rule at a time, and see which tests notice
	@TERMINAL=1 $(STEP) mutants 'break the evaluation of paths, a rule at a time' python tests/packets/mutants.py

# ---- everything: make test ----

.PHONY: module
module: $(STAMP)  ## module tests, in process, AWS in memory
	@$(STEP) module 'pytest: modules in process, AWS in memory' \
	  python -m $(PYTEST) -n 2 --junitxml=$(CACHE)/steps/module.xml tests/module

.PHONY: role
role: $(STAMP)  ## the role in plays of its own: account and Region, loops, refusals
	@$(STEP) role 'pytest: the role in plays of its own' \
	  python -m $(PYTEST) -n 2 --junitxml=$(CACHE)/steps/role.xml tests/role

.PHONY: survival
survival: $(STAMP)  ## runs that are killed, faults on the network, stale reads, others who write meanwhile
	@$(STEP) survival 'pytest: killed, disturbed and raced runs' \
	  python -m $(PYTEST) -n 2 --junitxml=$(CACHE)/steps/survival.xml tests/survival

# Namespaces take root. Where CI has none it has sudo; a developer's run without it skips these tests and says so.
AS_ROOT := $(if $(CI),$(if $(filter-out 0,$(shell id -u)),sudo --preserve-env env PATH="$$PATH"))

.PHONY: packets
packets: $(STAMP)  ## verdicts on paths beside real TCP connections: needs root, nftables, iproute2, postgresql
	@$(STEP) packets 'pytest: verdicts on paths, and what real packets do' \
	  $(AS_ROOT) python -m $(PYTEST) -n 2 --junitxml=$(CACHE)/steps/packets.xml tests/packets

# One process: what the runs do where all is allowed is found out once, and each test is measured by it.
.PHONY: permissions
permissions: $(MINISTACK_STAMP)  ## the README's IAM policy is exactly enough
	@$(STEP) permissions 'pytest: the IAM policy of the README is exactly enough' \
	  python -m $(PYTEST) --junitxml=$(CACHE)/steps/permissions.xml tests/permissions

.PHONY: documentation
documentation: $(STAMP)  ## every example and command of the READMEs and docs, on the emulator
	@$(STEP) documentation 'pytest: every example and command of the READMEs and docs, on the emulator' \
	  python -m $(PYTEST) --basetemp=$(CACHE)/documentation --junitxml=$(CACHE)/steps/documentation.xml tests/documentation

.PHONY: report
report: $(STAMP)  ## the report of a diagnosis in Chromium, its diagrams in Mermaid
	@$(STEP) report 'pytest: the report in Chromium, the diagrams in Mermaid' \
	  python -m $(PYTEST) --junitxml=$(CACHE)/steps/report.xml tests/report

# A folder of its own, empty: the state of a run that was cut off would make Molecule skip "create".
.PHONY: molecule
molecule: $(STAMP)  ## every Molecule scenario against the emulator
	@rm -rf $(CACHE)/molecule
	@FAIL_ON='Missing playbook' $(STEP) molecule 'molecule: every scenario against the emulator' \
	  env MOLECULE_EPHEMERAL_DIRECTORY=$(CACHE)/molecule molecule test --all --report --no-command-borders

# Another AWS in memory, for what it does faithfully: see extensions/molecule/proxy/verify.yml.
.PHONY: molecule-ministack
molecule-ministack: $(MINISTACK_STAMP)  ## the scenario proxy against ministack
	@rm -rf $(CACHE)/molecule-ministack
	@FAIL_ON='Missing playbook' $(STEP) molecule-ministack 'molecule: the scenario proxy against ministack' \
	  env AWS_IN_MEMORY=ministack MOLECULE_EPHEMERAL_DIRECTORY=$(CACHE)/molecule-ministack \
	  molecule test --report --no-command-borders --scenario-name proxy

FLOWS := tests/versions/test_flows.py

.PHONY: versions
versions: $(STAMP)  ## what users do, on ansible-core 2.16 to the newest: ten minutes
	@$(STEP) versions 'pytest: what users do, on ansible-core 2.16 to the newest' \
	  python -m $(PYTEST) --junitxml=$(CACHE)/steps/versions.xml $(FLOWS)

.PHONY: oldest
oldest: $(STAMP)  ## unit tests and three of these flows on the oldest versions
	@$(STEP) oldest 'pytest: unit tests and three flows on ansible-core 2.16, amazon.aws 9.5 and botocore 1.34' \
	  python -m $(PYTEST) --junitxml=$(CACHE)/steps/oldest.xml tests/versions/test_oldest.py \
	  $(foreach flow,attach module_defaults role_with_proxy,'$(FLOWS)::test_$(flow)[2.16]')

.PHONY: sanity
sanity: $(STAMP)  ## ansible-test sanity, nothing ignored
	@FAIL_ON='All targets skipped' $(STEP) sanity 'ansible-test: sanity, nothing ignored' \
	  python tests/release/sanity.py $(CACHE)/sanity

.PHONY: build
build: $(STAMP)
	@$(STEP) build 'ansible-galaxy: build the tarball' sh -c 'rm -rf $(ARTIFACTS) && \
	  ansible-galaxy collection build --output-path $(ARTIFACTS)'

.PHONY: tarball
tarball: build  ## what a release holds, and that it works installed
	@$(STEP) tarball 'the tarball: its files, and its playbooks from a fresh environment' \
	  python tests/release/tarball.py $(ARTIFACTS)/*.tar.gz $(CACHE)/installed

.PHONY: importer
importer: build  ## what Galaxy and Automation Hub say on import
	@$(STEP) importer 'galaxy-importer: as Galaxy and Automation Hub' \
	  python tests/release/importer.py $(ARTIFACTS)/*.tar.gz

# Sphinx' own folder lies in the venv; git must not take that for ignored files of ours.
.PHONY: docs
docs: $(STAMP)  ## documentation of modules, roles and docs/
	@GIT_CEILING_DIRECTORIES=$(CURDIR)/$(VENV) $(STEP) docs 'antsibull-docs: documentation of modules, roles and docs/' \
	  antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=dependent \
	  --disallow-unknown-collection-refs --check-extra-docs-refs .

.PHONY: findings
findings: $(STAMP)  ## write docs/findings.md from the catalogue
	@$(STEP) findings 'every finding, into docs/findings.md' python -m ansible_collections.cloudops.lambda_rds.tests.release.findings

.PHONY: changelog
changelog: $(STAMP)  ## changelog fragments
	@$(STEP) changelog 'antsibull-changelog: fragments' antsibull-changelog lint

.PHONY: release-notes
release-notes: $(STAMP)  ## fold the changelog fragments into CHANGELOG.md, for the version in galaxy.yml
	@$(STEP) release-notes 'antsibull-changelog: fold the fragments into CHANGELOG.md' \
	  antsibull-changelog release --update-existing --reload-plugins

.PHONY: test
test: $(STAMP)  ## everything, with a summary: twenty to twenty-five minutes on two cores
	@rm -rf $(CACHE)/steps
	$(call steps,everything,molecule sanity $(CHECKS) module role survival packets permissions documentation report demo importer tarball docs changelog molecule-ministack oldest)

.PHONY: clean
clean:  ## remove the venvs and everything built
	rm -rf .venv* .cache .ansible
