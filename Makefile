# Two commands do it all on a fresh machine with Python ≥ 3.11: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export DJANGO_SETTINGS_MODULE ?= emjpm.settings.dev

.PHONY: install run dev test qualite bench verrouiller base images

install: $(VENV)/.a-jour

$(VENV)/.a-jour: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "e-MJPM demande Python 3.11 ou plus récent." && exit 1)
	@$(PYTHON) -m venv $(VENV) || (echo "Il manque le module venv. Sur Debian ou Ubuntu : apt install python3-venv" && exit 1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Migrated, with the courts and communes of France, and the demo's people: kept from one run to the next.
base: install
	@mkdir -p var
	@$(BIN)/python manage.py preparer_demo

run: base
	@echo "e-MJPM répond sur http://127.0.0.1:$(PORT) (Ctrl+C pour arrêter)"
	@PORT=$(PORT) URL_SITE=http://127.0.0.1:$(PORT) $(BIN)/gunicorn --config emjpm/gunicorn_conf.py emjpm.wsgi:application

dev: base
	DEBUG=true $(BIN)/python manage.py runserver $(PORT)

qualite: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint templates --quiet
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') ALLOWED_HOSTS=emjpm.exemple.fr NOMBRE_PROXYS=1 \
		DJANGO_SETTINGS_MODULE=emjpm.settings.base $(BIN)/python manage.py check --deploy --fail-level WARNING

test: qualite
	$(BIN)/python -m tests.lancer

# Both are run, whatever the first says. SUR=postgres://… measures the pages on a base kept by `manage.py peupler`.
bench: install
	@manque=0; \
	$(BIN)/python -m tests.charge.mesurer $(if $(SUR),--sur $(SUR)) || manque=1; \
	$(BIN)/python -m tests.charge.importer || manque=1; \
	exit $$manque

# The pictures of « Pas à pas » and of the README, taken from the demo itself.
images: base
	$(BIN)/python -m tests.parcours.photographier

# The hashed requirements, from pyproject.toml. No host is written in them.
verrouiller: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements-dev.txt
