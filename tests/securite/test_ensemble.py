"""The same act twice, or fifty times, at one instant: done once, and nobody's work is lost."""

import re
import uuid

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role
from emjpm.inscriptions import services as inscriptions
from emjpm.inscriptions.models import DemandeInscription
from mandataires.models import Mandataire, Membre
from mesures.enums import LieuVie, MotifFin, Statut
from mesures.import_excel import services as imports
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from mesures.services import mandat
from tests import factories
from tests.conftest import ouvrir
from tests.mesures.import_excel.fabrique import rangee, xlsx

from .foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = pytest.mark.django_db(transaction=True)
FAITS = {
    "nature": "tutelle",
    "date_jugement": "2026-01-10",
    "cabinet": "2",
    "numero_rg": "26B00042",
    "civilite": "madame",
    "annee_naissance": "1943",
    "lieu_vie": "sdf",
    "champ": "",
}


@pytest.fixture
def figer(tmp_path, monkeypatch):
    return lambda: sur_un_vrai_fichier(tmp_path, monkeypatch)


def comptes(client, chemin: str, envoi: dict):
    """A POST of a browser of one's own, as its status and where it leads."""

    def poster():
        reponse = client.post(chemin, envoi)
        return reponse.status_code

    return poster


def clones(utilisateur, combien: int) -> list:
    """Several windows of one person."""
    return [ouvrir(utilisateur) for _ in range(combien)]


def test_fifty_confirmations_of_one_import_make_one(figer):
    service = factories.MandataireFactory(service=True, capacite=100)
    gens = [service.membres.get().utilisateur]
    for _ in range(4):
        gens.append(factories.UtilisateurFactory(role=Role.SERVICE))
        Membre.objects.create(mandataire=service, utilisateur=gens[-1])
    for personne in gens:
        apercu = analyser(xlsx([rangee(n) for n in range(20)]), service)
        imports.deposer(apercu=apercu, mandataire=service, par=personne)
    depots = list(ApercuImport.objects.select_related("mandataire", "par"))
    assert len(depots) == 5
    figer()

    def confirmer(depot):
        return lambda: imports.appliquer(apercu=depot, par=depot.par).nombre

    resultats = ensemble(*[confirmer(depots[rang % 5]) for rang in range(50)])
    assert sorted(map(str, resultats)) == ["20"] + ["DejaImporte"] * 49

    def relire():
        evenements = Evenement.objects.filter(acte="import.confirmer").count()
        return ImportMesures.objects.count(), Mesure.objects.count(), evenements, Courriel.objects.count()

    assert ailleurs(relire) == (1, 20, 1, 5)


def test_ten_clicks_on_create_make_one_mesure(figer):
    mandataire = factories.MandataireFactory()
    personne = mandataire.membres.get().utilisateur
    envoi = FAITS | {"tribunal": factories.tribunal("Metz").pk, "cle": str(uuid.uuid4())}
    fenetres = clones(personne, 10)
    figer()
    assert set(ensemble(*[comptes(c, "/mesures/creer/", envoi) for c in fenetres])) == {302}
    assert ailleurs(Mesure.objects.count) == 1
    assert ailleurs(Evenement.objects.filter(acte="mesure.creer").count) == 1


def test_the_same_number_created_at_once_from_two_forms_is_refused_to_one(figer):
    mandataire = factories.MandataireFactory()
    envoi = FAITS | {"tribunal": factories.tribunal("Metz").pk}
    fenetres = clones(mandataire.membres.get().utilisateur, 6)
    figer()
    envois = [comptes(c, "/mesures/creer/", envoi | {"cle": str(uuid.uuid4())}) for c in fenetres]
    assert sorted(ensemble(*envois)) == [200] * 5 + [302]
    assert ailleurs(Mesure.objects.count) == 1


def test_validated_once_and_the_court_told_once(figer):
    mesure = factories.MesureFactory(
        en_attente=True, reserve_par=factories.utilisateur_du_tribunal(factories.tribunal("Metz"))
    )
    personne = mesure.mandataire.membres.get().utilisateur
    figer()
    faits = {"date_jugement": timezone.localdate(), "lieu_vie": LieuVie.DOMICILE}
    resultats = ensemble(*[lambda: mandat.valider(par=personne, mesure=mesure, **faits).statut] * 10)
    assert sorted(resultats) == ["ActeImpossible"] * 9 + ["en_cours"]
    assert ailleurs(Evenement.objects.filter(acte="mesure.valider").count) == 1
    assert ailleurs(Courriel.objects.count) == 1


def test_validated_or_declined_or_cancelled_never_two_of_them(figer):
    from mesures.services import reservation

    juge = factories.utilisateur_du_tribunal(factories.tribunal("Metz"))
    mesure = factories.MesureFactory(en_attente=True, reserve_par=juge)
    personne = mesure.mandataire.membres.get().utilisateur
    figer()
    resultats = ensemble(
        lambda: mandat.valider(par=personne, mesure=mesure, date_jugement=timezone.localdate(), lieu_vie="sdf").statut,
        lambda: mandat.decliner(par=personne, mesure=mesure, motif="charge").statut,
        lambda: reservation.annuler(par=juge, mesure=mesure, raison="Doublon").statut,
    )
    assert len([r for r in resultats if r == "ActeImpossible"]) == 2, resultats
    assert ailleurs(lambda: Mesure.objects.get().statut) in resultats


def test_ended_once_through_the_page(figer):
    mesure = factories.MesureFactory()
    fenetres = clones(mesure.mandataire.membres.get().utilisateur, 8)
    figer()
    envoi = {"motif": MotifFin.DECES, "date_fin": timezone.localdate().isoformat()}
    codes = ensemble(*[comptes(c, f"/mesures/{mesure.pk}/terminer/", envoi) for c in fenetres])
    assert set(codes) <= {302, 409}, codes
    assert ailleurs(Evenement.objects.filter(acte="mesure.eteindre").count) == 1
    assert ailleurs(lambda: Mesure.objects.get().statut) == Statut.ETEINTE


def test_two_colleagues_correct_the_same_mesure_and_no_correction_is_lost(figer):
    mesure = factories.MesureFactory()
    personne = mesure.mandataire.membres.get().utilisateur
    pages = clones(personne, 8)
    version = re.search(
        r'name="version" value="(\d+)"', pages[0].get(f"/mesures/{mesure.pk}/modifier/").content.decode()
    )
    envoi = FAITS | {"tribunal": mesure.tribunal_id, "numero_rg": mesure.numero_rg, "version": version[1]}
    figer()
    adresse = f"/mesures/{mesure.pk}/modifier/"
    codes = ensemble(*[comptes(c, adresse, envoi | {"cabinet": str(n)}) for n, c in enumerate(pages)])
    assert codes.count(302) == 1, codes
    assert set(codes) <= {200, 302, 409}, codes
    gagnant = str(codes.index(302))
    assert ailleurs(lambda: Mesure.objects.get().cabinet) == gagnant
    assert ailleurs(lambda: Mesure.objects.get().version) == mesure.version + 1


@pytest.fixture
def demande(db):
    personne = factories.UtilisateurFactory(en_attente=True, email="claire@exemple.fr")
    metz = factories.commune("Metz")
    demande = DemandeInscription.objects.create(
        utilisateur=personne, role=Role.INDIVIDUEL, siret="73282932000074", commune=metz, code_postal="57000"
    )
    demande.tribunaux.set([factories.tribunal("Metz")])
    return demande


def test_a_request_is_decided_once(figer, demande):
    equipe = [factories.UtilisateurFactory(equipe=True) for _ in range(2)]
    figer()
    valider = [lambda: inscriptions.valider(demande=demande, par=equipe[0]).etat] * 5
    refuser = [lambda: inscriptions.refuser(demande=demande, par=equipe[1], motif="Pièce absente").etat] * 5
    resultats = ensemble(*valider, *refuser)
    assert resultats.count("DejaDecidee") == 9, resultats
    etat = next(r for r in resultats if r != "DejaDecidee")

    def relire():
        actes = list(Evenement.objects.filter(acte__startswith="inscription.").values_list("acte", flat=True))
        trouvee = DemandeInscription.objects.select_related("utilisateur").get()
        return (
            trouvee.etat,
            trouvee.utilisateur.statut,
            len(actes),
            Courriel.objects.count(),
            Mandataire.objects.count(),
        )

    validee = etat == DemandeInscription.Etat.VALIDEE
    assert ailleurs(relire) == (etat, "valide" if validee else "refuse", 1, 1, int(validee))
