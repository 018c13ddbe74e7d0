"""Properties of the readers of addresses and courts, against the whole of France.

The same examples at each run (derandomize): a failure here is a failure everywhere.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mesures.enums import Pays
from mesures.import_excel import lieux
from mesures.import_excel.cellule import Illisible, vide
from mesures.import_excel.reperes import Reperes
from mesures.import_excel.tribunal import lire_tribunal
from tribunaux.models import Tribunal

from .corpus.base import referentiel  # noqa: F401
from .strategies import BEAUCOUP, CELLULES, JOUR, PEU, habille, lire_ou_dire


# --- Postal codes and towns, against the whole of France -------------------------------------------------
@pytest.fixture(scope="module")
def reperes(referentiel):  # noqa: F811
    lus = Reperes(None, JOUR)
    lus.charger_communes(
        ["57000", "57950", "01000", "75012", "57050", "57530", "97400", "06000", "59000"],
        ["Metz", "Nancy", "Saint-Denis", "Bourg-en-Bresse"],
    )
    return lus


@pytest.mark.django_db
@PEU
@given(st.data())
def test_every_writing_of_a_code_and_its_town(reperes, data):
    code = data.draw(st.sampled_from(sorted(c for c in reperes.communes.du_code if reperes.communes.du_code[c])))
    lieu = data.draw(st.sampled_from(reperes.communes.du_code[code]))
    ecritures = [code, f"F-{code}", f"{code[:2]} {code[2:]}", f" {code}\u00a0", f"{code} CEDEX 05", f"{code[:2]}\u00a0{code[2:]}",
                 int(code), float(code)]  # fmt: skip
    adresse = lieux.lire_adresse(
        data.draw(st.sampled_from(ecritures)), data.draw(habille(lieu.nom)), None, reperes.communes
    )
    assert (adresse.pays, adresse.code_postal) == (Pays.FRANCE, code)
    assert reperes.communes.par_insee[adresse.commune].cle == lieu.cle


@pytest.mark.django_db
@BEAUCOUP
@given(CELLULES, CELLULES, st.one_of(st.none(), st.sampled_from(["France", "Belgique", "BE"]), CELLULES))
@example("57000", "Nancy", None)
@example(1000, "\ud800", None)
def test_any_address_is_read_or_asked(reperes, code, ville, pays):
    """Never a guess: what is read belongs to the code that is given back."""
    adresse = lire_ou_dire(lambda v: lieux.lire_adresse(*v, reperes.communes), (code, ville, pays))
    if isinstance(adresse, lieux.LieuIllisible):
        assert adresse.champ in {"code_postal", "ville", "pays"}
        assert adresse.pourquoi
        assert adresse.a_ecrire
        return
    if adresse is None:
        assert vide(code)
        assert vide(ville)
    elif adresse.pays == Pays.FRANCE:
        assert adresse.code_postal in reperes.communes.codes_de[adresse.commune]
    else:
        assert adresse.commune is None
        assert adresse.code_postal == "" or len(adresse.code_postal) == 4


@pytest.mark.django_db
@BEAUCOUP
@given(st.data())
def test_every_open_court_is_read_by_its_name(reperes, data):
    cour = data.draw(st.sampled_from([t for t in reperes.annuaire.tribunaux if not t.ferme_le]))
    lu, _ = lire_tribunal(data.draw(habille(cour.nom)), reperes)
    assert lu.pk == cour.pk


@pytest.mark.django_db
@PEU
@given(st.data())
def test_a_closed_court_is_read_as_an_open_one(reperes, data):
    cour = data.draw(st.sampled_from([t for t in reperes.annuaire.tribunaux if t.ferme_le]))
    lu = lire_ou_dire(lambda v: lire_tribunal(v, reperes), cour.nom)
    assert isinstance(lu, Illisible) or not lu[0].ferme_le


@pytest.mark.django_db
@PEU
@given(CELLULES)
@example("1.77501E+13")
@example(17750100000000)
@example("tribunal")
@example("\ud800")
def test_any_court_is_read_or_asked(reperes, cellule):
    lu = lire_ou_dire(lambda v: lire_tribunal(v, reperes), cellule)
    if not isinstance(lu, Illisible):
        assert isinstance(lu[0], Tribunal)
        assert not lu[0].ferme_le
