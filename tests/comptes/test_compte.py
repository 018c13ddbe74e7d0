"""One's own account: identity, password, address, second factor."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from emjpm.commun.models import Courriel, Evenement
from tests.comptes.test_connexion import connecter, lien, ouverte, texte
from tests.factories import MOT_DE_PASSE, UtilisateurFactory

pytestmark = pytest.mark.django_db

NOUVEAU = "un-nouveau-mot-de-passe-2026"


def test_account_says_who_one_is(troupe):
    assert "Tribunal judiciaire de Metz, cabinet 2" in texte(troupe.clients["magistrat"].get("/mon-compte/"))
    assert "Camille Bellerive" in texte(troupe.clients["mandataire"].get("/mon-compte/"))
    assert "niveau départemental" in texte(troupe.clients["agent"].get("/mon-compte/"))
    assert troupe.clients["support"].get("/mon-compte/").status_code == 200


def test_password_change_asks_the_old_one_and_tells_by_mail(ouvrir_session):
    personne = UtilisateurFactory()
    client = ouvrir_session(personne)
    donnees = {"oldpassword": "faux", "password1": NOUVEAU, "password2": NOUVEAU}
    assert "Ce n’est pas votre mot de passe actuel." in texte(client.post("/mon-compte/mot-de-passe/", donnees))
    court = {"oldpassword": MOT_DE_PASSE, "password1": "7lettre", "password2": "7lettre"}
    assert "7 caractères : il en faut au moins 12." in texte(client.post("/mon-compte/mot-de-passe/", court))
    reponse = client.post("/mon-compte/mot-de-passe/", {**donnees, "oldpassword": MOT_DE_PASSE}, follow=True)
    assert "Votre mot de passe est changé." in texte(reponse)
    assert Courriel.objects.get().destinataire == personne.email
    assert ouverte(client)


def test_new_address_asks_the_password_then_counts_once_confirmed(ouvrir_session):
    personne = UtilisateurFactory(email="avant@exemple.fr")
    client = ouvrir_session(personne)
    reponse = client.post("/mon-compte/adresse/", {"email": "Apres@exemple.fr", "action_add": ""}, follow=True)
    assert "Confirmer que c’est vous" in texte(reponse)
    assert not Courriel.objects.exists()
    faux = {"password": "faux", "next": "/mon-compte/adresse/"}
    assert "Mot de passe incorrect." in texte(client.post("/mon-compte/confirmer-identite/", faux))
    confirmer(client, reponse)  # what was typed before is not lost
    assert "attend sa confirmation" in texte(client.get("/mon-compte/adresse/"))
    personne.refresh_from_db()
    assert personne.email == "avant@exemple.fr"
    client.post(lien(Courriel.objects.get(destinataire="apres@exemple.fr")))
    personne.refresh_from_db()
    assert personne.email == "apres@exemple.fr"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("apres@exemple.fr", True)]
    assert "apres@exemple.fr" in Courriel.objects.get(destinataire="avant@exemple.fr").texte


def test_address_of_somebody_else_is_not_told_nor_taken(ouvrir_session):
    UtilisateurFactory(email="prise@exemple.fr")
    personne = UtilisateurFactory(email="moi@exemple.fr")
    client = ouvrir_session(personne)
    reconnu(client)
    libre = client.post("/mon-compte/adresse/", {"email": "libre@exemple.fr", "action_add": ""}, follow=True)
    prise = client.post("/mon-compte/adresse/", {"email": "prise@exemple.fr", "action_add": ""}, follow=True)
    assert texte(libre).replace("libre", "prise").count("prise@exemple.fr") == texte(prise).count("prise@exemple.fr")
    personne.refresh_from_db()
    assert personne.email == "moi@exemple.fr"


def reconnu(client) -> None:
    """The password was just typed again: pages that ask for it open, for 5 minutes."""
    client.post("/mon-compte/confirmer-identite/", {"password": MOT_DE_PASSE})


def confirmer(client, reponse):
    """Type the password again, where a page of security asks for it."""
    adresse = reponse.redirect_chain[-1][0]
    return client.post(
        adresse, {"password": MOT_DE_PASSE, "next": reponse.context["redirect_field_value"]}, follow=True
    )


def test_second_factor_is_asked_at_sign_in(client):
    personne = UtilisateurFactory(equipe=True)
    TOTP.activate(personne, generate_totp_secret())
    reponse = connecter(client, personne.email)
    assert "Second facteur" in texte(reponse)
    assert not ouverte(client)
    faux = client.post("/mon-compte/double-authentification/authenticate/", {"code": "000000"})
    assert faux.status_code == 200
    assert not ouverte(client)


def test_second_factor_is_compulsory_for_the_team(settings, ouvrir_session):
    settings.SECOND_FACTEUR_OBLIGATOIRE = True
    personne = UtilisateurFactory(equipe=True)
    client = Client()
    connecter(client, personne.email)
    reponse = client.get("/admin/", follow=True)
    assert "Confirmer que c’est vous" in texte(reponse)
    reponse = confirmer(client, reponse)
    assert "Activer le second facteur" in texte(reponse)
    assert not Authenticator.objects.exists()


def test_every_page_of_the_account_opens(ouvrir_session):
    personne = UtilisateurFactory()
    client = Client()
    connecter(client, personne.email)
    for adresse in (
        "/mon-compte/",
        "/mon-compte/adresse/",
        "/mon-compte/mot-de-passe/",
        "/mon-compte/confirmer-identite/",
        "/mon-compte/double-authentification/",
        "/mon-compte/double-authentification/totp/activate/",
        "/deconnexion/",
    ):
        reponse = client.get(adresse, follow=True)
        assert reponse.status_code == 200, adresse
        assert "fr-header" in texte(reponse), adresse
    TOTP.activate(personne, generate_totp_secret())
    for adresse in (
        "/mon-compte/double-authentification/",
        "/mon-compte/double-authentification/totp/deactivate/",
        "/mon-compte/double-authentification/recovery-codes/generate/",
    ):
        assert client.get(adresse, follow=True).status_code == 200, adresse
    codes = "/mon-compte/double-authentification/recovery-codes/"
    reponse = confirmer(client, client.post(f"{codes}generate/", follow=True))
    assert "10 codes sur 10" in texte(reponse)
    assert client.get(codes).status_code == 200


def test_a_judge_shows_or_hides_their_address_and_it_is_journalised(troupe):
    juge, client = troupe.gens["magistrat"], troupe.clients["magistrat"]
    assert "Montrer mon adresse aux mandataires" in texte(client.get("/mon-compte/"))
    montree = texte(client.post("/mon-compte/", {"partage_courriel": "on"}, follow=True))
    assert "Votre adresse est montrée aux mandataires chez qui vous réservez." in montree
    juge.refresh_from_db()
    assert juge.partage_courriel
    assert "Rien n’a changé." in texte(client.post("/mon-compte/", {"partage_courriel": "on"}, follow=True))
    assert "n’est plus montrée" in texte(client.post("/mon-compte/", {}, follow=True))
    lignes = Evenement.objects.filter(acte="compte.partager_courriel", par=juge).order_by("pk")
    assert [e.changements["partage_courriel"] for e in lignes] == [[False, True], [True, False]]


def test_a_mandataire_has_no_address_to_share(troupe):
    client = troupe.clients["mandataire"]
    assert "Montrer mon adresse" not in texte(client.get("/mon-compte/"))
    client.post("/mon-compte/", {"partage_courriel": "on"})
    troupe.gens["mandataire"].refresh_from_db()
    assert not troupe.gens["mandataire"].partage_courriel


@pytest.mark.parametrize("role", ["magistrat", "greffier"])
def test_a_court_chooses_to_be_told_of_ends(troupe, role):
    client, personne = troupe.clients[role], troupe.gens[role]
    assert "M’écrire à la fin d’une mesure que j’ai réservée" in texte(client.get("/mon-compte/"))
    assert "ne vous sera plus écrite" in texte(client.post("/mon-compte/", {}, follow=True))
    personne.refresh_from_db()
    assert not personne.avis_fin_mandat
    rien = client.post("/mon-compte/", {}, follow=True)
    assert "Rien n’a changé." in texte(rien)
    assert "fr-alert--success" not in rien.content.decode()
    deux = texte(client.post("/mon-compte/", {"avis_fin_mandat": "on", "partage_courriel": "on"}, follow=True))
    assert "vous sera écrite" in deux
    assert "Votre adresse est montrée" in deux
    lignes = Evenement.objects.filter(acte="compte.choisir_avis_de_fin", par=personne).order_by("pk")
    assert [e.changements["avis_fin_mandat"] for e in lignes] == [[True, False], [False, True]]


def test_a_mandataire_has_no_such_choice(troupe):
    assert "M’écrire à la fin" not in texte(troupe.clients["mandataire"].get("/mon-compte/"))
    troupe.clients["mandataire"].post("/mon-compte/", {})
    troupe.gens["mandataire"].refresh_from_db()
    assert troupe.gens["mandataire"].avis_fin_mandat
