"""The people of a service: who invites, who may what, who leaves; at least one administrator stays."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires import services
from mandataires.models import Invitation, Membre
from tests import factories
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
PAGE = "/mes-informations/membres/"


@pytest.fixture
def chef(troupe):
    return troupe.clients["service"]


def membre(service, *, prenom="Bastien", nom="Loinville", **champs) -> Membre:
    utilisateur = factories.UtilisateurFactory(role="service", prenom=prenom, nom=nom)
    return Membre.objects.create(mandataire=service, utilisateur=utilisateur, **champs)


def lien(courriel: Courriel) -> str:
    return re.search(r"/invitation/[\w-]+/", courriel.texte).group()


def inviter(client, courriel="noe.vallonclair@exemple.fr", role="membre", antenne=""):
    return client.post(PAGE, {"courriel": courriel, "role": role, "antenne": antenne}, follow=True)


def test_inviting_then_sending_again_then_cancelling(troupe, chef):
    texte = inviter(chef, "Noe.Vallonclair@exemple.fr").content.decode()
    assert "Invitation envoyée à noe.vallonclair@exemple.fr, valable 7 jours." in texte
    assert "1 invitation en attente" in texte
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "noe.vallonclair@exemple.fr"
    assert "Les Trois Ponts vous invite" in courriel.sujet
    invitation = Invitation.objects.get()
    cle = lien(courriel).split("/")[2]
    assert cle not in str(Invitation.objects.values().get())  # a digest alone is kept
    assert (
        "Une invitation attend déjà sa réponse. Renvoyez-la."
        in inviter(chef, "NOE.vallonclair@exemple.fr ").content.decode()
    )
    renvoyer = reverse("invitation_renvoyer", args=[invitation.pk])
    chef.post(renvoyer)
    assert Courriel.objects.count() == 1  # a double click, less than a minute ago
    Invitation.objects.update(le=timezone.now() - services.membres.VALIDITE, expire_le=timezone.now())
    assert "Expirée le" in chef.get(PAGE).content.decode()
    chef.post(renvoyer)
    neuf = lien(Courriel.objects.latest("pk"))
    assert neuf != lien(courriel)
    anonyme = troupe.clients["support"].__class__()
    assert anonyme.get(lien(courriel)).status_code == 404  # the former link is dead
    assert anonyme.get(neuf).status_code == 200
    chef.post(reverse("invitation_annuler", args=[invitation.pk]))
    assert anonyme.get(neuf).status_code == 404
    assert "invitation en attente" not in chef.get(PAGE).content.decode()
    actes = Evenement.objects.sur(troupe.service).values_list("acte", flat=True)
    assert sorted(actes) == ["mandataire.annuler_invitation", "mandataire.inviter", "mandataire.renvoyer_invitation"]


def test_what_cannot_be_invited(troupe, chef):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
    ailleurs_ = factories.LieuFactory(mandataire=factories.MandataireFactory(service=True), nom="Ailleurs")
    deja = membre(troupe.service)
    for champs, mots in (
        ({"courriel": deja.utilisateur.email.upper()}, "Cette personne est déjà membre."),
        ({"courriel": "nulle part"}, "adresse complète"),
        ({"courriel": ""}, "Écrivez l’adresse électronique de la personne."),
        ({"role": "administrateur", "antenne": antenne.pk}, "Un administrateur agit pour tout le service"),
        ({"role": "roi"}, "Choisissez un rôle."),
        ({"antenne": ailleurs_.pk}, "Choisissez une antenne du service."),
    ):
        reponse = inviter(chef, **champs)
        assert mots in reponse.content.decode(), champs
        assert "<title>Erreur :" in reponse.content.decode()
    assert not Invitation.objects.exists()
    assert not Courriel.objects.exists()


def test_inviting_does_not_tell_who_has_an_account(troupe, chef):
    """Known elsewhere, unknown, waiting: the same answer."""
    adresses = [troupe.gens["magistrat"].email, "personne@exemple.fr", troupe.gens["attente"].email]
    reponses = [inviter(chef, adresse) for adresse in adresses]
    assert {r.status_code for r in reponses} == {200}
    for adresse, reponse in zip(adresses, reponses, strict=True):
        assert f"Invitation envoyée à {adresse}, valable 7 jours." in reponse.content.decode()


def test_a_service_does_not_write_to_the_world(troupe, chef):
    for rang in range(services.INVITATIONS_PAR_JOUR):
        troupe.service.invitations.create(courriel=f"n{rang}@exemple.fr", empreinte=f"{rang}", expire_le=timezone.now())
    assert "Reprenez demain." in inviter(chef).content.decode()


def test_changing_an_access(troupe, chef, ouvrir_session):
    autre, antenne = membre(troupe.service), factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
    url = reverse("membre_modifier", args=[autre.pk])
    chef.post(url, {"role": "membre", "antenne": antenne.pk})
    autre.refresh_from_db()
    assert (autre.administrateur, autre.lieu) == (False, antenne)
    chef.post(url, {"role": "administrateur", "antenne": ""})
    sien = ouvrir_session(autre.utilisateur)
    assert "Inviter un membre" in sien.get(PAGE).content.decode()
    inviter(sien)
    chef.post(url, {"role": "membre", "antenne": ""})
    assert Invitation.objects.get().annulee_le  # who no longer administrates leaves no open link
    assert sien.post(PAGE, {"courriel": "a@exemple.fr", "role": "membre"}).status_code == 403


def test_one_s_own_seat_is_not_changed_here(troupe, chef):
    moi = Membre.objects.get(utilisateur=troupe.gens["service"])
    for nom in ("membre_modifier", "membre_retirer"):
        for methode in ("get", "post"):
            assert getattr(chef, methode)(reverse(nom, args=[moi.pk]), {"role": "membre"}).status_code == 403
    with pytest.raises(services.ActeImpossible, match="Gardez au moins un administrateur"):
        services.changer_membre(membre=moi, par=troupe.gens["service"], administrateur=False, lieu=None)


def test_an_administrator_whose_account_is_closed_does_not_count(troupe):
    suspendu = membre(troupe.service, administrateur=True)
    Utilisateur.objects.filter(pk=suspendu.utilisateur_id).update(statut="suspendu")
    moi = Membre.objects.get(utilisateur=troupe.gens["service"])
    with pytest.raises(services.ActeImpossible, match="Gardez au moins un administrateur"):
        services.retirer_membre(membre=moi, par=troupe.gens["service"])


def test_withdrawing_signs_out_tells_and_keeps_the_journal(troupe, chef, ouvrir_session):
    autre = membre(troupe.service, administrateur=True)
    sien = ouvrir_session(autre.utilisateur)
    inviter(sien)
    url = reverse("membre_retirer", args=[autre.pk])
    assert "Ses actes restent dans l’historique" in chef.get(url).content.decode()
    assert Membre.objects.filter(pk=autre.pk).exists()
    Courriel.objects.all().delete()
    assert "Bastien Loinville ne fait plus partie du service." in chef.post(url, follow=True).content.decode()
    assert sien.get(PAGE).status_code == 302  # signed out
    assert not [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == str(autre.utilisateur_id)]
    assert Courriel.objects.get().destinataire == autre.utilisateur.email
    assert Invitation.objects.get().annulee_le
    assert Evenement.objects.filter(par=autre.utilisateur, acte="mandataire.inviter").exists()
    revenu = ouvrir_session(autre.utilisateur)  # the account remains, of nobody
    for adresse in (PAGE, "/mes-informations/", "/mesures/en-cours/", "/tableau-de-bord/"):
        assert revenu.get(adresse).status_code == 404, adresse


def test_plain_and_limited_members_read_only(troupe, ouvrir_session):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
    troupe.service.invitations.create(courriel="noe@exemple.fr", empreinte="e", expire_le=timezone.now())
    cible = membre(troupe.service, prenom="Cible")
    invitation = Invitation.objects.get()
    for qui in (membre(troupe.service), membre(troupe.service, lieu=antenne)):
        client = ouvrir_session(qui.utilisateur)
        texte = client.get(PAGE).content.decode()
        assert "Cible Loinville" in texte
        assert "noe@exemple.fr" not in texte
        assert "Inviter un membre" not in texte
        assert client.post(PAGE, {"courriel": "a@exemple.fr", "role": "membre"}).status_code == 403
        for nom, pk in (
            ("membre_modifier", cible.pk),
            ("membre_retirer", cible.pk),
            ("invitation_renvoyer", invitation.pk),
            ("invitation_annuler", invitation.pk),
        ):
            reponse = client.post(reverse(nom, args=[pk]), {"role": "administrateur"})
            assert reponse.status_code == 403, nom
    assert not Membre.objects.get(pk=cible.pk).administrateur
    assert Invitation.objects.get().annulee_le is None


def test_same_queries_whatever_the_number(troupe, chef):
    chef.get(PAGE)
    with CaptureQueriesContext(connection) as peu:
        chef.get(PAGE)
    for rang in range(6):
        lieu = factories.LieuFactory(mandataire=troupe.service, nom=f"Antenne {rang}")
        membre(troupe.service, lieu=lieu)
        troupe.service.invitations.create(
            courriel=f"n{rang}@exemple.fr", empreinte=f"{rang}", expire_le=timezone.now(), lieu=lieu,
            par=troupe.gens["service"],
        )  # fmt: skip
    with CaptureQueriesContext(connection) as beaucoup:
        chef.get(PAGE)
    assert len(peu) == len(beaucoup)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_removing_each_other_leave_one(tmp_path, monkeypatch):
    service = factories.MandataireFactory(service=True)
    un = service.membres.get()
    deux = membre(service, administrateur=True)
    sur_un_vrai_fichier(tmp_path, monkeypatch)

    def retirer(cible, par):
        def agir():
            try:
                services.retirer_membre(membre=cible, par=par)
            except PermissionDenied:
                return "refusé"
            return "retiré"

        return agir

    resultats = ensemble(retirer(deux, un.utilisateur), retirer(un, deux.utilisateur))
    assert sorted(resultats) == ["refusé", "retiré"]
    assert ailleurs(lambda: Membre.objects.filter(mandataire=service.pk, administrateur=True).count()) == 1
