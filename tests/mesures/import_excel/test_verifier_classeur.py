"""`manage.py verifier_classeur`: what the page would say, from a terminal, without writing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from emjpm.commun.models import Evenement
from mesures.import_excel.models import ApercuImport
from mesures.models import Mesure
from tests import factories

from .fabrique import TITRES, rangee, xlsx

pytestmark = pytest.mark.django_db
CLES = ["fichier", "accepte", "erreur", "colonnes", "lignes", "pretes", "problemes", "avertissements"]


@pytest.fixture(autouse=True)
def metz(db):
    factories.tribunal("Metz")
    factories.commune("Metz")
    factories.commune("Bourg-en-Bresse")


@pytest.fixture
def ecrire(tmp_path):
    def ecrire(nom: str, octets: bytes) -> str:
        (tmp_path / nom).write_bytes(octets)
        return str(tmp_path / nom)

    return ecrire


def verifier(*fichiers, **options) -> list[dict]:
    sortie = StringIO()
    call_command("verifier_classeur", *fichiers, json=True, stdout=sortie, **options)
    return [json.loads(ligne) for ligne in sortie.getvalue().splitlines()]


def test_one_object_for_each_file_in_order(ecrire):
    lignes = [
        rangee(1, code_postal=1000, ville="Bourg en Bresse", nature="TUTELLE biens + pers."),
        rangee(2, civilite="X"),
        ["TOTAL", 2],
    ]
    bon, pdf, absent = ecrire("a.xlsx", xlsx(lignes)), ecrire("b.xlsx", b"%PDF-1.4"), "/nulle/part.xlsx"
    lus = verifier(bon, pdf, absent, "/")
    assert [lu["fichier"] for lu in lus] == [bon, pdf, absent, "/"]
    assert all(list(lu) == CLES for lu in lus)
    assert [lu["accepte"] for lu in lus] == [True, False, False, False]
    assert lus[1]["erreur"].startswith("C’est un PDF.")
    assert lus[2]["erreur"] == "Ce fichier ne s’ouvre pas : il n’existe pas."
    assert lus[3]["erreur"] == "Ce fichier ne s’ouvre pas : c’est un dossier."
    lu = lus[0]
    assert lu["erreur"] is None
    assert lu["colonnes"]["A"] == "date_jugement"
    assert lu["lignes"] == {"total": 3, "pretes": 1, "a_corriger": 1, "ignorees": 1}
    assert lu["pretes"] == [
        {
            "ligne": 2, "date_jugement": "2021-03-12", "nature": "tutelle", "champ": "protection_bien_personne",
            "code_postal": "01000", "ville": "Bourg-en-Bresse", "pays": "FR", "civilite": "madame",
            "annee_naissance": 1947, "lieu_vie": "domicile", "numero_rg": "22B00001", "numero_dossier": "2021-001",
            "tribunal": "Tribunal judiciaire de Metz", "cabinet": "2",
        }
    ]  # fmt: skip
    assert lu["problemes"] == [
        {
            "ligne": 3, "colonne": "E", "champ": "civilite", "valeur": "X",
            "message": "Civilité non reconnue. À écrire : « Madame » ou « Monsieur »",
        }
    ]  # fmt: skip
    assert lu["avertissements"] == [{"ligne": 2, "champ": "code_postal", "message": "Zéro de tête rétabli"}]


def test_nothing_is_written(ecrire):
    verifier(ecrire("a.xlsx", xlsx([rangee(1)])))
    assert not any(modele.objects.exists() for modele in (Mesure, ApercuImport, Evenement))


def test_for_an_account_its_mesures_are_known(ecrire, troupe):
    courriel = troupe.gens["mandataire"].email
    lu = verifier(ecrire("a.xlsx", xlsx([rangee(1), rangee(2, numero_rg="21B00167")])), mandataire=courriel.upper())[0]
    assert lu["lignes"] == {"total": 2, "pretes": 1, "a_corriger": 0, "ignorees": 0, "deja_presentes": 1}
    with pytest.raises(CommandError, match="Aucun mandataire"):
        verifier("x", mandataire="personne@exemple.fr")


def test_names_are_told_and_not_repeated(ecrire):
    octets = xlsx([["DURAND Paul", *rangee(1)]], ["Nom", *TITRES])
    lu = verifier(ecrire("a.xlsx", octets))[0]
    assert lu["lignes"]["pretes"] == 1
    assert "A" not in lu["colonnes"]
    assert "annonce des noms" in lu["avertissements"][0]["message"]
    assert "DURAND" not in json.dumps(lu)


def test_a_file_too_heavy_is_refused_by_its_size(ecrire, settings):
    settings.CLASSEUR_OCTETS_MAX = 1024 * 1024
    lu = verifier(ecrire("a.xlsx", b"PK\x03\x04" + bytes(3 * 1024 * 1024)))[0]
    assert "la limite est de 1 Mo" in lu["erreur"]


def test_even_an_unforeseen_failure_is_a_sentence(ecrire, monkeypatch):
    from mesures.management.commands import verifier_classeur

    def casser(*_):
        raise RuntimeError("DURAND Paul")

    monkeypatch.setattr(verifier_classeur, "rapport", casser)
    lu = verifier(ecrire("a.xlsx", xlsx()))[0]
    assert not lu["accepte"]
    assert "(RuntimeError)" in lu["erreur"]
    assert "DURAND" not in lu["erreur"]


def test_for_people_it_is_told_in_sentences(ecrire):
    sortie = StringIO()
    call_command("verifier_classeur", ecrire("a.xlsx", xlsx([rangee(1), rangee(2, civilite="X")])), stdout=sortie)
    dit = sortie.getvalue()
    assert "2 lignes lues : 1 prête, 1 à corriger, 0 ignorées." in dit
    assert "Ligne 3, E civilite « X » : Civilité non reconnue." in dit
