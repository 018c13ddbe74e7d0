"""Who is told of what, and what a page claims about it: the court's people when whoever reserved left, and those who
follow a mesure. Nobody is told twice, nothing is said that did not happen.
"""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from emjpm.commun.models import Courriel
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from mesures.enums import MotifDeclin, MotifFin
from mesures.models import Mesure
from mesures.services import fermeture, mandat
from mesures.services import reservation as services
from mesures.services.commun import qui_suit
from tests.factories import LieuFactory, MesureFactory, UtilisateurFactory, commune, utilisateur_du_tribunal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


def lire(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")


def adresses() -> list[str]:
    return sorted(Courriel.objects.values_list("destinataire", flat=True))


def refuser_les_fins(*gens):
    Utilisateur.objects.filter(pk__in=[q.pk for q in gens]).update(avis_fin_mandat=False)


def eteindre(troupe, mesure) -> None:
    mandat.eteindre(par=troupe.gens["mandataire"], mesure=mesure, motif=MotifFin.DECES, date_fin=timezone.localdate())


@pytest.fixture
def orpheline(troupe):
    """Reserved by somebody who left the court; its greffier and a magistrat are there."""
    parti = utilisateur_du_tribunal(troupe.thionville)
    return MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True, reserve_par=parti, numero_rg="26A00001"
    )


class TestRelais:
    def test_le_greffe_puis_les_magistrats(self, troupe, orpheline):
        assert list(qui_suit([orpheline])) == [troupe.gens["greffier"]]
        Utilisateur.objects.filter(pk=troupe.gens["greffier"].pk).update(statut="suspendu")
        assert list(qui_suit([orpheline])) == [troupe.gens["magistrat"]]
        assert qui_suit([troupe.mesure]) == {}  # no court reserved it

    def test_le_courriel_ne_dit_pas_vous_a_qui_n_a_rien_reserve(self, troupe, orpheline):
        mandat.decliner(par=troupe.gens["mandataire"], mesure=orpheline, motif=MotifDeclin.ABSENCE)
        (courriel,) = Courriel.objects.all()
        assert courriel.destinataire == troupe.gens["greffier"].email
        assert "ne peut pas prendre la mesure que votre tribunal a réservée le " in courriel.texte

    def test_la_fin_respecte_le_choix_de_chacun(self, troupe, orpheline):
        """A greffier who wants no such mail is not written to, and does not silence the magistrats."""
        mandat.valider(
            par=troupe.gens["mandataire"], mesure=orpheline, date_jugement=timezone.localdate(), lieu_vie="domicile"
        )
        Courriel.objects.all().delete()
        refuser_les_fins(troupe.gens["greffier"])
        page = f"/mesures/{orpheline.pk}/terminer/"
        assert "est prévenu" in lire(troupe.clients["mandataire"].get(page))
        eteindre(troupe, orpheline)
        assert adresses() == [troupe.gens["magistrat"].email]
        Courriel.objects.all().delete()
        mandat.rouvrir(par=troupe.gens["mandataire"], mesure=orpheline)
        refuser_les_fins(troupe.gens["magistrat"])
        assert "est prévenu" not in lire(troupe.clients["mandataire"].get(page))
        eteindre(troupe, orpheline)
        assert adresses() == []

    def test_les_rappels_et_la_fermeture_aussi(self, troupe, orpheline):
        Mandataire.objects.filter(pk=troupe.mandataire.pk).update(partage_courriel=False)
        Mesure.objects.filter(pk=orpheline.pk).update(reserve_le=timezone.now() - timezone.timedelta(days=31))
        call_command("relancer")
        vus = Courriel.objects.filter(destinataire=troupe.gens["greffier"].email)
        assert "la mesure que votre tribunal a réservée il y a 30 jours ou plus" in vus.get().texte
        Courriel.objects.all().delete()
        fermeture.demander(par=troupe.gens["mandataire"])
        recu = vus.get()
        assert "que votre tribunal a réservée" in recu.texte
        assert troupe.mandataire.courriel not in recu.texte  # not shared with the courts
        Courriel.objects.all().delete()
        fermeture.reprendre(par=troupe.gens["mandataire"])
        Mandataire.objects.filter(pk=troupe.mandataire.pk).update(partage_courriel=True)
        fermeture.demander(par=troupe.gens["mandataire"])
        assert troupe.mandataire.courriel in vus.order_by("-pk").first().texte

    def test_une_seule_lecture_du_tribunal(self, troupe, orpheline, django_assert_num_queries):
        autres = [
            MesureFactory(
                mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True, reserve_par=orpheline.reserve_par
            )
            for _ in range(5)
        ]
        lues = list(Mesure.objects.filter(pk__in=[m.pk for m in autres]).select_related("reserve_par__membre_tribunal"))
        with django_assert_num_queries(1):
            assert len(qui_suit(lues)[troupe.gens["greffier"]]) == 5

    def test_la_page_ne_promet_rien_quand_il_n_y_a_personne(self, troupe, orpheline):
        Utilisateur.objects.filter(membre_tribunal__tribunal=troupe.metz).update(statut="suspendu")
        client = troupe.clients["mandataire"]
        for acte in ("valider", "decliner"):
            assert "prévenu" not in lire(client.get(f"/mesures/{orpheline.pk}/{acte}/"))
        page = lire(client.post(f"/mesures/{orpheline.pk}/decliner/", {"motif": "absence"}, follow=True))
        assert "Mesure déclinée. Votre disponibilité" in page


class TestReserver:
    """Nothing goes where nobody would read it, nor to who left."""

    @pytest.fixture
    def antennes(self, troupe):
        """A service whose only open account is limited to « Nord »; nobody follows « Sud »."""
        nord, sud = (
            LieuFactory(mandataire=troupe.service, nom=nom, commune=commune("Thionville")) for nom in ("Nord", "Sud")
        )
        troupe.service.membres.update(lieu=nord)
        return nord, sud

    def reserver(self, troupe, **plus):
        donnees = {"numero_rg": "26B00001", "civilite": "madame", "nature": "tutelle", **plus}
        return services.reserver(
            par=troupe.gens["magistrat"], mandataire=troupe.service, donnees=donnees, cle=uuid.uuid4()
        )

    def test_un_renouvellement_est_lu_par_qui_suit_la_mesure(self, troupe, antennes):
        """Whatever antenne is said beside it: it goes where the mesure is."""
        nord, sud = antennes
        suivie = MesureFactory(mandataire=troupe.service, lieu=nord, numero_rg="21B00001")
        assert self.reserver(troupe, renouvelle=suivie).lieu == nord
        perdue = MesureFactory(mandataire=troupe.service, lieu=sud, numero_rg="21B00002")
        with pytest.raises(services.PersonneAPrevenir, match="de cette antenne") as refus:
            self.reserver(troupe, numero_rg="21B00002", renouvelle=perdue, lieu=nord)
        assert "une autre antenne" not in str(refus.value)  # there is none to choose
        assert adresses() == [troupe.gens["service"].email]

    def test_modifier_ne_l_envoie_pas_la_ou_personne_ne_lit(self, troupe, antennes):
        nord, sud = antennes
        mesure = self.reserver(troupe, lieu=nord)
        Courriel.objects.all().delete()
        page = f"/mesures/{mesure.pk}/reservation/modifier/"
        envoi = {"version": "1", "numero_rg": "26B00001", "civilite": "madame", "annee_inconnue": "on"}
        envoi |= {"nature": "tutelle", "message": "Entrée prévue en décembre.", "lieu": sud.pk}
        reponse = troupe.clients["magistrat"].post(page, envoi)
        assert "Personne ne reçoit les réservations de cette antenne en ce moment : rien n’est modifié." in lire(
            reponse
        )
        assert "Entrée prévue en décembre." in lire(reponse)
        mesure.refresh_from_db()
        assert (mesure.lieu, mesure.version, adresses()) == (nord, 1, [])

    def test_qui_ne_la_voit_plus_sait_pourquoi(self, troupe, antennes):
        """Moved to another antenne, it leaves the list of those limited to the first."""
        nord, sud = antennes
        mesure, quitte = self.reserver(troupe, lieu=nord), troupe.gens["service"].email
        arrive = UtilisateurFactory(role="service")
        Membre.objects.create(mandataire=troupe.service, utilisateur=arrive, lieu=sud)
        partout = UtilisateurFactory(role="service")
        Membre.objects.create(mandataire=troupe.service, utilisateur=partout)
        Courriel.objects.all().delete()
        envoi = {"numero_rg": "26B00001", "civilite": "madame", "nature": "tutelle", "lieu": sud}
        services.modifier_reservation(par=troupe.gens["magistrat"], mesure=mesure, donnees=envoi, version=1)
        assert adresses() == sorted([quitte, arrive.email, partout.email])
        adieu = Courriel.objects.get(destinataire=quitte)
        assert adieu.sujet == "Réservation confiée à une autre antenne : RG 26B00001"
        assert "ne confie plus à votre antenne (Nord)" in adieu.texte
        assert "#mesure-" not in adieu.texte

    def test_modifier_ne_perd_pas_l_antenne_quand_il_n_y_en_a_plus_qu_une(self, troupe, antennes):
        nord, _ = antennes
        mesure = self.reserver(troupe, lieu=nord)
        troupe.service.lieux.exclude(pk=nord.pk).delete()
        page = f"/mesures/{mesure.pk}/reservation/modifier/"
        envoi = {"version": "1", "numero_rg": "26B00001", "civilite": "madame", "annee_inconnue": "on"}
        troupe.clients["magistrat"].post(page, envoi | {"nature": "curatelle_simple"})
        mesure.refresh_from_db()
        assert (mesure.lieu, mesure.nature) == (nord, "curatelle_simple")

    def test_parti_pendant_la_saisie(self, troupe, monkeypatch):
        """The page was allowed, the mandataire left before the lock: the same answer as for one that never was."""
        client, avant = troupe.clients["magistrat"], Mesure.objects.count()
        page = client.get(f"/mandataires/{troupe.mandataire.pk}/reserver/")
        verrouiller = services.verrouiller

        def partir(pk):
            Mandataire.objects.filter(pk=pk).update(retire_le=timezone.now())
            return verrouiller(pk)

        monkeypatch.setattr(services, "verrouiller", partir)
        envoi = {"cle": page.context["form"]["cle"].value(), "numero_rg": "26B00001", "civilite": "madame"}
        reponse = client.post(page.request["PATH_INFO"], envoi | {"annee_naissance": "1950", "nature": "tutelle"})
        assert reponse.status_code == 404
        assert "Rien n’est réservé." in lire(reponse)
        assert Mesure.objects.count() == avant

    @pytest.mark.parametrize("qui", ["mandataire", "service", "agent", "support"])
    def test_au_tribunal_seul(self, troupe, qui):
        with pytest.raises(PermissionDenied):
            services.reserver(
                par=troupe.gens[qui], mandataire=troupe.mandataire, donnees={"nature": "tutelle"}, cle=uuid.uuid4()
            )


class TestCeQueDitLaPage:
    @pytest.fixture
    def reservee(self, troupe):
        return MesureFactory(
            mandataire=troupe.mandataire,
            tribunal=troupe.metz,
            en_attente=True,
            reserve_par=troupe.gens["magistrat"],
            numero_rg="26A00002",
        )

    def envoi(self, **plus) -> dict:
        return {
            "version": "1", "numero_rg": "26A00002", "civilite": "madame", "annee_naissance": "1947",
            "commune": "57000 Metz", "nature": "tutelle", **plus,
        }  # fmt: skip

    def modifier(self, troupe, mesure, **plus) -> str:
        page = f"/mesures/{mesure.pk}/reservation/modifier/"
        return lire(troupe.clients["magistrat"].post(page, self.envoi(**plus), follow=True))

    def test_sans_changement_rien_n_est_annonce(self, troupe, reservee):
        assert "Rien n’a changé." in self.modifier(troupe, reservee)
        assert adresses() == []

    def test_double_clic(self, troupe, reservee):
        """Never « somebody changed it » about one's own first click."""
        for _ in range(2):
            page = self.modifier(troupe, reservee, cabinet="4", numero_rg="26A00003")
            assert "Réservation 26A00003 modifiée. Un courriel l’annonce à Camille Bellerive." in page
        assert len(adresses()) == 1

    def test_personne_a_qui_l_annoncer(self, troupe, reservee):
        Utilisateur.objects.filter(membre__mandataire=troupe.mandataire).update(statut="suspendu")
        dit = "Personne n’a plus de compte ouvert chez Camille Bellerive : appelez pour l’annoncer."
        assert f"Réservation 26A00002 modifiée. {dit}" in self.modifier(troupe, reservee, cabinet="4")
        page = f"/mesures/{reservee.pk}/annuler/"
        reponse = troupe.clients["magistrat"].post(page, {"raison": "La famille prend la mesure."}, follow=True)
        assert f"Réservation 26A00002 annulée. {dit}" in lire(reponse)
        assert adresses() == []

    def test_un_membre_limite_ne_recoit_que_son_antenne(self, troupe):
        nord, sud = (LieuFactory(mandataire=troupe.service, nom=nom) for nom in ("Nord", "Sud"))
        for lieu in (nord, sud):
            personne = UtilisateurFactory(role="service", email=f"{lieu.nom.lower()}@exemple.fr")
            troupe.service.membres.create(utilisateur=personne, lieu=lieu)
        gens = services.destinataires(troupe.service, nord)
        assert set(gens.values_list("email", flat=True)) == {troupe.gens["service"].email, "nord@exemple.fr"}
