"""A court corrects or cancels its reservation as long as nobody answered; after, it is told why it cannot."""

import pytest

from emjpm.commun.models import Courriel, Evenement
from mesures.enums import Nature, Statut
from mesures.models import Mesure
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible

from .test_reservation import SAISIE, caches, ouvrir, url


@pytest.fixture
def juge(troupe):
    return troupe.clients["magistrat"]


@pytest.fixture
def reservee(troupe, juge):
    juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire))
    Courriel.objects.all().delete()
    return Mesure.objects.get(numero_rg="26B00768")


def modifier(client, mesure, **changements):
    adresse = f"/mesures/{mesure.pk}/reservation/modifier/"
    return client.post(adresse, SAISIE | caches(client.get(adresse)) | changements)


def test_a_court_edits_its_reservation(troupe, juge, reservee):
    reponse = modifier(juge, reservee, nature="curatelle_simple", urgence="on")
    assert reponse["Location"] == f"/mesures/{reservee.pk}/reservation/"
    reservee.refresh_from_db()
    assert (reservee.nature, reservee.urgence, reservee.commune.nom) == (Nature.CURATELLE_SIMPLE, True, "Metz")
    assert Courriel.objects.get().destinataire == troupe.gens["mandataire"].email
    trace = Evenement.objects.sur(reservee).first()
    assert trace.acte == "mesure.modifier_reservation"
    assert trace.changements["nature"] == ["tutelle", "curatelle_simple"]


def test_saving_without_a_change_tells_nobody(troupe, juge, reservee):
    assert modifier(juge, reservee).status_code == 302
    assert not Courriel.objects.exists()


def test_two_people_of_the_court_edit_at_once(troupe, juge, reservee):
    adresse = f"/mesures/{reservee.pk}/reservation/modifier/"
    mien = SAISIE | caches(juge.get(adresse))
    modifier(troupe.clients["greffier"], reservee, cabinet="9")
    texte = juge.post(adresse, mien | {"nature": "curatelle_simple"}).content.decode().replace("\u00a0", " ")
    assert "a été modifiée pendant que vous" in texte
    assert 'value="curatelle_simple" selected' in texte
    reservee.refresh_from_db()
    assert (reservee.cabinet, reservee.nature) == ("9", Nature.TUTELLE)


def test_a_court_cancels_with_a_reason_the_mandataire_reads(troupe, juge, reservee):
    adresse = f"/mesures/{reservee.pk}/annuler/"
    assert "Écrivez la raison." in juge.post(adresse, {"raison": ""}).content.decode().replace("\u00a0", " ")
    reponse = juge.post(adresse, {"raison": "La famille prend la mesure."})
    assert reponse["Location"] == "/mesures/"
    reservee.refresh_from_db()
    assert reservee.statut == Statut.ANNULEE
    assert "La famille prend la mesure." in Courriel.objects.get().texte
    assert "Réservation 26B00768 annulée." in juge.get("/mesures/").content.decode().replace("\u00a0", " ")


def test_cancelling_to_search_elsewhere_opens_the_search_around_the_person(juge, reservee):
    reponse = juge.post(f"/mesures/{reservee.pk}/annuler/?chercher=1", {"raison": "Sans réponse."})
    assert reponse["Location"].startswith("/recherche/?rg=26B00768&nature=tutelle&lieu=57000")


def test_too_late_once_validated(troupe, juge, reservee):
    from emjpm.commun.journal import noter

    Mesure.objects.filter(pk=reservee.pk).update(statut=Statut.EN_COURS, date_jugement="2026-01-05")
    noter(par=troupe.gens["mandataire"], acte="mesure.valider", objet=reservee)
    for adresse, mot in (("annuler", "annulée"), ("reservation/modifier", "modifiée")):
        reponse = juge.post(f"/mesures/{reservee.pk}/{adresse}/", SAISIE | {"raison": "Trop tard"}, follow=True)
        texte = reponse.content.decode().replace("\u00a0", " ")
        assert "a validé cette mesure" in texte
        assert f"elle ne peut plus être {mot} ici." in texte
    reservee.refresh_from_db()
    assert reservee.statut == Statut.EN_COURS


def test_the_services_refuse_what_came_too_late(troupe, reservee):
    Mesure.objects.filter(pk=reservee.pk).update(statut=Statut.DECLINEE)
    par = troupe.gens["magistrat"]
    with pytest.raises(ActeImpossible):
        services.annuler(par=par, mesure=reservee, raison="x")
    with pytest.raises(ActeImpossible):
        services.modifier_reservation(par=par, mesure=reservee, donnees={}, version=reservee.version)


@pytest.mark.parametrize("adresse", ["reservation", "reservation/modifier", "annuler"])
def test_another_court_finds_nothing(troupe, reservee, adresse):
    url_ = f"/mesures/{reservee.pk}/{adresse}/"
    assert troupe.clients["magistrat_voisin"].get(url_).status_code == 404
    assert troupe.clients["magistrat_voisin"].post(url_, {"raison": "x"}).status_code == 404
    assert troupe.clients["mandataire"].get(url_).status_code == 403
    assert troupe.clients["agent"].get(url_).status_code == 403
    assert troupe.clients["greffier"].get(url_).status_code == 200
    # a mesure the court did not reserve is not a reservation
    assert troupe.clients["magistrat"].get(f"/mesures/{troupe.mesure.pk}/{adresse}/").status_code == 404
