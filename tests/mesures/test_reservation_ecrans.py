"""What the judge is told around a reservation: while typing, when things changed meanwhile, and in the mails after."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel
from emjpm.comptes.models import Utilisateur
from mesures.enums import MotifDeclin, MotifFin, Statut
from mesures.models import Mesure
from mesures.services import mandat
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, UtilisateurFactory, commune

from .test_renouvellement import lire
from .test_reservation import SAISIE, caches, ouvrir, url
from .test_reservation_suite import modifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def juge(troupe):
    return troupe.clients["magistrat"]


@pytest.fixture
def reservee(troupe, juge):
    juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire))
    Courriel.objects.all().delete()
    return Mesure.objects.get(numero_rg="26B00768")


def mots(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


class TestPendantLaSaisie:
    def dire(self, client, mandataire, **saisi) -> str:
        return lire(client.get(f"{url(mandataire)}rg/", saisi))

    def test_connu_ailleurs_dans_le_tribunal(self, troupe, juge):
        dit = self.dire(juge, troupe.voisin, numero_rg="rg 21b00167")
        assert (
            "Ce numéro RG est déjà connu de votre tribunal : tutelle, en cours chez Camille Bellerive. "
            "Continuez si ce sont deux mesures." in mots(dit)
        )
        assert f'href="/mesures/{troupe.mesure.pk}/"' in dit

    def test_eteinte(self, troupe, juge):
        MesureFactory(mandataire=troupe.voisin, tribunal=troupe.metz, numero_rg="20A00020", eteinte=True)
        assert "tutelle, éteinte le 3 mai 2025 (mainlevée)." in mots(
            self.dire(juge, troupe.mandataire, numero_rg="20A00020")
        )

    def test_rien_d_un_autre_tribunal(self, troupe, juge):
        assert "déjà connu" not in self.dire(juge, troupe.mandataire, numero_rg="22A00010")
        assert "déjà connu" in self.dire(troupe.clients["magistrat_voisin"], troupe.mandataire, numero_rg="22A00010")

    def test_la_sienne(self, troupe, juge):
        dit = self.dire(juge, troupe.mandataire, numero_rg="21B00167")
        assert "Ce mandataire exerce déjà cette mesure. Cochez « renouvellement »" in dit
        assert f'<option value="{troupe.mesure.pk}" selected>' in dit
        assert "Après cette réservation : 7 places" in mots(dit)
        coche = self.dire(juge, troupe.mandataire, numero_rg="21B00167", renouvellement="on")
        assert "exerce déjà" not in coche
        assert "Un renouvellement ne prend pas de place." in coche

    def test_valeurs_etranges(self, troupe, juge):
        annee = timezone.localdate().year - 15
        dit = mots(
            self.dire(
                juge, troupe.mandataire, numero_rg="XX-1", date_previsionnelle="2020-01-01", annee_naissance=annee
            )
        )
        assert "Forme inhabituelle : vérifiez le numéro." in dit
        assert "Cette date est passée." in dit
        assert "Cette personne a 15 ans : confirmez l’année." in dit

    @pytest.mark.parametrize("numero", ["", "Durand Marie", "x" * 300, "\x00", "26B00999"])
    def test_rien_a_dire_ou_a_lire(self, troupe, juge, numero):
        reponse = juge.get(f"{url(troupe.mandataire)}rg/", {"numero_rg": numero, "annee_naissance": "x", "lieu": "9"})
        assert reponse.status_code == 200
        assert "déjà" not in lire(reponse)

    def test_dit_aussi_dans_la_page_refusee(self, troupe, juge):
        envoi = ouvrir(juge, troupe.voisin) | {"numero_rg": "21B00167", "nature": ""}
        assert "Ce numéro RG est déjà connu de votre tribunal" in lire(juge.post(url(troupe.voisin), envoi))

    def test_dit_aussi_quand_il_faut_confirmer(self, troupe, juge):
        plein = MandataireFactory(capacite=0)
        page = lire(juge.post(url(plein), ouvrir(juge, plein) | {"numero_rg": "21B00167"}))
        assert "Réserver au-delà de la capacité ?" in page
        assert "Ce numéro RG est déjà connu de votre tribunal" in page

    def test_requetes_constantes(self, troupe, juge, django_assert_max_num_queries):
        MesureFactory.create_batch(20, mandataire=troupe.mandataire, tribunal=troupe.metz)
        with django_assert_max_num_queries(12):
            self.dire(juge, troupe.mandataire, numero_rg="21B00167")


class TestEntreTemps:
    def test_plus_habilite(self, troupe, juge):
        envoi = ouvrir(juge, troupe.mandataire)
        troupe.mandataire.habilitations.all().delete()
        page = juge.post(url(troupe.mandataire), envoi)
        assert "Ce mandataire n’est plus habilité à votre tribunal" in lire(page)
        assert "Revenir aux résultats" in lire(page)
        assert 'value="26B00768"' in lire(page)
        assert not Mesure.objects.filter(numero_rg="26B00768").exists()
        assert juge.post(url(troupe.mandataire), SAISIE | caches(page)).status_code == 302

    def test_plus_visible(self, troupe, juge):
        """The same words for a mandataire that never was: nobody is named."""
        envoi = ouvrir(juge, troupe.mandataire)
        Utilisateur.objects.filter(membre__mandataire=troupe.mandataire).update(statut="suspendu")
        page, absente = juge.post(url(troupe.mandataire), envoi), juge.post("/mandataires/999999/reserver/", envoi)
        assert (page.status_code, absente.status_code) == (404, 404)
        assert "Camille Bellerive" not in lire(page)
        for texte in ("Rien n’est réservé.", "26B00768", "Tutelle aux biens et à la personne", SAISIE["message"]):
            assert texte in lire(page)
            assert texte in lire(absente)
        assert not Mesure.objects.filter(numero_rg="26B00768").exists()

    def test_chercher_quelqu_un_d_autre(self, troupe, juge):
        plein = MandataireFactory(nom="Étienne Largeombre", capacite=0)
        page = lire(juge.post(url(plein), ouvrir(juge, plein)))
        lien = unescape(re.search(r'href="(/recherche/\?[^"]+)">Chercher quelqu’un d’autre', page)[1])
        assert parse_qs(urlsplit(lien).query) == {"rg": ["26B00768"], "nature": ["tutelle"], "lieu": ["57000 Metz"]}
        assert juge.get(lien).status_code == 200
        proches = page[page.index("Les plus proches qui ont de la place") :]
        assert proches.count("/mandataires/") == 2
        assert "Étienne Largeombre" not in proches.split("</p>")[0]

    def test_l_antenne_la_plus_proche_d_abord(self, troupe, juge):
        thionville = LieuFactory(mandataire=troupe.service, commune=commune("Thionville"), capacite=9)
        page = lire(juge.get(url(troupe.service) + "?lieu=57100"))
        assert f'<option value="{thionville.pk}" selected>Thionville, 9 places</option>' in page

    @pytest.mark.parametrize(
        ("capacite", "dit"),
        [
            (100, "9 places"),
            (4, "3 places, toutes antennes confondues"),
            (1, "plus de place, toutes antennes confondues"),
            (None, "9 places"),
        ],
    )
    def test_une_antenne_n_annonce_pas_plus_que_son_service(self, troupe, juge, capacite, dit):
        antenne = LieuFactory(mandataire=troupe.service, commune=commune("Thionville"), capacite=9)
        MesureFactory(mandataire=troupe.service)
        type(troupe.service).objects.filter(pk=troupe.service.pk).update(capacite=capacite)
        page = lire(juge.get(url(troupe.service) + "?lieu=57100"))
        assert f'<option value="{antenne.pk}" selected>Thionville, {dit}</option>' in page


def test_la_preuve_s_imprime_sans_script(juge, reservee):
    adresse = f"/mesures/{reservee.pk}/reservation/"
    assert f'href="{adresse}?imprimer"' in lire(juge.get(adresse))
    page = lire(juge.get(f"{adresse}?imprimer"))
    assert "Utilisez « Imprimer » dans votre navigateur." in page
    assert "Ensuite" not in page


class TestCourriels:
    """Each one: a subject, a first sentence that says it all, a link to the right page."""

    def phrases(self, courriel) -> list[str]:
        assert courriel.texte.startswith("Bonjour,")
        assert "<a href=" in courriel.html
        return courriel.texte.replace("\u00a0", " ").split("\n")

    def test_modification(self, troupe, juge, reservee):
        modifier(juge, reservee, nature="curatelle_simple", annee_naissance="1950", cabinet="5", message="")
        lignes = self.phrases(Courriel.objects.get())
        assert lignes[2].startswith("Le TJ de Metz a modifié la mesure réservée auprès de Camille Bellerive.")
        annee = timezone.localdate().year
        for change in (
            f"- Personne : Femme, {annee - 1943} ans, Metz (57) → Femme, {annee - 1950} ans, Metz (57)",
            "- Nature : Tutelle → Curatelle simple",
            "- Cabinet : 2 → 5",
            "- Message : Établissement trouvé, entrée prévue mi-décembre. → non renseigné",
        ):
            assert change in lignes
        assert not any("1943" in ligne or "1950" in ligne for ligne in lignes)

    def test_annulation(self, troupe, juge, reservee):
        juge.post(f"/mesures/{reservee.pk}/annuler/", {"raison": "La famille prend la mesure."})
        lignes = self.phrases(Courriel.objects.get())
        assert "a annulé la mesure réservée" in lignes[2]
        assert "Raison : La famille prend la mesure." in lignes

    def test_validation_et_refus(self, troupe, reservee):
        mandat.decliner(par=troupe.gens["mandataire"], mesure=reservee, motif=MotifDeclin.TROP_ELOIGNE)
        lignes = self.phrases(Courriel.objects.get())
        assert lignes[2].startswith("Camille Bellerive ne peut pas prendre la mesure que vous avez réservée le ")
        assert "Raison : trop éloigné" in lignes
        assert any("/recherche/?rg=26B00768&nature=tutelle&lieu=57000+Metz" in ligne for ligne in lignes)

    @pytest.mark.parametrize("voulu", [True, False])
    def test_fin_sauf_si_l_on_n_en_veut_pas(self, troupe, reservee, voulu):
        Utilisateur.objects.filter(pk=troupe.gens["magistrat"].pk).update(avis_fin_mandat=voulu)
        par = troupe.gens["mandataire"]
        mandat.valider(par=par, mesure=reservee, date_jugement=timezone.localdate(), lieu_vie="domicile")
        assert "a validé la mesure" in Courriel.objects.get().texte
        Courriel.objects.all().delete()
        mandat.eteindre(par=par, mesure=reservee, motif=MotifFin.DECES, date_fin=timezone.localdate())
        assert Courriel.objects.count() == int(voulu)
        if voulu:
            lignes = self.phrases(Courriel.objects.get())
            assert lignes[2].startswith("Camille Bellerive a mis fin à un mandat que le TJ de Metz avait réservé le ")
            assert any("Pour ne plus recevoir ces messages" in ligne and "/mon-compte/" in ligne for ligne in lignes)

    def test_rien_n_est_reserve_la_ou_personne_ne_le_lirait(self, troupe, juge):
        """Nobody may be reserved something in silence, nor told of what they may not open."""
        vide = LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville", commune=commune("Thionville"))
        autre = LieuFactory(mandataire=troupe.service, nom="Antenne de Saint-Avold", commune=commune("Saint-Avold"))
        troupe.service.membres.update(lieu=autre)
        gens = UtilisateurFactory(role="service")
        troupe.service.membres.create(utilisateur=gens, lieu=autre)
        avant = Mesure.objects.count()
        for lieu in (vide.pk, ""):
            page = lire(juge.post(url(troupe.service), ouvrir(juge, troupe.service) | {"lieu": lieu}))
            quoi = "cette antenne" if lieu else "ce mandataire"
            assert (
                f"Personne ne reçoit les réservations de {quoi} en ce moment : rien n’est réservé. Choisissez" in page
            )
        assert (Courriel.objects.count(), Mesure.objects.count()) == (0, avant)
        juge.post(url(troupe.service), ouvrir(juge, troupe.service) | {"lieu": autre.pk})
        assert Courriel.objects.count() == 2


def test_un_renouvellement_pour_une_autre_personne_se_remarque(troupe, juge):
    envoi = ouvrir(juge, troupe.mandataire) | {
        "renouvellement": "on",
        "renouvelle": troupe.mesure.pk,
        "civilite": "monsieur",
    }
    page = lire(juge.get(juge.post(url(troupe.mandataire), envoi)["Location"]))
    assert "La mesure renouvelée est celle d’une autre personne : Femme," in page
    assert Mesure.objects.get(numero_rg="26B00768").statut == Statut.EN_ATTENTE
