"""What a court notes on a mandataire: signed, dated, read by that court alone."""

import datetime

import pytest
from django.utils import timezone

from emjpm.commun.models import Evenement
from mandataires.models import Observation
from tests import factories
from tests.conftest import ouvrir

TEXTE = "Préfère être appelée avant une réservation urgente."


@pytest.fixture
def url(troupe):
    return f"/mandataires/{troupe.mandataire.pk}/"


@pytest.fixture
def observation(troupe):
    return Observation.objects.create(
        mandataire=troupe.mandataire,
        tribunal=troupe.metz,
        par=troupe.gens["magistrat"],
        texte=TEXTE,
        le=timezone.make_aware(datetime.datetime(2026, 9, 3, 12)),
    )


def test_it_is_written_signed_and_said_to_be_saved(troupe, url):
    juge = troupe.clients["magistrat"]
    assert "Aucune observation." in juge.get(url).content.decode()
    reponse = juge.post(f"{url}observations/?lieu=57000", {"texte": f"  {TEXTE} "}, follow=True)
    assert reponse.redirect_chain == [(f"{url}?lieu=57000#obs", 302)]
    texte = reponse.content.decode()
    assert "Observation enregistrée." in texte
    assert "Lues par le tribunal judiciaire de Metz seulement." in texte
    assert f"<p>{TEXTE}</p>" in texte
    ligne = Observation.objects.get()
    assert (ligne.par, ligne.tribunal, ligne.mandataire) == (troupe.gens["magistrat"], troupe.metz, troupe.mandataire)


def test_signatures(troupe, url, observation):
    Observation.objects.create(
        mandataire=troupe.mandataire, tribunal=troupe.metz, par=troupe.gens["greffier"], texte="Du greffe"
    )
    Observation.objects.create(mandataire=troupe.mandataire, tribunal=troupe.metz, par=None, texte="De jadis")
    texte = troupe.clients["magistrat"].get(url).content.decode()
    assert f"{troupe.gens['magistrat']}, 3 septembre 2026" in texte
    assert "Le greffe, " in texte
    assert "Un ancien membre du tribunal, " in texte


@pytest.mark.parametrize("texte", ["Voir avec Mme Durandal", "née le 12/03/1947", "", "x" * 501])
def test_a_refused_text_is_said_beside_its_field_and_kept(troupe, url, texte):
    reponse = troupe.clients["magistrat"].post(f"{url}observations/", {"texte": texte})
    corps = reponse.content.decode()
    assert reponse.status_code == 200
    assert "id_texte_erreur" in corps
    assert 'em-hors-papier fr-mt-2w" open' in corps  # unfolded, what was typed in it
    assert not texte or texte in corps
    assert "<title>Erreur" in corps
    assert not Observation.objects.exists()


def test_the_same_text_sent_twice_is_one_observation(troupe, url):
    for _ in range(2):
        troupe.clients["magistrat"].post(f"{url}observations/", {"texte": TEXTE})
    assert Observation.objects.count() == 1
    assert Evenement.objects.filter(acte="observation.ajouter").count() == 1


def test_nobody_else_reads_it(troupe, url, observation):
    assert TEXTE in troupe.clients["greffier"].get(url).content.decode()
    for qui in ("magistrat_voisin", "agent", "agent_national"):
        reponse = troupe.clients[qui].get(url)
        assert reponse.status_code == 200
        assert TEXTE not in reponse.content.decode(), qui
    for qui, page in (("mandataire", "/mes-informations/"), ("mandataire", "/tableau-de-bord/")):
        assert TEXTE not in troupe.clients[qui].get(page).content.decode()
    assert "Observations" not in troupe.clients["agent"].get(url).content.decode()
    admin = f"/admin/mandataires/mandataire/{troupe.mandataire.pk}/change/"
    assert TEXTE not in troupe.clients["support"].get(admin).content.decode()


def test_the_journal_never_holds_its_text(troupe, url):
    juge = troupe.clients["magistrat"]
    juge.post(f"{url}observations/", {"texte": TEXTE})
    ligne = Observation.objects.get()
    juge.post(f"{url}observations/{ligne.pk}/retirer/")
    lignes = list(Evenement.objects.filter(acte__startswith="observation."))
    assert sorted(e.acte for e in lignes) == ["observation.ajouter", "observation.retirer"]
    assert all(e.par == troupe.gens["magistrat"] and "Préfère" not in str(e.changements) for e in lignes)
    assert not Evenement.objects.sur(troupe.mandataire).exists()  # the mandataire's own history does not tell


def test_its_author_removes_it_after_a_question(troupe, url, observation):
    juge = troupe.clients["magistrat"]
    retirer = f"{url}observations/{observation.pk}/retirer/"
    assert retirer in juge.get(url).content.decode()
    assert retirer not in troupe.clients["greffier"].get(url).content.decode()
    assert TEXTE in juge.get(retirer).content.decode()
    assert Observation.objects.exists()  # the question removes nothing
    assert "Observation retirée." in juge.post(retirer, follow=True).content.decode()
    assert not Observation.objects.exists()
    assert juge.get(f"/mandataires/{troupe.voisin.pk}/observations/{observation.pk}/retirer/").status_code == 404


def test_once_its_author_left_the_court_may_remove_it(troupe, url, observation):
    membre = troupe.gens["magistrat"].membre_tribunal
    membre.tribunal = troupe.thionville
    membre.save()
    retirer = f"{url}observations/{observation.pk}/retirer/"
    assert ouvrir(troupe.gens["magistrat"]).get(retirer).status_code == 404  # no longer their court's
    assert troupe.clients["greffier"].post(retirer).status_code == 302
    assert not Observation.objects.exists()


def test_a_note_goes_to_the_court_of_its_author(troupe, url):
    voisin = ouvrir(factories.utilisateur_du_tribunal(troupe.thionville))
    voisin.post(f"{url}observations/", {"texte": "De Thionville", "tribunal": troupe.metz.pk})
    assert Observation.objects.get().tribunal == troupe.thionville
    assert "De Thionville" not in troupe.clients["magistrat"].get(url).content.decode()
    assert voisin.get(f"{url}observations/").url == f"{url}#obs"
