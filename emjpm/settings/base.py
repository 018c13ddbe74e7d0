"""Production settings. Everything a deployment may change comes from the environment (docs/exploitation.md).

test.py starts from this file and dev.py (the demo) from test.py, so that what is tried is what runs.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from .environnement import booleen, courrier, entier, env, exiger, lire, refuser, site, tuiles

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = exiger("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- The site -----------------------------------------------------------------------------------
# URL_SITE is written in e-mails: the request's Host is never trusted for that.
URL_SITE = site("URL_SITE", defaut="http://127.0.0.1:8000")
COURRIEL_SUPPORT = env.str("COURRIEL_SUPPORT", default="support@exemple.fr")
DEMO = False  # only dev.py turns it on: accounts shown, /demo/courriels/, seeded data
GEOCODEUR_ACTIF = booleen("GEOCODEUR_ACTIF", defaut=True)
GEOCODEUR_DOMAINE = env.str("GEOCODEUR_DOMAINE", default="data.geopf.fr/geocodage")
GEOCODEUR_DELAI = entier("GEOCODEUR_DELAI", defaut=3, minimum=1)  # seconds
SECOND_FACTEUR_OBLIGATOIRE = booleen("SECOND_FACTEUR_OBLIGATOIRE", defaut=True)  # for staff

INSTALLED_APPS = [
    "emjpm.commun",
    "emjpm.geographie",
    "emjpm.comptes",
    "tribunaux",
    "mandataires",
    "mesures",
    "emjpm.inscriptions",
    "emjpm.pilotage",
    "emjpm.support",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "dsfr",
    "import_export",
    "phonenumber_field",
    "widget_tweaks",
]

MIDDLEWARE = [
    # Headers first, so that an answer made by what follows (an unknown host, the base away) carries them too.
    "emjpm.middleware.entetes_constants",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "emjpm.middleware.sans_cache",
    "emjpm.middleware.second_facteur",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "emjpm.urls"
WSGI_APPLICATION = "emjpm.wsgi.application"
FORM_RENDERER = "emjpm.commun.formulaires.Rendu"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "emjpm.navigation.contexte",
            ],
        },
    },
]

# --- Database: SQLite embedded by default, PostgreSQL in production -------------------------------
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'emjpm.sqlite3'}")


def base_de_donnees(url: str) -> dict:
    """DATABASES["default"] for a URL: SQLite in WAL and IMMEDIATE mode, or PostgreSQL with psycopg's pool."""
    attendu = "sqlite:///chemin ou postgres://compte:motdepasse@serveur:5432/base"
    schema = lire("DATABASE_URL", attendu, lambda: urlsplit(url).scheme)
    if schema not in {"sqlite", "postgres", "postgresql"}:
        raise refuser("DATABASE_URL", attendu)
    config = lire("DATABASE_URL", attendu, lambda: env.db_url_config(url))
    if schema == "sqlite":
        # DEFERRED transactions (SQLite's default) fail at once with « database is locked » when they turn to
        # writing; IMMEDIATE ones wait for their turn.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-64000;",
        }
    else:
        config["CONN_MAX_AGE"] = 0
        config["CONN_HEALTH_CHECKS"] = True
        config.setdefault("OPTIONS", {})["pool"] = {
            "min_size": 1,
            "max_size": entier("POOL_MAX", defaut=8, minimum=1),
            "timeout": 10,
        }
    return config


DATABASES = {"default": base_de_donnees(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by the workers: allauth counts its rate limits here.
# Not the 300 rows of the default: beyond, a third goes away, and somebody trying many addresses would make it forget.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 500_000},
    }
}

# --- Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["emjpm.comptes.authentification.Porte"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "prenom", "nom")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "emjpm.comptes.adaptateur.Adaptateur"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail gateways open links before people do (needs.md 8)
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 7
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True  # one address per person: the new one replaces it once confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a change of password or address is told by mail
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a change of address, closing, one's data: the password again
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(URL_SITE).scheme
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "signup": "30/h/ip",
    "reset_password": "20/m/ip,5/h/key",
    "confirm_email": "1/3m/key",
    "adresses": "120/m/user",  # ours: what a profile asks the geocoder (somebody who types fast: some forty a minute)
}
ACCOUNT_FORMS = {
    "login": "emjpm.comptes.forms.ConnexionForm",
    "reset_password": "emjpm.comptes.forms.MotDePasseOublieForm",
    "reset_password_from_key": "emjpm.comptes.forms.NouveauMotDePasseForm",
    "change_password": "emjpm.comptes.forms.ChangerMotDePasseForm",
    "add_email": "emjpm.comptes.forms.AdresseForm",
    "reauthenticate": "emjpm.comptes.forms.ConfirmerIdentiteForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "e-MJPM"
# The sessions one has open: written at sign-in only. Following each request would write on every page read.
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "emjpm.comptes.sessions.Sessions"
ALLAUTH_TRUSTED_PROXY_COUNT = entier("NOMBRE_PROXYS", defaut=0)
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- Language, time, files ------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload ever reaches a disk
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The only upload is the workbook: read in memory, refused above this size before it is parsed.
CLASSEUR_OCTETS_MAX = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["emjpm.commun.televersement.EnMemoireBorne"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# DSFR: the manifest rewrites CSS, so the digests shipped by the package no longer match; and its tags would
# mark stored text as safe.
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_CONTENT_IS_SAFE = False
DSFR_MARK_OPTIONAL_FIELDS = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- E-mail: rows of the outbox, sent by `envoyer_courriels` through this transport ----------------
EMAIL_CONFIG = courrier("EMAIL_URL", defaut="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("COURRIEL_EXPEDITEUR", default="e-MJPM <ne-pas-repondre@exemple.fr>")

# --- Security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = booleen("HTTPS_OBLIGATOIRE", defaut=True)
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "emjpm.commun.vues.jeton_refuse"
# The tiles of an outside map, shown beside the results when somebody asks for it; none by default (docs/adr/0012).
FOND_DE_PLAN = tuiles("FOND_DE_PLAN")
_HOTE_DES_TUILES = ["{0.scheme}://{0.netloc}".format(urlsplit(FOND_DE_PLAN))] if FOND_DE_PLAN else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # DSFR draws the Marianne and the select arrows from data images.
        "img-src": [SELF, "data:", *_HOTE_DES_TUILES],
        "font-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    nom: [] for nom in ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen", "accelerometer")
}

# --- Logs: facts of the machine, never what people typed -------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discret": {"()": "emjpm.commun.journalisation.SansDonnees"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "ligne", "filters": ["discret"]},
        "rien": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # « Invalid HTTP_HOST » and friends repeat what a stranger sent.
        "django.security.DisallowedHost": {"handlers": ["rien"], "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
