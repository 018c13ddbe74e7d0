"""The model to download: what a spreadsheet finds in it, and what the import reads back."""

import datetime
import io
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mesures.enums import LieuVie, Nature
from mesures.import_excel import dates, lecture, modele, titres
from mesures.import_excel.analyse import analyser
from mesures.import_excel.cellule import Illisible
from mesures.import_excel.classeur import LIGNES_MAX, lire
from mesures.import_excel.erreurs import ClasseurRefuse
from mesures.import_excel.reperes import Reperes
from mesures.import_excel.tribunal import lire_tribunal
from tests import factories
from tribunaux.models import Tribunal

pytestmark = pytest.mark.django_db
AUJOURDHUI = datetime.date(2026, 11, 24)
COLONNES = {champ: lettre for lettre, (_, champ, _, _) in zip("ABCDEFGHIJK", modele.TITRES, strict=True)}
LES_TITRES = [titre for titre, _, _, _ in modele.TITRES]
DES_TYPES = {
    "Curatelle simple": ("curatelle_simple", ""),
    "Curatelle renforcée": ("curatelle_renforcee", ""),
    "Tutelle": ("tutelle", ""),
    "Sauvegarde de justice avec mandat spécial": ("sauvegarde_justice", ""),
    "Mesure d’accompagnement judiciaire (MAJ)": ("mesure_accompagnement_judiciaire", ""),
    "Subrogé curateur": ("subroge_curateur", ""),
    "Subrogé tuteur": ("subroge_tuteur", ""),
    "Mandat de protection future": ("mandat_protection_future", ""),
    "Mesure ad hoc": ("mesure_ad_hoc", ""),
    "Curatelle simple aux biens": ("curatelle_simple", "protection_bien"),
    "Curatelle simple à la personne": ("curatelle_simple", "protection_personne"),
    "Curatelle simple aux biens et à la personne": ("curatelle_simple", "protection_bien_personne"),
    "Curatelle renforcée aux biens": ("curatelle_renforcee", "protection_bien"),
    "Curatelle renforcée à la personne": ("curatelle_renforcee", "protection_personne"),
    "Curatelle renforcée aux biens et à la personne": ("curatelle_renforcee", "protection_bien_personne"),
    "Tutelle aux biens": ("tutelle", "protection_bien"),
    "Tutelle à la personne": ("tutelle", "protection_personne"),
    "Tutelle aux biens et à la personne": ("tutelle", "protection_bien_personne"),
}


@pytest.fixture
def mandataire(db):
    return factories.MandataireFactory(nom="Odile Montfiction")


@pytest.fixture
def service(db):
    """A service of two antennes, and an office without a name."""
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts")
    for nom in ("Antenne de Thionville", "Antenne de Sarreguemines"):
        factories.LieuFactory(mandataire=service, nom=nom)
    return service


def ouvrir(octets: bytes):
    return openpyxl.load_workbook(io.BytesIO(octets))


def rendre(livre) -> bytes:
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def regles(feuille) -> dict:
    """Column letter → its validation."""
    return {str(v.sqref)[0]: v for v in feuille.data_validations.dataValidation}


def source(livre, validation) -> list[str]:
    """The choices of a drop-down list, where the workbook says they are."""
    nom, _, plage = validation.formula1.partition("!")
    return [cellule.value for (cellule,) in livre[nom][plage.replace("$", "")]]


def test_one_sheet_to_fill_in_one_column_for_each_information(mandataire):
    livre = ouvrir(modele.produire(mandataire))
    assert livre.sheetnames == ["Mesures", "Exemple", "Mode d’emploi", "Listes"]
    assert [f.sheet_state for f in livre] == ["visible", "visible", "visible", "hidden"]
    assert livre.active.title == "Mesures"
    mesures = livre["Mesures"]
    assert [c.value for c in mesures[1]] == LES_TITRES
    assert mesures.max_row == 1
    assert mesures.freeze_panes == "A2"
    assert all(mesures.column_dimensions[lettre].width >= 12 for lettre in COLONNES.values())


def test_new_cells_keep_zeros_and_dates(mandataire):
    mesures = ouvrir(modele.produire(mandataire))["Mesures"]
    formats = {champ: mesures.column_dimensions[lettre].number_format for champ, lettre in COLONNES.items()}
    assert formats.pop("date_jugement") == "dd/mm/yyyy"
    assert formats.pop("annee_naissance") == "General"
    assert set(formats.values()) == {"@"}


def test_lists_propose_for_every_row_and_never_forbid(mandataire):
    livre = ouvrir(modele.produire(mandataire))
    trouvees = regles(livre["Mesures"])
    assert set(trouvees) == set(COLONNES.values())
    for lettre, regle in trouvees.items():
        assert str(regle.sqref) == f"{lettre}2:{lettre}{LIGNES_MAX + 1}"
        assert regle.allowBlank
        assert regle.errorStyle == "warning"
    choix = modele.listes(mandataire)
    for champ in ("nature", "civilite", "lieu_vie", "tribunal"):
        regle = trouvees[COLONNES[champ]]
        assert (regle.type, bool(regle.showErrorMessage), bool(regle.showDropDown)) == ("list", True, False)
        assert source(livre, regle) == choix[champ]
    date, annee = trouvees["A"], trouvees["F"]
    assert (date.type, date.operator, date.formula1, date.formula2) == ("date", "between", "18264", "TODAY()")
    assert datetime.date(1899, 12, 30) + datetime.timedelta(18264) == dates.JUGEMENT_MIN
    assert (annee.type, annee.operator, annee.formula1, annee.formula2) == ("whole", "between", "1900", "YEAR(TODAY())")


def test_bubbles_say_what_to_write_within_what_excel_accepts(service):
    """Beyond these lengths Excel « repairs » the file by dropping every list."""
    mesures = ouvrir(modele.produire(service))["Mesures"]
    for lettre, regle in regles(mesures).items():
        assert regle.showInputMessage
        assert regle.promptTitle == mesures[f"{lettre}1"].value
        assert 0 < len(regle.prompt) <= 255
        assert len(regle.promptTitle) <= 32
        assert len(regle.errorTitle or "") <= 32
        assert len(regle.error or "") <= 225
        assert all(len(f or "") <= 255 for f in (regle.formula1, regle.formula2))
    assert "aucun nom" in regles(mesures)["H"].prompt


def test_own_courts_come_first_then_all_each_once(mandataire):
    for ville in ("Nancy", "Thionville", "Saint-Avold", "Bourg-en-Bresse"):
        factories.tribunal(ville)
    successeur = Tribunal.objects.get(ville="Saint-Avold")
    ferme = factories.tribunal("Fort-de-France", ferme_le=datetime.date(2010, 1, 1), successeur=successeur)
    disparu = factories.tribunal("Paris", "TI", ferme_le=datetime.date(2010, 1, 1))
    for cour in (Tribunal.objects.get(ville="Thionville"), ferme, disparu):
        mandataire.habilitations.create(tribunal=cour)
    livre = ouvrir(modele.produire(mandataire))
    noms = source(livre, regles(livre["Mesures"])["J"])
    assert noms == [
        f"Tribunal judiciaire de {v}" for v in ("Metz", "Saint-Avold", "Thionville", "Bourg-en-Bresse", "Nancy")
    ]


def test_without_a_mandataire_every_court_is_there(mandataire):
    factories.tribunal("Bourg-en-Bresse")
    assert modele.listes(None)["tribunal"] == ["Tribunal judiciaire de Bourg-en-Bresse", "Tribunal judiciaire de Metz"]
    assert ouvrir(modele.produire(None)).sheetnames[0] == "Mesures"


def test_antennes_have_their_column_when_there_are_any(service, mandataire):
    factories.LieuFactory(mandataire=mandataire, nom="Cabinet de Metz")  # not a service: nothing to choose
    nu = factories.MandataireFactory(service=True)
    assert [c.value for c in ouvrir(modele.produire(mandataire))["Mesures"][1]] == LES_TITRES
    assert [c.value for c in ouvrir(modele.produire(nu))["Mesures"][1]] == LES_TITRES
    livre = ouvrir(modele.produire(service))
    for nom in ("Mesures", "Exemple"):
        assert [c.value for c in livre[nom][1]] == [*LES_TITRES, "Antenne"]
    assert livre["Mesures"].column_dimensions["L"].number_format == "@"
    regle = regles(livre["Mesures"])["L"]
    assert source(livre, regle) == ["Antenne de Sarreguemines", "Antenne de Thionville"]


def test_a_hostile_antenne_is_a_text(service):
    service.lieux.filter(nom="Antenne de Thionville").update(nom='=HYPERLINK("http://exemple.fr","Antenne")')
    octets = modele.produire(service)
    livre = ouvrir(octets)
    assert all(c.data_type != "f" for feuille in livre for rangee in feuille for c in rangee)
    with ZipFile(io.BytesIO(octets)) as parties:
        assert b"<f>" not in b"".join(parties.read(n) for n in parties.namelist() if "worksheets" in n)


def test_no_person_is_written_in_the_properties(mandataire):
    octets = modele.produire(mandataire)
    proprietes = ouvrir(octets).properties
    assert (proprietes.creator, proprietes.lastModifiedBy) == ("e-MJPM", None)
    with ZipFile(io.BytesIO(octets)) as parties:
        assert b"Montfiction" not in b"".join(parties.read(n) for n in parties.namelist())


def test_an_empty_model_holds_no_row(service, mandataire):
    for octets in (modele.produire(service), modele.produire(mandataire), modele.produire(None)):
        with pytest.raises(ClasseurRefuse) as refus:
            analyser(octets, mandataire)
        assert refus.value.phrase == "Il ne contient aucune ligne."


def test_the_example_is_locked_and_true():
    """Nothing can be typed in it by mistake; copied into « Mesures » it is nobody's, made one's own each row is ready."""
    call_command("charger_referentiel", verbosity=0)
    livre = ouvrir(modele.produire(None))
    exemple, mesures = livre["Exemple"], livre["Mesures"]
    assert exemple.protection.sheet
    assert not exemple.protection.password
    assert not mesures.protection.sheet
    rangees = [[c.value for c in rangee] for rangee in exemple.iter_rows(min_row=2, max_row=1 + len(modele.EXEMPLES))]
    assert exemple[f"A{len(modele.EXEMPLES) + 3}"].value.startswith("Ces lignes sont des exemples")
    for rangee in rangees:
        mesures.append(rangee)
    copie = analyser(rendre(livre), None, AUJOURDHUI)
    assert (copie.pretes, {i["raison"] for i in copie.ignorees}) == ([], {"exemple"})
    for rang in range(2, len(rangees) + 2):
        mesures.cell(rang, 8).value = f"mien-{rang}"
    apercu = analyser(rendre(livre), None, AUJOURDHUI)
    assert (apercu.a_corriger, apercu.lues) == ([], len(rangees))
    lieux = [(p["pays"], p["code_postal"], p["commune"], p["ville"]) for p in apercu.pretes]
    assert lieux == [
        ("FR", "57000", "57463", "Metz"),
        ("FR", "01000", "01053", "Bourg-en-Bresse"),
        ("FR", "97200", "97209", "Fort-de-France"),
        ("FR", "", None, ""),
        ("BE", "6760", None, "Virton"),
        ("FR", "", None, ""),
    ]
    choix = modele.listes(None)
    for (_, champ, _, _), valeurs in zip(modele.TITRES, zip(*rangees, strict=True), strict=True):
        assert champ not in choix or set(valeurs) - {None} <= set(choix[champ])


def test_rows_of_the_example_are_told_from_those_typed_under_them(service):
    for octets in (modele.produire(None), modele.produire(service)):
        exemple = lire(octets).feuilles[1]
        donnees = [ligne.cellules for ligne in exemple.lignes[1:]]
        assert len(donnees) == len(modele.EXEMPLES) + 1  # the sentence under them
        assert all(map(modele.est_un_exemple, donnees))
        assert not any(modele.est_un_exemple((*li[:8], "26A99999", *li[9:])) for li in donnees)
    assert not modele.est_un_exemple([])


def test_only_the_sheet_of_mesures_is_imported(mandataire):
    """One row in « Mesures », six in the example: one is read, no other sheet is said to hold mesures."""
    livre = ouvrir(modele.produire(mandataire))
    livre["Mesures"].append(
        [datetime.datetime(2021, 3, 12), "Tutelle", None, None, "Madame", None, "Domicile", None, None,
         "Tribunal judiciaire de Metz"]
    )  # fmt: skip
    apercu = analyser(rendre(livre), mandataire, AUJOURDHUI)
    assert [p["ligne"] for p in apercu.pretes] == [2]
    assert apercu.lues == 1
    assert not any("feuille" in a.phrase for a in apercu.releve.avertissements)


def test_rows_typed_in_the_unlocked_example_sheet_are_not_lost(mandataire):
    """Read where the sheet of mesures is empty, mentioned where it is filled."""
    livre = ouvrir(modele.produire(mandataire))
    exemple = livre["Exemple"]
    exemple.protection.sheet = False
    sienne = [datetime.datetime(2021, 3, 12), "Tutelle", None, None, "Madame", None, "Domicile", "A-1", None,
              "Tribunal judiciaire de Metz"]  # fmt: skip
    exemple.append(sienne)
    apercu = analyser(rendre(livre), mandataire, AUJOURDHUI)
    assert [p["numero_dossier"] for p in apercu.pretes] == ["A-1"]
    assert {i["raison"] for i in apercu.ignorees} >= {"exemple"}
    for n in range(12):
        livre["Mesures"].append([*sienne[:7], f"B-{n}", *sienne[8:]])
    apercu = analyser(rendre(livre), mandataire, AUJOURDHUI)
    assert len(apercu.pretes) == 12
    assert any("sur la feuille 2" in a.phrase for a in apercu.releve.avertissements)


def test_the_rg_of_a_cabinet_e_is_not_a_power_of_ten():
    """Typed in the model's column of texts it stays 19E00425; only « 1,9E+426 » was changed by Excel."""
    assert lecture.lire_numero_rg("19E00425") == "19E00425"
    for change in ("1.2E+35", "1,2E+35", "1.2e+35"):
        with pytest.raises(Illisible):
            lecture.lire_numero_rg(change)


@pytest.mark.parametrize("champ", COLONNES)
def test_dark_titles_are_the_compulsory_ones(champ, mandataire):
    """What the colour of the title says is what the import does with an empty cell."""
    livre = ouvrir(modele.produire(mandataire))
    mesures = livre["Mesures"]
    factories.commune("Metz")
    valeurs = dict(zip(COLONNES, modele.EXEMPLES[0], strict=True)) | {champ: None}
    if champ in {"code_postal", "ville"}:
        valeurs |= {"code_postal": None, "ville": None}
    mesures.append(list(valeurs.values()))
    apercu = analyser(rendre(livre), mandataire, AUJOURDHUI)
    obligatoire = mesures[f"{COLONNES[champ]}1"].fill.fgColor.rgb == "00000091"
    assert [p.champ for ligne in apercu.a_corriger for p in ligne.problemes] == ([champ] if obligatoire else [])


def test_every_choice_reads_back_to_its_key():
    call_command("charger_referentiel", verbosity=0)
    choix = modele.listes(None)
    assert {libelle: tuple(map(str, lecture.lire_nature(libelle))) for libelle in choix["nature"]} == DES_TYPES
    assert {nature for nature, _ in DES_TYPES.values()} == set(Nature.values)
    assert [lecture.lire_civilite(libelle) for libelle in choix["civilite"]] == ["madame", "monsieur"]
    assert [lecture.lire_residence(libelle) for libelle in choix["lieu_vie"]] == [(lieu, "") for lieu in LieuVie]
    reperes = Reperes(None, AUJOURDHUI)
    assert len(choix["tribunal"]) == Tribunal.objects.ouverts().count() > 250
    for nom in choix["tribunal"]:
        cour, remarque = lire_tribunal(nom, reperes)
        assert (cour.nom, remarque) == (nom, "")
    for champ in modele.AIDES:
        assert titres.LIBELLES[champ]


def test_directions_name_every_column_and_every_case(service):
    feuille = ouvrir(modele.produire(service))["Mode d’emploi"]
    rangees = {r[0].value: [c.value for c in r[1:]] for r in feuille.iter_rows() if r[0].value}
    for titre, champ, _, _ in (*modele.TITRES, modele.TITRE_ANTENNE):
        phrase, exemple, manque = rangees[titre]
        assert phrase
        assert exemple
        assert manque == ("non" if champ in modele.OBLIGATOIRES else "oui")
    texte = " ".join(str(c.value) for r in feuille.iter_rows() for c in r if c.value).replace("\u00a0", " ")
    for mots in ("ne se fait qu’une fois", "aucun nom", "« (Belgique) »", "Sans domicile fixe", "Mesure ad hoc",
                 "10\u202f000 lignes", "Sous un titre bleu foncé"):  # fmt: skip
        assert mots in texte, mots
    for rangee in feuille.iter_rows(min_col=2, max_col=2):
        if rangee[0].value and len(rangee[0].value) > 100:  # would show cut
            assert feuille.row_dimensions[rangee[0].row].height > 30


def test_the_number_of_queries_depends_on_nothing(service):
    def compter():
        with CaptureQueriesContext(connection) as requetes:
            modele.produire(service)
        return len(requetes)

    peu = compter()
    for ville in ("Nancy", "Thionville", "Saint-Avold", "Bourg-en-Bresse"):
        service.habilitations.create(tribunal=factories.tribunal(ville))
        factories.LieuFactory(mandataire=service, nom=f"Antenne de {ville}", commune=factories.commune(ville))
    metz, ferme = factories.tribunal("Metz"), datetime.date(2010, 1, 1)
    for type_ in ("TI", "TGI"):
        service.habilitations.create(tribunal=factories.tribunal("Metz", type_, ferme_le=ferme, successeur=metz))
    assert compter() == peu <= 3
