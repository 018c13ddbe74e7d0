"""Deny by default: every URL × every actor. A URL this table does not name fails the suite.

Each line says who may open a page with GET; for the others, the answer is 403 (signed in) or the sign-in page
(anonymous). Object pages are tried on one's own, a neighbour's and an absent one: the last two answer the same 404.
"""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from emjpm.commun.models import Evenement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Membre, Observation
from mesures.models import Evolution, Mesure

from . import factories
from .conftest import ouvrir

MANDATAIRES = {"mandataire", "prepose", "service"}
SERVICE, PREPOSE = frozenset({"service"}), frozenset({"prepose"})
TRIBUNAL = {"magistrat", "greffier"}
AGENTS = {"agent"}
ACTEURS = ["anonyme", "attente", "mandataire", "prepose", "service", "magistrat", "greffier", "agent", "support"]
CONNECTES = set(ACTEURS) - {"anonyme", "attente"}

PUBLIQUES = {
    "sante", "sante_prete", "accueil", "contact", "pas_a_pas", "communes_json",
    "account_login", "account_signup", "inscription", "compte_en_attente", "account_inactive",
    "account_email_verification_sent", "account_confirm_email", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_logout", "invitation",
    "tout_est_a_jour", "ne_plus_recevoir",  # the signature of the address is the proof
}  # fmt: skip
# Pages without an object: who may.
PAGES = {
    **dict.fromkeys(
        ["tableau_de_bord", "mesures_en_cours", "mesures_en_attente", "mesures_eteintes", "mesure_creer", "importer",
         "importer_modele", "importer_avancement", "mes_informations", "mes_informations_modifier",
         "mes_informations_departements", "mes_informations_tribunaux"], MANDATAIRES),
    **dict.fromkeys(["antennes", "antenne_ajouter", "membres"], SERVICE),
    **dict.fromkeys(["etablissements", "etablissement_ajouter"], PREPOSE),
    **dict.fromkeys(["mesures_imprimer", "mesures_carte", "eteintes_imprimer", "eteintes_carte"], MANDATAIRES),
    **dict.fromkeys(["recherche", "recherche_bilan", "mesures_tribunal_imprimer"], TRIBUNAL),
    "mesures_tribunal": TRIBUNAL | MANDATAIRES,  # mandataires are led to their own list
    "pilotage": AGENTS,
    **dict.fromkeys(["mon_compte", "admin_mot_de_passe", "account_change_password", "account_email", "account_reauthenticate",
                     "usersessions_list", "mes_donnees"], CONNECTES),
    "compte_fermer": CONNECTES - {"support"},
}  # fmt: skip
# Pages of a mesure: who may, and on which one (a mesure en cours, en attente or éteinte of the cast).
MESURES = {
    "mesure": (MANDATAIRES | TRIBUNAL, "en_cours"),
    "mesure_modifier": (MANDATAIRES, "en_cours"),
    "mesure_valider": (MANDATAIRES, "reservee"),
    "mesure_decliner": (MANDATAIRES, "reservee"),
    "mesure_terminer": (MANDATAIRES, "en_cours"),
    "mesure_rouvrir": (MANDATAIRES, "eteinte"),
    "mesure_supprimer": (MANDATAIRES, "en_cours"),
    "evolution_noter": (MANDATAIRES, "en_cours"),
    "reservation_confirmee": (TRIBUNAL, "reservee"),
    "reservation_modifier": (TRIBUNAL, "reservee"),
    "mesure_annuler": (TRIBUNAL, "reservee"),
}
EVOLUTIONS = ["evolution_corriger", "evolution_retirer"]  # of a mesure: tried in tests/mesures/test_evolutions.py too
MANDATAIRE = {"fiche": TRIBUNAL | AGENTS, "reserver": TRIBUNAL, "reserver_rg": TRIBUNAL}
# What a court notes on a mandataire: (who, does its address take the observation).
OBSERVATIONS = {"observer": (TRIBUNAL, False), "observation_retirer": (TRIBUNAL, True)}
# Pages of an object of one's own profile: (who, how to make one). Tried by `test_page_of_a_profile`.
PROFIL = {
    "tribunal_quitter": MANDATAIRES,
    "demande_tribunal_annuler": MANDATAIRES,
    **dict.fromkeys(["antenne_modifier", "antenne_retirer", "membre_modifier", "membre_retirer",
                     "invitation_renvoyer", "invitation_annuler"], SERVICE),
    **dict.fromkeys(["etablissement_modifier", "etablissement_retirer"], PREPOSE),
}  # fmt: skip
# Only by POST, or only after a first step: tried by the tests of their room; here, that outsiders get nothing.
ACTES = {
    "mes_informations_capacite": MANDATAIRES,
    "mes_informations_a_jour": MANDATAIRES,
    "mes_informations_reprendre": MANDATAIRES,
    "importer_apercu": MANDATAIRES,
    "importer_confirmer": MANDATAIRES,
    "importer_annoter": MANDATAIRES,
    "importer_laissees": MANDATAIRES,
    **dict.fromkeys(["mesures_exporter", "eteintes_exporter", "mesures_groupe"], MANDATAIRES),
    "account_set_password": CONNECTES,
    "compte_reprendre": CONNECTES - {"support"},
    **dict.fromkeys(["mesures_tribunal_exporter", "recherche_export"], TRIBUNAL),
}


def _urls(patterns=None):
    for motif in patterns or get_resolver().url_patterns:
        if isinstance(motif, URLResolver) and motif.app_name != "admin":
            yield from _urls(motif.url_patterns)
        elif isinstance(motif, URLPattern):
            yield motif.name


def test_every_url_is_in_the_table():
    objets = set(MESURES) | set(MANDATAIRE) | set(OBSERVATIONS) | set(EVOLUTIONS)
    connues = PUBLIQUES | set(PAGES) | objets | set(ACTES) | set(PROFIL)
    inconnues = {nom for nom in _urls() if nom not in connues and not (nom or "").startswith("mfa_")}
    assert not inconnues, f"Adresses sans droit écrit ici : {inconnues}"


@pytest.fixture
def acteurs(troupe):
    clients = {nom: troupe.clients[nom] for nom in ACTEURS if nom in troupe.clients}
    clients["anonyme"] = Client()
    clients["attente"] = ouvrir(troupe.gens["attente"])  # even with a session forged for it
    troupe.service_mesure = factories.MesureFactory(mandataire=troupe.service, tribunal=troupe.metz)
    return clients


def _ferme(reponse) -> bool:
    """Nothing was shown: sent to sign in, forbidden, absent or the wrong method."""
    vers_connexion = reponse.status_code == 302 and "/connexion/" in reponse["Location"]
    return vers_connexion or reponse.status_code in {403, 404, 405}


@pytest.mark.parametrize("nom", sorted(PAGES))
def test_page(acteurs, nom):
    for acteur, client in acteurs.items():
        for methode in ("get", "post"):
            reponse = getattr(client, methode)(reverse(nom))
            assert reponse.status_code < 500
            if acteur in PAGES[nom]:
                absent = methode == "post" and reponse.status_code in {404, 405}  # an act without its object
                assert absent or not _ferme(reponse), (nom, acteur, methode, reponse.status_code)
            else:
                assert _ferme(reponse), (nom, acteur, methode, reponse.status_code)


def test_second_factor_pages_ask_for_a_login(acteurs):
    adresses = [reverse(nom) for nom in _urls() if (nom or "").startswith("mfa_")]
    assert len(adresses) >= 5
    for adresse in adresses:
        for acteur in ("anonyme", "attente"):
            assert _ferme(acteurs[acteur].get(adresse)), (adresse, acteur)


@pytest.mark.parametrize("nom", sorted(MESURES))
def test_page_of_a_mesure(acteurs, troupe, nom):
    permis, etat = MESURES[nom]
    choisie = {"en_cours": troupe.mesure, "reservee": troupe.reservee}.get(etat) or factories.MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, eteinte=True
    )
    etrangere = factories.MesureFactory(mandataire=troupe.voisin, tribunal=troupe.thionville)
    for acteur in ("mandataire", "magistrat", "greffier"):
        reponse = acteurs[acteur].get(reverse(nom, args=[choisie.pk]))
        if acteur in permis:
            assert reponse.status_code in {200, 302}, (nom, acteur, reponse.status_code)
            reponses = [acteurs[acteur].get(reverse(nom, args=[pk])) for pk in (etrangere.pk, 99_999_999)]
            assert [r.status_code for r in reponses] == [404, 404], (nom, acteur)
            assert reponses[0].content == reponses[1].content
        else:
            assert _ferme(reponse), (nom, acteur, reponse.status_code)
    for acteur in ("anonyme", "attente", "prepose", "service", "agent", "support"):
        for methode in ("get", "post"):
            assert _ferme(getattr(acteurs[acteur], methode)(reverse(nom, args=[choisie.pk]))), (nom, acteur, methode)


@pytest.mark.parametrize("nom", EVOLUTIONS)
def test_evolutions_of_a_mesure(acteurs, troupe, nom):
    jour = troupe.mesure.date_jugement
    mienne, voisine = (
        Evolution.objects.create(mesure=m, genre="reconduction", date=jour)
        for m in (troupe.mesure, troupe.mesure_voisine)
    )
    url = reverse(nom, args=[troupe.mesure.pk, mienne.pk])
    for acteur, client in acteurs.items():
        for methode in ("get", "post"):
            if acteur == "mandataire":
                assert client.get(url).status_code == 200
            else:
                assert _ferme(getattr(client, methode)(url)), (nom, acteur, methode)
    for ailleurs in ([troupe.mesure_voisine.pk, voisine.pk], [99_999_999, voisine.pk]):
        for methode in ("get", "post"):
            assert getattr(acteurs["mandataire"], methode)(reverse(nom, args=ailleurs)).status_code == 404
    acteurs["mandataire"].post(reverse(nom, args=[troupe.mesure.pk, voisine.pk]), {"version": 1, "jour": str(jour)})
    assert Evolution.objects.count() == 2


@pytest.mark.parametrize("nom", sorted(MANDATAIRE))
def test_page_of_a_mandataire(acteurs, troupe, nom):
    for acteur, client in acteurs.items():
        reponse = client.get(reverse(nom, args=[troupe.mandataire.pk]))
        absente = client.get(reverse(nom, args=[99_999_999]))
        if acteur in MANDATAIRE[nom]:
            assert (reponse.status_code, absente.status_code) == (200, 404), (nom, acteur)
        else:
            assert _ferme(reponse), (nom, acteur, reponse.status_code)
            assert _ferme(absente)


@pytest.mark.parametrize("nom", sorted(OBSERVATIONS))
def test_observations_of_a_court(acteurs, troupe, nom):
    permis, avec_pk = OBSERVATIONS[nom]
    m = troupe.mandataire
    observation = Observation.objects.create(
        mandataire=m, tribunal=troupe.metz, par=troupe.gens["magistrat"], texte="Répond le jour même."
    )
    url = reverse(nom, args=[m.pk, observation.pk] if avec_pk else [m.pk])
    absente = reverse(nom, args=[m.pk, 99_999_999] if avec_pk else [99_999_999])
    voisin = ouvrir(troupe.gens["magistrat_voisin"])
    for acteur, client in acteurs.items():
        if acteur not in permis:
            for methode in ("get", "post"):
                assert _ferme(getattr(client, methode)(url, {"texte": "Intrus"})), (nom, acteur, methode)
                assert _ferme(getattr(client, methode)(absente, {"texte": "Intrus"})), (nom, acteur, methode)
    if avec_pk:
        for methode in ("get", "post"):
            reponses = [getattr(voisin, methode)(adresse) for adresse in (url, absente)]
            reponses.append(getattr(acteurs["greffier"], methode)(url))  # of the same court, but not its author
            assert [r.status_code for r in reponses] == [404, 404, 404], methode
            assert len({r.content for r in reponses[:2]}) == 1
    else:
        assert acteurs["magistrat"].post(absente, {"texte": "Absent"}).status_code == 404
    assert [o.texte for o in Observation.objects.all()] == ["Répond le jour même."]


@pytest.mark.parametrize("nom", sorted(PROFIL))
def test_page_of_a_profile(acteurs, troupe, nom):
    """One's own opens or acts; a neighbour's of the same category and an absent one answer the same 404; the objects
    of the neighbours stay.
    """

    def objet(mandataire):
        if nom == "tribunal_quitter":
            return mandataire.habilitations.get()
        if nom == "demande_tribunal_annuler":
            return mandataire.demandes_tribunaux.create(tribunal=troupe.thionville)
        if nom.startswith("membre_"):
            return Membre.objects.create(
                mandataire=mandataire, utilisateur=factories.UtilisateurFactory(role="service")
            )
        if nom.startswith("invitation_"):
            return mandataire.invitations.create(
                courriel="noe@exemple.fr", empreinte=f"e{mandataire.pk}", expire_le=timezone.now()
            )
        return factories.LieuFactory(mandataire=mandataire, nom="Rive Gauche")

    for acteur in PROFIL[nom]:
        mien = getattr(troupe, acteur)
        champs = {"prepose": True} if acteur == "prepose" else {"service": True} if acteur == "service" else {}
        etranger, sien = objet(factories.MandataireFactory(**champs)), objet(mien)
        for methode in ("get", "post"):
            client = acteurs[acteur]
            refus = [getattr(client, methode)(reverse(nom, args=[pk])) for pk in (etranger.pk, 99_999_999)]
            assert {r.status_code for r in refus} <= {404, 405}, (nom, acteur, methode)
            assert refus[0].content == refus[1].content
            reponse = getattr(client, methode)(reverse(nom, args=[sien.pk]))
            assert reponse.status_code in {200, 302, 405}, (nom, acteur, methode, reponse.status_code)
        assert type(etranger).objects.filter(pk=etranger.pk).exists()
    for acteur, client in acteurs.items():
        if acteur not in PROFIL[nom]:
            for methode in ("get", "post"):
                assert _ferme(getattr(client, methode)(reverse(nom, args=[etranger.pk]))), (nom, acteur, methode)
    assert type(etranger).objects.filter(pk=etranger.pk).exists()


@pytest.mark.parametrize("nom", sorted(ACTES))
def test_act(acteurs, nom):
    avant = Evenement.objects.count()
    for acteur, client in acteurs.items():
        if acteur not in ACTES[nom]:
            for methode in ("get", "post"):
                assert _ferme(getattr(client, methode)(reverse(nom))), (nom, acteur, methode)
    assert Evenement.objects.count() == avant


def test_outsiders_write_nothing(acteurs, troupe):
    """A POST to every act on somebody else's mesure changes no row."""
    avant = list(Mesure.objects.order_by("pk").values())
    donnees = {"motif_fin": "deces", "date_fin": "2026-01-01", "motif": "x", "version": 1, "confirmer": "1",
               "cle_reservation": str(uuid.uuid4()), "statut": "eteinte"}  # fmt: skip
    for nom in MESURES:
        for acteur in ("prepose", "service", "agent", "support", "attente", "anonyme"):
            acteurs[acteur].post(reverse(nom, args=[troupe.mesure.pk]), donnees)
        ouvrir(troupe.gens["voisin"]).post(reverse(nom, args=[troupe.mesure.pk]), donnees)
        ouvrir(troupe.gens["magistrat_voisin"]).post(reverse(nom, args=[troupe.reservee.pk]), donnees)
    assert list(Mesure.objects.order_by("pk").values()) == avant


@pytest.mark.parametrize("acteur", [a for a in ACTEURS if a != "support"])
def test_admin_is_the_team_s_alone(acteurs, acteur):
    for chemin in ("/admin/", "/admin/mesures/mesure/", "/admin/comptes/utilisateur/add/"):
        reponse = acteurs[acteur].get(chemin, follow=True)
        assert _ferme(reponse) or reponse.request["PATH_INFO"] == reverse("account_login"), (acteur, chemin)
        assert "Ce qui vous attend" not in reponse.content.decode()


def test_a_suspended_person_s_session_dies(troupe):
    client = troupe.clients["mandataire"]
    assert client.get(reverse("mesures_en_cours")).status_code == 200
    Utilisateur.objects.filter(pk=troupe.gens["mandataire"].pk).update(statut="suspendu")
    assert _ferme(client.get(reverse("mesures_en_cours")))
