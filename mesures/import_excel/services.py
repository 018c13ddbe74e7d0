"""The acts of the import: keep a preview, accept to lose names, apply once."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire
from mandataires.services import actualiser
from mesures.models import ImportMesures
from mesures.services.commun import verrouiller

from .apercu import Apercu
from .models import ApercuImport
from .reperes import mesures_presentes
from .resource import MesureResource, jeu_de_donnees

DUREE_RESTES = timedelta(days=30)
"""How long the rows left aside are listed after the import; `oublier_restes` then empties them."""


class DejaImporte(Exception):
    """The import was done: `fait` says by whom, when, how many."""

    def __init__(self, fait: ImportMesures):
        super().__init__("import déjà fait")
        self.fait = fait


class ApercuChange(Exception):
    """The account changed since the preview was drawn: `entre_temps` mesures appeared. Nothing was written."""

    def __init__(self, entre_temps: int):
        super().__init__("l’aperçu a changé")
        self.entre_temps = entre_temps


def import_fait(mandataire: Mandataire) -> ImportMesures | None:
    """The import that counts (not cancelled), if any."""
    return ImportMesures.objects.filter(mandataire=mandataire, annule_le=None).select_related("par").first()


@transaction.atomic
def deposer(*, apercu: Apercu, mandataire: Mandataire, par: Utilisateur) -> ApercuImport:
    """Keep a preview for 24 hours; it replaces this person's former one. Expired ones of anyone go away."""
    ApercuImport.objects.perimes().delete()
    ApercuImport.objects.filter(mandataire=mandataire, par=par).delete()
    return ApercuImport.objects.create(mandataire=mandataire, par=par, donnees=apercu.en_json())


@transaction.atomic
def accepter_sans_noms(*, apercu: ApercuImport, par: Utilisateur) -> None:
    """« Continuer sans ces 82 cellules »: nothing of them was kept; the choice is noted."""
    apercu.noms_acceptes = True
    apercu.save(update_fields=["noms_acceptes"])
    journal.noter(
        par=par,
        acte="import.ecarter_noms",
        objet=apercu.mandataire,
        changements={"cellules": [None, apercu.apercu.cellules_de_noms]},
    )


@transaction.atomic
def rafraichir(*, apercu: ApercuImport) -> int:
    """Move the rows that have meanwhile become mesures of the account to « déjà présentes »; returns how many."""
    contenu = apercu.apercu
    presentes = mesures_presentes(apercu.mandataire)
    restent, deja = [], []
    for ligne in contenu.pretes:
        presente = presentes.get((ligne["tribunal"], ligne["rg_normal"])) if ligne["rg_normal"] else None
        if presente is None:
            restent.append(ligne)
        else:
            deja.append(
                {
                    "ligne": ligne["ligne"],
                    "numero_rg": presente.numero_rg,
                    "mesure": presente.pk,
                    "statut": presente.statut,
                }
            )
    if deja:
        contenu.pretes = restent
        contenu.deja_presentes = sorted(contenu.deja_presentes + deja, key=lambda d: d["ligne"])
        apercu.donnees = contenu.en_json()
        apercu.save(update_fields=["donnees"])
    return len(deja)


def appliquer(*, apercu: ApercuImport, par: Utilisateur) -> ImportMesures:
    """Import every ready row of a preview, once: all of it or nothing.

    Raises DejaImporte when the mandataire's import is done, ApercuChange (the preview is then refreshed) when some
    rows became mesures meanwhile, ValueError when no row is ready.
    """
    try:
        with transaction.atomic():
            return _appliquer(apercu=apercu, par=par)
    except ApercuChange:
        rafraichir(apercu=apercu)
        raise
    except IntegrityError:
        # The unique constraint spoke: someone confirmed at the same instant. Any other violation is ours to know.
        fait = import_fait(apercu.mandataire)
        if fait is None:
            raise
        raise DejaImporte(fait) from None


def _appliquer(*, apercu: ApercuImport, par: Utilisateur) -> ImportMesures:
    mandataire = verrouiller(apercu.mandataire_id)
    fait = import_fait(mandataire)
    if fait is not None:
        raise DejaImporte(fait)
    # Deleting the preview first: of two confirmations of one page, the second finds nothing to apply.
    if not ApercuImport.objects.filter(pk=apercu.pk, cle=apercu.cle).delete()[0]:
        raise ApercuChange(0)
    contenu = apercu.apercu
    if not contenu.pretes:
        raise ValueError("aucune ligne prête")
    presentes = mesures_presentes(mandataire)
    entre_temps = sum((li["tribunal"], li["rg_normal"]) in presentes for li in contenu.pretes if li["rg_normal"])
    if entre_temps:
        raise ApercuChange(entre_temps)
    import_ = ImportMesures.objects.create(
        mandataire=mandataire,
        par=par,
        nombre=len(contenu.pretes),
        bilan={**contenu.bilan, "genre": contenu.genre},
        restes=[
            {"ligne": li.ligne, "resume": li.resume, "pourquoi": [p.pourquoi for p in li.problemes]}
            for li in contenu.a_corriger
        ],
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
