"""« Mesures du tribunal »: what demands a decision, then where a case is."""

import datetime
import re

import pytest
from django.utils import timezone

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


def test_queries_do_not_grow_with_the_rows(troupe, juge, django_assert_max_num_queries):
    with django_assert_max_num_queries(14) as peu:
        page(juge)
    for _ in range(8):
        MesureFactory(mandataire=MandataireFactory(), en_attente=True, reserve_le=il_y_a(40))
        MesureFactory(mandataire=MandataireFactory(), reserve_le=il_y_a(40), valide_le=il_y_a(2))
    with django_assert_max_num_queries(14) as beaucoup:
        page(juge)
    assert len(beaucoup) <= len(peu) + 1  # the names of the communes, once there are rows
