"""The model filled in by LibreOffice, cell by cell as a person types, then imported: every row is ready, and exact.

One office is started for all the tests of a run (saisir_dans_libreoffice.py).
"""

import datetime
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from mesures.import_excel import modele
from mesures.import_excel.analyse import analyser
from tests import factories
from tests.lancer import EN_CI
from tribunaux.models import Tribunal

from .test_modele import DES_TYPES

pytestmark = pytest.mark.django_db
AUJOURDHUI = datetime.date(2026, 11, 24)
SAISIR = Path(__file__).with_name("saisir_dans_libreoffice.py")
CHAMPS = [champ for _, champ, _, _ in modele.TITRES]
SIRET_METZ, SIRET_LYON, SIRET_ANCIEN = "17750112200018", "17690001000010", "17750111101383"
ANTENNES = ("Antenne de Thionville", "Antenne de Sarreguemines")
REMEDE = "LibreOffice manque pour essayer le modèle. Sur Debian ou Ubuntu : apt install libreoffice-calc python3-uno"


def liste(texte: str) -> dict:
    """Chosen in the cell's drop-down list, where the others are typed."""
    return {"liste": texte}


METZ = {"pays": "FR", "code_postal": "57000", "commune": "57463", "ville": "Metz"}
NULLE_PART = {"pays": "FR", "code_postal": "", "commune": None, "ville": ""}
TYPEE = {
    "date_jugement": "12/03/2021",
    "nature": liste("Tutelle"),
    "code_postal": "57000",
    "ville": "Metz",
    "civilite": liste("Madame"),
    "annee_naissance": "1947",
    "lieu_vie": liste("Domicile"),
    "numero_dossier": None,
    "tribunal": liste("Tribunal judiciaire de Metz"),
    "cabinet": "02",
}
LUE = {
    "date_jugement": "2021-03-12",
    "nature": "tutelle",
    "champ": "",
    "civilite": "madame",
    "annee_naissance": 1947,
    "lieu_vie": "domicile",
    "type_etablissement": "",
    "numero_dossier": "",
    "tribunal": "tj-metz",
    "cabinet": "02",
    **METZ,
}


def cas() -> list[tuple[dict, dict]]:
    """(what is typed, what must be read), where they differ from TYPEE and LUE."""
    ici, la = {}, {"pays": "BE", "commune": None}
    rangees = [(ici, {})]
    rangees += [({"nature": liste(libelle)}, {"nature": n, "champ": c}) for libelle, (n, c) in DES_TYPES.items()]
    for rang, (_, lue) in enumerate(rangees):  # ad hoc: no address is kept
        if lue.get("nature") == "mesure_ad_hoc":
            rangees[rang] = (rangees[rang][0] | {"code_postal": None, "ville": None}, lue | NULLE_PART)
    rangees += [
        ({"nature": "curatelle renforcée"}, {"nature": "curatelle_renforcee"}),
        ({"civilite": liste("Monsieur")}, {"civilite": "monsieur"}),
        ({"civilite": "Mme"}, {}),
        ({"lieu_vie": liste("Établissement")}, {"lieu_vie": "etablissement"}),
        (
            {"lieu_vie": liste("Établissement avec conservation du domicile")},
            {"lieu_vie": "etablissement_conservation_domicile"},
        ),
        (
            {"lieu_vie": liste("Sans domicile fixe"), "code_postal": None, "ville": None},
            {"lieu_vie": "sdf", **NULLE_PART},
        ),
        ({"lieu_vie": "EHPAD"}, {"lieu_vie": "etablissement", "type_etablissement": "personnes_agees"}),
        (
            {"nature": "ad hoc", "lieu_vie": None, "code_postal": None, "ville": None},
            {"nature": "mesure_ad_hoc", "lieu_vie": "", **NULLE_PART},
        ),
    ]
    for code, ville, commune in (
        ("01000", "Bourg-en-Bresse", "01053"),
        ("02000", "Laon", "02408"),
        ("05100", "Briançon", "05023"),
        ("06000", "Nice", "06088"),
        ("09000", "Foix", "09122"),
        ("20000", "Ajaccio", "2A004"),
        ("20200", "Bastia", "2B033"),
        ("97200", "Fort-de-France", "97209"),
        ("97300", "Cayenne", "97302"),
        ("97400", "Saint-Denis", "97411"),
        ("97500", "Saint-Pierre", "97502"),
        ("97600", "Mamoudzou", "97611"),
        ("98800", "Nouméa", "98818"),
        ("75011", "Paris", "75056"),
    ):
        lieu = {"code_postal": code, "ville": ville}
        rangees.append((lieu, {**lieu, "commune": commune}))
    rangees += [
        ({"code_postal": "6760", "ville": "Virton (Belgique)"}, {**la, "code_postal": "6760", "ville": "Virton"}),
        ({"code_postal": "4000", "ville": "Liège (Belgique)"}, {**la, "code_postal": "4000", "ville": "Liège"}),
        ({"code_postal": None, "ville": None}, NULLE_PART),
        ({"annee_naissance": None}, {"annee_naissance": None}),
        ({"annee_naissance": "12/03/1958"}, {"annee_naissance": 1958}),
        ({"numero_rg": None, "numero_dossier": "2021-034"}, {"numero_rg": "", "numero_dossier": "2021-034"}),
        (
            dict.fromkeys(("code_postal", "ville", "annee_naissance", "numero_rg", "cabinet")),
            {"annee_naissance": None, "numero_rg": "", "cabinet": "", **NULLE_PART},
        ),
    ]
    rangees += [
        ({"tribunal": ecrit}, {"tribunal": code})
        for ecrit, code in (
            (liste("Tribunal judiciaire de Thionville"), "tj-thionville"),
            (liste("Tribunal judiciaire d’Ajaccio"), "tj-ajaccio"),
            (liste("Tribunal judiciaire de Saint-Denis"), "tj-saint-denis"),
            (liste("Tribunal de proximité de Saint-Denis"), "tprx-saint-denis"),
            (
                liste("Tribunal de première instance de Papeete, section détachée de Nuku-Hiva"),
                "tpi-papeete-nuku-hiva",
            ),
            ("TJ Metz", "tj-metz"),
            ("tribunal judiciaire de nice", "tj-nice"),
            (SIRET_METZ, "tj-metz"),
            (SIRET_LYON, "tj-lyon"),
            ("177 501 122 00018", "tj-metz"),
            (SIRET_ANCIEN, "tj-paris"),
        )
    ]
    rangees += [
        ({"date_jugement": ecrite}, {"date_jugement": lue})
        for ecrite, lue in (
            ("01/02/2020", "2020-02-01"),
            ("3/11/2019", "2019-11-03"),
            ("12-03-2021", "2021-03-12"),
            ("12.03.2021", "2021-03-12"),
            ("2021-03-12", "2021-03-12"),
            ("12/3/21", "2021-03-12"),
            ("12 mars 2021", "2021-03-12"),
            ("1er mars 2020", "2020-03-01"),
            ("29/02/2024", "2024-02-29"),
            ("31/12/1999", "1999-12-31"),
        )
    ]
    rangees += [
        ({"numero_dossier": ecrit}, {"numero_dossier": ecrit})
        for ecrit in ("00034", "3/4", "03-2021", "12E3", "+33", "1 200,50", "2021-034-A")
    ]
    rangees += [
        ({"numero_rg": ecrit}, {"numero_rg": ecrit}) for ecrit in ("00012345", "21/00167", "03-2021", "RG 21/B/00168")
    ]
    rangees += [({"cabinet": ecrit}, {"cabinet": ecrit}) for ecrit in ("A", "1-2", "007")]
    return [
        (TYPEE | {"numero_rg": f"22B{n:05}"} | typee, LUE | {"numero_rg": f"22B{n:05}"} | lue)
        for n, (typee, lue) in enumerate(rangees)
    ]


def _python_avec_uno() -> str | None:
    """The Python that LibreOffice answers to: the system's, or the one it brings along."""
    soffice = shutil.which("soffice") or ""
    possibles = ["/usr/bin/python3", str(Path(os.path.realpath(soffice)).with_name("python")), shutil.which("python3")]
    for python in filter(None, possibles):
        if (
            os.access(python, os.X_OK)
            and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode
        ):
            return python
    return None


def _remplir(dossier: Path, modeles: dict[str, bytes], lignes: dict[str, list]) -> None:
    """The models, filled in and saved as .xlsx and .ods; once for all the processes of a run."""
    with (dossier / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if (dossier / "montre.json").exists():
            return
        soffice, python = shutil.which("soffice"), _python_avec_uno()
        if not (soffice and python):
            (pytest.fail if EN_CI else pytest.skip)(REMEDE)
        classeurs = []
        for nom, octets in modeles.items():
            (dossier / f"{nom}-vide.xlsx").write_bytes(octets)
            classeurs.append(
                {
                    "source": str(dossier / f"{nom}-vide.xlsx"),
                    "feuille": "Mesures",
                    "lignes": lignes[nom],
                    "sorties": [str(dossier / f"{nom}.{format_}") for format_ in ("xlsx", "ods")],
                }
            )
        commandes = {"soffice": soffice, "langue": "fr-FR", "classeurs": classeurs}
        (dossier / "commandes.json").write_text(json.dumps(commandes), encoding="utf-8")
        saisie = subprocess.run([python, SAISIR, dossier / "commandes.json"], capture_output=True, timeout=180)
        assert saisie.returncode == 0, saisie.stderr.decode()
        montres = dict(zip(modeles, json.loads(saisie.stdout), strict=True))
        (dossier / "montre.json").write_text(json.dumps(montres), encoding="utf-8")


def _lignes(antennes: bool) -> list[list]:
    lignes = [[typee[champ] for champ in CHAMPS] for typee, _ in cas()]
    if antennes:  # chosen, chosen, typed, none
        choix = (liste(ANTENNES[0]), liste(ANTENNES[1]), "Thionville", None)
        lignes = [[*ligne, choix[n % 4]] for n, ligne in enumerate(lignes)]
    return lignes


@pytest.fixture
def gens(db):
    """On the true France: a mandataire, and a service of two antennes."""
    call_command("charger_referentiel", verbosity=0)
    for code, siret in (("tj-metz", SIRET_METZ), ("tj-lyon", SIRET_LYON)):
        Tribunal.objects.filter(code=code).update(siret=siret)
    siens = list(Tribunal.objects.filter(code__in=["tj-metz", "tj-thionville"]))
    service = factories.MandataireFactory(service=True, habilite=siens)
    for nom in ANTENNES:
        factories.LieuFactory(mandataire=service, nom=nom)
    return {"individuel": factories.MandataireFactory(habilite=siens), "service": service}


@pytest.fixture
def remplis(gens, tmp_path_factory):
    """The folder where the filled models are."""
    dossier = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        dossier = dossier.parent
    dossier /= "libreoffice"
    dossier.mkdir(exist_ok=True)
    modeles = {nom: modele.produire(mandataire) for nom, mandataire in gens.items()}
    _remplir(dossier, modeles, {nom: _lignes(nom == "service") for nom in modeles})
    return dossier


@pytest.mark.parametrize("format_", ["xlsx", "ods"])
def test_a_model_filled_in_libreoffice_imports_whole_and_exact(format_, gens, remplis):
    for nom, mandataire in gens.items():
        apercu = analyser((remplis / f"{nom}.{format_}").read_bytes(), mandataire, AUJOURDHUI)
        assert [(li.ligne, [p.pourquoi for p in li.problemes]) for li in apercu.a_corriger] == []
        assert (apercu.ignorees, apercu.deja_presentes, apercu.releve.noms) == ([], [], [])
        codes = dict(Tribunal.objects.values_list("pk", "code"))
        antennes = {lieu.pk: lieu.nom for lieu in mandataire.lieux.all()}
        lues = [
            {c: v for c, v in prete.items() if c not in {"rg_normal", "lieu"}} | {"tribunal": codes[prete["tribunal"]]}
            for prete in apercu.pretes
        ]
        assert lues == [{"ligne": n, **lue} for n, (_, lue) in enumerate(cas(), 2)]
        suivies = [antennes.get(prete["lieu"]) for prete in apercu.pretes]
        attendues = [ANTENNES[0], ANTENNES[1], ANTENNES[0], None] if nom == "service" else [None]
        assert suivies == (attendues * len(lues))[: len(lues)]
        titres = [champ for _, champ, _, _ in modele.TITRES] + ["antenne"] * (nom == "service")
        assert [c.champ for c in apercu.releve.colonnes] == titres


def test_what_is_typed_shows_as_typed(remplis):
    """01000 stays 01000 on the screen, a SIRET keeps its digits, a date shows day, month, year."""
    montres = json.loads((remplis / "montre.json").read_text(encoding="utf-8"))
    for nom, montre in montres.items():
        lignes = _lignes(nom == "service")
        assert len(lignes) == len(montre) >= 40
        for typees, vues, (_, lue) in zip(lignes, montre, cas(), strict=True):
            for champ, typee, vue in zip([*CHAMPS, "antenne"], typees, vues, strict=False):
                typee = typee["liste"] if isinstance(typee, dict) else typee or ""
                if champ == "date_jugement":
                    annee, mois, jour = lue[champ].split("-")
                    assert vue in {f"{jour}/{mois}/{annee}", "1er mars 2020"}
                elif not (champ == "annee_naissance" and "/" in typee):
                    assert vue == typee


def test_every_choice_of_every_list_is_tried():
    service = factories.MandataireFactory(service=True)
    for nom in ANTENNES:
        factories.LieuFactory(mandataire=service, nom=nom)
    choix = modele.listes(service)
    essayes = {
        champ: {valeurs[rang]["liste"] for valeurs in _lignes(antennes=True) if isinstance(valeurs[rang], dict)}
        for rang, champ in enumerate([*CHAMPS, "antenne"])
    }
    for champ in ("nature", "civilite", "lieu_vie", "antenne"):
        assert essayes[champ] == set(choix[champ])
    assert len(essayes["tribunal"]) >= 6
