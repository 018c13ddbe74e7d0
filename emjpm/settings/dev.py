"""Settings of the demo (`make run`) and of development (`make dev`): one machine, no HTTPS, no network."""

import os

os.environ.setdefault("SECRET_KEY", "cle-de-demonstration-sans-valeur-hors-de-cette-machine")

from .base import env
from .test import *  # noqa: F403

DEMO = True
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 500_000},
    }
}
# The demo sends nothing: its mails are read on /demo/courriels/.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# A whole class tries the demo accounts from one address.
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "600/m/ip", "signup": "300/h/ip"}  # noqa: F405
# Static files straight from their folders, scanned once: no collectstatic before the first page.
WHITENOISE_AUTOREFRESH = DEBUG
