"""The team cancels an import: the untouched mesures go, the others stay and are named, the import can be done again."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emjpm.commun import journal
from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role
from emjpm.support import groupes
from mandataires.models import Membre
from mesures.disponibilite import disponibilite_de
from mesures.enums import MotifFin, Statut
from mesures.import_excel import annulation, services
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from mesures.services import mandat
from mesures.services.commun import ActeImpossible
from tests import factories
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

from .fabrique import rangee, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture
def nouveau(db):
    return factories.MandataireFactory(nom="Odile Montfiction", capacite=80)


@pytest.fixture
def membre(nouveau):
    return nouveau.membres.get().utilisateur


@pytest.fixture
def equipe(db):
    """Somebody of the team with the rights of the group, no more."""
    utilisateur = factories.UtilisateurFactory(role=Role.SUPPORT, is_staff=True, prenom="Basile", nom="Clairsentier")
    utilisateur.groups.add(groupes.installer())
    return utilisateur


def importer(mandataire, nombre=5, lignes=None) -> ImportMesures:
    """A real import, by the first member of the mandataire."""
    par = mandataire.membres.order_by("pk").first().utilisateur
    octets = xlsx([rangee(n) for n in range(nombre)] if lignes is None else lignes)
    depot = services.deposer(apercu=analyser(octets, mandataire), mandataire=mandataire, par=par)
    return services.appliquer(apercu=depot, par=par)


def mesure_de(import_, n: int) -> Mesure:
    return import_.mesures.get(rg_normal=f"22B{n:05}")


def modifier(mesure, par, **faits) -> Mesure:
    return mandat.modifier(par=par, mesure=mesure, version=mesure.version, faits=faits)


def eteindre(mesure, par) -> Mesure:
    return mandat.eteindre(par=par, mesure=mesure, motif=MotifFin.MAINLEVEE, date_fin=datetime.date(2025, 5, 3))


def texte(reponse) -> str:
    return " ".join(
        reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ").split()
    )


# --- the act ------------------------------------------------------------------------------------------


def test_untouched_ones_go_touched_ones_stay(nouveau, membre, equipe):
    import_ = importer(nouveau, 6)
    modifier(mesure_de(import_, 1), membre, cabinet="7")
    eteindre(mesure_de(import_, 2), membre)
    mandat.rouvrir(par=membre, mesure=eteindre(mesure_de(import_, 3), membre))
    avant = {
        m["rg_normal"]: m for m in import_.mesures.exclude(rg_normal__in=["22B00000", "22B00004", "22B00005"]).values()
    }
    effet = annulation.annuler(import_=import_, par=equipe)
    assert effet.retirees == 3
    assert [m.rg_normal for m in effet.gardees] == ["22B00001", "22B00002", "22B00003"]
    # As they were, to the last field, and still linked to their import.
    assert {m["rg_normal"]: m for m in Mesure.objects.filter(mandataire=nouveau).values()} == avant
    import_.refresh_from_db()
    assert (import_.retirees, import_.gardees, import_.annule_par) == (3, 3, equipe)
    assert import_.mesures.count() == 3
    assert disponibilite_de(nouveau).en_cours == 2


def test_a_mesure_put_back_as_it_was_has_still_been_touched(nouveau, membre, equipe):
    import_ = importer(nouveau, 2)
    modifier(modifier(mesure_de(import_, 1), membre, cabinet="7"), membre, cabinet="2")
    assert [m.rg_normal for m in annulation.annuler(import_=import_, par=equipe).gardees] == ["22B00001"]


def test_a_line_of_journal_alone_keeps_a_mesure(nouveau, membre, equipe):
    """An act that would not bump the version must not let its mesure be deleted."""
    import_ = importer(nouveau, 2)
    journal.noter(par=membre, acte="mesure.classer", objet=mesure_de(import_, 1))
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1
    assert import_.mesures.get().rg_normal == "22B00001"


def test_a_version_alone_keeps_a_mesure(nouveau, equipe):
    import_ = importer(nouveau, 2)
    import_.mesures.filter(rg_normal="22B00001").update(version=2)
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1
    assert import_.mesures.get().rg_normal == "22B00001"


def test_statut_is_watched_too(nouveau, equipe):
    """Whatever wrote it: only a mesure en cours may go."""
    import_ = importer(nouveau, 2)
    import_.mesures.filter(rg_normal="22B00001").update(
        statut=Statut.ETEINTE, date_fin=datetime.date(2025, 5, 3), motif_fin=MotifFin.DECES
    )
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1


def test_nothing_else_goes(troupe, equipe):
    """Neither the neighbour's import, nor what was typed by hand, nor a reservation."""
    voisine = importer(troupe.voisin, 4)
    import_ = importer(troupe.mandataire, 4)
    annulation.annuler(import_=import_, par=equipe)
    voisine.refresh_from_db()
    assert voisine.annule_le is None
    assert voisine.mesures.count() == 4
    restent = set(troupe.mandataire.mesures.values_list("numero_rg", flat=True))
    assert restent == {"21B00167", "26C00001"}


def test_each_write_leaves_its_line(nouveau, membre, equipe):
    import_ = importer(nouveau, 3)
    modifier(mesure_de(import_, 2), membre, cabinet="7")
    perdues = {str(m.pk): m for m in import_.mesures.exclude(rg_normal="22B00002")}
    annulation.annuler(import_=import_, par=equipe)
    lignes = Evenement.objects.filter(acte="mesure.retirer")
    assert {ligne.objet_id for ligne in lignes} == set(perdues)
    for ligne in lignes:
        assert (ligne.par, ligne.role, ligne.objet_type) == (equipe, Role.SUPPORT, "mesures.mesure")
        assert ligne.changements["numero_rg"] == [perdues[ligne.objet_id].numero_rg, None]
        assert ligne.changements["import"] == [import_.pk, None]
    acte = Evenement.objects.sur(import_).first()
    assert (acte.acte, acte.par) == ("import.annuler", equipe)
    assert acte.changements == {"retirees": [None, 2], "gardees": [None, 1]}


def test_freshness_is_the_mandataire_s_alone(nouveau, equipe):
    import_ = importer(nouveau, 2)
    nouveau.refresh_from_db()
    avant = nouveau.actualise_le
    annulation.annuler(import_=import_, par=equipe)
    nouveau.refresh_from_db()
    assert nouveau.actualise_le == avant


def test_rows_left_aside_are_forgotten(nouveau, equipe):
    import_ = importer(nouveau, lignes=[rangee(1), rangee(2, date_jugement="31/02/2020")])
    assert import_.restes
    annulation.annuler(import_=import_, par=equipe)
    import_.refresh_from_db()
    assert import_.restes == []


def test_a_second_cancellation_is_told_by_whom_and_when(nouveau, equipe):
    import_ = importer(nouveau, 3)
    vieux = ImportMesures.objects.get(pk=import_.pk)  # the page a colleague opened before
    annulation.annuler(import_=import_, par=equipe)
    with pytest.raises(
        ActeImpossible, match=r"déjà été annulé par Basile Clairsentier, le .* 3 mesures retirées, 0 gardée\."
    ):
        annulation.annuler(import_=vieux, par=factories.UtilisateurFactory(equipe=True))
    assert Evenement.objects.filter(acte="import.annuler").count() == 1
    assert Courriel.objects.filter(sujet__contains="annulé").count() == 1


def test_all_or_nothing(nouveau, equipe, monkeypatch):
    import_ = importer(nouveau, 3)
    courriels, lignes = Courriel.objects.count(), Evenement.objects.count()
    monkeypatch.setattr(annulation.courriels, "deposer", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        annulation.annuler(import_=import_, par=equipe)
    import_.refresh_from_db()
    assert import_.annule_le is None
    assert import_.mesures.count() == 3
    assert (Courriel.objects.count(), Evenement.objects.count()) == (courriels, lignes)


def test_the_counts_belong_to_a_cancelled_import(nouveau, equipe):
    for champs in ({"retirees": 3}, {"gardees": 0}, {"annule_par": equipe}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportMesures.objects.create(mandataire=nouveau, nombre=3, **champs)


def test_the_number_of_queries_does_not_grow_with_mesures(equipe):
    def compter(nombre):
        import_ = importer(factories.MandataireFactory(), nombre)
        with CaptureQueriesContext(connection) as prevision:
            annulation.prevoir(import_)
        with CaptureQueriesContext(connection) as requetes:
            assert annulation.annuler(import_=import_, par=equipe).retirees == nombre
        return len(prevision), len(requetes)

    petite, grande = compter(10), compter(200)
    assert grande[0] == petite[0] == 2
    # PostgreSQL: Django deletes a hundred rows a query; SQLite writes 142 lines of journal at a
    # time, and looks for the renewals of as many mesures: its limit of parameters. Per hundred rows, never per row.
    assert grande[1] - petite[1] <= (2 if connection.vendor == "sqlite" else 1)


# --- what the mandataire reads ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retirees", "gardees", "mots"),
    [
        (69, 2, "69 mesures retirées, 2 que vous aviez modifiées sont gardées"),
        (1, 1, "1 mesure retirée, 1 que vous aviez modifiée est gardée"),
        (1, 0, "1 mesure retirée"),
        (0, 3, "aucune mesure retirée, 3 que vous aviez modifiées sont gardées"),
        (10_000, 0, "10\u202f000 mesures retirées"),
        (None, None, ""),
    ],
)
def test_words(retirees, gardees, mots):
    assert ImportMesures(retirees=retirees, gardees=gardees).effet_annulation == mots


def test_every_member_who_may_sign_in_gets_the_mail(equipe):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts")
    premier = service.membres.get().utilisateur
    second = factories.UtilisateurFactory(role="service")
    parti = factories.UtilisateurFactory(role="service", statut="suspendu")
    for utilisateur in (second, parti):
        Membre.objects.create(utilisateur=utilisateur, mandataire=service)
    import_ = importer(service, 3)
    modifier(mesure_de(import_, 0), premier, cabinet="9")
    ImportMesures.objects.filter(pk=import_.pk).update(le=datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    Courriel.objects.all().delete()
    annulation.annuler(import_=import_, par=equipe)
    assert {c.destinataire for c in Courriel.objects.all()} == {premier.email, second.email}
    courriel = Courriel.objects.first()
    assert courriel.sujet == "Votre import du 2 novembre 2026 a été annulé"
    assert (
        "L’import du 2 novembre 2026 a été annulé : 2 mesures retirées, 1 que vous aviez modifiée est gardée. "
        "Vous pouvez le refaire :"
    ) in courriel.texte
    assert reverse("importer") in courriel.texte
    assert "une seconde fois" not in courriel.texte
    assert "\n\n\n" not in courriel.texte


def test_kept_ones_a_file_would_double_are_told(nouveau, membre, equipe, ouvrir_session):
    """One without a number is not recognised in a workbook."""
    import_ = importer(nouveau, lignes=[rangee(1), rangee(2, numero_rg=""), rangee(3)])
    modifier(import_.mesures.get(rg_normal=""), membre, cabinet="7")
    Courriel.objects.all().delete()
    annulation.annuler(import_=import_, par=equipe)
    phrase = "les mesures sans numéro RG que vous gardez : elles seraient importées une seconde fois"
    assert phrase in Courriel.objects.get().texte
    client = ouvrir_session(membre)
    assert phrase in texte(client.get(reverse("importer")))
    Mesure.objects.all().delete()  # nothing left to double
    assert "une seconde fois" not in texte(client.get(reverse("importer")))


def test_the_page_says_it_until_it_is_done_again(nouveau, membre, equipe, ouvrir_session):
    client = ouvrir_session(membre)
    assert "a annulé" not in texte(client.get(reverse("importer")))
    import_ = importer(nouveau, 3)
    eteindre(mesure_de(import_, 1), membre)
    assert "a annulé" not in texte(client.get(reverse("importer")))
    annulation.annuler(import_=import_, par=equipe)
    ImportMesures.objects.update(le=datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    page = texte(client.get(reverse("importer")))
    assert (
        "L’équipe a annulé l’import du 2 novembre 2026 : 2 mesures retirées, 1 que vous aviez modifiée est gardée."
    ) in page
    assert "Sélectionnez votre fichier" in page
    importer(nouveau, 1)
    assert "a annulé" not in texte(client.get(reverse("importer")))


def test_the_last_of_several_cancellations_is_the_one_told(nouveau, equipe):
    assert annulation.dernier_annule(nouveau) is None
    for nombre in (3, 2):
        annulation.annuler(import_=importer(nouveau, nombre), par=equipe)
    assert annulation.dernier_annule(nouveau).retirees == 2
    importer(nouveau, 1)
    assert annulation.dernier_annule(nouveau) is None


def test_it_can_be_done_again_whole(nouveau, membre, equipe, ouvrir_session):
    """Through the pages: the kept ones with a number are « déjà présentes », the others come in."""
    client = ouvrir_session(membre)
    import_ = importer(nouveau, 5)
    modifier(mesure_de(import_, 2), membre, cabinet="7")
    annulation.annuler(import_=import_, par=equipe)
    fichier = SimpleUploadedFile("liste.xlsx", xlsx([rangee(n) for n in range(6)]))
    client.post(reverse("importer"), {"classeur": fichier})
    apercu = ApercuImport.objects.get().apercu
    assert (len(apercu.pretes), len(apercu.deja_presentes)) == (5, 1)
    client.post(reverse("importer_confirmer"), {"cle": ApercuImport.objects.get().cle})
    assert "5 mesures importées" in texte(client.get(reverse("importer")))
    assert nouveau.mesures.count() == 6
    assert nouveau.mesures.get(rg_normal="22B00002").cabinet == "7"
    assert ImportMesures.objects.filter(mandataire=nouveau).count() == 2


# --- at the same instant ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_cancel_once(tmp_path, monkeypatch):
    import_ = importer(factories.MandataireFactory(), 20)
    equipe = [factories.UtilisateurFactory(equipe=True) for _ in range(6)]
    sur_un_vrai_fichier(tmp_path, monkeypatch)

    def annuler(par):
        return lambda: annulation.annuler(import_=ImportMesures.objects.get(pk=import_.pk), par=par).retirees

    resultats = ensemble(*[annuler(par) for par in equipe])
    assert sorted(map(str, resultats)) == ["20"] + ["ActeImpossible"] * 5

    def relire():
        actes = Evenement.objects.filter(acte="import.annuler").count()
        return Mesure.objects.count(), Evenement.objects.filter(acte="mesure.retirer").count(), actes

    assert ailleurs(relire) == (0, 20, 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_at_that_very_moment_is_kept_or_refused_never_lost(tmp_path, monkeypatch):
    import_ = importer(factories.MandataireFactory(), 8)
    membre, equipe = import_.par, factories.UtilisateurFactory(equipe=True)
    mesures = list(import_.mesures.all())
    sur_un_vrai_fichier(tmp_path, monkeypatch)

    def corriger(mesure):
        return lambda: modifier(mesure, membre, cabinet="7").pk

    annuler = lambda: annulation.annuler(import_=import_, par=equipe).retirees  # noqa: E731
    retirees, *corrigees = ensemble(annuler, *[corriger(m) for m in mesures])
    sauvees = {r for r in corrigees if r != "ActeImpossible"}
    assert all(isinstance(pk, int) for pk in sauvees), corrigees
    assert retirees == 8 - len(sauvees)
    assert ailleurs(lambda: set(Mesure.objects.filter(cabinet="7").values_list("pk", flat=True))) == sauvees
    assert ailleurs(Mesure.objects.count) == len(sauvees)
