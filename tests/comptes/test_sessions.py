"""Where one's account is open, closing the other places; the second factor for anybody who wants one."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from emjpm.commun.models import Evenement
from emjpm.comptes.services import suspendre
from emjpm.comptes.sessions import appareil
from tests.comptes.test_compte import confirmer, reconnu
from tests.comptes.test_connexion import NOUVEAU, connecter, ouverte, texte
from tests.factories import MOT_DE_PASSE, UtilisateurFactory

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
    "Edg/142.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)
SECOND = "/mon-compte/double-authentification/"


@pytest.mark.parametrize(
    ("ligne", "mots"),
    [
        (FIREFOX, "Firefox, Linux"),
        (EDGE, "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
        ("<script>", "Navigateur inconnu"),
    ],
)
def test_a_browser_in_two_words(ligne, mots):
    assert appareil(ligne) == mots


def ouvrir(personne, navigateur: str) -> Client:
    client = Client(headers={"user-agent": navigateur})
    connecter(client, personne.email)
    assert ouverte(client)
    return client


def test_one_sees_where_the_account_is_open_and_closes_the_rest():
    personne, autre = UtilisateurFactory(), UtilisateurFactory()
    ici, bureau = ouvrir(personne, FIREFOX), ouvrir(personne, EDGE)
    voisin = ouvrir(autre, IPHONE)
    lu = texte(ici.get("/mon-compte/sessions/"))
    assert lu.index("Firefox, Linux") < lu.index("Cette session") < lu.index("Edge, Windows")
    assert "Safari" not in lu
    assert "Fermer l’autre session" in lu
    lu = texte(ici.post("/mon-compte/sessions/", follow=True))
    assert "Les autres sessions sont fermées." in lu
    assert "Aucune autre session n’est ouverte." in lu
    assert (ouverte(ici), ouverte(bureau), ouverte(voisin)) == (True, False, True)
    ligne = Evenement.objects.get(acte="compte.fermer_sessions")
    assert (ligne.par, ligne.changements) == (personne, {"nombre": [1, 0]})


def test_reading_a_page_writes_nothing_about_it():
    personne = UtilisateurFactory()
    client = ouvrir(personne, FIREFOX)
    avant = list(UserSession.objects.values())
    client.get("/mon-compte/", headers={"user-agent": EDGE})
    assert list(UserSession.objects.values()) == avant


def test_what_is_kept_of_a_session_goes_with_it():
    personne = UtilisateurFactory()
    ferme, ouvert = ouvrir(personne, EDGE), ouvrir(personne, FIREFOX)
    ferme.post("/deconnexion/")
    call_command("purger")
    assert [s.user_agent for s in UserSession.objects.all()] == [FIREFOX]
    assert ouverte(ouvert)
    suspendre(utilisateur=personne, par=UtilisateurFactory(equipe=True))
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key=ouvert.session.session_key).exists()


def test_a_new_password_closes_the_others_and_is_still_listed():
    personne = UtilisateurFactory()
    ici, bureau = ouvrir(personne, FIREFOX), ouvrir(personne, EDGE)
    envoi = {"oldpassword": MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU}
    ici.post("/mon-compte/mot-de-passe/", envoi)
    assert (ouverte(ici), ouverte(bureau)) == (True, False)
    lu = texte(ici.get("/mon-compte/sessions/"))
    assert "Firefox, Linux" in lu
    assert "Edge" not in lu


def test_the_team_has_no_table_of_who_signs_in_from_where(troupe):
    assert troupe.clients["support"].get("/admin/usersessions/usersession/").status_code == 404


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.parametrize("qui", ["mandataire", "magistrat"])
def test_anybody_may_enrol_recover_and_remove_a_second_factor(troupe, qui):
    personne = troupe.gens[qui]
    client = Client()
    connecter(client, personne.email)
    assert "Inactif" in texte(client.get("/mon-compte/"))
    assert "Confirmer que c’est vous" in texte(client.get(f"{SECOND}totp/activate/", follow=True))
    reponse = confirmer(client, client.get(f"{SECOND}totp/activate/", follow=True))
    secret = reponse.context["form"].secret
    assert secret in texte(reponse)
    assert "fr-message--error" in texte(client.post(f"{SECOND}totp/activate/", {"code": "000000"}))
    assert not Authenticator.objects.exists()
    reponse = client.post(f"{SECOND}totp/activate/", {"code": code(secret)}, follow=True)
    assert "10 codes sur 10" in texte(reponse)
    secours = Authenticator.objects.get(user=personne, type="recovery_codes").wrap().get_unused_codes()
    # without the telephone: a code kept aside, once
    perdu = Client()
    assert "Second facteur" in texte(connecter(perdu, personne.email))
    perdu.post(f"{SECOND}authenticate/", {"code": secours[0]})
    assert ouverte(perdu)
    encore = Client()
    connecter(encore, personne.email)
    encore.post(f"{SECOND}authenticate/", {"code": secours[0]})
    assert not ouverte(encore)
    # and removed
    reconnu(perdu)
    lu = texte(perdu.post(f"{SECOND}totp/deactivate/", follow=True))
    assert "Inactif" in lu
    assert not Authenticator.objects.filter(user=personne, type="totp").exists()
    dernier = Client()
    connecter(dernier, personne.email)
    assert ouverte(dernier)
    lignes = Evenement.objects.sur(personne).filter(acte="compte.second_facteur").order_by("pk")
    assert [ligne.changements["facteurs"] for ligne in lignes] == [
        [[], ["recovery_codes", "totp"]],
        [["recovery_codes", "totp"], []],
    ]


def test_a_second_factor_and_its_line_of_journal_stand_or_fall_together(troupe, monkeypatch):
    client = troupe.clients["mandataire"]
    reconnu(client)
    secret = client.get(f"{SECOND}totp/activate/").context["form"].secret

    def panne(**_):
        raise RuntimeError

    monkeypatch.setattr("emjpm.comptes.urls.noter", panne)
    with pytest.raises(RuntimeError):
        client.post(f"{SECOND}totp/activate/", {"code": code(secret)})
    assert not Authenticator.objects.exists()
