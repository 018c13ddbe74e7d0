"""The list as a file: the model's columns, safe to open, and read back by the import with the same facts."""

import csv
import io
import random
from datetime import date, timedelta

import openpyxl
import pytest

from emjpm.commun.models import Evenement
from mesures.enums import EN_ETABLISSEMENT, Champ, LieuVie, Nature, TypeEtablissement
from mesures.import_excel.analyse import analyser
from mesures.import_excel.modele import TITRES
from mesures.models import Mesure
from tests import factories
from tests.factories import MesureFactory

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
EXPORT = "/mesures/en-cours/exporter/"
FAITS = (
    "nature champ civilite annee_naissance lieu_vie type_etablissement pays code_postal ville commune "
    "numero_rg numero_dossier cabinet tribunal date_jugement"
).split()


def lignes(reponse) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(reponse.content)).active.values)


def deux_cents(mandataire, antenne=None) -> None:
    """Every nature, champ, lieu de vie, kind of establishment and sort of address, in a mix that never changes."""
    hasard = random.Random(57)
    cours = [factories.tribunal(v) for v in ("Metz", "Thionville", "Nancy")]
    cours.append(factories.tribunal("Saint-Avold", "TPRX"))
    villes = ["Metz", "Bourg-en-Bresse", "Fort-de-France", "Paris"]
    for n in range(200):
        lieu_vie = LieuVie.values[n % 4]
        faits = {
            "nature": Nature.values[n % 9],
            "champ": ["", *Champ.values][n % 4] if n % 9 < 3 else "",
            "civilite": ("madame", "monsieur")[n % 2],
            "annee_naissance": None if n % 11 == 0 else 1900 + n % 110,
            "lieu_vie": lieu_vie,
            "type_etablissement": ["", *TypeEtablissement.values][n // 4 % 7] if lieu_vie in EN_ETABLISSEMENT else "",
            "date_jugement": date(2003, 2, 28) + timedelta(days=41 * n),
            "numero_rg": ("", f"21B{n:05d}", f"RG 22/A/{n:05d}-1", f"00{n:04d}", f"19E{n:05d}")[n % 5],
            "numero_dossier": ("", f"2021-{n:03d}", f"=1+{n}", f"0{n}", f"+33 {n}")[n // 3 % 5],
            "cabinet": ("", "2", "A", "02")[n % 4],
            "tribunal": hasard.choice(cours),
        }
        if lieu_vie == LieuVie.SDF or faits["nature"] == Nature.AD_HOC or n % 13 == 0:
            ou = {"commune": None, "code_postal": "", "pays": "" if lieu_vie == LieuVie.SDF else "FR"}
        elif n % 7 == 0:
            ou = {"commune": None, "code_postal": "6760", "ville": "Virton", "pays": "BE"}
        else:
            commune = factories.commune(hasard.choice(villes))
            ou = {"commune": commune, "code_postal": commune.codes_postaux.get().code}
        lieu = antenne if n % 3 == 0 else None
        MesureFactory(mandataire=mandataire, lieu=lieu, **faits, **ou)


def faits_de(mandataire) -> dict[str, list]:
    """{number and dossier: facts}, as the preview of an import writes them."""
    tous = []
    for m in Mesure.objects.filter(mandataire=mandataire).select_related("commune"):
        faits = {champ: getattr(m, champ) for champ in FAITS}
        faits |= {"tribunal": m.tribunal_id, "commune": m.commune_id, "date_jugement": m.date_jugement.isoformat()}
        faits["ville"] = m.commune.nom if m.commune else m.ville
        if not (m.commune_id or m.ville or m.code_postal):
            faits["pays"] = ""  # without an address the country says nothing
        tous.append(faits)
    return sorted(tous, key=str)


@pytest.mark.parametrize("genre", ["xlsx", "csv"])
@pytest.mark.parametrize("qui", ["mandataire", "service"])
def test_le_fichier_se_relit(troupe, genre, qui):
    """Two hundred varied mesures, exported, read by the import for somebody else: the same facts, every one."""
    Mesure.objects.all().delete()
    mandataire = getattr(troupe, qui)
    antenne = factories.LieuFactory(mandataire=mandataire, nom="Antenne nord") if qui == "service" else None
    deux_cents(mandataire, antenne)
    octets = troupe.clients[qui].post(EXPORT, {"format": genre}).content
    lu = analyser(octets, troupe.voisin)
    assert [f"{p.ligne} {p.champ} {p.valeur} : {p.pourquoi}" for ligne in lu.a_corriger for p in ligne.problemes] == []
    assert len(lu.pretes) == 200
    relus = []
    for ligne in lu.pretes:
        faits = {champ: ligne[champ] for champ in FAITS}
        if not (faits["commune"] or faits["ville"] or faits["code_postal"]):
            faits["pays"] = ""
        relus.append(faits)
    assert sorted(relus, key=str) == faits_de(mandataire)
    assert not lu.releve.noms


def test_les_colonnes_du_modele_et_la_liste_filtree(troupe):
    MesureFactory(mandataire=troupe.mandataire, nature="curatelle_renforcee", numero_rg="26A00001", champ="")
    reponse = troupe.clients["mandataire"].post(f"{EXPORT}?nature=curatelle_renforcee", {"format": "xlsx"})
    titres, *rangees = lignes(reponse)
    assert list(titres) == [titre for titre, *_ in TITRES]
    assert [ligne[8] for ligne in rangees] == ["26A00001"]
    assert rangees[0][1] == "Curatelle renforcée"
    assert rangees[0][9] == "Tribunal judiciaire de Metz"
    assert 'filename="mesures-en-cours-' in reponse["Content-Disposition"]
    ligne = Evenement.objects.get(acte="mesures.exporter")
    assert (ligne.par, ligne.objet_id) == (troupe.gens["mandataire"], str(troupe.mandataire.pk))
    assert ligne.changements == {"liste": "en-cours", "lignes": 1, "format": "xlsx", "filtres": ["nature"]}


def test_aucune_formule(troupe):
    Mesure.objects.filter(pk=troupe.mesure.pk).update(numero_dossier='=HYPERLINK("http://x")')
    client = troupe.clients["mandataire"]
    assert lignes(client.post(EXPORT, {"format": "xlsx"}))[1][7] == '\'=HYPERLINK("http://x")'
    contenu = client.post(EXPORT, {"format": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(contenu), delimiter=";"))[1][7].startswith("'=")


def test_les_eteintes_disent_leur_fin(troupe):
    MesureFactory(mandataire=troupe.mandataire, eteinte=True, numero_rg="19A00001")
    titres, ligne = lignes(troupe.clients["mandataire"].post("/mesures/eteintes/exporter/", {"format": "xlsx"}))
    assert titres[-2:] == ("Fin du mandat", "Motif de fin")
    assert ligne[-1] == "Mainlevée"
    assert ligne[-2].date() == date(2025, 5, 3)


def test_les_ressources_quand_il_y_en_a(troupe):
    client = troupe.clients["mandataire"]
    Mesure.objects.filter(pk=troupe.mesure.pk).update(
        ressources_annee=2025, ressources_niveau=9600, prestations=["AAH", "APL"]
    )
    octets = client.post(EXPORT, {"format": "xlsx"})
    assert lignes(octets)[1][-3:] == (9600, 2025, "AAH, APL")
    assert len(analyser(octets.content, troupe.voisin).pretes) == 1  # told as not taken, and nothing is lost


def test_un_get_n_exporte_rien(troupe):
    assert troupe.clients["mandataire"].get(EXPORT).status_code == 405
    assert not Evenement.objects.filter(acte="mesures.exporter").exists()


def test_l_antenne_d_un_membre_limite(troupe):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")
    MesureFactory(mandataire=troupe.service, lieu=antenne, numero_rg="26A00001")
    MesureFactory(mandataire=troupe.service, numero_rg="26A00002")
    troupe.service.membres.update(lieu=antenne)
    _, *rangees = lignes(troupe.clients["service"].post(EXPORT, {"format": "xlsx"}))
    assert [(ligne[8], ligne[11]) for ligne in rangees] == [("26A00001", "Antenne nord")]


class TestImprimer:
    def test_la_liste_entiere_sans_le_reste(self, troupe):
        MesureFactory.create_batch(60, mandataire=troupe.mandataire, tribunal=troupe.metz, nature="tutelle")
        page = troupe.clients["mandataire"].get("/mesures/en-cours/imprimer/?tri=rg&nature=tutelle")
        assert len(page.context["page"]) == 61
        dit = texte(page)
        assert "Camille Bellerive : 61 mesures en cours sur 61" in dit
        assert "Nature : Tutelle, par numéro RG, le" in dit
        assert 'type="checkbox"' not in page.content.decode()

    def test_les_eteintes(self, troupe):
        MesureFactory(mandataire=troupe.mandataire, eteinte=True)
        assert "1 mesure éteinte" in texte(troupe.clients["mandataire"].get("/mesures/eteintes/imprimer/"))


class TestCarte:
    URL = "/mesures/en-cours/carte/"

    def test_les_vrais_nombres_et_leur_tableau(self, troupe):
        tous = {"mandataire": troupe.mandataire}
        MesureFactory.create_batch(2, commune=factories.commune("Thionville"), **tous)
        MesureFactory(commune=factories.commune("Fort-de-France"), **tous)
        MesureFactory(commune=None, code_postal="6760", ville="Virton", pays="BE", **tous)
        MesureFactory(commune=None, code_postal="", pays="", lieu_vie="sdf", **tous)
        MesureFactory.create_batch(3, mandataire=troupe.voisin, commune=factories.commune("Nancy"))
        page = troupe.clients["mandataire"].get(self.URL)
        carte = page.context["carte"]
        assert [(ligne.nom, ligne.nombre) for ligne in carte.lignes] == [
            ("Thionville (57)", 2),
            ("Fort-de-France (972)", 1),
            ("Metz (57)", 1),
            ("Sans domicile fixe", 1),
            ("Virton (Belgique)", 1),
        ]
        assert {(b.nom, b.nombre) for b in carte.bulles} == {("Thionville", 2), ("Metz", 1)}
        assert (carte.hors_cadre, carte.total) == (1, 6)
        assert "1 mesure à plus de 150 km n’est que dans le tableau." in texte(page)
        lien = "/mesures/en-cours/?commune=57672"
        assert lien in page.content.decode()
        assert troupe.clients["mandataire"].get(lien).context["page"].paginator.count == 2

    def test_suit_les_filtres(self, troupe):
        MesureFactory(mandataire=troupe.mandataire, commune=factories.commune("Nancy"), nature="curatelle_simple")
        page = troupe.clients["mandataire"].get(f"{self.URL}?nature=curatelle_simple")
        assert [ligne.nom for ligne in page.context["carte"].lignes] == ["Nancy (54)"]
        assert "1 mesure en cours sur 2, par commune" in texte(page)

    def test_personne_en_france(self, troupe):
        Mesure.objects.filter(mandataire=troupe.mandataire).update(commune=None, code_postal="")
        assert "Aucune de ces personnes n’a de commune en France." in texte(troupe.clients["mandataire"].get(self.URL))
