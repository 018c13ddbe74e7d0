"""A court reserves: the stories of the judge and of who receives. What follows: test_reservation_suite."""

import datetime
import re

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role, Utilisateur
from mandataires.models import Membre
from mesures.enums import Statut
from mesures.models import Mesure
from tests.factories import (
    LieuFactory,
    MandataireFactory,
    MesureFactory,
    UtilisateurFactory,
    commune,
)

SAISIE = {
    "numero_rg": "26B00768",
    "cabinet": "2",
    "date_previsionnelle": "2031-12-08",
    "civilite": "madame",
    "annee_naissance": "1943",
    "commune": "57000 Metz",
    "nature": "tutelle",
    "champ": "protection_bien_personne",
    "message": "Établissement trouvé, entrée prévue mi-décembre.",
}


def lire(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")


def url(mandataire) -> str:
    return f"/mandataires/{mandataire.pk}/reserver/"


def ouvrir(client, mandataire, suite="") -> dict:
    """Open the form as a browser does: what it will send, hidden fields included."""
    page = client.get(url(mandataire) + suite)
    assert page.status_code == 200
    return caches(page) | SAISIE


def caches(page) -> dict:
    champs = re.findall(
        r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page.content.decode().replace("\u00a0", " ")
    )
    return {nom: valeur for nom, valeur in champs if nom != "csrfmiddlewaretoken"}


@pytest.fixture
def juge(troupe):
    return troupe.clients["magistrat"]


@pytest.fixture
def plein(troupe):
    """A mandataire with one place left."""
    mandataire = MandataireFactory(nom="Étienne Largeombre", capacite=2)
    MesureFactory(mandataire=mandataire)
    return mandataire


def test_a_reservation_reaches_the_mandataire(troupe, juge):
    reponse = juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire))
    mesure = Mesure.objects.get(numero_rg="26B00768")
    assert reponse["Location"] == f"/mesures/{mesure.pk}/reservation/"
    assert (mesure.statut, mesure.tribunal, mesure.reserve_par) == (
        Statut.EN_ATTENTE,
        troupe.metz,
        troupe.gens["magistrat"],
    )
    assert (mesure.code_postal, mesure.commune.nom, mesure.annee_naissance) == ("57000", "Metz", 1943)
    page = juge.get(reponse["Location"]).content.decode().replace("\u00a0", " ")
    assert "Mesure réservée" in page
    assert "Tutelle aux biens et à la personne" in page
    courriel = Courriel.objects.get()
    assert courriel.destinataire == troupe.gens["mandataire"].email
    assert "26B00768" in courriel.sujet
    assert "TJ de Metz" in courriel.sujet
    assert f"/mesures/en-attente/#mesure-{mesure.pk}" in courriel.texte
    assert "Établissement trouvé" in courriel.texte
    assert Evenement.objects.sur(mesure).get().acte == "mesure.reserver"


def test_the_mail_says_no_more_of_the_adult_than_the_page(troupe, juge):
    juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire))
    texte = Courriel.objects.get().texte
    assert "Personne : Femme, " in texte
    assert "1943" not in texte


def test_the_form_remembers_the_cabinet_and_the_place_searched(troupe, juge):
    page = (
        juge.get(url(troupe.mandataire) + "?lieu=57100&rg=26B00702&nature=tutelle")
        .content.decode()
        .replace("\u00a0", " ")
    )
    assert re.search(r'name="cabinet" value="2"', page)
    assert re.search(r'name="commune" value="57100 Thionville"', page)
    assert re.search(r'name="numero_rg" value="26B00702"', page)
    assert 'value="tutelle" selected' in page


def test_an_urgent_one_says_so_in_the_subject(troupe, juge):
    juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire) | {"urgence": "on"})
    assert Courriel.objects.get().sujet.startswith("[Urgent]")
    mesure = Mesure.objects.get(numero_rg="26B00768")
    assert "un courriel marqué « urgent »" in juge.get(f"/mesures/{mesure.pk}/reservation/").content.decode().replace(
        "\u00a0", " "
    )


def test_a_double_click_and_back_make_one_reservation(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire)
    premiere, seconde = juge.post(url(troupe.mandataire), envoi), juge.post(url(troupe.mandataire), envoi)
    assert premiere["Location"] == seconde["Location"]
    assert "déjà enregistrée" not in lire(juge.get(seconde["Location"]))
    assert Mesure.objects.filter(cle_reservation=envoi["cle"]).count() == 1
    assert Courriel.objects.count() == 1


def test_back_and_something_else_is_not_dropped_in_silence(troupe, juge):
    """The same number: it is the same file. What was corrected is not kept, and the page says so."""
    envoi = ouvrir(juge, troupe.mandataire)
    juge.post(url(troupe.mandataire), envoi)
    for change in ({"nature": "curatelle_simple"}, {"numero_rg": ""}):
        page = lire(juge.post(url(troupe.mandataire), envoi | change, follow=True))
        assert "Elle ne dit pas ce que vous venez d’envoyer : rien n’y a changé. Pour la corriger, modifiez-la." in page
    assert Mesure.objects.get(cle_reservation=envoi["cle"]).nature == "tutelle"
    assert Courriel.objects.count() == 1


def test_back_then_another_number_is_said_and_asked_again(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire)
    juge.post(url(troupe.mandataire), envoi)
    autre = envoi | {"numero_rg": "26B00999"}
    page = juge.post(url(troupe.mandataire), autre).content.decode().replace("\u00a0", " ")
    assert f"La réservation {envoi['numero_rg']} est déjà enregistrée depuis cette page." in page
    assert 'value="26B00999"' in page
    assert Courriel.objects.count() == 1
    cle = re.search(r'name="cle" value="([^"]+)"', page).group(1)
    assert cle != str(envoi["cle"])
    assert juge.post(url(troupe.mandataire), autre | {"cle": cle}).status_code == 302
    assert Mesure.objects.filter(numero_rg="26B00999").count() == 1


def test_nobody_gets_the_reservation_of_another_by_its_key(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire)
    juge.post(url(troupe.mandataire), envoi)
    page = troupe.clients["greffier"].post(url(troupe.mandataire), envoi).content.decode().replace("\u00a0", " ")
    assert "Cette page a déjà servi" in page
    assert Mesure.objects.filter(numero_rg="26B00768").count() == 1


def test_the_last_place_taken_by_another_judge(troupe, juge, plein):
    greffier = troupe.clients["greffier"]
    mien, sien = ouvrir(juge, plein), ouvrir(greffier, plein)
    assert greffier.post(url(plein), sien | {"numero_rg": "26A00001"}).status_code == 302
    page = juge.post(url(plein), mien)
    texte = page.content.decode().replace("\u00a0", " ")
    assert "Réserver au-delà de la capacité ?" in texte
    assert "Plus de place depuis que vous avez ouvert la page" in texte
    assert "1 au-dessus de la capacité" in texte
    assert "Tutelle aux biens et à la personne" in texte
    assert not Mesure.objects.filter(numero_rg="26B00768").exists()
    assert juge.post(url(plein), caches(page)).status_code == 302  # « Réserver quand même »
    mesure = Mesure.objects.get(numero_rg="26B00768")
    assert (mesure.message, mesure.commune.nom) == (SAISIE["message"], "Metz")


def test_confirming_a_figure_that_changed_asks_again(troupe, juge, plein):
    MesureFactory(mandataire=plein, en_attente=True)
    page = juge.post(url(plein), ouvrir(juge, plein))
    assert "Ce mandataire est complet" in page.content.decode().replace("\u00a0", " ")
    MesureFactory(mandataire=plein, en_attente=True)
    encore = juge.post(url(plein), caches(page))
    assert "Le chiffre a encore changé" in encore.content.decode().replace("\u00a0", " ")
    assert not Mesure.objects.filter(numero_rg="26B00768").exists()
    assert juge.post(url(plein), caches(encore)).status_code == 302


def test_the_confirmation_leads_back_to_the_form_with_everything(troupe, juge, plein):
    MesureFactory(mandataire=plein, en_attente=True)
    page = juge.post(url(plein), ouvrir(juge, plein))
    formulaire = juge.post(url(plein), caches(page) | {"revenir": "1"}).content.decode().replace("\u00a0", " ")
    assert "Réserver une mesure" in formulaire
    assert 'value="26B00768"' in formulaire
    assert "Établissement trouvé" in formulaire
    assert 'role="alert"' not in formulaire


def test_a_pause_is_confirmed_too(troupe, juge):
    repos = MandataireFactory(
        nom="Noé Rochebleue",
        capacite=40,
        pause_debut=timezone.localdate(),
        pause_fin=timezone.localdate() + datetime.timedelta(days=30),
        pause_motif="Congé",
    )
    page = juge.post(url(repos), ouvrir(juge, repos))
    assert "Réserver malgré la pause ?" in page.content.decode().replace("\u00a0", " ")
    assert "Congé" in page.content.decode().replace("\u00a0", " ")
    assert juge.post(url(repos), caches(page)).status_code == 302


def test_an_unknown_capacity_needs_no_confirmation(troupe, juge):
    inconnue = MandataireFactory(nom="Yvonne Verdemain", capacite=None)
    assert juge.post(url(inconnue), ouvrir(juge, inconnue)).status_code == 302


@pytest.mark.parametrize(
    ("changement", "phrase"),
    [
        ({"numero_rg": ""}, "Écrivez le numéro RG."),
        ({"numero_rg": "Durand Marie"}, "ressemble à un nom"),
        ({"civilite": ""}, "Choisissez la civilité."),
        ({"nature": ""}, "Choisissez la nature de la mesure."),
        ({"nature": "autre"}, "Sélectionnez un choix valide"),
        ({"annee_naissance": ""}, "Écrivez l’année sur 4 chiffres, ou cochez « Inconnue »."),
        ({"annee_naissance": "43"}, "Écrivez l’année sur 4 chiffres"),
        ({"annee_naissance": "2099"}, "2099 est dans l’avenir."),
        ({"commune": "Xqzplouf"}, "Aucune commune ne ressemble à « Xqzplouf »"),
        ({"message": "Mme Durand est en EHPAD"}, "Ce message semble nommer une personne"),
        ({"date_previsionnelle": "31/02/2027"}, "Écrivez une date qui existe"),
        ({"cle": "zut"}, "UUID"),
    ],
)
def test_a_refused_form_loses_nothing_and_writes_nothing(troupe, juge, changement, phrase):
    envoi = ouvrir(juge, troupe.mandataire) | changement
    texte = juge.post(url(troupe.mandataire), envoi).content.decode().replace("\u00a0", " ")
    assert phrase in texte
    assert 'value="1943"' in texte or "annee_naissance" in changement
    assert not Mesure.objects.filter(nature="tutelle", reserve_par=troupe.gens["magistrat"]).exists()
    assert not Courriel.objects.exists()


def test_an_unknown_birth_year_is_accepted(troupe, juge):
    juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire) | {"annee_naissance": "", "annee_inconnue": "on"})
    assert Mesure.objects.get(numero_rg="26B00768").annee_naissance is None


def test_the_same_number_with_the_same_mandataire_is_refused(troupe, juge):
    texte = (
        juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire) | {"numero_rg": "RG 21/B/00167"})
        .content.decode()
        .replace("\u00a0", " ")
    )
    assert "Ce mandataire exerce déjà cette mesure." in texte
    assert Mesure.objects.filter(rg_normal="21B00167").count() == 1


def test_a_number_known_elsewhere_is_said_and_never_blocks(troupe, juge):
    reponse = juge.post(url(troupe.voisin), ouvrir(juge, troupe.voisin) | {"numero_rg": "21B00167"})
    page = juge.get(reponse["Location"]).content.decode().replace("\u00a0", " ")
    assert "Ce numéro RG est déjà connu de votre tribunal" in page
    assert "tutelle, en cours chez Camille Bellerive" in page


def test_odd_things_are_remarked_after(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire) | {
        "numero_rg": "XX-1",
        "date_previsionnelle": "2020-01-01",
        "annee_naissance": str(timezone.localdate().year - 15),
    }
    page = juge.get(juge.post(url(troupe.mandataire), envoi)["Location"]).content.decode().replace("\u00a0", " ")
    assert "Numéro RG XX-1. Forme inhabituelle : vérifiez le numéro." in page
    assert "Jugement prévu le 1er janvier 2020. Cette date est passée." in page
    assert "Cette personne a 15 ans : confirmez l’année." in page


def test_all_the_members_of_a_service_or_of_the_antenne_are_told(troupe, juge):
    service = troupe.service
    thionville = LieuFactory(mandataire=service, nom="Antenne de Thionville", commune=commune("Thionville"))
    avold = LieuFactory(mandataire=service, nom="Antenne de Saint-Avold", commune=commune("Saint-Avold"))
    for email, lieu, statut in [
        ("ici@exemple.fr", thionville, "valide"),
        ("ailleurs@exemple.fr", avold, "valide"),
        ("partout@exemple.fr", None, "valide"),
        ("attend@exemple.fr", thionville, "en_attente"),
    ]:
        gens = UtilisateurFactory(role=Role.SERVICE, email=email, statut=statut)
        Membre.objects.create(utilisateur=gens, mandataire=service, lieu=lieu)
    reponse = juge.post(url(service), ouvrir(juge, service) | {"lieu": thionville.pk})
    administratrice = troupe.gens["service"].email
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {
        "ici@exemple.fr",
        "partout@exemple.fr",
        administratrice,
    }
    page = juge.get(reponse["Location"]).content.decode().replace("\u00a0", " ")
    assert "3 personnes de l’antenne de Thionville viennent d’en être informées" in page
    Courriel.objects.all().delete()
    juge.post(url(service), ouvrir(juge, service) | {"numero_rg": "26B00900", "lieu": ""})
    # Without an antenne: those who see the whole service, since the others could not open it.
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"partout@exemple.fr", administratrice}


def test_the_antenne_of_another_service_is_refused(troupe, juge):
    LieuFactory(mandataire=troupe.service, commune=commune("Thionville"))
    ailleurs = LieuFactory(mandataire=troupe.voisin)
    texte = (
        juge.post(url(troupe.service), ouvrir(juge, troupe.service) | {"lieu": ailleurs.pk})
        .content.decode()
        .replace("\u00a0", " ")
    )
    assert "1 champ à corriger" in texte


def test_no_field_may_be_slipped_in(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire) | {
        "statut": "en_cours",
        "tribunal": troupe.thionville.pk,
        "mandataire": troupe.voisin.pk,
        "reserve_par": troupe.gens["voisin"].pk,
    }
    juge.post(url(troupe.mandataire), envoi)
    mesure = Mesure.objects.get(numero_rg="26B00768")
    assert (mesure.statut, mesure.tribunal, mesure.mandataire) == (Statut.EN_ATTENTE, troupe.metz, troupe.mandataire)


def test_who_may_reserve(troupe, client):
    adresse = url(troupe.mandataire)
    for qui in ("mandataire", "voisin", "service", "agent", "support"):
        assert troupe.clients[qui].get(adresse).status_code == 403, qui
        assert troupe.clients[qui].post(adresse, SAISIE).status_code == 403, qui
    assert client.get(adresse).status_code == 302
    suspendu = MandataireFactory()
    Utilisateur.objects.filter(membre__mandataire=suspendu).update(statut="suspendu")
    assert troupe.clients["magistrat"].get(url(suspendu)).status_code == 404
