"""« Mesures du tribunal »: what demands a decision, then where a case is."""

import datetime
import io
import re
import zipfile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures import suivi
from mesures.enums import MotifDeclin, Nature, Statut
from mesures.suivi import a_decider
from tests.factories import MandataireFactory, MesureFactory


def il_y_a(jours: int):
    return timezone.now() - datetime.timedelta(days=jours)


def page(client, suite="") -> str:
    reponse = client.get("/mesures/" + suite)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ")


def numeros(texte: str) -> list[str]:
    return re.findall(r'rowheader" class="em-cellule"><a [^>]*>([^<]+)<', texte)


@pytest.fixture
def juge(troupe):
    return troupe.clients["magistrat"]


@pytest.fixture
def declinee(troupe):
    return MesureFactory(
        mandataire=troupe.voisin,
        numero_rg="26B00702",
        statut=Statut.DECLINEE,
        date_jugement=None,
        reserve_le=il_y_a(7),
        clos_le=il_y_a(3),
        motif_declin=MotifDeclin.CONFLIT,
        precision_cloture="Je connais la famille de la personne.",
        nature=Nature.CURATELLE_RENFORCEE,
        civilite="monsieur",
    )


@pytest.fixture
def sans_reponse(troupe):
    return MesureFactory(mandataire=troupe.mandataire, en_attente=True, numero_rg="26A00541", reserve_le=il_y_a(34))


def test_declined_first_then_unanswered_for_thirty_days(troupe, juge, declinee, sans_reponse):
    texte = page(juge)
    assert "2 demandent une décision" in texte
    assert texte.index("26B00702") < texte.index("26A00541")
    assert "« Je connais la famille de la personne. »" in texte
    assert "34 jours sans réponse" in texte
    assert "homme de " in texte
    assert {m.numero_rg for m in a_decider(troupe.metz.pk)} == {"26B00702", "26A00541"}


def test_searching_again_carries_the_file(juge, declinee):
    assert "/recherche/?rg=26B00702&amp;nature=curatelle_renforcee&amp;lieu=57000+Metz" in page(juge)


def test_filing_away_a_declined_one_keeps_it_in_the_lists(juge, declinee):
    assert juge.post("/mesures/", {"classer": declinee.pk}).status_code == 302
    assert "demandent une décision" not in page(juge)
    assert "demande une décision" not in page(juge)
    assert numeros(page(juge, "?etat=closes")) == ["26B00702"]
    declinee.refresh_from_db()
    assert declinee.classee_le is not None


def test_filing_away_asks_for_a_declined_one_of_the_court(troupe, juge, declinee, sans_reponse):
    assert troupe.clients["magistrat_voisin"].post("/mesures/", {"classer": declinee.pk}).status_code == 404
    assert juge.post("/mesures/", {"classer": "zut"}).status_code == 404
    texte = juge.post("/mesures/", {"classer": sans_reponse.pk}, follow=True).content.decode().replace("\u00a0", " ")
    assert "Seule une réservation déclinée se classe." in texte


def test_tabs_tell_how_many(troupe, juge, declinee):
    MesureFactory(eteinte=True, mandataire=troupe.mandataire)
    texte = page(juge)
    for onglet in ("En attente (1)", "En cours (1)", "Éteintes (1)", "Déclinées ou annulées (1)"):
        assert onglet in texte
    assert numeros(texte) == ["26C00001"]
    assert numeros(page(juge, "?etat=en_cours")) == ["21B00167"]
    assert numeros(page(juge, "?etat=zut")) == ["26C00001"]


def test_filters(troupe, juge):
    MesureFactory(
        mandataire=troupe.voisin, en_attente=True, numero_rg="26B00099", cabinet="7", nature=Nature.CURATELLE_SIMPLE
    )
    assert numeros(page(juge, "?rg=RG 26/B/00099")) == ["26B00099"]
    assert numeros(page(juge, "?nature=curatelle_simple")) == ["26B00099"]
    assert numeros(page(juge, "?cabinet=7")) == ["26B00099"]
    assert numeros(page(juge, f"?mandataire={troupe.mandataire.pk}")) == ["26C00001"]
    assert "Aucune mesure avec ces critères." in page(juge, "?rg=99Z99999")


def test_the_oldest_reservation_comes_first_unless_asked_otherwise(troupe, juge, sans_reponse):
    assert numeros(page(juge)) == ["26A00541", "26C00001"]
    assert numeros(page(juge, "?tri=-reservee")) == ["26C00001", "26A00541"]
    assert numeros(page(juge, "?tri=zut")) == ["26A00541", "26C00001"]


def test_what_ended_well_lately(troupe, juge):
    MesureFactory(mandataire=troupe.voisin, numero_rg="26B00655", reserve_le=il_y_a(40), valide_le=il_y_a(4))
    texte = page(juge)
    assert "Validées ou terminées depuis 30 jours" in texte
    assert "26B00655, tutelle : validée par Basile Clairsentier" in texte


def test_nothing_reserved_yet(troupe, ouvrir_session):
    from tests.factories import tribunal, utilisateur_du_tribunal

    client = ouvrir_session(utilisateur_du_tribunal(tribunal("Nancy")))
    assert "Ce tribunal n’a encore rien réservé." in page(client)


def test_a_court_sees_its_own_only(troupe, juge):
    assert "22A00010" not in page(juge, "?etat=en_cours")
    assert numeros(page(troupe.clients["magistrat_voisin"], "?etat=en_cours")) == ["22A00010"]
    assert page(troupe.clients["greffier"])


def test_others_are_led_elsewhere(troupe):
    assert troupe.clients["mandataire"].get("/mesures/")["Location"] == "/mesures/en-cours/"
    assert troupe.clients["agent"].get("/mesures/").status_code == 403
    assert troupe.clients["support"].get("/mesures/").status_code == 403


# --- Filters, orders, tabs ----------------------------------------------------------------------------


@pytest.mark.parametrize("saisi", ["26B00099", "rg 26/b/00099", "26/B/000", "00099", "n° 26-B-00099", "26b0009"])
def test_a_number_is_found_however_it_is_typed(troupe, juge, saisi):
    MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg="RG 26/B/00099")
    assert numeros(page(juge, f"?rg={saisi}")) == ["RG 26/B/00099"]


def test_a_suffix_is_another_number(troupe, juge):
    for rg in ("26B00099", "26B00099-1"):
        MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg=rg)
    assert numeros(page(juge, "?rg=26B00099-1")) == ["26B00099-1"]


def jour(annee, mois, quantieme, *heure):
    return datetime.datetime(annee, mois, quantieme, *(heure or (12, 0)), tzinfo=ZoneInfo("Europe/Paris"))


def test_the_period_is_that_of_the_tab(troupe, juge):
    MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg="26B00001", reserve_le=jour(2026, 3, 1, 0, 5))
    MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg="26B00002", reserve_le=jour(2026, 3, 31, 23, 55))
    MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg="26B00003", reserve_le=jour(2026, 4, 1, 0, 5))
    assert numeros(page(juge, "?du=2026-03-01&au=2026-03-31")) == ["26B00001", "26B00002"]
    assert "réservées du 1er mars 2026 au 31 mars 2026" in page(juge, "?du=2026-03-01&au=2026-03-31")
    MesureFactory(mandataire=troupe.voisin, numero_rg="20A00001", date_jugement=datetime.date(2020, 3, 1))
    assert numeros(page(juge, "?etat=en_cours&du=2020-03-01&au=2020-03-01")) == ["20A00001"]
    MesureFactory(mandataire=troupe.voisin, numero_rg="20A00002", eteinte=True)
    assert numeros(page(juge, "?etat=eteintes&du=2025-05-03")) == ["20A00002"]
    assert numeros(page(juge, "?etat=eteintes&du=2025-05-04")) == []
    assert "Terminées du" in page(juge, "?etat=eteintes")


def test_a_period_that_makes_no_sense_is_said_beside_its_field(juge):
    texte = page(juge, "?du=2026-03-31&au=2026-03-01&rg=26C")
    assert "Écrivez une date après la première." in texte
    assert 'value="2026-03-31"' in texte
    assert 'value="26C"' in texte
    assert "Écrivez une date qui existe." in page(juge, "?du=zut")
    assert numeros(page(juge, "?nature=zut&cabinet=zut&mandataire=zut")) == ["26C00001"]


def test_every_column_sorts_both_ways(troupe, juge):
    MesureFactory(
        mandataire=troupe.voisin,
        en_attente=True,
        numero_rg="26A00001",
        nature=Nature.CURATELLE_SIMPLE,
        date_previsionnelle=timezone.localdate(),
        reserve_le=il_y_a(2),
    )
    for tri in ("rg", "nature", "mandataire", "reservee", "prevu"):
        assert numeros(page(juge, f"?tri={tri}"))[0] == "26A00001", tri
    for tri in ("-rg", "-nature", "-mandataire", "-reservee"):
        assert numeros(page(juge, f"?tri={tri}"))[0] == "26C00001", tri
    assert 'aria-sort="descending"' in page(juge, "?tri=-mandataire")


def test_renewals_are_marked_then_have_their_tab(troupe, juge):
    assert "Renouvellements validés" not in page(juge)
    attente = MesureFactory(
        mandataire=troupe.mandataire, en_attente=True, numero_rg="21B00167", renouvelle=troupe.mesure
    )
    texte = page(juge)
    assert texte.count('em-badge">Renouvellement<') == 1
    type(attente).objects.filter(pk=attente.pk).update(statut=Statut.RENOUVELEE, valide_le=timezone.now())
    assert "Renouvellements validés (1)" in page(juge)
    texte = page(juge, "?etat=renouvelees")
    assert numeros(texte) == ["21B00167"]
    assert f'href="/mesures/{troupe.mesure.pk}/"' in texte
    assert "renouvellement validé par Camille Bellerive" in texte
    assert juge.get(f"/mesures/{attente.pk}/").status_code == 200


def test_pages_keep_the_filters(troupe, juge):
    for rang in range(55):
        MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg=f"26D{rang:05d}", cabinet="9")
    texte = page(juge, "?cabinet=9")
    assert "55 mesures (cabinet 9)" in texte
    assert "?cabinet=9&amp;page=2" in texte
    assert len(numeros(page(juge, "?cabinet=9&page=2"))) == 5
    assert len(numeros(page(juge, "?page=2"))) == 6


# --- Declined: the whole story ------------------------------------------------------------------------


@pytest.mark.parametrize("qui", ["magistrat", "greffier"])
def test_declined_mailed_then_searched_again_in_a_click(troupe, qui):
    client = troupe.clients[qui]
    mesure = MesureFactory(
        mandataire=troupe.voisin, en_attente=True, numero_rg="26B00702", reserve_par=troupe.gens[qui], cabinet="3"
    )
    troupe.clients["voisin"].post(
        f"/mesures/{mesure.pk}/decliner/", {"motif": "plus_de_place", "precision": "Je pars en congé."}
    )
    courriel = Courriel.objects.get(destinataire=troupe.gens[qui].email)
    assert courriel.sujet.startswith("Mesure déclinée par Basile Clairsentier")
    assert "Je pars en congé." in courriel.texte
    lien = re.search(r"/recherche/\S+", courriel.texte).group(0)
    assert lien == suivi.adresse_recherche(mesure)
    resultats = client.get(lien).content.decode()
    suite = re.search(rf'href="(/mandataires/{troupe.mandataire.pk}/reserver/[^"]*)"', resultats).group(1)
    formulaire = client.get(suite.replace("&amp;", "&")).content.decode()
    assert 'value="26B00702"' in formulaire
    assert '<option value="tutelle" selected>' in formulaire
    assert "Metz" in re.search(r'name="commune"[^>]*', formulaire).group(0)
    assert "1 demande une décision" in page(client)
    reservee = MesureFactory(
        mandataire=troupe.mandataire, en_attente=True, numero_rg="26B00702", reserve_par=troupe.gens[qui]
    )
    assert "une décision" not in page(client)  # reserved elsewhere since: settled
    closes = page(client, "?etat=closes")
    assert numeros(closes) == ["26B00702"]
    assert f'auprès de <a href="/mesures/{reservee.pk}/">Camille Bellerive</a>' in closes


def test_what_was_reserved_again_then_cancelled_asks_for_a_decision_again(troupe, juge, declinee):
    reservee = MesureFactory(mandataire=troupe.mandataire, en_attente=True, numero_rg="26B00702")
    assert "une décision" not in page(juge)
    juge.post(f"/mesures/{reservee.pk}/annuler/", {"raison": "Erreur de mandataire."})
    reservee.refresh_from_db()
    assert reservee.statut == Statut.ANNULEE
    texte = page(juge)
    assert "1 demande une décision" in texte
    assert "« Je connais la famille de la personne. »" in texte
    MesureFactory(mandataire=troupe.service, en_attente=True, numero_rg="26B00702")
    assert "une décision" not in page(juge)


def test_reserved_again_at_another_court_settles_nothing(troupe, juge, declinee):
    MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.thionville, en_attente=True, numero_rg="26B00702")
    assert "1 demande une décision" in page(juge)


def test_cancelling_and_searching_elsewhere(troupe, sans_reponse):
    client = troupe.clients["greffier"]
    reponse = client.post(f"/mesures/{sans_reponse.pk}/annuler/?chercher=1", {"raison": "Sans réponse de votre part."})
    assert reponse["Location"] == suivi.adresse_recherche(sans_reponse)
    assert client.get(reponse["Location"]).status_code == 200
    assert "une décision" not in page(client)
    assert numeros(page(client, "?etat=closes")) == ["26A00541"]


def test_one_mesure_read_by_its_court(troupe, sans_reponse, declinee):
    client = troupe.clients["greffier"]
    texte = client.get(f"/mesures/{sans_reponse.pk}/").content.decode()
    for lien in (f"/mesures/{sans_reponse.pk}/reservation/modifier/", f"/mesures/{sans_reponse.pk}/annuler/"):
        assert lien in texte
    en_cours = client.get(f"/mesures/{troupe.mesure.pk}/").content.decode()
    relancer = f'href="{suivi.adresse_recherche(declinee)}">Relancer la recherche'.replace("&", "&amp;")
    assert relancer in client.get(f"/mesures/{declinee.pk}/").content.decode()
    for acte in ("modifier", "annuler", "terminer", "valider", "decliner"):
        assert f"/mesures/{troupe.mesure.pk}/{acte}/" not in en_cours
    assert troupe.clients["magistrat_voisin"].get(f"/mesures/{sans_reponse.pk}/").status_code == 404


# --- Paper and workbook -------------------------------------------------------------------------------


def classeur(client, suite=""):
    reponse = client.post("/mesures/exporter/" + suite)
    assert reponse.status_code == 200
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    return [list(ligne) for ligne in feuille.iter_rows(values_only=True)], reponse


def test_export_is_the_list_with_its_filters(troupe, juge, declinee, sans_reponse):
    (note, titres, *lignes), reponse = classeur(juge, "?rg=26A00541")
    assert reponse["Content-Disposition"].startswith('attachment; filename="mesures-en_attente-')
    assert titres[:3] == ["N° RG", "État", "Nature"]
    assert [ligne[0] for ligne in lignes] == ["26A00541"]
    ligne = dict(zip(titres, lignes[0], strict=True))
    assert ligne["Mandataire"] == "Camille Bellerive"
    assert ligne["Réservée le"].date() == timezone.localdate() - datetime.timedelta(days=34)
    assert "RG contenant « 26A00541 »" in note[0].replace("\u00a0", " ")
    (_, titres, *lignes), _ = classeur(troupe.clients["greffier"], "?etat=closes")
    assert dict(zip(titres, lignes[0], strict=True))["Raison"] == "Je connais la famille de la personne."
    assert [classeur(juge, f"?etat={etat}")[0][1][0] for etat in ("en_cours", "eteintes", "renouvelees")] == [
        "N° RG"
    ] * 3


def test_export_leaves_its_line_and_no_get_writes_one(troupe, juge):
    assert juge.get("/mesures/exporter/").status_code == 405
    classeur(juge, "?etat=en_cours&cabinet=zut&rg=21B")
    ligne = Evenement.objects.get(acte="mesures.exporter")
    assert (ligne.par, ligne.objet_id) == (troupe.gens["magistrat"], str(troupe.metz.pk))
    assert ligne.changements == {"liste": "en_cours", "lignes": 1, "filtres": ["rg"]}


def test_export_cannot_run_a_formula(troupe, juge):
    MesureFactory(
        mandataire=troupe.voisin, en_attente=True, numero_rg='=HYPERLINK("http://x")', cabinet="@SUM(1)", ville="+1+1"
    )
    octets = juge.post("/mesures/exporter/").content
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        feuille = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in feuille
    assert "<hyperlink" not in feuille
    assert "'=HYPERLINK" in feuille
    (_, titres, *lignes), _ = classeur(juge, "?tri=rg")
    assert {dict(zip(titres, ligne, strict=True))["Cabinet"] for ligne in lignes} >= {"'@SUM(1)"}


def test_paper_has_the_whole_list(troupe, juge):
    for rang in range(60):
        MesureFactory(mandataire=troupe.voisin, en_attente=True, numero_rg=f"26D{rang:05d}")
    texte = juge.get("/mesures/imprimer/?mandataire=" + str(troupe.voisin.pk)).content.decode().replace("\u00a0", " ")
    assert len(numeros(texte)) == 60
    assert "60 lignes (Basile Clairsentier)" in texte
    assert "Modifier<" not in texte


def test_paper_and_workbook_of_another_court_hold_nothing(troupe):
    voisin = troupe.clients["magistrat_voisin"]
    assert [ligne[0] for ligne in classeur(voisin)[0][2:]] == []
    assert [ligne[0] for ligne in classeur(voisin, "?etat=en_cours")[0][2:]] == ["22A00010"]
    assert "26C00001" not in voisin.get("/mesures/imprimer/").content.decode()
    assert "26C00001" not in page(voisin, f"?mandataire={troupe.mandataire.pk}&rg=26C")


# --- Queries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", ["en_attente", "en_cours", "eteintes", "closes", "renouvelees"])
def test_twelve_queries_at_most_whatever_the_size(troupe, juge, django_assert_max_num_queries, etat):
    def peupler(rang):
        communs = {"mandataire": MandataireFactory(), "reserve_le": il_y_a(40), "cabinet": str(rang)}
        MesureFactory(**communs, en_attente=True)
        MesureFactory(**communs, valide_le=il_y_a(2))
        MesureFactory(**communs, eteinte=True)
        MesureFactory(**communs, statut=Statut.DECLINEE, date_jugement=None, clos_le=il_y_a(3))
        MesureFactory(**communs, statut=Statut.RENOUVELEE, renouvelle=troupe.mesure, valide_le=il_y_a(2))

    peupler(0)
    comptes = []
    for adresse in (f"?etat={etat}", f"?etat={etat}&rg=19D&du=2020-01-01"):
        with django_assert_max_num_queries(12) as peu:
            page(juge, adresse)
        comptes.append(len(peu))
    for rang in range(1, 25):
        peupler(rang)
    for attendu, adresse in zip(comptes, (f"?etat={etat}", f"?etat={etat}&rg=19D&du=2020-01-01"), strict=True):
        with django_assert_max_num_queries(12) as beaucoup:
            page(juge, adresse)
        assert len(beaucoup) == attendu, adresse
