"""Accounts in the admin: nobody raises their own rights, each act is logged."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role, Utilisateur
from tests.comptes.test_connexion import ouverte, texte
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db

LISTE = "/admin/comptes/utilisateur/"


@pytest.fixture
def equipe(db):
    personne = UtilisateurFactory(role=Role.SUPPORT, is_staff=True, prenom="Maëlle", nom="Pontaublé")
    codes = ["view_utilisateur", "change_utilisateur", "add_utilisateur", "view_courriel", "view_evenement"]
    personne.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return personne


@pytest.fixture
def client(equipe, ouvrir_session):
    return ouvrir_session(equipe)


def fiche(utilisateur, **autres) -> dict:
    return {
        "email": utilisateur.email,
        "civilite": utilisateur.civilite,
        "prenom": utilisateur.prenom,
        "nom": utilisateur.nom,
        "role": utilisateur.role,
        "is_active": "on",
        **autres,
    }


def test_finds_by_name_and_address(client):
    UtilisateurFactory(nom="Clairvoie", email="eglantine@exemple.fr")
    for mots in ("clairv", "eglantine@"):
        assert "Clairvoie" in texte(client.get(LISTE, {"q": mots}))
    assert client.get(LISTE, {"role__exact": "magistrat", "statut__exact": "suspendu"}).status_code == 200


def test_support_raises_nobodys_rights(client, equipe):
    cible = UtilisateurFactory()
    plus = {"is_staff": "on", "is_superuser": "on", "groups": "1", "statut": "valide"}
    client.post(f"{LISTE}{cible.pk}/change/", fiche(cible, **plus))
    client.post(f"{LISTE}{cible.pk}/change/", fiche(cible, **plus, role="support"))
    cible.refresh_from_db()
    assert (cible.is_staff, cible.is_superuser, cible.role) == (False, False, "individuel")
    client.post(f"{LISTE}{equipe.pk}/change/", fiche(equipe, is_superuser="on", is_staff="on"))
    equipe.refresh_from_db()
    assert not equipe.is_superuser


def test_support_cannot_touch_the_teams_accounts(client, equipe):
    """Changing a superuser's address, then asking for a reset, would be a way up."""
    chef = UtilisateurFactory(equipe=True, email="chef@exemple.fr")
    assert client.post(f"{LISTE}{chef.pk}/change/", fiche(chef, email="moi@exemple.fr")).status_code == 403
    client.post(LISTE, {"action": "suspendre", "_selected_action": [chef.pk], "_suspendre": "1"}, follow=True)
    chef.refresh_from_db()
    assert (chef.email, chef.statut) == ("chef@exemple.fr", "valide")


def test_suspend_then_reinstate(client, equipe, ouvrir_session):
    personne = UtilisateurFactory()
    navigateur = ouvrir_session(personne)
    envoi = {"action": "suspendre", "_selected_action": [personne.pk]}
    assert "Suspendre ces accès" in texte(client.post(LISTE, envoi))
    assert ouverte(navigateur)
    page = texte(client.post(LISTE, {**envoi, "_suspendre": "1", "motif": "Départ"}, follow=True))
    assert "1 accès suspendu" in page
    assert not ouverte(navigateur)
    assert "Départ" in Courriel.objects.get(destinataire=personne.email).texte
    page = texte(client.post(LISTE, {"action": "retablir", "_selected_action": [personne.pk]}, follow=True))
    assert "1 accès rétabli" in page
    assert [e.acte for e in Evenement.objects.filter(par=equipe).order_by("pk")] == [
        "compte.suspendre",
        "compte.retablir",
    ]
    assert "n’est ni suspendu ni fermé" in texte(
        client.post(LISTE, {"action": "retablir", "_selected_action": [personne.pk]}, follow=True)
    )


def test_correcting_an_address_asks_to_confirm_it(client, equipe):
    personne = UtilisateurFactory(email="faute@exemple.fr")
    autre = UtilisateurFactory(email="prise@exemple.fr")
    page = texte(client.post(f"{LISTE}{personne.pk}/change/", fiche(personne, email=autre.email)))
    assert "Un compte existe déjà pour cette adresse." in page
    client.post(f"{LISTE}{personne.pk}/change/", fiche(personne, email=" Juste@exemple.fr "))
    personne.refresh_from_db()
    adresse = personne.emailaddress_set.get()
    assert (personne.email, adresse.email, adresse.verified) == ("juste@exemple.fr", "juste@exemple.fr", False)
    ligne = Evenement.objects.get(acte="compte.corriger")
    assert ligne.par == equipe
    assert "exemple.fr" not in str(ligne.changements)


def test_reset_link_at_hand(client):
    personne = UtilisateurFactory()
    client.post(LISTE, {"action": "envoyer_lien", "_selected_action": [personne.pk]})
    assert "/mot-de-passe/nouveau/" in Courriel.objects.get(destinataire=personne.email).texte
    parti = UtilisateurFactory(statut="ferme")
    page = texte(client.post(LISTE, {"action": "envoyer_lien", "_selected_action": [parti.pk]}, follow=True))
    assert "Rien n’est envoyé à un compte fermé" in page
    assert not Courriel.objects.filter(destinataire=parti.email).exists()


def test_account_made_by_the_team_has_no_password_yet(client):
    nouveau = {"email": "neuf@exemple.fr", "civilite": "madame", "prenom": "Ada", "nom": "Neuve", "role": "greffier"}
    client.post(f"{LISTE}add/", {**nouveau, "is_active": "on"})
    personne = Utilisateur.objects.get(email="neuf@exemple.fr")
    assert (personne.statut, personne.has_usable_password(), personne.is_staff) == ("valide", False, False)


def test_outbox_and_journal_are_read_only(client, equipe):
    courriel = Courriel.objects.create(destinataire="a@exemple.fr", sujet="Essai", texte="…", envoye_le=timezone.now())
    perdu = Courriel.objects.create(destinataire="b@exemple.fr", sujet="Perdu", texte="…", abandonne_le=timezone.now())
    for nom in ("courriel", "evenement"):
        assert client.get(f"/admin/commun/{nom}/").status_code == 200
        assert client.get(f"/admin/commun/{nom}/add/").status_code == 403
    assert client.get(f"/admin/commun/courriel/{courriel.pk}/change/").status_code == 200
    envoi = {"action": "renvoyer", "_selected_action": [courriel.pk, perdu.pk]}
    assert "2 courriels à renvoyer" in texte(client.post("/admin/commun/courriel/", envoi, follow=True))
    assert Courriel.objects.a_envoyer().count() == 2
    assert Courriel.objects.filter(sujet="Essai").count() == 2
    assert Evenement.objects.filter(acte="courriel.renvoyer", par=equipe).count() == 2
