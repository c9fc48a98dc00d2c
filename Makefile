# Two commands: `make repro` (every study, data to page) and `make test`. Both make .venv first when it is missing or stale.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONHASHSEED ?= 0
# Compiled files are kept whatever the shell says: every worker and command starts from them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: repro slow test lint check format

repro: $(VENV)/.ready
	@bench check
	dvc repro
	@python -m research.tracked

# The slow studies, one after the other; what git tracks of each is committed when it is done. Goes on when interrupted.
# STUDIES="breiman-2001": only those.
slow: $(VENV)/.ready
	@bench check
	python -m research.renew $(STUDIES)

# The studies of scores that authors publish. What lies in the folder EVIDENCE, known by its hash, is not
# fetched from the network; where neither has the files of a study, it says "evidence absent", and the others go on.
EVIDENCE ?= ../shared/evidence
.PHONY: evidence
evidence: $(VENV)/.ready
	$(if $(wildcard $(EVIDENCE)),-bench fetch --from $(EVIDENCE))
	bench repro --evidence

# As many processes as cores; a process takes tests of the others when it has none left.
test: $(VENV)/.ready browser
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 pytest -n auto --dist worksteal

# The page tests open a real browser. Where it is missing, Debian's package manager installs it, if it may.
APT := $(if $(filter 0,$(shell id -u)),,sudo -n )apt-get
.PHONY: browser
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
		{ command -v apt-get >/dev/null && $(APT) update -qq && \
		DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends chromium; } || \
		{ echo "The page tests need a browser. Install chromium, then type: make test"; exit 1; }

# The tests that start clusters and other programs, kill processes, or walk through the documentation: two minutes more.
.PHONY: test-long
test-long: $(VENV)/.ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 pytest -n auto --dist worksteal -m long

# The families that PyTorch trains, in an environment of their own: torch, with everything of .venv below it.
TORCH := .venv-torch
SITE := 'import sysconfig; print(sysconfig.get_path("purelib"))'
.PHONY: test-torch
test-torch: $(TORCH)/.ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(TORCH)/bin/python -m pytest tests/families/test_networks.py \
		tests/families/test_contract.py -k "networks or tabm or mlp_torch"

$(TORCH)/.ready: $(VENV)/.ready
	rm -rf $(TORCH)
	$(BIN)/python -m venv --without-pip $(TORCH)
	$(BIN)/python -c $(SITE) > $$($(TORCH)/bin/python -c $(SITE))/below.pth
	$(BIN)/python -m pip --python $(TORCH)/bin/python install --quiet --disable-pip-version-check \
		"$$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["torch"])')"
	@touch $@

check: $(VENV)/.ready
	@bench check

# Random study files, tables, scores and arguments, more than 30,000 of them, the same every time; every write of every stage killed. `make test` has a short form.
.PHONY: fuzz
fuzz: $(VENV)/.ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 BENCH_FUZZ=1 pytest -n auto --dist worksteal -m "not slow" tests/fuzz tests/faults

# bench against grid search: 25 minutes on two quiet cores. QUICK=1: one small table, a minute; PAIRS=3: fewer whole runs. It
# continues where it was interrupted.
.PHONY: speed
speed: $(VENV)/.ready
	PYTHONPATH=. OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 BENCH_SPEED_QUICK=$(QUICK) BENCH_SPEED_PAIRS=$(PAIRS) \
		pytest -m speed research/speed -s --disable-warnings \
		--benchmark-enable --benchmark-json=.bench/speed/benchmark.json --benchmark-columns=median,min,max,rounds

# Simulated error rates of tests, intervals, verdicts (17 minutes on two quiet cores), diagnostics (8) and explanations (25).
# TRIALS=200: a first look, beside the page; WORKERS=1; KINDS="halves orders": only these cells. It continues where it was interrupted.
.PHONY: calibrate
calibrate: $(VENV)/.ready
	PYTHONPATH=. OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1 BENCH_CALIBRATE_TRIALS=$(TRIALS) BENCH_CALIBRATE_WORKERS=$(WORKERS) \
		BENCH_CALIBRATE_KINDS="$(KINDS)" pytest -m calibrate research/calibrate -s --disable-warnings
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1 python -m research.calibrate.finder_page 3

# What bench and three naive rules say of numbers whose truth is known (docs/corpus.md), 10 minutes on two cores. Scores that
# authors publish are among them where `make evidence` was run.
.PHONY: corpus
corpus: $(VENV)/.ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1 python -m research.corpus.page

# Every page in reports/ in a real browser: size, load time, axe in every state, print, no script. Half a minute a page on two
# busy cores. PAGES="wine index": only those.
.PHONY: look
look: $(VENV)/.ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m tests.browser.look $(PAGES)

# The site in build/site, from README, docs/, reports/, the schema of a study and the docstrings of the public names.
.PHONY: docs
docs: $(VENV)/.ready
	mkdocs build --strict --quiet

# The site as one archive.
.PHONY: site
site: docs
	tar -czf build/site.tar.gz -C build site

lint: $(VENV)/.ready
	ruff check .
	ruff format --check .
	mypy

format: $(VENV)/.ready
	ruff format .
	ruff check --fix .

# uv when it is there, pip otherwise; the lock holds the whole set with hashes, so nothing is resolved here.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bench needs Python 3.11 or later; try make PYTHON=python3.12"; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
		$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $@
