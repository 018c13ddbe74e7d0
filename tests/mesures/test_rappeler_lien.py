"""The one-click link of `rappeler`, and how one stops such mails: what a link may do, once, for whom."""

import re
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from emjpm.commun.courriels import envoyer_prochain
from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from tests.factories import MandataireFactory, MesureFactory
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

from .test_rappeler import changer, compte, il_y_a, lien, membre, page, rappeler, texte

pytestmark = pytest.mark.django_db


# --- The link -----------------------------------------------------------------------------------------


@pytest.fixture
def recu(muet):
    MesureFactory(mandataire=muet, numero_rg="21A00001")
    rappeler()
    return Courriel.objects.get()


def test_opening_the_link_shows_and_writes_nothing(muet, recu):
    avant, lignes = Mandataire.objects.values().get(pk=muet.pk), Evenement.objects.count()
    for _ in range(3):  # the gateway, the antivirus, the person
        reponse = Client().get(lien(recu))
        Client().head(lien(recu))
    assert "Tout est à jour" in page(reponse)
    assert "mesures peuvent encore vous être confiées" in page(reponse)
    assert reponse["Cache-Control"].startswith("max-age=0")
    assert Mandataire.objects.values().get(pk=muet.pk) == avant
    assert Evenement.objects.count() == lignes


def test_the_page_tells_the_figures_and_nothing_else(muet, recu):
    lu = page(Client().get(lien(recu)))
    for secret in (muet.nom, muet.courriel, compte(muet).email, compte(muet).nom, "21A00001", "Metz"):
        assert secret not in lu


def test_the_button_confirms_without_a_session(muet, recu):
    client = Client(enforce_csrf_checks=True)
    jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(client.get(lien(recu)))).group(1)
    reponse = client.post(lien(recu), {"csrfmiddlewaretoken": jeton}, follow=True)
    assert "Vos informations sont à jour" in page(reponse)
    muet.refresh_from_db()
    assert timezone.localdate(muet.actualise_le) == timezone.localdate(muet.verifie_le) == timezone.localdate()
    assert Evenement.objects.get(acte="mandataire.confirmer").par == compte(muet)
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()
    assert client.get("/tableau-de-bord/").status_code == 302


def test_again_it_says_so_and_writes_nothing(muet, recu):
    Client().post(lien(recu))
    muet.refresh_from_db()
    confirme = muet.verifie_le
    reponse = Client().post(lien(recu), follow=True)
    assert "Ce lien a servi, il n’y a plus rien à faire." in page(reponse)
    muet.refresh_from_db()
    assert muet.verifie_le == confirme
    assert Evenement.objects.filter(acte="mandataire.confirmer").count() == 1


def test_confirmed_meanwhile_on_the_site_it_is_of_no_use(muet, recu):
    changer(muet, verifie_le=timezone.now(), actualise_le=timezone.now())
    Client().post(lien(recu))
    assert not Evenement.objects.filter(acte="mandataire.confirmer").exists()


def test_a_mesure_changed_meanwhile_does_not_spend_it(muet, recu):
    changer(muet, actualise_le=timezone.now())
    Client().post(lien(recu))
    assert Evenement.objects.filter(acte="mandataire.confirmer").count() == 1


def _perime(reponse, mandataire, avant):
    assert reponse.status_code == 410
    assert "Ce lien ne sert plus" in page(reponse)
    assert Mandataire.objects.values().get(pk=mandataire.pk) == avant


@pytest.mark.parametrize("methode", ["get", "post"])
def test_forged_links_open_nothing(muet, recu, methode):
    avant = Mandataire.objects.values().get(pk=muet.pk)
    bon = lien(recu)
    desabonnement = lien(recu, "ne-plus-recevoir").split("/")[-2]
    for faux in (bon[:-2] + ("a" if bon[-2] != "a" else "b") + "/", f"/tout-est-a-jour/{desabonnement}/",
                 "/tout-est-a-jour/x/", "/tout-est-a-jour/a:b:c/"):  # fmt: skip
        _perime(getattr(Client(), methode)(faux), muet, avant)


@pytest.mark.parametrize(("jours", "sert"), [(44, True), (46, False)])
def test_forty_five_days(muet, recu, monkeypatch, jours, sert):
    adresse = lien(recu)
    from django.core import signing

    futur = signing.time.time() + jours * 86400
    monkeypatch.setattr(signing.time, "time", lambda: futur)
    assert Client().get(adresse).status_code == (200 if sert else 410)


@pytest.mark.parametrize(
    "depart",
    [
        lambda m: Utilisateur.objects.filter(membre__mandataire=m).update(statut="suspendu"),
        lambda m: Utilisateur.objects.filter(membre__mandataire=m).update(statut="ferme"),
        lambda m: Utilisateur.objects.filter(membre__mandataire=m).update(is_active=False),
        lambda m: Membre.objects.filter(mandataire=m).delete(),
        lambda m: Membre.objects.filter(mandataire=m).update(mandataire=MandataireFactory(membre=False)),
        lambda m: changer(m, retire_le=timezone.now()),
    ],
    ids=["suspendu", "fermé", "inactif", "plus membre", "membre d’un autre", "retiré"],
)
def test_useless_once_the_person_left(muet, recu, depart):
    depart(muet)
    avant = Mandataire.objects.values().get(pk=muet.pk)
    _perime(Client().post(lien(recu)), muet, avant)
    _perime(Client().get(lien(recu)), muet, avant)
    assert not Evenement.objects.filter(acte="mandataire.confirmer").exists()


def test_a_member_who_is_no_longer_administrator_cannot(db):
    service = MandataireFactory(service=True, actualise_le=il_y_a(40))
    autre = membre(service, administrateur=True)
    rappeler()
    adresse = lien(Courriel.objects.get(destinataire=autre.email))
    Membre.objects.filter(utilisateur=autre).update(administrateur=False)
    assert Client().post(adresse).status_code == 410
    assert not Evenement.objects.filter(acte="mandataire.confirmer").exists()


def test_somebody_else_s_session_in_the_browser_changes_nothing(muet, recu, troupe):
    troupe.clients["magistrat"].post(lien(recu))
    assert Evenement.objects.get(acte="mandataire.confirmer").par == compte(muet)


@pytest.mark.django_db(transaction=True)
def test_the_link_posted_ten_times_at_once_is_one_confirmation(tmp_path, monkeypatch):
    mandataire = MandataireFactory(actualise_le=il_y_a(40))
    rappeler()
    adresse = lien(Courriel.objects.get())
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    assert set(ensemble(*[lambda: Client().post(adresse).status_code] * 10)) == {302}
    assert ailleurs(Evenement.objects.filter(acte="mandataire.confirmer", objet_id=mandataire.pk).count) == 1


def test_the_team_does_not_read_the_key(muet, recu, troupe):
    lu = page(troupe.clients["support"].get(f"/admin/commun/courriel/{recu.pk}/change/"))
    assert "/tout-est-a-jour/…" in lu
    assert lien(recu).split("/")[-2] not in lu
    assert lien(recu, "ne-plus-recevoir").split("/")[-2] not in lu
    assert troupe.clients["support"].get("/admin/commun/courriel/?desabonnement__contains=a").status_code == 400


# --- No more of it --------------------------------------------------------------------------------------


def test_the_headers_of_one_click_unsubscribing(muet, recu):
    envoyer_prochain(mail.get_connection())
    entetes = mail.outbox[0].extra_headers
    assert entetes["List-Unsubscribe"] == f"<http://127.0.0.1:8000{lien(recu, 'ne-plus-recevoir')}>"
    assert entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_other_mails_have_no_such_header(db):
    Courriel.objects.create(destinataire="a@exemple.fr", sujet="Essai", texte="…")
    envoyer_prochain(mail.get_connection())
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(mail.outbox[0].extra_headers)


def test_the_mail_program_unsubscribes_by_itself(muet, recu):
    adresse = lien(recu, "ne-plus-recevoir")
    Client().get(adresse)
    assert Utilisateur.objects.get(pk=compte(muet).pk).avis_mise_a_jour  # opening it does nothing
    # RFC 8058: no cookie, no token of ours
    reponse = Client(enforce_csrf_checks=True).post(adresse, {"List-Unsubscribe": "One-Click"})
    assert reponse.status_code == 200
    assert "Vous ne recevez plus le rappel mensuel" in page(reponse)
    personne = Utilisateur.objects.get(pk=compte(muet).pk)
    assert (personne.avis_mise_a_jour, personne.avis_attente) == (False, True)
    Client().post(adresse)
    ligne = Evenement.objects.get(acte="compte.choisir_avis_mise_a_jour")
    assert (ligne.par, ligne.changements) == (personne, {"avis_mise_a_jour": [True, False]})
    changer(muet, rappele_le=il_y_a(60))
    assert "0 mandataire(s)" in rappeler()


def test_forged_or_useless_unsubscribing(muet, recu):
    for faux in ("/ne-plus-recevoir/x/", f"/ne-plus-recevoir/{lien(recu).split('/')[-2]}/"):
        assert Client().post(faux).status_code == 410
    Utilisateur.objects.update(statut="suspendu")
    assert Client().post(lien(recu, "ne-plus-recevoir")).status_code == 410
    assert not Evenement.objects.filter(acte__startswith="compte.").exists()


@pytest.mark.parametrize(("jours", "lui", "elle", "attendus"), [
    (16, False, True, {"elle"}), (16, False, False, set()), (31, False, True, {"elle"}),
    (31, False, False, {"lui", "elle"}), (16, True, True, {"lui", "elle"}),
])  # fmt: skip
def test_reminders_of_what_waits_respect_the_choice_but_somebody_is_told_at_thirty_days(
    troupe, jours, lui, elle, attendus
):
    service = troupe.service
    gens = {"lui": troupe.gens["service"], "elle": membre(service, administrateur=True)}
    for nom, voulu in (("lui", lui), ("elle", elle)):
        Utilisateur.objects.filter(pk=gens[nom].pk).update(avis_attente=voulu)
    MesureFactory(mandataire=service, tribunal=troupe.metz, en_attente=True, numero_rg="26A00001",
                  reserve_le=il_y_a(jours), reserve_par=troupe.gens["magistrat"])  # fmt: skip
    call_command("relancer", stdout=StringIO())
    adresses = set(Courriel.objects.exclude(destinataire=troupe.gens["magistrat"].email).values_list(
        "destinataire", flat=True))  # fmt: skip
    assert adresses == {gens[nom].email for nom in attendus}
    if jours == 31:
        assert "Un rappel vient de lui être envoyé." in texte(
            Courriel.objects.get(destinataire=troupe.gens["magistrat"].email)
        )
    courriel = Courriel.objects.filter(destinataire__in=adresses).first()
    if courriel:
        assert "/ne-plus-recevoir/" in courriel.desabonnement
        Client().post(lien(courriel, "ne-plus-recevoir"))
        assert not Utilisateur.objects.get(email=courriel.destinataire).avis_attente


def test_the_choice_is_on_the_account(troupe):
    client, personne = troupe.clients["mandataire"], troupe.gens["mandataire"]
    assert "Rappels par courriel" in page(client.get("/mon-compte/"))
    assert "Rappels par courriel" not in page(troupe.clients["magistrat"].get("/mon-compte/"))
    reponse = page(client.post("/mon-compte/", {"avis_attente": "on"}, follow=True))
    assert "Vous ne recevrez plus le rappel mensuel de mise à jour." in reponse
    personne.refresh_from_db()
    assert (personne.avis_mise_a_jour, personne.avis_attente) == (False, True)
    assert "Rien n’a changé." in page(client.post("/mon-compte/", {"avis_attente": "on"}, follow=True))
    assert Evenement.objects.filter(acte="compte.choisir_avis_mise_a_jour", par=personne).count() == 1
