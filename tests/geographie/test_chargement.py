"""`charger_referentiel` loads the real files, and again without changing anything."""

import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emjpm.geographie import chargement
from emjpm.geographie.lieux import en_trop, lieu_de, resoudre_lieu
from emjpm.geographie.models import CodePostal, Commune, Departement, Region
from tribunaux.models import Tribunal

pytestmark = pytest.mark.django_db


def comptes():
    tables = (Region, Departement, Commune, CodePostal, Commune.codes_postaux.through, Tribunal)
    return [table.objects.count() for table in tables]


def test_twice_gives_the_same_base_in_few_queries_and_seconds():
    sortie = StringIO()
    call_command("charger_referentiel", stdout=sortie)
    premiers = comptes()
    assert "communes (" in sortie.getvalue()
    assert "297 tribunaux" in sortie.getvalue()
    assert premiers[1] == 107
    assert premiers[2] > 35_000
    assert premiers[3] == 6310
    debut = time.monotonic()
    with CaptureQueriesContext(connection) as requetes:
        call_command("charger_referentiel", stdout=StringIO())
    assert comptes() == premiers
    assert time.monotonic() - debut < 20  # seconds on a laptop; the bound only catches a row-by-row load
    assert len(requetes) < 2000

    # The same base, asked as people type.
    for texte, libelle in [
        ("57000", "57000 Metz"),
        ("Metz", "Metz (57)"),
        ("metz 57", "Metz (57)"),
        ("METZ (57)", "Metz (57)"),
        ("St Etienne", "Saint-Étienne (42)"),
        ("Saint-Étienne", "Saint-Étienne (42)"),
        ("75011", "75011 Paris 11e Arrondissement"),
        ("20000", "20000 Ajaccio"),
        ("97200", "97200 Fort-de-France"),
        ("le havre", "Le Havre (76)"),
        ("L’Haÿ-les-Roses", "L’Haÿ-les-Roses (94)"),
        ("12 rue des Exemples, 57000 Metz", "Metz (57)"),
    ]:
        assert resoudre_lieu(texte).lieu.libelle == libelle, texte
    ambigu = resoudre_lieu("st denis")
    assert ambigu.ambigu
    assert {"Saint-Denis (93)", "Saint-Denis (974)"} <= {lieu.libelle for lieu in ambigu.choix}
    for lieu in ambigu.choix:  # a choice, followed, is not asked again
        assert resoudre_lieu(lieu.requete).lieu.insee == lieu.insee
    assert resoudre_lieu("mtez").suggestions[0].libelle == "Metz (57)"
    hasard = Commune.objects.prefetch_related("codes_postaux").order_by("nom")[::700]
    for commune in hasard:
        assert resoudre_lieu(lieu_de(commune).requete).lieu.insee == commune.pk
    for commune in Commune.objects.prefetch_related("codes_postaux"):  # none is taken for an address: Rue, Chemin…
        lieu = lieu_de(commune)
        for texte in (lieu.requete, f"{commune.nom} ({lieu.departement})", f"{lieu.departement} {commune.nom} Cedex 1"):
            assert not en_trop(texte, lieu), texte

    # Old names are aliases of a court that is open, and their codes are stable.
    fermes = Tribunal.objects.filter(ferme_le__isnull=False).select_related("successeur")
    assert fermes.count() == 204
    assert not [t for t in fermes if t.actuel.ferme_le]


def test_what_is_missing_from_the_files_stays_and_corrections_follow(tmp_path):
    (tmp_path / "regions.csv").write_text("code,nom\n44,Grand Est\n", encoding="utf-8")
    (tmp_path / "departements.csv").write_text(
        "code,nom,region,chef_lieu_insee,article_locatif\n57,Moselle,44,57463,en Moselle\n", encoding="utf-8"
    )
    entete = "insee,nom,type,departement,population,codes_postaux,latitude,longitude,source_point\n"
    communes = tmp_path / "communes.csv"
    communes.write_text(
        entete
        + "57463,Metz,commune,57,100,57000 57050,49.1,6.1,mairie\n"
        + "57001,L'Ancienne,commune,57,9,57590,49,6,mairie\n",
        encoding="utf-8",
    )
    chargement.charger(tmp_path)
    assert Commune.objects.get(pk="57001").nom == "L’Ancienne"
    communes.write_text(entete + "57463,Metz,commune,57,120,57000,49.2,6.1,mairie\n", encoding="utf-8")
    chargement.charger(tmp_path)
    metz = Commune.objects.get(pk="57463")
    assert (metz.population, metz.latitude) == (120, 49.2)
    assert [c.code for c in metz.codes_postaux.all()] == ["57000"]
    assert [c.code for c in Commune.objects.get(pk="57001").codes_postaux.all()] == ["57590"]


def test_a_broken_file_changes_nothing(tmp_path):
    (tmp_path / "regions.csv").write_text("code,nom\n44,Grand Est\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        chargement.charger(tmp_path)
    assert not Region.objects.exists()
