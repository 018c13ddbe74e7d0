"""Signing in, the gate, and what each person is told."""

import re
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes import services
from emjpm.comptes.models import Role, Utilisateur
from tests.factories import MOT_DE_PASSE, UtilisateurFactory, agent

pytestmark = pytest.mark.django_db

NOUVEAU = "un-nouveau-mot-de-passe-2026"
ACCES = "/mon-compte/"  # any page that asks to be signed in


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")


def connecter(client, email, mot_de_passe=MOT_DE_PASSE, **autres):
    return client.post("/connexion/", {"login": email, "password": mot_de_passe, **autres}, follow=True)


def ouverte(client) -> bool:
    """Is somebody signed in, in this browser?"""
    return client.get(ACCES).status_code == 200


def lien(courriel) -> str:
    """The path of the link of a mail."""
    adresse = re.search(r"https?://\S+/(?:inscription/confirmer|mot-de-passe/nouveau)/\S+", courriel.texte).group(0)
    assert adresse.startswith("http://127.0.0.1:8000/")
    return adresse.removeprefix("http://127.0.0.1:8000")


def choisir_mot_de_passe(client, adresse, mot_de_passe=NOUVEAU):
    formulaire = client.get(adresse, follow=True)
    return client.post(
        formulaire.request["PATH_INFO"], {"password1": mot_de_passe, "password2": mot_de_passe}, follow=True
    )


def test_signs_in_whatever_the_case_and_spaces(client):
    UtilisateurFactory(email="camille@exemple.fr", role=Role.SUPPORT)
    connecter(client, "  CamiLLe@Exemple.FR ")
    assert ouverte(client)


def test_wrong_pair_and_unknown_address_are_told_the_same(client):
    UtilisateurFactory(email="connue@exemple.fr")
    UtilisateurFactory(email="attend@exemple.fr", en_attente=True)
    UtilisateurFactory(email="refusee@exemple.fr", statut="refuse")
    pages = set()
    for adresse in ("connue@exemple.fr", "attend@exemple.fr", "refusee@exemple.fr", "jamaisvu@exemple.fr"):
        reponse = connecter(Client(), adresse, "faux-mot-de-passe")
        page = texte(reponse)
        assert reponse.status_code == 200
        assert "Adresse ou mot de passe incorrect. Après 5 essais, il faudra patienter quelques minutes." in page
        assert f'value="{adresse}"' in page
        assert "faux-mot-de-passe" not in page
        assert "<title>Erreur : Se connecter" in page
        pages.add(re.sub(r'value="[^"]*"', "", page))
    assert len(pages) == 1


def test_empty_fields(client):
    page = texte(connecter(client, "", ""))
    assert "Écrivez votre adresse électronique." in page
    assert "Écrivez votre mot de passe." in page
    assert "Écrivez une adresse complète." in texte(connecter(client, "camille", "x"))


def test_after_five_failures_even_the_right_password_waits(client):
    UtilisateurFactory(email="camille@exemple.fr")
    for _ in range(5):
        assert "incorrect" in texte(connecter(client, "camille@exemple.fr", "faux"))
    # neither the right password, nor another Host, nor another claimed address of the machine
    for entetes in ({}, {"HTTP_HOST": "autre.exemple.fr"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}):
        reponse = Client().post("/connexion/", {"login": "camille@exemple.fr", "password": MOT_DE_PASSE}, **entetes)
        assert "Trop d’essais. Réessayez dans 5 minutes, ou choisissez « Mot de passe oublié »." in texte(reponse)
    connecter(client, "camille@exemple.fr")
    assert not ouverte(client)


def test_waiting_person_is_told_so_and_gets_no_session(client):
    UtilisateurFactory(email="attente@exemple.fr", en_attente=True)
    reponse = connecter(client, "attente@exemple.fr")
    page = texte(reponse)
    assert reponse.redirect_chain[-1][0] == "/en-attente/"
    assert "Votre demande est en attente de validation" in page
    assert "vous sera écrite à attente@exemple.fr" in page
    assert not ouverte(client)
    assert "/connexion/" in client.get(ACCES).url


def test_waiting_page_tells_nothing_to_a_stranger(client):
    UtilisateurFactory(email="attente@exemple.fr", en_attente=True)
    for adresse in ("/en-attente/", "/en-attente/?email=attente@exemple.fr", "/en-attente/?utilisateur=1"):
        assert client.get(adresse).url == "/connexion/"


def test_waiting_page_closes_once_validated(client):
    personne = UtilisateurFactory(email="attente@exemple.fr", en_attente=True)
    connecter(client, "attente@exemple.fr")
    Utilisateur.objects.update(statut="valide")
    assert "Votre demande est validée : connectez-vous." in texte(client.get("/en-attente/", follow=True))
    connecter(client, personne.email)
    assert ouverte(client)


def test_refused_and_suspended_are_told_why(client):
    UtilisateurFactory(email="refusee@exemple.fr", statut="refuse", motif_statut="SIRET d’une autre personne.")
    UtilisateurFactory(email="suspendue@exemple.fr", statut="suspendu")
    page = texte(connecter(client, "refusee@exemple.fr"))
    assert re.search(r"Votre demande a été refusée le \S+ \S+ \d{4} : SIRET d’une autre personne\. Vous pouvez", page)
    assert not ouverte(client)
    assert "Votre accès est suspendu. Contactez l’équipe." in texte(connecter(client, "suspendue@exemple.fr"))
    assert not ouverte(client)


def test_unverified_address_gets_a_new_mail_and_no_session(client):
    UtilisateurFactory(email="neuve@exemple.fr", en_attente=True, adresse_verifiee=False)
    page = texte(connecter(client, "neuve@exemple.fr"))
    assert "Confirmez d’abord votre adresse : un message vous a été renvoyé à neuve@exemple.fr." in page
    assert Courriel.objects.filter(destinataire="neuve@exemple.fr").count() == 1
    assert not ouverte(client)


def test_opening_the_confirmation_link_does_not_use_it(client):
    personne = UtilisateurFactory(email="neuve@exemple.fr", en_attente=True, adresse_verifiee=False)
    connecter(client, "neuve@exemple.fr")
    adresse = lien(Courriel.objects.get())
    for _ in range(2):  # a mail gateway, then the person
        page = texte(Client().get(adresse))
        assert "Confirmer mon adresse" in page
        assert not EmailAddress.objects.get(user=personne).verified
    reponse = client.post(adresse, follow=True)
    assert EmailAddress.objects.get(user=personne).verified
    assert "Votre demande est en attente de validation" in texte(reponse)
    assert not ouverte(client)
    assert Evenement.objects.filter(acte="compte.confirmer_adresse").exists()
    assert "Ce lien ne sert plus" in texte(Client().get(adresse))


def test_reset_gives_no_way_around_the_gate(client):
    personne = UtilisateurFactory(email="attente@exemple.fr", en_attente=True)
    client.post("/mot-de-passe/oublie/", {"email": "attente@exemple.fr"})
    page = texte(choisir_mot_de_passe(client, lien(Courriel.objects.get())))
    assert "Votre mot de passe est changé. Votre demande reste en attente de validation." in page
    assert not ouverte(client)
    personne.refresh_from_db()
    assert personne.check_password(NOUVEAU)
    assert "Votre demande est en attente de validation" in texte(connecter(client, personne.email, NOUVEAU))


@pytest.mark.parametrize("statut", ["refuse", "suspendu"])
def test_link_issued_before_the_gate_closed_opens_nothing(client, statut):
    UtilisateurFactory(email="camille@exemple.fr")
    client.post("/mot-de-passe/oublie/", {"email": "camille@exemple.fr"})
    Utilisateur.objects.update(statut=statut)
    choisir_mot_de_passe(client, lien(Courriel.objects.get()))
    assert not ouverte(client)
    connecter(client, "camille@exemple.fr", NOUVEAU)
    assert not ouverte(client)


def test_reset_link_opened_by_a_gateway_still_serves(client):
    personne = UtilisateurFactory(email="camille@exemple.fr")
    client.post("/mot-de-passe/oublie/", {"email": "CAMILLE@exemple.fr"})
    adresse = lien(Courriel.objects.get())
    for _ in range(3):
        assert Client().get(adresse, follow=True).status_code == 200
    assert "Votre mot de passe est changé. Connectez-vous." in texte(choisir_mot_de_passe(client, adresse))
    assert not ouverte(client)
    connecter(client, personne.email, NOUVEAU)
    assert ouverte(client)
    assert "Ce lien ne sert plus" in texte(Client().get(adresse, follow=True))
    assert Evenement.objects.filter(acte="compte.mot_de_passe", objet_id=str(personne.pk)).count() == 1


def test_reset_tells_the_same_to_all_and_writes_to_all():
    UtilisateurFactory(email="connue@exemple.fr")
    UtilisateurFactory(email="attend@exemple.fr", en_attente=True)
    vues = set()
    adresses = ["connue@exemple.fr", "attend@exemple.fr", "jamaisvu@exemple.fr"]
    for adresse in adresses:
        reponse = Client().post("/mot-de-passe/oublie/", {"email": adresse}, follow=True)
        vues.add((reponse.status_code, reponse.redirect_chain[-1], texte(reponse)))
    assert len(vues) == 1
    assert sorted(Courriel.objects.values_list("destinataire", flat=True)) == sorted(adresses)
    assert "aucun compte n’existe" in Courriel.objects.get(destinataire="jamaisvu@exemple.fr").texte


def test_mails_never_repeat_the_host_of_the_request(client):
    UtilisateurFactory(email="connue@exemple.fr")
    for adresse in ("connue@exemple.fr", "jamaisvu@exemple.fr"):
        client.post("/mot-de-passe/oublie/", {"email": adresse}, HTTP_HOST="piege.exemple.net")
    assert Courriel.objects.count() == 2
    assert not any("piege" in c.texte + c.html for c in Courriel.objects.all())


def test_suspending_signs_out_at_once_and_for_good():
    personne, chef = UtilisateurFactory(email="camille@exemple.fr"), UtilisateurFactory(equipe=True)
    navigateur = Client()
    connecter(navigateur, personne.email)
    assert ouverte(navigateur)
    services.suspendre(utilisateur=personne, par=chef, motif="À la demande de la DDETS")
    # even if nobody opened a page meanwhile, reinstating does not bring the old session back
    services.retablir(utilisateur=personne, par=chef)
    assert not ouverte(navigateur)
    connecter(navigateur, personne.email)
    assert ouverte(navigateur)
    Utilisateur.objects.filter(pk=personne.pk).update(statut="suspendu")  # as a repair by hand would do
    assert not ouverte(navigateur)
    assert [e.acte for e in Evenement.objects.order_by("pk")] == ["compte.suspendre", "compte.retablir"]
    assert Courriel.objects.filter(destinataire=personne.email).count() == 2


def test_page_that_asked_for_it_is_given_back(client):
    UtilisateurFactory(email="camille@exemple.fr")
    adresse = client.get(ACCES).url
    page = texte(client.get(adresse))
    assert "Connectez-vous pour voir cette page." in page
    reponse = client.post("/connexion/", {"login": "camille@exemple.fr", "password": MOT_DE_PASSE, "next": ACCES})
    assert reponse.url == ACCES


def test_next_never_leads_elsewhere(client):
    UtilisateurFactory(email="camille@exemple.fr")
    ailleurs = "https://piege.exemple.net/"
    reponse = client.post("/connexion/", {"login": "camille@exemple.fr", "password": MOT_DE_PASSE, "next": ailleurs})
    assert "piege" not in reponse.url


def test_each_role_begins_at_home(client):
    agente = agent("national")
    reponse = client.post("/connexion/", {"login": agente.email, "password": MOT_DE_PASSE})
    assert reponse.url == reverse("pilotage")


def test_signing_out_is_a_post(client, ouvrir_session):
    client = ouvrir_session(UtilisateurFactory())
    assert "Se déconnecter ?" in texte(client.get("/deconnexion/"))
    assert ouverte(client)
    assert "Vous êtes déconnecté." in texte(client.post("/deconnexion/", follow=True))
    assert not ouverte(client)


def test_demo_accounts_are_shown_in_demo_only(client, monkeypatch):
    assert "demo-emjpm-2026" not in texte(client.get("/connexion/"))
    monkeypatch.setattr("emjpm.comptes.views.settings", SimpleNamespace(DEMO=True))
    page = texte(client.get("/connexion/"))
    assert "demo-emjpm-2026" in page
    assert "attente@exemple.fr" in page


def test_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/?next=/admin/").url.startswith("/connexion/")
