"""Real workbooks: titles anywhere, towns and courts as people write them, merged and hidden cells, CSV."""

import datetime

import openpyxl
import pytest

from emjpm.geographie.models import CodePostal, Commune
from mesures.enums import LieuVie, Pays
from mesures.import_excel import analyse
from mesures.import_excel.erreurs import ClasseurRefuse
from mesures.import_excel.reperes import cle_commune
from tests import factories

from .fabrique import TITRES, phrases, rangee, xlsx

pytestmark = pytest.mark.django_db


def commune(nom, insee, code, departement="57", population=1000):
    from emjpm.geographie.querysets import nom_de_commune

    objet = Commune.objects.create(
        insee=insee,
        nom=nom,
        nom_normalise=nom_de_commune(nom),
        departement=factories.departement(departement),
        population=population,
        latitude=49,
        longitude=6,
    )
    objet.codes_postaux.add(CodePostal.objects.get_or_create(code=code)[0])
    return objet


@pytest.fixture(autouse=True)
def moselle(db):
    factories.tribunal("Metz")
    factories.commune("Bourg-en-Bresse")
    factories.commune("Nancy")
    factories.commune("Paris")
    commune("Montigny-lès-Metz", "57480", "57950")
    commune("Le Ban-Saint-Martin", "57049", "57050")
    commune("Longeville-lès-Metz", "57412", "57050")


def lire(lignes, titres=TITRES, **options):
    return analyse.analyser(xlsx(lignes, titres, **options))


def une(**changements):
    """The one ready row of a file of one row, else the sentences that stop it."""
    apercu = lire([rangee(1, **changements)])
    if apercu.pretes:
        return apercu.pretes[0]
    return [f"{p.champ} : {p.pourquoi} → {p.a_ecrire}" for li in apercu.a_corriger for p in li.problemes]


@pytest.mark.parametrize(
    ("code", "ville", "attendu"),
    [
        ("57000", "METZ", ("FR", "57000", "57463")),
        (57000, "Metz", ("FR", "57000", "57463")),
        (57000.0, "metz cedex 1", ("FR", "57000", "57463")),
        ("57 000", " Metz ", ("FR", "57000", "57463")),
        ("F-57000", "Metz (57)", ("FR", "57000", "57463")),
        ("57000 CEDEX 05", "Metz", ("FR", "57000", "57463")),
        ("57000 Metz", None, ("FR", "57000", "57463")),
        (None, "57000 METZ", ("FR", "57000", "57463")),
        ("57000", None, ("FR", "57000", "57463")),
        (1000, "Bourg en Bresse", ("FR", "01000", "01053")),
        ("1000", "BOURG-EN-BRESSE", ("FR", "01000", "01053")),
        ("57463", "Metz", ("FR", "57000", "57463")),  # INSEE
        ("57050", "Ban St Martin", ("FR", "57050", "57049")),
        ("57050", "Ban-Saint-Martin (Le)", ("FR", "57050", "57049")),
        ("75001", "Paris 01", ("FR", "75001", "75056")),
        ("75001", "PARIS 1er arrondissement", ("FR", "75001", "75056")),
        (1000, "Bruxelles", ("BE", "1000", None)),
        ("B-6760", "Virton", ("BE", "6760", None)),
        ("6760", "Virton (Belgique)", ("BE", "6760", None)),
        ("6769", "Meix-devant-Virton, Belgique", ("BE", "6769", None)),
        (None, "Montigny-lès-Metz", ("FR", "57950", "57480")),
    ],
)
def test_addresses_understood(code, ville, attendu):
    ligne = une(code_postal=code, ville=ville)
    assert isinstance(ligne, dict), ligne
    assert (ligne["pays"], ligne["code_postal"], ligne["commune"]) == attendu


@pytest.mark.parametrize(
    ("code", "ville", "phrase"),
    [
        ("57950", "Montigny", "ville : Cette ville n’est pas connue au 57950 → Montigny-lès-Metz"),
        ("57950", "Montigni les Metz", "→ Montigny-lès-Metz"),
        (
            "57000",
            "Nancy",
            "ville : 57000 n’est pas le code postal de cette ville → 54000 pour Nancy, ou Metz pour 57000",
        ),
        ("57999", "Metz", "code_postal : Ce code postal n’existe pas → 57000 pour Metz"),
        ("57999", None, "code_postal : Ce code postal n’existe pas"),
        ("57050", None, "ville : La ville manque → "),
        ("1000", "Metz", "code_postal : 1000 n’a que 4 chiffres et 01000 n’est pas le code de « Metz »"),
        ("1000", None, "code_postal : 1000 n’a que 4 chiffres → 01000 pour Bourg-en-Bresse, ou ajoutez « (Belgique) »"),
        ("570", "Metz", "code_postal : Ce n’est pas un code postal"),
        ("Metz", "57000", "code_postal : Ce n’est pas un code postal"),
        ("57000", "Metz (Belgique)", "code_postal : Un code postal belge a 4 chiffres"),
    ],
)
def test_addresses_never_guessed(code, ville, phrase):
    phrases = une(code_postal=code, ville=ville)
    assert isinstance(phrases, list), phrases
    assert phrase in phrases[0]


def test_a_missing_address_does_not_block():
    ligne = une(code_postal=None, ville=None)
    assert (ligne["code_postal"], ligne["commune"], ligne["ville"]) == ("", None, "")


def test_no_address_for_someone_without_a_home():
    ligne = une(lieu_vie="SDF")
    assert (ligne["lieu_vie"], ligne["code_postal"], ligne["commune"]) == (LieuVie.SDF, "", None)
    assert isinstance(une(lieu_vie="SDF", code_postal=None, ville=None), dict)
    assert isinstance(une(nature="mesure ad hoc", code_postal=None, ville=None, lieu_vie=None), dict)


@pytest.mark.parametrize("forme", ["Le Havre", "HAVRE (LE)", "havre", "LE  HAVRE CEDEX"])
def test_one_town_one_key(forme):
    assert cle_commune(forme) == "havre"


@pytest.mark.parametrize(
    "ecrit", ["TJ Metz", "METZ", "tribunal judiciaire de metz", "TI de Metz", "T.J. METZ", "17570002200011"]
)
def test_courts_understood(ecrit):
    cour = factories.tribunal("Metz")
    cour.siret = "17570002200011"
    cour.save()
    ligne = une(tribunal=ecrit)
    assert isinstance(ligne, dict), ligne
    assert ligne["tribunal"] == cour.pk


@pytest.mark.parametrize(
    ("ecrit", "phrase"),
    [
        ("1.77501E+13", "Excel a effacé la fin du SIRET"),
        (17750100000000, "Excel a effacé la fin du SIRET"),
        ("17750111101399", "Aucun tribunal n’a ce SIRET"),
        ("1775011110139", "Un SIRET a 14 chiffres"),
        ("TJ de Trifouilly", "Ce tribunal n’est pas reconnu"),
        ("TPRX Nancy", "pas reconnu avec certitude → « TJ Nancy »"),
        ("TJ Nanncy", "pas reconnu avec certitude → « TJ Nancy »"),
    ],
)
def test_courts_never_guessed(ecrit, phrase):
    factories.tribunal("Nancy")
    assert phrase in une(tribunal=ecrit)[0]


def test_of_two_possible_courts_the_one_of_the_mandataire():
    from tribunaux.models import Tribunal

    proximite = factories.tribunal("Metz", Tribunal.Type.TPRX)
    assert "Plusieurs tribunaux" in une(tribunal="Metz")[0]
    mandataire = factories.MandataireFactory(habilite=[proximite])
    apercu = analyse.analyser(xlsx([rangee(1, tribunal="Metz")]), mandataire)
    assert [li["tribunal"] for li in apercu.pretes] == [proximite.pk]


def test_a_closed_court_is_told():
    from tribunaux.models import Tribunal

    ancien = factories.tribunal("Thionville", Tribunal.Type.TI)
    ancien.ferme_le, ancien.successeur = datetime.date(2019, 12, 31), factories.tribunal("Metz")
    ancien.commune = factories.commune("Metz")  # as the committed list writes closed courts: at their successor's
    ancien.save()
    apercu = lire([rangee(1, tribunal="Tribunal d'instance de Thionville")])
    assert not apercu.a_corriger
    assert apercu.pretes[0]["tribunal"] == factories.tribunal("Metz").pk
    assert any("lu TJ Metz, qui l’a remplacé" in a for a in phrases(apercu))


def test_technical_titles_of_the_first_e_mjpm():
    titres = ["date_nomination", "date_ouverture", "type", "code_postal", "ville", "civilite", "annee", "numero_rg",
              "numero_dossier", "residence", "tribunal_siret", "tribunal_cabinet", "antenne"]  # fmt: skip
    ligne = [datetime.datetime(2020, 1, 2), datetime.datetime(2019, 1, 2), "Tutelle", "57000", "Metz", "H", 1982,
             "21B00167", None, "A domicile", "TJ Metz", "2", "MONTREUIL"]  # fmt: skip
    apercu = lire([ligne], titres)
    assert apercu.pretes[0]["date_jugement"] == "2020-01-02"
    lues = {c.colonne: c for c in apercu.releve.colonnes}
    assert lues["B"].champ == ""
    assert "colonne A" in lues["B"].remarque
    assert "pas d’antenne" in lues["M"].remarque


def test_titles_below_a_heading_on_the_second_sheet_are_found():
    def preparer(livre, feuille):
        accueil = livre.create_sheet("Accueil", 0)
        accueil.append(["Bonjour"])
        livre.create_sheet("Exemple").append(TITRES)

    apercu = lire([rangee(1), rangee(2)], avant=[["MA LISTE"], [], ["au", "01/01"]], preparer=preparer)
    assert apercu.releve.feuille == 2
    assert [li["ligne"] for li in apercu.pretes] == [5, 6]


def test_another_filled_sheet_is_mentioned():
    def preparer(livre, feuille):
        autre = livre.create_sheet("Suite")
        autre.append(TITRES)
        autre.append(rangee(9))

    apercu = lire([rangee(1), rangee(2)], preparer=preparer)
    assert apercu.lues == 2
    assert any("sur la feuille 2" in a for a in phrases(apercu))


def test_merged_hidden_and_formula_cells():
    def preparer(livre, feuille):
        feuille.merge_cells("J2:J4")
        feuille.row_dimensions[3].hidden = True
        feuille.column_dimensions["C"].hidden = True
        feuille["K3"] = "=1+1"

    lignes = [rangee(1), rangee(2, tribunal=None), rangee(3, tribunal=None)]
    apercu = lire(lignes, preparer=preparer)
    assert len(apercu.pretes) == 3
    dits = " ".join(phrases(apercu))
    assert "1 ligne masquée" in dits
    assert "1 cellule fusionnée" in dits
    assert "1 formule n’a pas de résultat" in dits
    assert "masquée" in next(c.remarque for c in apercu.releve.colonnes if c.colonne == "C")


def test_a_missing_column_is_said_once_and_stops_rows():
    sans = [i for i, titre in enumerate(TITRES) if titre != "Tribunal"]
    apercu = lire([[rangee(1)[i] for i in sans]], [TITRES[i] for i in sans])
    assert any("Aucune colonne reconnue pour : tribunal" in a for a in phrases(apercu))
    assert apercu.a_corriger[0].problemes[0].designation == "Tribunal (sans colonne)"


def test_every_column_is_told_unknown_ones_included():
    apercu = lire([[*rangee(1), "Obs secrète", "y"]], [*TITRES, "Obs.", None])
    lues = {c.colonne: c for c in apercu.releve.colonnes}
    assert lues["L"].exemple == "contenu non affiché"
    assert lues["M"].remarque.startswith("Sans titre")
    assert "secrète" not in str(apercu.releve.en_json())


def test_emoji_and_right_to_left_text_are_kept():
    ligne = une(numero_dossier="🏠-12", cabinet="שלום")
    assert (ligne["numero_dossier"], ligne["cabinet"]) == ("🏠-12", "שלום")


def test_same_number_twice_at_two_courts_is_not_a_double():
    factories.tribunal("Nancy")
    apercu = lire([rangee(1), rangee(1, tribunal="TJ Nancy"), rangee(1, numero_rg="RG 22 B 00001")])
    assert [li["ligne"] for li in apercu.pretes] == [2, 3]
    assert "qu’à la ligne 2" in apercu.a_corriger[0].problemes[0].pourquoi


def test_an_antenne_is_matched_or_asked():
    service = factories.MandataireFactory(service=True)
    antenne = factories.LieuFactory(mandataire=service, nom="Antenne de Thionville")
    lignes = [[*rangee(1), "THIONVILLE"], [*rangee(2), "Sarrebourg"], [*rangee(3), None]]
    apercu = analyse.analyser(xlsx(lignes, [*TITRES, "Antenne"]), service)
    assert [li["lieu"] for li in apercu.pretes] == [antenne.pk, None]
    assert apercu.a_corriger[0].problemes[0].champ == "antenne"


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_csv(encodage, separateur):
    valeurs = [str(v) if not isinstance(v, datetime.datetime) else "12/03/2021" for v in rangee(1)]
    texte = "\r\n".join(separateur.join(ligne) for ligne in [TITRES, valeurs, [""] * 11, valeurs])
    apercu = analyse.analyser(texte.encode(encodage))
    assert apercu.releve.genre == "fichier CSV"
    assert [li["ligne"] for li in apercu.pretes] == [2]
    assert (apercu.a_corriger[0].ligne, apercu.ignorees[0]["ligne"]) == (4, 3)


def test_csv_with_its_own_separator_and_line_breaks():
    texte = 'sep=|\r\n' + "|".join(TITRES) + "\r\n" + "|".join(
        f'"{v}\n"' if not isinstance(v, datetime.datetime) else "12/03/2021" for v in rangee(1)
    )  # fmt: skip
    assert len(analyse.analyser(texte.encode()).pretes) == 1


def test_macros_are_ignored_and_said():
    from .fabrique import refaire

    apercu = analyse.analyser(refaire(xlsx(), {"xl/vbaProject.bin": b"x"}))
    assert any("macros" in a for a in phrases(apercu))


def test_dates_of_the_1904_calendar():
    def preparer(livre, feuille):
        livre.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert lire([rangee(1)], preparer=preparer).pretes[0]["date_jugement"] == "2021-03-12"


def test_pays_column():
    apercu = lire(
        [[*rangee(1, code_postal="6760", ville="Virton"), "Belgique"], [*rangee(2), "Suisse"]], [*TITRES, "Pays"]
    )
    assert apercu.pretes[0]["pays"] == Pays.BELGIQUE
    assert "Belgique" in apercu.a_corriger[0].problemes[0].a_ecrire


def test_nothing_but_titles():
    with pytest.raises(ClasseurRefuse):
        lire([])
