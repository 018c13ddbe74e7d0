"""The mandataire's lists: en cours, en attente, éteintes; the same on paper, in a workbook and on a map."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.tableur import reponse_csv, reponse_xlsx
from emjpm.commun.templatetags.emjpm import nombre, pluriel
from emjpm.commun.vues import paginer
from emjpm.comptes.droits import pour_mandataires
from emjpm.comptes.models import ROLES_TRIBUNAL
from mandataires.droits import membre_de
from mandataires.models import Mandataire
from mandataires.mots import MotsDuLieu
from mesures.carte_mesures import carte_des_mesures
from mesures.delais import PREMIER_RAPPEL, jours_d_attente
from mesures.droits import peut_importer
from mesures.enums import Statut
from mesures.export_mesures import feuille
from mesures.forms.listes import PAR_PAGE, FiltresForm
from mesures.listes import DEFAUT, RELATIONS, Registre, filtrer, ordonner, ordre_en_mots, registre
from mesures.models import Mesure

from .acces import adresse
from .outils import le_mandataire

SUR_PAPIER = 1000
"""Rows of the printable page: some thirty sheets."""
TOUTES = "toutes"
"""`?cochees=toutes`: every mesure of the filtered list is checked, beyond the page."""

_COLONNES = {
    "rg": "N° RG",
    "dossier": "Dossier",
    "personne": "Personne",
    "commune": "Commune",
    "nature": "Nature",
    "tribunal": "Tribunal et cabinet",
    "jugement": "Jugement",
    "lieu": "Lieu de vie",
    "fin": "Fin du mandat",
}
_TRIS = {"personne": "naissance"}
_COMMUNES = ("rg", "dossier", "personne", "commune", "nature", "tribunal", "jugement")


@dataclass(frozen=True)
class Demande:
    """The list asked for by the address: whose, which one, its filters, its order."""

    mandataire: Mandataire
    miennes: QuerySet[Mesure]
    statut: str
    registre: Registre
    formulaire: FiltresForm
    valeurs: dict
    limite: bool
    """The reader is limited to an antenne."""

    @property
    def tri(self) -> str:
        return self.valeurs.get("tri", DEFAUT)

    @property
    def filtree(self) -> bool:
        return bool(self.valeurs.keys() - {"tri", "par"})

    @property
    def eteintes(self) -> bool:
        return self.statut == Statut.ETEINTE

    @property
    def avec_antenne(self) -> bool:
        """A column for the antenne, or for the establishment of a préposé who has several."""
        return self.mandataire.est_service or bool(self.registre.antennes)

    @property
    def nom(self) -> str:
        """The end of the list's addresses and files."""
        return "eteintes" if self.eteintes else "en-cours"

    @property
    def colonnes(self) -> tuple[str, ...]:
        return (*_COMMUNES, "fin" if self.eteintes else "lieu", *(["antenne"] if self.avec_antenne else []))

    @cached_property
    def mesures(self) -> QuerySet[Mesure]:
        return ordonner(filtrer(self.miennes.filter(statut=self.statut), self.valeurs), self.tri)

    def page(self, numero, par_page: int) -> Page:
        """The page asked for; the whole list is already counted."""
        paginateur = Paginator(self.mesures.select_related(*RELATIONS), par_page)
        if not self.filtree:
            paginateur.count = self.registre.total
        return paginateur.get_page(numero)


def demande(request: HttpRequest, statut: str) -> Demande:
    mandataire = le_mandataire(request)
    membre = membre_de(request.user, mandataire)
    limite = bool(membre and membre.lieu_id)
    miennes = Mesure.objects.pour(request.user)
    reg = registre(miennes.filter(statut=statut), mandataire, antennes=not limite)
    form = FiltresForm(request.GET, registre=reg, avec_fin=statut == Statut.ETEINTE)
    return Demande(mandataire, miennes, statut, reg, form, form.valeurs(), limite)


def _titre(voulue: Demande, trouvees: int) -> str:
    """« 74 mesures en cours », « 12 mesures en cours sur 74 »."""
    compte = trouvees if voulue.filtree else voulue.registre.total
    s = pluriel(compte)
    mots = f"mesure{s} éteinte{s}" if voulue.eteintes else f"mesure{s} en cours"
    return f"{nombre(compte)} {mots}" + (f" sur {nombre(voulue.registre.total)}" if voulue.filtree else "")


def _contexte(request: HttpRequest, voulue: Demande, page: Page) -> dict:
    """What the table needs, on the screen and on paper."""
    return {
        "demande": voulue,
        "page": page,
        "titre": _titre(voulue, page.paginator.count),
        "mots": "Mesures éteintes" if voulue.eteintes else "Mesures en cours",
        "ordre": ordre_en_mots(voulue.tri, voulue.registre.mots),
        "tags": _tags(request, voulue, page),
        "eteintes": voulue.eteintes,
        "avec_antenne": voulue.avec_antenne,
    }


@require_safe
@pour_mandataires
def en_cours(request: HttpRequest) -> HttpResponse:
    return _liste(request, Statut.EN_COURS)


@require_safe
@pour_mandataires
def eteintes(request: HttpRequest) -> HttpResponse:
    return _liste(request, Statut.ETEINTE)


def _liste(request: HttpRequest, statut: str) -> HttpResponse:
    voulue = demande(request, statut)
    page = voulue.page(request.GET.get("page"), voulue.valeurs.get("par", PAR_PAGE[0]))
    contexte = _contexte(request, voulue, page) | {
        "total": voulue.registre.total,
        "filtres": voulue.formulaire,
        "plus": [voulue.formulaire[nom] for nom in FiltresForm.PLUS if nom in voulue.formulaire.fields],
        "entetes": [_entete(nom, voulue.tri, voulue.registre.mots) for nom in voulue.colonnes],
        "autres": 0 if voulue.eteintes else voulue.miennes.eteintes().count(),
        "importer": voulue.registre.total == 0 and peut_importer(request.user, voulue.mandataire),
        "par_page": [(n, adresse(request, {"par": str(n)})) for n in PAR_PAGE],
        "toutes_cochees": request.GET.get("cochees") == TOUTES,
    }
    return render(request, "mesures/liste.html", contexte)


def _entete(nom: str, tri: str, mots: MotsDuLieu) -> dict:
    """One sortable column: its title, the order its link asks for, and the present direction."""
    cle = _TRIS.get(nom, nom)
    sens = {cle: "ascending", f"-{cle}": "descending"}.get(tri, "")
    premier = f"-{cle}" if cle in {"jugement", "fin"} else cle
    return {
        "titre": mots.titre if nom == "antenne" else _COLONNES[nom],
        "tri": (cle if tri == f"-{cle}" else f"-{cle}") if sens else premier,
        "sens": sens,
        "icone": {"ascending": "arrow-up", "descending": "arrow-down"}.get(sens, "arrow-up-down"),
    }


def _tags(request: HttpRequest, voulue: Demande, page: Page) -> list[dict]:
    """The filters in words, each with the address of the list without it. The rows found name their commune."""
    mots = voulue.formulaire.en_mots(voulue.valeurs)
    if insee := voulue.valeurs.get("commune"):
        mots["commune"] = f"Commune : {page[0].nom_commune if page else insee}"
    return [{"mots": dit, "sans": adresse(request, {nom: None, "cochees": None})} for nom, dit in mots.items()]


# --- On paper, in a workbook, on a map ----------------------------------------------------------------


@require_safe
@pour_mandataires
def imprimer(request: HttpRequest, statut: str) -> HttpResponse:
    """The list asked for, alone and whole, for paper."""
    voulue = demande(request, statut)
    contexte = _contexte(request, voulue, voulue.page(1, SUR_PAPIER))
    contexte |= {
        "entetes": [_entete(nom, "", voulue.registre.mots) for nom in voulue.colonnes],
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "mesures/liste_imprimer.html", contexte)


@require_POST
@pour_mandataires
def exporter(request: HttpRequest, statut: str) -> HttpResponse:
    """The list asked for, as a workbook (`format=csv`: as a text): a POST, for it leaves its line in the journal."""
    voulue = demande(request, statut)
    return fichier(request, voulue, voulue.mesures, "csv" if request.POST.get("format") == "csv" else "xlsx")


def fichier(request: HttpRequest, voulue: Demande, mesures: QuerySet[Mesure], genre: str) -> HttpResponse:
    """The file of these mesures, and the line of journal that says so."""
    with transaction.atomic():
        changements = {
            "liste": voulue.nom,
            "lignes": mesures.count(),
            "format": genre,
            "filtres": sorted(voulue.valeurs.keys() - {"tri", "par"}),
        }
        journal.noter(par=request.user, acte="mesures.exporter", objet=voulue.mandataire, changements=changements)
    contenu = feuille(mesures, voulue.mandataire, eteintes=voulue.eteintes)
    nom = f"mesures-{voulue.nom}-{timezone.localdate():%Y-%m-%d}"
    return reponse_csv(nom, contenu) if genre == "csv" else reponse_xlsx(nom, [contenu])


@require_safe
@pour_mandataires
def carte(request: HttpRequest, statut: str) -> HttpResponse:
    """Where the people of the list live: their own mandataire's data, so true counts, with their table."""
    voulue = demande(request, statut)
    contexte = _contexte(request, voulue, voulue.page(1, PAR_PAGE[0]))
    contexte["carte"] = carte_des_mesures(voulue.mesures)
    return render(request, "mesures/liste_carte.html", contexte)


# --- En attente ---------------------------------------------------------------------------------------


@require_safe
@pour_mandataires
def en_attente(request: HttpRequest) -> HttpResponse:
    """The reservations to answer: urgent first, then the oldest."""
    page = paginer(request, reservees(request.user))
    mesures = [avec_attente(mesure) for mesure in page]
    modifiees = _modifiees_par_le_tribunal(mesures)
    for mesure in mesures:
        mesure.modifiee_le = modifiees.get(mesure.pk)
    contexte = {"page": page, "mesures": mesures, "total": page.paginator.count, "aujourdhui": timezone.localdate()}
    contexte["mots"] = le_mandataire(request).mots_du_lieu
    return render(request, "mesures/en_attente.html", contexte)


def reservees(utilisateur) -> QuerySet[Mesure]:
    """What waits for an answer, in the order in which to answer."""
    return (
        Mesure.objects.pour(utilisateur)
        .en_attente()
        .select_related("tribunal", "commune", "reserve_par", "lieu__commune", "renouvelle")
        .order_by("-urgence", "reserve_le", "pk")
    )


def avec_attente(mesure: Mesure) -> Mesure:
    """Gives a reservation its age: `attente` in days, `sans_reponse` from the day of the first reminder on."""
    mesure.attente = jours_d_attente(mesure.reserve_le or mesure.cree_le)
    mesure.sans_reponse = mesure.attente >= PREMIER_RAPPEL
    return mesure


def _modifiees_par_le_tribunal(mesures: list[Mesure]) -> dict:
    """{pk: when the court last changed its reservation}, one query for the page."""
    lignes = (
        Evenement.objects.filter(
            objet_type=Mesure._meta.label_lower,
            objet_id__in=[str(m.pk) for m in mesures],
            role__in=ROLES_TRIBUNAL,
        )
        .exclude(acte="mesure.reserver")
        .order_by("le")
    )
    return {int(ligne.objet_id): ligne.le for ligne in lignes}
