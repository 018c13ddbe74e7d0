"""What is forgotten, and what is not."""

from datetime import timedelta

import factory
import pytest
from django.core.management import call_command
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.commun.models import Courriel, Evenement
from emjpm.inscriptions.models import DemandeInscription
from emjpm.support.anonymisation import VIDES
from mandataires.models import Invitation, Lieu, Mandataire
from mesures.models import Evolution, Mesure
from tests.factories import MesureFactory, UtilisateurFactory, commune


@pytest.mark.django_db
def test_old_lines_and_mails_go_recent_ones_and_stories_of_mesures_stay(troupe, capsys):
    maintenant = timezone.now()
    agent, mesure = troupe.gens["agent"], troupe.mesure
    vieux_profil = journal.noter(par=agent, acte="mandataire.capacite", objet=troupe.mandataire)
    vieille_mesure = journal.noter(par=agent, acte="mesure.creer", objet=mesure)
    Evenement.objects.update(le=maintenant - timedelta(days=400))
    recente = journal.noter(par=agent, acte="mandataire.capacite", objet=troupe.mandataire)
    for adresse, jours in (("parti@exemple.fr", 31), ("hier@exemple.fr", 1)):
        courriels.deposer_texte("Sujet", "Texte", adresse)
        Courriel.objects.filter(destinataire=adresse).update(envoye_le=maintenant - timedelta(days=jours))
    courriels.deposer_texte("Sujet", "Texte", "attend@exemple.fr")
    Courriel.objects.filter(destinataire="attend@exemple.fr").update(cree_le=maintenant - timedelta(days=60))

    call_command("purger")

    restent = set(Evenement.objects.values_list("pk", flat=True))
    assert vieux_profil.pk not in restent
    assert {vieille_mesure.pk, recente.pk} <= restent
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"hier@exemple.fr", "attend@exemple.fr"}
    assert "lignes de journal de plus de 12 mois : 1" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_was_dismissed_does_not_come_back_a_year_later(troupe):
    for acte in ("mandataire.passer_etapes", "mandataire.aucune_mesure"):
        journal.noter(par=troupe.gens["prepose"], acte=acte, objet=troupe.prepose)
    Evenement.objects.update(le=timezone.now() - timedelta(days=800))
    Mandataire.objects.filter(pk=troupe.prepose.pk).update(capacite=None)
    call_command("purger")
    assert "Bienvenue" not in troupe.clients["prepose"].get("/tableau-de-bord/").content.decode()


@pytest.mark.django_db
def test_a_refused_request_is_forgotten_after_a_year(django_user_model):
    vieux, recent = UtilisateurFactory.create_batch(
        2, statut="refuse", prenom="Ada", email=factory.Sequence("r{}@x.fr".format)
    )
    django_user_model.objects.filter(pk=vieux.pk).update(statut_le=timezone.now() - timedelta(days=366))
    for personne in (vieux, recent):
        DemandeInscription.objects.create(
            utilisateur=personne, role="individuel", etat="refusee", motif_refus="Hors liste"
        )
    call_command("purger")
    vieux.refresh_from_db()
    recent.refresh_from_db()
    assert (vieux.prenom, vieux.email) == ("", f"compte-{vieux.pk}@compte-ferme.invalid")
    assert recent.prenom == "Ada"
    assert [d.utilisateur for d in DemandeInscription.objects.all()] == [recent]


@pytest.mark.django_db
def test_who_never_answered_an_invitation_is_forgotten(troupe):
    for courriel, jours in (("vieille@exemple.fr", 91), ("hier@exemple.fr", 1)):
        Invitation.objects.create(
            mandataire=troupe.service, courriel=courriel, empreinte=courriel,
            expire_le=timezone.now() - timedelta(days=jours),
        )  # fmt: skip
    call_command("purger")
    assert [i.courriel for i in Invitation.objects.all()] == ["hier@exemple.fr"]


@pytest.mark.django_db
def test_the_street_of_who_retired_is_not_kept_as_a_point(troupe):
    personne, lieu = troupe.gens["mandataire"], troupe.mandataire.lieux.get()
    Lieu.objects.filter(pk=lieu.pk).update(adresse="3 rue Haute", precision="adresse", latitude=49.2, longitude=6.3)
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(retire_le=timezone.now())
    type(personne).objects.filter(pk=personne.pk).update(statut="ferme", statut_le=timezone.now() - timedelta(days=366))
    call_command("purger")
    lieu.refresh_from_db()
    assert (lieu.adresse, lieu.precision) == ("", "commune")
    assert (lieu.latitude, lieu.longitude) == (lieu.commune.latitude, lieu.commune.longitude)


class TestAnonymiser:
    @pytest.fixture
    def ancienne(self, troupe):
        fin = timezone.localdate() - timedelta(days=366 * 5)
        mesure = MesureFactory(
            mandataire=troupe.mandataire, tribunal=troupe.metz, eteinte=True, numero_rg="11B00123", annee_naissance=1931,
            date_jugement=fin - timedelta(days=900), date_fin=fin, commune=commune("Metz"), code_postal="57000",
            numero_dossier="D-4", ressources_niveau=9000, prestations=["AAH"],
        )  # fmt: skip
        journal.noter(
            par=troupe.gens["mandataire"], acte="mesure.modifier", objet=mesure,
            changements={"numero_rg": ["11B00122", "11B00123"], "nature": ["curatelle_simple", "tutelle"]},
        )  # fmt: skip
        Evolution.objects.create(
            mesure=mesure, genre="lieu_vie", date=fin - timedelta(days=9),
            changements={"lieu_vie": ["domicile", "etablissement"], "type_etablissement": ["", "personnes_agees"],
                         "pays": ["FR", "FR"], "code_postal": ["54000", "57000"], "commune": ["54395", "57463"],
                         "ville": ["", ""]},
        )  # fmt: skip
        return mesure

    def test_says_then_erases_what_leads_to_an_adult(self, db, troupe, ancienne, capsys):
        recente = MesureFactory(mandataire=troupe.mandataire, eteinte=True, numero_rg="21B00999")
        call_command("anonymiser")
        assert "1 mesure(s) à anonymiser. Rien n’est écrit" in capsys.readouterr().out
        ancienne.refresh_from_db()
        assert ancienne.numero_rg == "11B00123"
        call_command("anonymiser", ecrire=True)
        ancienne.refresh_from_db()
        for champ, vide in VIDES.items():
            assert getattr(ancienne, champ) == vide, champ
        assert (ancienne.statut, ancienne.nature, ancienne.tribunal) == ("eteinte", "tutelle", troupe.metz)
        ancienne.full_clean()
        recits = str(list(Evenement.objects.values_list("changements", flat=True)))
        recits += str(list(Evolution.objects.values_list("changements", flat=True)))
        assert not [x for x in ("11B0012", "57463", "54395", "57000", "54000") if x in recits]
        assert "curatelle_simple" in recits
        recente.refresh_from_db()
        assert recente.numero_rg == "21B00999"
        capsys.readouterr()
        call_command("anonymiser", ecrire=True)
        assert "0 mesure(s)" in capsys.readouterr().out
        page = troupe.clients["mandataire"].get(f"/mesures/{ancienne.pk}/")
        assert page.status_code == 200

    def test_the_reservation_by_which_it_was_renewed_too(self, troupe, ancienne, capsys):
        """What a court wrote to renew it says the same adult; of a mesure still followed it stays."""
        vieux = timezone.now() - timedelta(days=366 * 5)
        tous = {"mandataire": troupe.mandataire, "tribunal": troupe.metz, "en_attente": True, "annee_naissance": 1931}
        entrees = [
            MesureFactory(numero_rg=f"12B0000{n}", **tous) for n in range(3)
        ]  # of the ended mesure, of one that is gone, of one that goes on
        for entree, mesure in zip(entrees, (ancienne, None, troupe.mesure), strict=True):
            Mesure.objects.filter(pk=entree.pk).update(statut="renouvelee", renouvelle=mesure, valide_le=vieux)
        call_command("anonymiser")
        assert "3 mesure(s) à anonymiser." in capsys.readouterr().out
        call_command("anonymiser", ecrire=True)
        lues = Mesure.objects.filter(pk__in=[e.pk for e in entrees]).order_by("pk")
        assert list(lues.values_list("numero_rg", "annee_naissance")) == [("", None), ("", None), ("12B00002", 1931)]

    def test_every_field_of_a_mesure_is_kept_or_erased_on_purpose(self):
        """A new field has to be thought of."""
        gardes = set(
            "id cree_le modifie_le mandataire lieu tribunal cabinet statut version nature champ date_jugement civilite "
            "lieu_vie type_etablissement pays urgence date_previsionnelle reserve_par reserve_le cle_reservation "
            "renouvelle rappel_15_le rappel_30_le valide_le date_fin motif_fin clos_le motif_declin classee_le "
            "importee_par".split()
        )
        assert {c.name for c in Mesure._meta.concrete_fields} == gardes | set(VIDES)
