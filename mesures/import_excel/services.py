"""The acts of the import: keep a preview, its answers, accept to lose names, apply once."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.comptes.models import Utilisateur
from emjpm.geographie.models import Commune
from mandataires.models import Mandataire
from mandataires.services import actualiser
from mesures.models import ImportMesures
from mesures.services.commun import verrouiller
from tribunaux.models import Tribunal

from .apercu import Apercu, composer
from .colonnes import Consignes
from .models import VERSION, ApercuImport
from .releve import LAISSER, tribunal_choisi
from .reperes import mesures_presentes
from .resource import MesureResource, jeu_de_donnees
from .restes import DUREE_RESTES, laisses

REPONSES_MAX = 500


class DejaImporte(Exception):
    """The import was done: `fait` says by whom, when, how many."""

    def __init__(self, fait: ImportMesures):
        super().__init__("import déjà fait")
        self.fait = fait


class RienAImporter(Exception):
    """No row of the preview is ready."""


class ReferencesChangees(Exception):
    """A court, a commune or an antenne that the preview names is closed or gone: the file must be read again."""


class ApercuChange(Exception):
    """The account changed since the page was drawn: `entre_temps` rows are ready no more. Nothing was written."""

    def __init__(self, entre_temps: int):
        super().__init__("l’aperçu a changé")
        self.entre_temps = entre_temps


def import_fait(mandataire: Mandataire) -> ImportMesures | None:
    """The import that counts (not cancelled), if any."""
    return ImportMesures.objects.filter(mandataire=mandataire, annule_le=None).select_related("par").first()


@transaction.atomic
def deposer(
    *, apercu: Apercu, mandataire: Mandataire, par: Utilisateur, consignes: Consignes | None = None
) -> ApercuImport:
    """Keep a preview for 24 hours; it replaces this person's former one. Expired ones of anyone go away.

    The answers given are kept, also those this file does not ask: the wrong file sent by mistake loses nothing. Names
    set aside are accepted once for the same columns.
    """
    verrouiller(mandataire.pk)  # two uploads at once: the second one's preview replaces the first's
    ApercuImport.objects.perimes().delete()
    anciens = ApercuImport.objects.filter(mandataire=mandataire, par=par)
    mis_de_cote = {n.ou.partition(", ligne")[0] for n in apercu.releve.noms}
    acceptes = any(
        ancien.noms_acceptes and {n.ou.partition(", ligne")[0] for n in ancien.releve.noms} >= mis_de_cote
        for ancien in anciens.filter(donnees__version=VERSION)
    )
    anciens.delete()
    consignes = consignes or Consignes()
    donnees = {
        "version": VERSION,
        "releve": apercu.releve.en_json(),
        "reponses": dict(list(apercu.reponses.items())[-REPONSES_MAX:]),
        "consignes": {"feuille": consignes.feuille, "colonnes": {c: list(d) for c, d in consignes.colonnes.items()}},
    }
    return ApercuImport.objects.create(mandataire=mandataire, par=par, donnees=donnees, noms_acceptes=acceptes)


@transaction.atomic
def accepter_sans_noms(*, apercu: ApercuImport, par: Utilisateur) -> None:
    """« Continuer sans ces 82 cellules »: nothing of them was kept; the choice is noted."""
    apercu = _relire(apercu)
    apercu.noms_acceptes = True
    apercu.save(update_fields=["noms_acceptes"])
    journal.noter(
        par=par,
        acte="import.ecarter_noms",
        objet=apercu.mandataire,
        changements={"cellules": [None, apercu.releve.cellules_de_noms]},
    )


@transaction.atomic
def repondre(*, apercu: ApercuImport, reponses: dict[str, str]) -> int:
    """Keep the answers to the questions of a preview; returns how many more rows are ready.

    What is no answer to a question of this preview is not kept. A court must be an open one.
    """
    apercu = _relire(apercu)
    avant = len(apercu.apercu.pretes)
    questions = {q.cle: q for q in apercu.releve.questions}
    libres = {pk for cle, reponse in reponses.items() if cle in questions and (pk := tribunal_choisi(reponse))}
    ouverts = {f"t{pk}" for pk in Tribunal.objects.ouverts().filter(pk__in=libres).values_list("pk", flat=True)}
    valables = {
        cle: reponse
        for cle, reponse in reponses.items()
        if cle in questions
        and (
            reponse == LAISSER or (reponse in ouverts if tribunal_choisi(reponse) else questions[cle].choisir(reponse))
        )
    }
    apercu.donnees["reponses"] = {**apercu.reponses, **valables}
    apercu.save(update_fields=["donnees"])
    apercu.__dict__.pop("apercu", None)
    return len(apercu.apercu.pretes) - avant


def _relire(apercu: ApercuImport) -> ApercuImport:
    """The preview as it is now, locked: two tabs that answer at once both count. ApercuChange when it was replaced."""
    actuel = ApercuImport.objects.select_for_update().filter(pk=apercu.pk, cle=apercu.cle).first()
    if actuel is None:
        raise ApercuChange(0)
    return actuel


@transaction.atomic
def reposer(*, apercu: ApercuImport, question: str = "") -> None:
    """Forget an answer, or all of them: the questions are asked again."""
    apercu = _relire(apercu)
    apercu.donnees["reponses"] = {
        cle: reponse for cle, reponse in apercu.reponses.items() if question and cle != question
    }
    apercu.save(update_fields=["donnees"])
    apercu.__dict__.pop("apercu", None)


def appliquer(*, apercu: ApercuImport, par: Utilisateur, attendues: int | None = None) -> ImportMesures:
    """Import every ready row of a preview, once: all of it or nothing.

    `attendues`: how many rows the page said. Raises DejaImporte when the mandataire's import is done, ApercuChange
    when other rows are ready than was said or the preview is gone, RienAImporter when none is, ReferencesChangees.
    """
    try:
        with transaction.atomic():
            return _appliquer(apercu=apercu, par=par, attendues=attendues)
    except IntegrityError:
        # The unique constraint spoke: someone confirmed at the same instant. Any other violation is ours to know.
        fait = import_fait(apercu.mandataire)
        if fait is None:
            raise
        raise DejaImporte(fait) from None


def _appliquer(*, apercu: ApercuImport, par: Utilisateur, attendues: int | None) -> ImportMesures:
    mandataire = verrouiller(apercu.mandataire_id)
    fait = import_fait(mandataire)
    if fait is not None:
        raise DejaImporte(fait)
    # Deleting the preview first: of two confirmations of one page, the second finds nothing to apply.
    if not ApercuImport.objects.filter(pk=apercu.pk, cle=apercu.cle).delete()[0]:
        raise ApercuChange(0)
    contenu = composer(apercu.releve, mesures_presentes(mandataire), apercu.reponses)
    if attendues is not None and attendues != len(contenu.pretes):
        raise ApercuChange(attendues - len(contenu.pretes))
    if not contenu.pretes:
        raise RienAImporter
    _verifier_references(mandataire, contenu)
    import_ = ImportMesures.objects.create(
        mandataire=mandataire,
        par=par,
        nombre=len(contenu.pretes),
        bilan={**contenu.bilan, "genre": contenu.releve.genre},
        restes=laisses(contenu),
    )
    resource = MesureResource(import_, par)
    resource.import_data(jeu_de_donnees(contenu.pretes), dry_run=False, raise_errors=True, use_transactions=False)
    if resource.creees != import_.nombre:
        raise RuntimeError("le nombre de mesures écrites n’est pas celui annoncé")
    actualiser(mandataire)
    journal.noter(
        par=par,
        acte="import.confirmer",
        objet=import_,
        changements={cle: [None, n] for cle, n in contenu.bilan.items()},
    )
    courriels.deposer(
        "import_termine",
        adresses_des_membres(mandataire),
        {"import": import_, "bilan": contenu.bilan, "par": par, "mandataire": mandataire},
    )
    ApercuImport.objects.filter(mandataire=mandataire).delete()
    return import_


def _verifier_references(mandataire: Mandataire, contenu: Apercu) -> None:
    """What the rows name is still there, and open: three queries for the whole import."""
    nommes = {champ: {li[champ] for li in contenu.pretes} - {None} for champ in ("tribunal", "commune", "lieu")}
    la = {
        "tribunal": Tribunal.objects.ouverts().filter(pk__in=nommes["tribunal"]),
        "commune": Commune.objects.filter(pk__in=nommes["commune"]),
        "lieu": mandataire.lieux.filter(pk__in=nommes["lieu"]),
    }
    if any(la[champ].count() < len(cles) for champ, cles in nommes.items()):
        raise ReferencesChangees


@transaction.atomic
def oublier_restes() -> int:
    """Empty what is no longer shown: lists of rows after 30 days, previews after 24 hours. Returns how many."""
    vieux = ImportMesures.objects.filter(le__lt=timezone.now() - DUREE_RESTES).exclude(restes=[])
    return vieux.update(restes=[]) + ApercuImport.objects.perimes().delete()[0]


def adresses_des_membres(mandataire: Mandataire) -> list[str]:
    """Everyone who works for the mandataire and may sign in."""
    return list(
        Utilisateur.objects.filter(
            membre__mandataire=mandataire, statut=Utilisateur.Statut.VALIDE, is_active=True
        ).values_list("email", flat=True)
    )
