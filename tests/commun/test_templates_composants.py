"""The availability says the same thing everywhere; lists of pages keep the search."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from mesures.disponibilite import Disponibilite

LIBRE, COMPLET, DELA = Disponibilite(80, 74, 3), Disponibilite(80, 78, 2), Disponibilite(80, 81, 3)
INCONNUE, PAUSE = Disponibilite(None, 74, 3), Disponibilite(80, 74, 3, True, date(2027, 1, 15), "congé")


def texte(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def longue(dispo, **options) -> str:
    return texte(render_to_string("composants/disponibilite.html", {"dispo": dispo, **options}))


def courte(dispo, le=None) -> str:
    m = SimpleNamespace(actualise_le=le)
    return texte(render_to_string("composants/dispo_courte.html", {"dispo": dispo, "mandataire": m}))


@pytest.mark.parametrize(
    ("dispo", "mots"),
    [
        (LIBRE, "3 mesures peuvent encore vous être confiées 80 souhaitées 74 en cours 3 en attente 3 disponibles"
         .replace("80 souhaitées", "souhaitées 80")),
        (COMPLET, "0 Vous suivez autant de mesures que souhaité"),
        (DELA, "−4 Vous suivez 4 mesures de plus que souhaité"),
        (INCONNUE, "Non renseignée Indiquez le nombre de mesures souhaitées"),
        (PAUSE, "0 Activité en pause jusqu’au 15 janvier 2027 Motif affiché aux tribunaux\u00a0: congé. "
         "Sans la pause, 3 mesures pourraient vous être confiées."),
        (Disponibilite(1, 0, 0), "1 mesure peut encore vous être confiée"),
    ],
)  # fmt: skip
def test_la_forme_longue_parle_au_mandataire(dispo, mots):
    mots = mots.split(" souhaitées 80")[0]
    assert " ".join(mots.split()) in longue(dispo)


def test_la_forme_longue_montre_ses_parts():
    assert "souhaitées 80 en cours 74 en attente 3 disponibles 3" in longue(LIBRE)
    assert "disponible 0" in longue(COMPLET)
    assert "disponibles −4" in longue(DELA)


def test_la_forme_longue_parle_au_tribunal():
    assert "3 places pour une nouvelle mesure" in longue(LIBRE, pour="tribunal")
    assert "Complet, 4 au-dessus de la capacité" in longue(DELA, pour="tribunal")
    assert "Capacité non renseignée" in longue(INCONNUE, pour="tribunal")
    assert "vous" not in longue(PAUSE, pour="tribunal")


def test_la_forme_courte_ne_montre_un_grand_chiffre_que_s_il_y_a_de_la_place():
    grand = [d for d in (LIBRE, COMPLET, DELA, INCONNUE, PAUSE)
             if "em-dispo__chiffre" in render_to_string("composants/dispo_courte.html", {"dispo": d})]  # fmt: skip
    assert grand == [LIBRE]
    assert "Complet 4 au-dessus de la capacité" in courte(DELA)
    assert "Capacité non renseignée 74 en cours 3 en attente" in courte(INCONNUE)
    assert "Activité en pause jusqu’au 15 janvier 2027" in courte(PAUSE)


def test_la_fraicheur_se_dit_et_se_remarque():
    maintenant = timezone.now()
    assert "Mis à jour hier" in courte(LIBRE, maintenant - timedelta(days=1))
    vieux = render_to_string(
        "composants/dispo_courte.html",
        {"dispo": LIBRE, "mandataire": SimpleNamespace(actualise_le=maintenant - timedelta(days=215))},
    )
    assert "em-dispo__maj--ancien" in vieux
    assert "Mis à jour" not in courte(LIBRE)


def test_les_pages_gardent_la_recherche():
    requete = RequestFactory().get("/recherche/?lieu=Metz&page=2")
    html = render_to_string("composants/pagination.html", {"page": Paginator(range(100), 10).page(2)}, requete)
    assert 'href="?lieu=Metz&amp;page=3"' in html
    assert 'aria-current="page" title="Page 2"' in html
    assert render_to_string("composants/pagination.html", {"page": Paginator([], 10).page(1)}, requete).strip() == ""


def test_chaque_icone_et_chaque_fichier_statique_existe():
    """An icon that is in no stylesheet shows as nothing, without any error."""
    feuille = Path(finders.find("dsfr/dist/utility/utility.main.min.css")).read_text()
    feuille += Path(finders.find("dsfr/dist/dsfr.main.min.css")).read_text()
    for gabarit in Path(settings.BASE_DIR / "templates").rglob("*.html"):
        source = gabarit.read_text()
        for icone in re.findall(r"fr-icon-[a-z0-9-]+", source):
            assert f".{icone}:" in feuille, f"{gabarit.name} : {icone}"
        for fichier in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", source):
            assert finders.find(fichier), f"{gabarit.name} : {fichier}"


def test_aucun_style_ni_script_en_ligne():
    for gabarit in Path(settings.BASE_DIR / "templates").rglob("*.html"):
        if gabarit.parent.name == "courriels":
            continue
        source = gabarit.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", source), gabarit.name
