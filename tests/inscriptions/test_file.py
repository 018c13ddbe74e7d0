"""The team's queue: what is shown, what validating and refusing do, once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Perimetre, Role, Utilisateur
from emjpm.inscriptions import services
from emjpm.inscriptions.models import DemandeInscription
from mandataires.models import Mandataire, Membre
from tests.comptes.test_connexion import texte
from tests.factories import MandataireFactory, UtilisateurFactory, commune, departement, tribunal
from tribunaux.models import MembreTribunal

pytestmark = pytest.mark.django_db

LISTE = "/admin/inscriptions/demandeinscription/"
SIRETS = ["73282932000074", "98765432400019", "55555555600011", "22222222600011", "77777777200016"]


def deposer(prenom="Hugo", nom="Plaisance", role=Role.INDIVIDUEL, jours=0, verifiee=True, email=None, **champs):
    email = email or f"{prenom}.{nom}@exemple.fr".lower().replace(" ", "")
    utilisateur = UtilisateurFactory(
        prenom=prenom, nom=nom, email=email, role=role, en_attente=True, adresse_verifiee=verifiee
    )
    valeurs = {}
    if role == Role.INDIVIDUEL:
        valeurs = {
            "siret": SIRETS[0],
            "telephone": "+33199004127",
            "adresse": "3 place de l’Exemple",
            "code_postal": "57000",
            "commune": commune("Metz"),
            "tribunaux": [tribunal("Metz"), tribunal("Nancy")],
        }
    demande = services.deposer(utilisateur=utilisateur, role=role, donnees={**valeurs, **champs})
    DemandeInscription.objects.filter(pk=demande.pk).update(cree_le=timezone.now() - timedelta(days=jours))
    return demande


@pytest.fixture
def equipe(db):
    """Someone of the team without all rights: what the group « Support » gives."""
    groupe = Group.objects.create(name="Support essai")
    codes = ["view_demandeinscription", "change_demandeinscription", "view_utilisateur", "change_utilisateur"]
    groupe.permissions.set(Permission.objects.filter(codename__in=codes))
    personne = UtilisateurFactory(role=Role.SUPPORT, is_staff=True, prenom="Maëlle", nom="Pontaublé")
    personne.groups.add(groupe)
    return personne


@pytest.fixture
def client(equipe, ouvrir_session):
    return ouvrir_session(equipe)


def test_queue_shows_what_is_needed_oldest_first(client):
    deposer("Rémi", "Falaisenoire", siret="11111111800010", jours=4)
    deposer("Hugo", "Plaisance", siret=SIRETS[1], jours=9)
    deposer("Samuel", "Rochefeinte", siret=SIRETS[4], verifiee=False)
    deposer("Nora", "Valdombre", Role.MAGISTRAT, tribunal=tribunal("Metz"), cabinet="2", jours=6)
    page = texte(client.get(LISTE))
    assert "4 demandes en attente, la plus ancienne depuis 9 jours" in page
    noms = ["Hugo Plaisance", "Nora Valdombre", "Rémi Falaisenoire", "Samuel Rochefeinte"]
    assert sorted(noms, key=page.index) == noms
    assert "TJ Metz, TJ Nancy" in page
    assert "TJ Metz, cabinet 2" in page
    assert page.count("e-mail non vérifié") == 1
    assert "clé de contrôle fausse" in page
    assert "En attente (4)" in page
    assert "SIRET non valide (1)" in page
    assert "E-mail non vérifié (1)" in page
    assert "Rémi" in texte(client.get(LISTE, {"verifier": "siret"}))
    assert "Nora" not in texte(client.get(LISTE, {"verifier": "siret"})).split("result_list")[1]
    assert "Hugo" not in texte(client.get(LISTE, {"role": "magistrat"})).split("result_list")[1]


def test_empty_queue(client):
    assert "Aucune demande en attente" in texte(client.get(LISTE))
    assert client.get(LISTE, {"etat": "toutes"}).status_code == 200


def test_same_number_of_queries_for_five_and_fifteen(client, django_assert_num_queries, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        return len(requetes)

    for n in range(5):
        deposer(f"Ada{n}", "Beauchemin", siret="", jours=n)
    cinq = compter()
    for n in range(5, 15):
        deposer(f"Ada{n}", "Beauchemin", siret="", jours=n)
    assert compter() == cinq


def test_duplicates_are_found_by_number_name_address_and_telephone(client):
    MandataireFactory(nom="Hugues Plaisance", siret=SIRETS[1], telephone="+33199005418", membre=False)
    UtilisateurFactory(prenom="Plaisance", nom="Hugo", email="autre@exemple.fr")
    UtilisateurFactory(prenom="Zoé", nom="Autrement", email="hugo.plaisance@ailleurs.fr")
    UtilisateurFactory(prenom="Zoé", nom="Rien", email="rien@exemple.fr")
    demande = deposer("Hugo", "Plaisance", siret=SIRETS[1], telephone="+33199005418")
    page = texte(client.get(f"{LISTE}{demande.pk}/change/"))
    assert "3 doublons possibles" in page
    assert "Même SIRET, nom proche, même téléphone" in page
    assert "Même nom" in page
    assert "E-mail proche" in page
    assert "rien@exemple.fr" not in page
    assert "déjà celui d’un autre compte" in page
    assert "3 possibles" in texte(client.get(LISTE))


def test_two_waiting_requests_of_one_person_see_each_other(client):
    premiere = deposer("Hugo", "Plaisance", siret=SIRETS[1], telephone="")
    seconde = deposer("Hugo", "Plaisance", siret="", email="hp@exemple.fr", telephone="")
    assert f"{LISTE}{premiere.pk}/change/" in texte(client.get(f"{LISTE}{seconde.pk}/change/"))


def test_bulk_validation(client, equipe):
    bonne, autre = deposer("Ambre", "Lacourtoise", jours=2), deposer("Théo", "Grandval", siret=SIRETS[1])
    sans = deposer("Samuel", "Rochefeinte", siret=SIRETS[2], verifiee=False)
    envoi = {"action": "valider", "_selected_action": [bonne.pk, autre.pk, sans.pk]}
    page = texte(client.post(LISTE, envoi, follow=True))
    assert "2 demandes validées : Ambre Lacourtoise et Théo Grandval. Un e-mail leur a été envoyé." in page
    assert "1 demande non validée : Samuel Rochefeinte, e-mail non vérifié." in page
    assert Mandataire.objects.count() == 2
    assert Utilisateur.objects.filter(statut="valide", role="individuel").count() == 2
    assert Evenement.objects.filter(acte="inscription.valider", par=equipe).count() == 2
    assert Courriel.objects.filter(sujet="Votre demande est validée").count() == 2
    sans.refresh_from_db()
    assert sans.etat == "en_attente"


def test_bulk_decision_on_what_somebody_decided_meanwhile_is_told(client, equipe):
    demande = deposer("Ambre", "Lacourtoise")
    services.refuser(demande=demande, par=equipe, motif="Hors liste")
    autre = deposer("Théo", "Grandval", siret=SIRETS[1])
    MandataireFactory(siret=SIRETS[1])
    page = texte(client.post(LISTE, {"action": "valider", "_selected_action": [demande.pk, autre.pk]}, follow=True))
    assert "2 demandes non validées : Ambre Lacourtoise, demande déjà refusée" in page
    assert "Théo Grandval, SIRET déjà celui de" in page


def test_bulk_refusal_asks_one_reason(client):
    demandes = [deposer("Ambre", "Lacourtoise"), deposer("Théo", "Grandval", siret=SIRETS[1])]
    envoi = {"action": "refuser", "_selected_action": [d.pk for d in demandes]}
    page = texte(client.post(LISTE, envoi))
    assert "Ambre Lacourtoise" in page
    assert "Théo Grandval" in page
    page = texte(client.post(LISTE, {**envoi, "_refuser": "1", "motif": "  "}))
    assert "Indiquez le motif du refus." in page
    assert DemandeInscription.objects.filter(etat="en_attente").count() == 2
    page = texte(client.post(LISTE, {**envoi, "_refuser": "1", "motif": "Pas sur la liste du préfet"}, follow=True))
    assert "2 demandes refusées" in page
    assert {c.destinataire for c in Courriel.objects.filter(texte__contains="Pas sur la liste du préfet")} == {
        d.utilisateur.email for d in demandes
    }


def test_refusal_needs_a_reason_and_the_person_reads_it(client):
    demande = deposer()
    adresse = f"{LISTE}{demande.pk}/change/"
    page = texte(client.post(adresse, {"_refuser": "1", "motif": "", "note_interne": "à rappeler"}))
    assert "Indiquez le motif du refus : la personne le recevra par e-mail." in page
    assert "à rappeler" in page
    client.post(adresse, {"_refuser": "1", "motif": "SIRET d’une autre personne", "note_interne": "à rappeler"})
    demande.refresh_from_db()
    demande.utilisateur.refresh_from_db()
    assert (demande.etat, demande.note_interne) == ("refusee", "à rappeler")
    assert demande.utilisateur.statut == "refuse"
    mail = Courriel.objects.get(destinataire=demande.utilisateur.email)
    assert "SIRET d’une autre personne" in mail.texte
    assert "à rappeler" not in mail.texte
    assert not Mandataire.objects.exists()


def test_second_decision_is_told_who_was_first(client, equipe):
    demande = deposer()
    ancienne = DemandeInscription.objects.get(pk=demande.pk)
    services.valider(demande=demande, par=equipe)
    with pytest.raises(services.DejaDecidee, match=r"^Demande déjà validée par Maëlle Pontaublé à \d{1,2} h \d\d\.$"):
        services.refuser(demande=ancienne, par=equipe, motif="Trop tard")
    page = texte(client.post(f"{LISTE}{demande.pk}/change/", {"_valider": "1"}))
    assert "Demande déjà validée par Maëlle Pontaublé" in page
    assert Mandataire.objects.count() == 1
    assert Courriel.objects.filter(sujet="Votre demande est validée").count() == 1


def test_all_or_nothing(monkeypatch, equipe):
    demande = deposer()
    mails = Courriel.objects.count()

    def panne(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(services.courriels, "deposer", panne)
    with pytest.raises(RuntimeError):
        services.valider(demande=demande, par=equipe)
    demande.refresh_from_db()
    demande.utilisateur.refresh_from_db()
    assert (demande.etat, demande.utilisateur.statut) == ("en_attente", "en_attente")
    assert not Mandataire.objects.exists()
    assert Courriel.objects.count() == mails
    assert not Evenement.objects.filter(acte="inscription.valider").exists()


def test_siret_taken_meanwhile(equipe):
    demande = deposer()
    MandataireFactory(siret=SIRETS[0], nom="Camille Bellerive")
    with pytest.raises(services.DecisionImpossible, match="SIRET déjà celui de Camille Bellerive"):
        services.valider(demande=demande, par=equipe)


def test_court_closed_meanwhile_gives_its_successor(equipe):
    ancien = tribunal("Thionville")
    demande = deposer(tribunaux=[ancien, tribunal("Metz")])
    ancien.ferme_le, ancien.successeur = "2026-01-01", tribunal("Metz")
    ancien.save()
    services.valider(demande=demande, par=equipe)
    assert [h.tribunal.ville for h in Mandataire.objects.get().habilitations.all()] == ["Metz"]


def test_joining_a_service_tells_its_administrators(equipe):
    service = MandataireFactory(service=True, nom="Les Trois Ponts")
    chef = service.membres.get().utilisateur
    demande = deposer("Émile", "Courvillon", Role.SERVICE, service=service)
    services.valider(demande=demande, par=equipe)
    membre = Membre.objects.get(utilisateur=demande.utilisateur)
    assert (membre.mandataire, membre.administrateur) == (service, False)
    assert Courriel.objects.get(destinataire=chef.email).sujet == "Émile Courvillon rejoint Les Trois Ponts"
    assert Mandataire.objects.count() == 1


def test_first_member_of_a_service_administrates_it(equipe):
    service = MandataireFactory(service=True, membre=False)
    demande = deposer("Émile", "Courvillon", Role.SERVICE, service=service)
    services.valider(demande=demande, par=equipe)
    assert Membre.objects.get().administrateur


def test_new_service_bears_its_own_name(equipe):
    demande = deposer("Émile", "Courvillon", Role.SERVICE, nom_service="Passerelle", siret=SIRETS[2])
    services.valider(demande=demande, par=equipe)
    service = Mandataire.objects.get()
    assert (service.categorie, service.nom, service.nom_normalise) == ("service", "Passerelle", "passerelle")


def test_prepose_gets_a_place_for_each_establishment(equipe):
    etablissements = [
        {"nom": "EHPAD Les Glycines", "finess": "570000646", "code_postal": "57000", "commune": commune("Metz")},
        {"nom": "CH", "finess": "", "code_postal": "57100", "commune": commune("Thionville")},
    ]
    demande = deposer("Violette", "Hautmarais", Role.PREPOSE, etablissements=etablissements)
    services.valider(demande=demande, par=equipe)
    lieux = list(Mandataire.objects.get().lieux.values_list("nom", "principal", "latitude"))
    assert lieux == [("EHPAD Les Glycines", True, 49.1196), ("CH", False, 49.3579)]


def test_courts_and_agents_get_their_place(equipe):
    greffe = deposer("Lila", "Beauchemin", Role.GREFFIER, tribunal=tribunal("Metz"))
    agent = deposer("Igor", "Mirebois", Role.DIRECTION, niveau="departemental", departement=departement("57"))
    for demande in (greffe, agent):
        services.valider(demande=demande, par=equipe)
    assert MembreTribunal.objects.get().tribunal == tribunal("Metz")
    assert Perimetre.objects.get().departement_id == "57"


def test_refused_then_asking_again_is_a_new_request(equipe):
    demande = deposer()
    services.refuser(demande=demande, par=equipe, motif="Incomplet")
    utilisateur = Utilisateur.objects.get(pk=demande.utilisateur_id)
    seconde = services.deposer(utilisateur=utilisateur, role=Role.GREFFIER, donnees={"tribunal": tribunal("Metz")})
    services.valider(demande=seconde, par=equipe)
    utilisateur.refresh_from_db()
    assert (utilisateur.role, utilisateur.statut) == ("greffier", "valide")


@pytest.mark.parametrize("qui", ["mandataire", "magistrat", "agent"])
def test_queue_is_the_teams(troupe, qui):
    demande = deposer()
    for adresse in (LISTE, f"{LISTE}{demande.pk}/change/"):
        assert troupe.clients[qui].get(adresse).status_code in (302, 403)
        assert troupe.clients[qui].post(adresse, {"_valider": "1"}).status_code in (302, 403)
    demande.refresh_from_db()
    assert demande.etat == "en_attente"


def test_staff_without_the_right_decides_nothing(ouvrir_session):
    demande = deposer()
    lecteur = UtilisateurFactory(role=Role.SUPPORT, is_staff=True)
    lecteur.user_permissions.add(Permission.objects.get(codename="view_demandeinscription"))
    client = ouvrir_session(lecteur)
    adresse = f"{LISTE}{demande.pk}/change/"
    assert 'name="_valider"' not in texte(client.get(adresse))
    assert client.post(adresse, {"_valider": "1"}).status_code == 403
    client.post(LISTE, {"action": "valider", "_selected_action": [demande.pk]})
    demande.refresh_from_db()
    assert demande.etat == "en_attente"


def test_requests_are_neither_added_nor_erased_by_hand(client):
    demande = deposer()
    assert client.get(f"{LISTE}add/").status_code == 403
    assert client.post(f"{LISTE}{demande.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_admin_s_home_page_begins_with_what_waits(troupe):
    client = troupe.clients["support"]
    deposer("Hugo", "Plaisance", siret=SIRETS[1])
    assert "demande en attente, la plus ancienne déposée aujourd’hui" in client.get("/admin/").content.decode()
