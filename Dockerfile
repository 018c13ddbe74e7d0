# e-MJPM: one image, three commands (web, sender, one-off manage.py). Non-root, read-only root file system.
FROM python:3.11-slim AS construction
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY . .
# A throwaway key: collectstatic needs settings, not secrets.
RUN SECRET_KEY=construction STATIC_ROOT=/statiques /venv/bin/python manage.py collectstatic --noinput \
    --settings emjpm.settings.base -v0

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=emjpm.settings.base STATIC_ROOT=/statiques HOST=0.0.0.0 PORT=8000 HOME=/tmp
RUN useradd --system --uid 10001 --no-create-home emjpm
WORKDIR /app
COPY --from=construction /venv /venv
COPY --from=construction /statiques /statiques
COPY --from=construction /app /app
USER emjpm
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "emjpm/verifier_sante.py"]
CMD ["gunicorn", "--config", "emjpm/gunicorn_conf.py", "emjpm.wsgi:application"]
