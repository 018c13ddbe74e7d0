"""« Fermer mon compte »: who disappears, who is told, what can be taken back, what the team finishes."""

import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes import services
from emjpm.comptes.models import Role, Utilisateur
from emjpm.inscriptions.models import DemandeInscription
from mandataires.models import Mandataire, Membre
from mesures.models import Mesure
from mesures.services import fermeture
from mesures.services.commun import ActeImpossible
from tests.comptes.test_compte import reconnu
from tests.comptes.test_connexion import connecter
from tests.conftest import ouvrir
from tests.factories import MandataireFactory, MesureFactory, UtilisateurFactory
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = pytest.mark.django_db
PAGE, REPRENDRE = "/mon-compte/fermer/", "/mon-compte/reprendre/"


def page(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def recus(*adresses) -> list[Courriel]:
    return list(Courriel.objects.filter(destinataire__in=adresses).order_by("pk"))


def membre(service, **champs) -> Utilisateur:
    personne = UtilisateurFactory(role=Role.SERVICE)
    Membre.objects.create(mandataire=service, utilisateur=personne, **champs)
    return personne


@pytest.fixture
def partir():
    """Ask, from the page, as this person; the page that follows."""

    def faire(personne, **options):
        client = ouvrir(personne)
        reconnu(client)
        return client.post(PAGE, follow=True, **options)

    return faire


# --- The page -------------------------------------------------------------------------------------------


def test_the_password_is_asked_again(troupe):
    client = troupe.clients["mandataire"]
    assert "Confirmer que c’est vous" in page(client.get(PAGE, follow=True))
    assert "Confirmer que c’est vous" in page(client.post(PAGE, follow=True))
    troupe.mandataire.refresh_from_db()
    assert troupe.mandataire.retire_le is None


def test_what_is_left_is_said_first(troupe):
    client = troupe.clients["mandataire"]
    reconnu(client)
    lu = page(client.get(PAGE))
    assert "Il vous reste <strong>1 mesure en cours</strong> et <strong>1 en attente</strong>" in lu
    assert 'href="/mesures/en-cours/"' in lu
    assert 'href="/mon-compte/mes-donnees/"' in lu
    assert not Evenement.objects.exists()


def test_the_page_costs_the_same_with_many_mesures(troupe, django_assert_max_num_queries):
    client = troupe.clients["mandataire"]
    reconnu(client)
    client.get(PAGE)
    with django_assert_max_num_queries(20) as peu:
        client.get(PAGE)
    for rang in range(20):
        MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True, numero_rg=f"26B000{rang:02}")
    with django_assert_max_num_queries(20) as beaucoup:
        client.get(PAGE)
    assert len(peu) == len(beaucoup)


# --- A mandataire -----------------------------------------------------------------------------------------


def test_a_mandataire_leaves_the_searches_at_once_and_keeps_access(troupe, partir):
    m, personne, juge = troupe.mandataire, troupe.gens["mandataire"], troupe.gens["magistrat"]
    Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_par=juge)
    assert m.nom in page(troupe.clients["magistrat"].get("/recherche/"))
    lu = page(partir(personne))
    assert (
        "Il vous reste 1 mesure en cours et 1 en attente. Mettez-y fin ou transmettez-les d’abord ; vous disparaissez des recherches dès maintenant."
        in lu
    )
    assert "Reprendre mon activité" in lu
    assert m.nom not in page(troupe.clients["magistrat"].get("/recherche/"))
    assert troupe.clients["magistrat"].get(f"/mandataires/{m.pk}/").status_code == 404
    assert troupe.clients["agent"].get(f"/mandataires/{m.pk}/").status_code == 404
    # their work is still theirs
    assert troupe.clients["mandataire"].get("/mesures/en-cours/").status_code == 200
    assert "Fermeture du compte demandée le" in page(troupe.clients["mandataire"].get("/mesures/en-attente/"))
    (avis,) = recus(juge.email)
    assert avis.sujet == "Camille Bellerive cesse son activité"
    assert f"/mesures/{troupe.reservee.pk}/annuler/?chercher=1" in avis.texte
    assert "rien n’est annulé sans vous" in avis.texte
    (equipe,) = recus("support@exemple.fr")
    assert "En cours : 1\nEn attente : 1" in equipe.texte.replace("\u00a0", " ")
    assert equipe.repondre_a == personne.email
    assert [c.sujet for c in recus(personne.email)] == ["Vous demandez la fermeture de votre compte"]
    assert list(Evenement.objects.order_by("pk").values_list("acte", "par")) == [
        ("compte.demander_fermeture", personne.pk), ("mandataire.retirer", personne.pk)]  # fmt: skip
    assert not Mesure.objects.filter(pk=troupe.reservee.pk).exclude(statut="en_attente").exists()


def test_with_nothing_left_it_is_short(troupe, partir):
    lu = page(partir(troupe.gens["voisin"]))  # one mesure
    assert "Il vous reste 1 mesure en cours. Mettez-y fin" in lu
    lu = page(partir(troupe.gens["prepose"]))
    assert "Fermeture demandée. Vous disparaissez des recherches dès maintenant." in lu
    assert "Il vous reste" not in lu


def test_asking_twice_is_once(troupe, partir):
    partir(troupe.gens["mandataire"])
    avant = Courriel.objects.count(), Evenement.objects.count()
    partir(troupe.gens["mandataire"])
    fermeture.demander(par=troupe.gens["mandataire"])
    assert (Courriel.objects.count(), Evenement.objects.count()) == avant


def test_taken_back_everything_is_as_before(troupe, partir):
    m, personne, juge = troupe.mandataire, troupe.gens["mandataire"], troupe.gens["magistrat"]
    Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_par=juge)
    partir(personne)
    client = troupe.clients["mandataire"]
    lu = page(client.post(REPRENDRE, follow=True))
    assert "Les tribunaux vous voient à nouveau." in lu
    assert m.nom in page(troupe.clients["magistrat"].get("/recherche/"))
    assert "Fermeture du compte" not in page(client.get("/mesures/en-cours/"))
    assert [c.sujet for c in recus(juge.email)][-1] == "Camille Bellerive reprend son activité"
    assert recus("support@exemple.fr")[-1].sujet.startswith("Fermeture retirée")
    assert "Rien n’a changé." in page(client.post(REPRENDRE, follow=True))
    m.refresh_from_db()
    assert m.retire_le is None


# --- A service --------------------------------------------------------------------------------------------


def test_a_member_leaves_alone(troupe, partir):
    chef, simple = troupe.gens["service"], membre(troupe.service)
    lu = page(partir(simple))
    assert "Fermeture demandée. L’équipe vous écrit quand c’est fait." in lu
    troupe.service.refresh_from_db()
    assert troupe.service.retire_le is None
    assert troupe.service in Mandataire.objects.visibles()
    (avis,) = recus(chef.email)
    assert avis.sujet == f"{simple} quitte Les Trois Ponts"


def test_the_last_administrator_names_another_first(troupe, partir):
    chef = troupe.gens["service"]
    autre = membre(troupe.service)
    lu = page(partir(chef))
    assert "Vous êtes le seul administrateur de Les Trois Ponts. Nommez-en d’abord un autre" in lu
    assert "Demander la fermeture" not in lu
    chef.refresh_from_db()
    assert chef.fermeture_demandee_le is None
    Membre.objects.filter(utilisateur=autre).update(administrateur=True)
    assert "Fermeture demandée." in page(partir(chef))
    # and now the other is the last
    assert "Vous êtes le seul administrateur" not in page(
        partir(autre)
    )  # nobody else stays: the service goes with them
    troupe.service.refresh_from_db()
    assert troupe.service.retire_le is not None


def test_the_last_open_account_takes_the_service_out(troupe, partir):
    Utilisateur.objects.filter(pk=membre(troupe.service).pk).update(statut="suspendu")
    assert "Vous disparaissez des recherches" in page(partir(troupe.gens["service"]))
    troupe.service.refresh_from_db()
    assert troupe.service.retire_le is not None
    assert troupe.service not in Mandataire.objects.visibles()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_at_once(tmp_path, monkeypatch):
    service = MandataireFactory(service=True)
    chefs = [service.membres.get().utilisateur, membre(service, administrateur=True)]
    membre(service)
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    resultats = ensemble(*[lambda u=u: type(fermeture.demander(par=u)).__name__ for u in chefs])
    assert sorted(resultats) == ["ActeImpossible", "Situation"]
    assert ailleurs(Utilisateur.objects.exclude(fermeture_demandee_le=None).count) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_are_one_request(tmp_path, monkeypatch):
    personne = MandataireFactory().membres.get().utilisateur
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    ensemble(*[lambda: fermeture.demander(par=personne)] * 10)
    assert ailleurs(Evenement.objects.filter(acte="compte.demander_fermeture").count) == 1
    assert ailleurs(Courriel.objects.filter(sujet__startswith="Fermeture demandée").count) == 1


# --- Courts, agents, the team ---------------------------------------------------------------------------------


def test_a_judge_is_told_their_reservations_stay(troupe, partir):
    juge, client = troupe.gens["magistrat"], troupe.clients["magistrat"]
    Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_par=juge)
    reconnu(client)
    assert "1 mesure que vous avez réservée attend une réponse : elle reste" in page(client.get(PAGE))
    assert "Garder mon compte" in page(partir(juge))
    assert troupe.mandataire in Mandataire.objects.visibles()
    assert not recus(troupe.gens["mandataire"].email)
    client.post(REPRENDRE)
    juge.refresh_from_db()
    assert juge.fermeture_demandee_le is None


@pytest.mark.parametrize("qui", ["greffier", "agent", "agent_national"])
def test_a_clerk_and_an_agent(troupe, partir, qui):
    assert "Fermeture demandée. L’équipe vous écrit quand c’est fait." in page(partir(troupe.gens[qui]))
    (avis,) = recus("support@exemple.fr")
    assert "?fermeture=demandee" in avis.texte


def test_the_team_does_not_leave_from_here(troupe):
    client = troupe.clients["support"]
    reconnu(client)
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == client.post(REPRENDRE).status_code == 403
    assert PAGE not in page(client.get("/mon-compte/"))
    with pytest.raises(ActeImpossible):
        fermeture.demander(par=troupe.gens["support"])


# --- The team finishes ------------------------------------------------------------------------------------------

LISTE = "/admin/comptes/utilisateur/"


def agir(client, *gens, **autres):
    return client.post(LISTE, {"action": "fermer", "_selected_action": [u.pk for u in gens], **autres}, follow=True)


def test_the_team_sees_the_requests_and_finishes_them(troupe, partir):
    personne, equipe = troupe.gens["mandataire"], troupe.clients["support"]
    partir(personne)
    lu = page(equipe.get(f"{LISTE}?fermeture=demandee"))
    assert personne.email in lu
    assert troupe.gens["voisin"].email not in lu
    lu = page(agir(equipe, personne, troupe.gens["voisin"]))
    assert "1 mesure en cours, 1 en attente" in lu
    assert "n’a rien demandé : ne sera pas fermé" in lu
    personne.refresh_from_db()
    assert personne.est_valide  # nothing before the button
    sa_session = ouvrir(personne)
    lu = page(agir(equipe, personne, troupe.gens["voisin"], _fermer="1"))
    assert "1 compte fermé : " in lu
    assert "n’a pas demandé la fermeture de son compte." in lu
    assert sa_session.get("/mesures/en-cours/").status_code == 302
    assert "Votre compte est fermé depuis le" in page(connecter(Client(), personne.email))
    assert recus(personne.email)[-1].sujet == "Votre compte e-MJPM est fermé"
    assert Evenement.objects.get(acte="compte.fermer").changements == {"statut": ["valide", "ferme"]}
    assert personne.email not in page(equipe.get(f"{LISTE}?fermeture=demandee"))
    assert personne.email in page(equipe.get(f"{LISTE}?fermeture=faite"))
    troupe.gens["voisin"].refresh_from_db()
    assert troupe.gens["voisin"].est_valide


def test_a_reset_link_does_not_reopen_it(troupe, partir):
    personne = troupe.gens["agent"]
    partir(personne)
    services.fermer(utilisateur=personne, par=troupe.gens["support"])
    assert "Votre compte est fermé depuis le" in page(connecter(Client(), personne.email))
    assert not fermeture.reprendre(par=troupe.gens["voisin"])


def test_reinstated_the_person_takes_their_activity_back(troupe, partir):
    personne, m = troupe.gens["mandataire"], troupe.mandataire
    partir(personne)
    services.fermer(utilisateur=personne, par=troupe.gens["support"])
    services.retablir(utilisateur=personne, par=troupe.gens["support"])
    assert m not in Mandataire.objects.visibles()
    ouvrir(Utilisateur.objects.get(pk=personne.pk)).post(REPRENDRE)
    assert m in Mandataire.objects.visibles()


@pytest.mark.parametrize(("jours", "efface"), [(364, False), (366, True)])
def test_twelve_months_later_the_person_is_erased_and_the_work_stays(troupe, partir, jours, efface):
    personne, m = troupe.gens["mandataire"], troupe.mandataire
    DemandeInscription.objects.create(utilisateur=personne, role="individuel", etat="validee", siret="73282932000074")
    partir(personne)
    services.fermer(utilisateur=personne, par=troupe.gens["support"])
    Utilisateur.objects.filter(pk=personne.pk).update(statut_le=timezone.now() - datetime.timedelta(days=jours))
    adresse = personne.email
    for _ in range(2):
        call_command("purger")
    personne.refresh_from_db()
    m.refresh_from_db()
    assert (personne.email == adresse) is not efface
    assert bool(m.telephone or m.courriel or personne.prenom) is not efface
    assert DemandeInscription.objects.filter(utilisateur=personne).exists() is not efface
    assert m.nom == "Camille Bellerive"  # the courts still read whose mesures they were
    assert m.mesures.count() == 2
    if efface:
        assert not personne.has_usable_password()
        with pytest.raises(services.ActeImpossible, match="effacée"):
            services.retablir(utilisateur=personne, par=troupe.gens["support"])
        assert UtilisateurFactory(email=adresse)  # the address is free again


def test_a_service_keeps_its_telephone_when_a_member_is_erased(troupe, partir):
    simple = membre(troupe.service)
    partir(simple)
    services.fermer(utilisateur=simple, par=troupe.gens["support"])
    Utilisateur.objects.filter(pk=simple.pk).update(statut_le=timezone.now() - datetime.timedelta(days=400))
    call_command("purger")
    avant = troupe.service.telephone
    troupe.service.refresh_from_db()
    assert troupe.service.telephone == avant


def test_nobody_of_the_team_closes_the_team(troupe):
    simple = UtilisateurFactory(role=Role.SUPPORT, is_staff=True)
    with pytest.raises(services.ActeImpossible):
        services.fermer(utilisateur=troupe.gens["support"], par=simple)


def test_a_neighbour_s_request_is_not_mine_to_take_back(troupe, partir):
    partir(troupe.gens["mandataire"])
    troupe.clients["voisin"].post(REPRENDRE)
    troupe.mandataire.refresh_from_db()
    assert troupe.mandataire.retire_le is not None
