"""An outside map is off unless a deployment turns it on, and then only its host is let in, for images alone."""

import os
import subprocess
import sys

import pytest

from mesures.carte_resultats import oublier
from tests.factories import MandataireFactory, tribunal, utilisateur_du_tribunal
from tests.lancer import RACINE

IGN = "https://data.geopf.fr/wmts?LAYER=PLAN&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"


def politique(valeur: str) -> subprocess.CompletedProcess:
    code = "from emjpm.settings import test as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES'])"
    environnement = {**os.environ, "FOND_DE_PLAN": valeur, "DJANGO_SETTINGS_MODULE": "emjpm.settings.test"}
    commande = [sys.executable, "-c", code]
    return subprocess.run(commande, cwd=RACINE, env=environnement, capture_output=True, text=True, check=False)


def test_only_images_and_only_when_asked():
    assert "geopf" not in politique("").stdout
    sortie = politique(IGN).stdout
    assert sortie.count("https://data.geopf.fr") == 1
    assert "'img-src': [" in sortie
    assert "https://data.geopf.fr" in sortie.partition("'img-src': [")[2].partition("]")[0]


@pytest.mark.parametrize(
    "valeur",
    [
        "data.geopf.fr/{z}/{x}/{y}",
        "http://data.geopf.fr/{z}/{x}/{y}",
        "https://a.fr/{z}/{x}",
        "https://{s}.a.fr/{z}/{x}/{y}",
        "https://a.fr/{z}/{x}/{y}/{cle}",
        "https:///{z}/{x}/{y}",
        "https://a.fr:port/{z}/{x}/{y}",
        "https://compte:motdepasse@a.fr/{z}/{x}/{y}",
        "https://a.fr; script-src *//{z}/{x}/{y}",
        "https://a.fr,b.fr/{z}/{x}/{y}",
    ],
)
def test_an_odd_address_stops_the_start_with_a_sentence(valeur):
    refus = politique(valeur)
    assert refus.returncode != 0
    assert "FOND_DE_PLAN est illisible : attendu une adresse https avec {z}, {x} et {y}" in refus.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("allume", [False, True])
def test_the_button_is_there_only_when_it_is_on(ouvrir_session, settings, allume):
    settings.FOND_DE_PLAN = IGN if allume else ""
    oublier()
    MandataireFactory()
    page = ouvrir_session(utilisateur_du_tribunal(tribunal("Metz"))).get("/recherche/").content.decode()
    assert ("data-fond-de-plan=" in page) is allume
    assert ("data-point=" in page) is allume
