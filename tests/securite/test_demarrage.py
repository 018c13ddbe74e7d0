"""A deployment with a wrong variable does not start, and says which one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emjpm import verifier_sante

RACINE = Path(__file__).resolve().parents[2]


def demarrer(**variables):
    """`manage.py check` with production's settings and these variables only."""
    environnement = {c: v for c, v in os.environ.items() if c in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    environnement |= {"SECRET_KEY": "cle-de-ce-test", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--settings", "emjpm.settings.base"],
        cwd=RACINE,
        env=environnement | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("nom", "valeur", "mots"),
    [
        ("SECRET_KEY", "", "est obligatoire"),
        ("SECRET_KEY", "   ", "est obligatoire"),
        ("DATABASE_URL", "foo", "attendu sqlite:///chemin ou postgres://"),
        ("DATABASE_URL", "mysql://x", "attendu sqlite:///chemin ou postgres://"),
        ("DATABASE_URL", "postgres://e:motdepasse-secret@h:port/base", "attendu sqlite:///chemin ou postgres://"),
        ("NOMBRE_PROXYS", "abc", "attendu un nombre entier, 0 au moins"),
        ("NOMBRE_PROXYS", "-1", "attendu un nombre entier, 0 au moins"),
        ("EMAIL_URL", "zzz", "attendu smtp+tls://"),
        ("EMAIL_URL", "smtp://a:motdepasse-secret@h:abc", "attendu smtp+tls://"),
        ("SECOND_FACTEUR_OBLIGATOIRE", "treu", "attendu true ou false"),
        ("HTTPS_OBLIGATOIRE", "peut-être", "attendu true ou false"),
        ("GEOCODEUR_DELAI", "0", "attendu un nombre entier, 1 au moins"),
        ("URL_SITE", "emjpm.exemple.fr", "attendu une adresse complète"),
    ],
)
def test_a_wrong_variable_stops_the_start_with_a_sentence(nom, valeur, mots):
    resultat = demarrer(**{nom: valeur})
    assert resultat.returncode == 1
    assert resultat.stdout == ""
    (phrase,) = resultat.stderr.strip().splitlines()
    assert f"La variable {nom} " in phrase
    assert mots in phrase
    assert "secret" not in phrase


@pytest.mark.parametrize(("nom", "valeur"), [("WEB_CONCURRENCY", "0"), ("PORT", "http")])
def test_a_wrong_number_stops_gunicorn_with_a_sentence(nom, valeur):
    resultat = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "--config", "emjpm/gunicorn_conf.py", "emjpm.wsgi"],
        cwd=RACINE,
        env=os.environ | {nom: valeur, "DJANGO_SETTINGS_MODULE": "emjpm.settings.test"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert resultat.returncode != 0
    assert f"La variable {nom} est illisible : attendu un nombre entier, 1 au moins" in resultat.stderr


@pytest.mark.parametrize(
    ("permis", "nom"),
    [("emjpm.fr,autre.fr", "emjpm.fr"), (".emjpm.fr", "emjpm.fr"), ("*", "127.0.0.1"), ("", "127.0.0.1")],
)
def test_the_health_check_sends_a_name_that_is_allowed(monkeypatch, permis, nom):
    demandes = []
    monkeypatch.setenv("ALLOWED_HOSTS", permis)
    monkeypatch.setattr(verifier_sante.urllib.request, "urlopen", lambda d, timeout: demandes.append(d))
    verifier_sante.main()
    assert demandes[0].get_header("Host") == nom


def test_the_right_ones_start():
    resultat = demarrer(
        NOMBRE_PROXYS="2",
        SECOND_FACTEUR_OBLIGATOIRE="oui",
        HTTPS_OBLIGATOIRE="FALSE",
        EMAIL_URL="smtp+tls://a:b@serveur:587",
        DATABASE_URL="postgres://e:m@serveur:5432/base",
        URL_SITE="https://emjpm.exemple.fr/",
    )
    assert resultat.returncode == 0, resultat.stderr


def test_defaults_start_too():
    assert demarrer().returncode == 0
