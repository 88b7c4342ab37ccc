# Each target sets up what it needs. PYTHON chooses the interpreter: make test PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python

.PHONY: help setup demo test large lint cover golden docs families corpus accuracy honest peers bench conformance fuzz clean

help:  ## what can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/.made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "weighbridge needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "this Python cannot make a virtual environment: sudo apt-get install -y python3-venv"; exit 2; }
	@$(BIN)/pip install -q --upgrade 'pip>=25.1'
	@$(BIN)/pip install -q -e . --group test --group lint
	@touch $@

setup: $(VENV)/.made  ## a virtual environment with all that the tests need

demo: setup  ## weigh a benign and a malicious model, made on the spot
	@$(RUN) test-models/make_test_models.py
	-@$(BIN)/weighbridge scan test-models/out/benign-model; echo "exit $$?"
	-@$(BIN)/weighbridge scan test-models/out/malicious-model; echo "exit $$?"

test: setup  ## every test
	@$(RUN) -m pytest

large: setup  ## the tests that take minutes: a feed of ten thousand packages
	@$(RUN) -m pytest -m large --timeout=1800

lint: setup  ## style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

cover: setup  ## which branches the tests reach
	@$(BIN)/coverage run -m pytest && $(BIN)/coverage report -m

golden: setup  ## write the reports' golden files anew; read the change before it is kept
	@GOLDEN=write $(RUN) -m pytest tests/reports -q && git diff --stat tests/reports/golden

docs: setup  ## write the tables of docs/formats.md and docs/threats.md anew
	@$(RUN) tools/tables.py && $(RUN) tools/matrix.py

families: setup  ## read the sources of the packages in tools/families.txt for classes whose rebuilding is a deed
	@mkdir -p .bench/wheels
	@grep -v '^#' tools/families.txt | while read -r package; do \
		$(BIN)/pip download -q --no-deps --only-binary=:all: -d .bench/wheels "$$package" || exit 2; done
	@$(RUN) tools/families.py --write .bench/wheels/*.whl && git diff --stat src/weighbridge/policy/callables/tables

CORPUS ?= ../shared/corpus

corpus: setup  ## weigh the corpus of honest models (CORPUS=folder)
	@$(RUN) tools/corpus.py $(CORPUS)/benign.tar.zst $(CORPUS)/manifest.jsonl --least 99.5

bench: setup  ## speed, memory and bytes beside the peers
	@$(RUN) -m benchmarks.bench

GADGETS ?= ../shared/facts/gadgets.csv

accuracy: setup  ## recall on callables that nobody listed, and honest files that pass (GADGETS=csv CORPUS=folder)
	@$(RUN) tools/corpus.py $(CORPUS)/libraries.tar.zst $(CORPUS)/libraries.jsonl > /dev/null
	@$(RUN) -m benchmarks.accuracy --gadgets $(GADGETS) --libraries .corpus/libraries --manifest $(CORPUS)/libraries.jsonl
	@$(MAKE) --no-print-directory peers

WITH ?= $(RUN)

honest: setup  ## honest files made anew with the libraries of another interpreter, and weighed (WITH=python)
	@$(WITH) benchmarks/honest/make.py .bench/honest benchmarks/honest/recipes/*.py
	@$(RUN) -m benchmarks.honest.weigh .bench/honest

peers: setup  ## the same, beside other scanners on one sample of files (CORPUS=folder)
	@$(RUN) -m benchmarks.accuracy --peers .bench --libraries .corpus/libraries --manifest $(CORPUS)/libraries.jsonl \
		--benign .corpus/benign --benign-manifest $(CORPUS)/manifest.jsonl

CONFORMANCE ?= .conformance
HEAVY ?= torch==2.13.0 keras xgboost jax flax orbax-checkpoint openvino catboost executorch coremltools tensorflow-cpu paddlepaddle

$(CONFORMANCE)/.made: pyproject.toml
	@$(PYTHON) -m venv $(CONFORMANCE)
	@$(CONFORMANCE)/bin/pip install -q --upgrade 'pip>=25.1'
	@$(CONFORMANCE)/bin/pip install -q -e . --group test --group conformance
	@touch $@

conformance: $(CONFORMANCE)/.made  ## each reader beside its format's own library, in an environment of its own (HEAVY="further ones")
	@for library in $(HEAVY); do \
		timeout 240 $(CONFORMANCE)/bin/pip install -q $$library || echo "not to be had here, its checks are skipped: $$library"; done
	@failed=0; for file in tests/conformance/test_*.py; do \
		KERAS_BACKEND=torch WEIGHBRIDGE_CONFORMANCE=1 $(CONFORMANCE)/bin/python -W ignore -m pytest -rs $$file; \
		case $$? in 0|5) ;; *) failed=1; echo "failed: $$file";; esac; done; exit $$failed

STREAMS ?= 1000000

fuzz: setup  ## generated pickles against every unpickler (STREAMS=1000000)
	@$(RUN) -m tests.fuzz.pickles --streams $(STREAMS)

clean:  ## remove what was made
	rm -rf $(VENV) $(CONFORMANCE) test-models/out
