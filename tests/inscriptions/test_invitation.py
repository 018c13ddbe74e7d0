"""Accepting an invitation: the link shows, the button acts, once; it opens that very seat and nothing else."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires import services
from mandataires.models import Invitation, Mandataire, Membre
from tests import factories
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
ADRESSE, PHRASE = "noe.vallonclair@exemple.fr", "une barque sur l’étang gelé"
MOI = {"civilite": "monsieur", "prenom": "Noé", "nom": "Vallonclair", "mot_de_passe": PHRASE}


def inviter(troupe, courriel=ADRESSE, **acces) -> str:
    services.inviter(mandataire=troupe.service, par=troupe.gens["service"], courriel=courriel, **acces)
    return re.search(r"/invitation/[\w-]+/", Courriel.objects.latest("pk").texte).group()


@pytest.fixture
def url(troupe):
    return inviter(troupe)


def test_a_new_person_joins_without_the_team(troupe, url):
    client = Client()
    for _ in range(3):  # the gateway of the mail, then the person
        texte = client.get(url).content.decode()
    assert "Rejoindre Les Trois Ponts" in texte
    assert ADRESSE in texte
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()
    assert Invitation.objects.get().acceptee_le is None
    Courriel.objects.all().delete()
    fait = client.post(url, MOI, follow=True)
    assert fait.redirect_chain == [(reverse("account_login"), 302)]
    assert "Votre compte est ouvert, vous faites partie de Les Trois Ponts." in fait.content.decode()
    noe = Utilisateur.objects.get(email=ADRESSE)
    assert (noe.role, noe.statut, noe.is_staff, noe.get_full_name()) == ("service", "valide", False, "Noé Vallonclair")
    assert noe.emailaddress_set.get().verified
    assert (noe.membre.mandataire, noe.membre.administrateur, noe.membre.lieu) == (troupe.service, False, None)
    assert "_auth_user_id" not in client.session  # the password opens the session, not the link
    entre = client.post(reverse("account_login"), {"login": ADRESSE, "password": PHRASE}, follow=True)
    assert entre.context["user"] == noe
    prevenu = Courriel.objects.get()
    assert prevenu.destinataire == troupe.gens["service"].email
    assert "Noé Vallonclair rejoint Les Trois Ponts" in prevenu.sujet
    assert Evenement.objects.sur(noe).get().changements["invite_par"] == [None, troupe.gens["service"].pk]
    assert Evenement.objects.sur(troupe.service).filter(acte="mandataire.rejoindre").count() == 1
    # Once.
    autre = Client()
    assert autre.get(url).status_code == autre.post(url, MOI | {"prenom": "Intrus"}).status_code == 404
    assert Membre.objects.filter(mandataire=troupe.service).count() == 2


def test_what_is_posted_raises_nothing(troupe):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
    url = inviter(troupe, lieu=antenne)
    Client().post(
        url,
        MOI
        | {
            "email": "autre@exemple.fr", "courriel": "autre@exemple.fr", "role": "support", "is_staff": "on",
            "administrateur": "on", "lieu": "", "antenne": "", "mandataire": troupe.mandataire.pk, "statut": "valide",
        },
    )  # fmt: skip
    noe = Utilisateur.objects.get(email=ADRESSE)
    assert not Utilisateur.objects.filter(email="autre@exemple.fr").exists()
    assert (noe.role, noe.is_staff, noe.membre.administrateur, noe.membre.lieu) == ("service", False, False, antenne)


@pytest.mark.parametrize(
    ("champ", "valeur", "mots"),
    [
        ("mot_de_passe", "court", "5 caractères : il en faut au moins 12."),
        ("mot_de_passe", "noe.vallonclair", "ressemble trop"),
        ("prenom", " ", "Écrivez votre prénom."),
        ("civilite", "", "Choisissez une civilité."),
    ],
)
def test_a_mistake_keeps_what_was_typed(troupe, url, champ, valeur, mots):
    reponse = Client().post(url, MOI | {champ: valeur})
    assert mots in reponse.context["form"].errors[champ][0]
    assert 'value="Vallonclair"' in reponse.content.decode()
    assert PHRASE not in reponse.content.decode()
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


def test_dead_links_are_all_alike(troupe, url):
    pages = [Client().get("/invitation/inconnue/").content]
    Invitation.objects.update(expire_le=timezone.now())
    pages.append(Client().get(url).content)
    Invitation.objects.update(expire_le=timezone.now() + services.membres.VALIDITE, annulee_le=timezone.now())
    reponse = Client().post(url, MOI)
    assert reponse.status_code == 404
    assert len({*pages, reponse.content}) == 1
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


def test_a_former_member_signs_in_and_joins(troupe, ouvrir_session):
    revenante = factories.UtilisateurFactory(role="service", email="odile@exemple.fr")
    url = inviter(troupe, "odile@exemple.fr", administrateur=True)
    page = Client().get(url).content.decode()
    assert "Un compte existe déjà pour odile@exemple.fr" in page
    assert f"{reverse('account_login')}?next={url}" in page
    assert Client().post(url, MOI).status_code == 200  # nobody takes an account with the link alone
    assert not Membre.objects.filter(utilisateur=revenante).exists()
    client = ouvrir_session(revenante)
    assert "Rejoindre le service" in client.get(url).content.decode()
    assert not Membre.objects.filter(utilisateur=revenante).exists()  # a GET joins nothing
    assert client.post(url).status_code == 302
    assert Membre.objects.get(utilisateur=revenante).administrateur


def test_another_account_does_not_take_the_seat(troupe, url):
    for qui in ("mandataire", "magistrat", "agent", "support", "service"):
        page = troupe.clients[qui].get(url).content.decode()
        assert f"L’invitation est pour {ADRESSE}." in page
        assert "Rejoindre le service" not in page
        assert troupe.clients[qui].post(url, MOI).status_code == 200
    assert Membre.objects.filter(mandataire=troupe.service).count() == 1
    assert Invitation.objects.get().acceptee_le is None


@pytest.mark.parametrize(("qui", "mots"), [("magistrat", "n’est pas celui d’un membre de service"),
                                           ("mandataire", "n’est pas celui d’un membre de service")])  # fmt: skip
def test_an_account_of_another_kind_is_told_so(troupe, qui, mots):
    url = inviter(troupe, troupe.gens[qui].email)
    assert mots in troupe.clients[qui].post(url).content.decode()
    assert Invitation.objects.get().acceptee_le is None


def test_a_member_of_another_service_is_told_so(troupe, ouvrir_session):
    ailleurs_ = factories.MandataireFactory(service=True, nom="Autre service")
    url = inviter(troupe, ailleurs_.membres.get().utilisateur.email)
    assert (
        "Vous êtes membre de Autre service"
        in ouvrir_session(ailleurs_.membres.get().utilisateur).post(url).content.decode()
    )


@pytest.mark.parametrize("statut", ["en_attente", "refuse", "suspendu"])
def test_the_gate_holds(troupe, statut):
    """An invitation opens no account that the team keeps closed."""
    factories.UtilisateurFactory(role="service", email=ADRESSE, statut=statut)
    url = inviter(troupe)
    client = Client()
    client.post(url, MOI)
    client.post(reverse("account_login"), {"login": ADRESSE, "password": PHRASE})
    assert "_auth_user_id" not in client.session
    assert Utilisateur.objects.get(email=ADRESSE).statut == statut
    assert not Membre.objects.filter(utilisateur__email=ADRESSE).exists()


def test_an_administrator_withdrawn_takes_their_links_along(troupe):
    chef2 = factories.UtilisateurFactory(role="service")
    membre = Membre.objects.create(mandataire=troupe.service, utilisateur=chef2, administrateur=True)
    services.inviter(mandataire=troupe.service, par=chef2, courriel=ADRESSE)
    url = re.search(r"/invitation/[\w-]+/", Courriel.objects.latest("pk").texte).group()
    services.retirer_membre(membre=membre, par=troupe.gens["service"])
    assert Client().post(url, MOI).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_open_one_account(tmp_path, monkeypatch):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts")
    services.inviter(mandataire=service, par=service.membres.get().utilisateur, courriel=ADRESSE)
    url = re.search(r"/invitation/[\w-]+/", Courriel.objects.latest("pk").texte).group()
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    resultats = ensemble(*(lambda: Client().post(url, MOI).status_code for _ in range(10)))
    assert set(resultats) <= {200, 302, 404}, resultats
    assert ailleurs(lambda: Membre.objects.filter(mandataire=service.pk).count()) == 2
    assert ailleurs(lambda: Utilisateur.objects.filter(email=ADRESSE).count()) == 1


@pytest.mark.parametrize("parti", ["suspendu", "ferme", "simple_membre"])
def test_a_link_is_worth_what_its_author_is(troupe, url, parti):
    """Whoever vouched lost their access, by the team or otherwise: the link in the mail dies with it."""
    chef = troupe.gens["service"]
    if parti == "simple_membre":
        Membre.objects.filter(utilisateur=chef).update(administrateur=False)
    else:
        Utilisateur.objects.filter(pk=chef.pk).update(statut=parti)
    assert Client().get(url).status_code == Client().post(url, MOI).status_code == 404
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


def test_joining_a_service_everybody_was_leaving_keeps_it_in_the_searches(troupe, url):
    Mandataire.objects.filter(pk=troupe.service.pk).update(retire_le=timezone.now())
    Client().post(url, MOI)
    assert troupe.service in Mandataire.objects.visibles()


def test_the_key_is_its_addressee_s_alone(troupe, url):
    """An invitation opens an account: the team reads the mail in the admin without being able to use it."""
    courriel = Courriel.objects.get(destinataire=ADRESSE)
    page = troupe.clients["support"].get(reverse("admin:commun_courriel_change", args=[courriel.pk])).content.decode()
    assert "/invitation/…" in page
    assert url.split("/")[2] not in page
