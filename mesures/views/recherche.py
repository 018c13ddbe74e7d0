"""Who can take this measure, near the person, now: one page, one address."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from emjpm.commun import journal
from emjpm.commun.tableur import reponse_xlsx
from emjpm.comptes.droits import pour_tribunaux
from mesures import presentation_recherche as presentation
from mesures.carte_resultats import plan_des_resultats
from mesures.export_recherche import feuille_des_resultats
from mesures.forms.recherche import RechercheForm
from mesures.origine import Ambigu, Inconnu, depuis_tribunal
from mesures.recherche import REGLES, Criteres, Ordre, chercher, feuilleter, issue

from .acces import adresse, dossier, lieu_demande, membre_du_tribunal, suite

PAR_PAGE = 20


@require_safe
@pour_tribunaux
@vary_on_headers("HX-Request")
def recherche(request: HttpRequest) -> HttpResponse:
    """GET form: the whole search is in the address. htmx asks for the results alone."""
    tribunal = membre_du_tribunal(request).tribunal
    form = RechercheForm.depuis_url(request.GET, tribunal)
    origine = lieu_demande(request, tribunal)
    if origine.adresse:  # a street stays in no address bar, no history, no bookmark
        return redirect(_sans_rue(request, origine.requete))
    contexte = {
        "formulaire": form,
        "tribunal": tribunal,
        "suite": suite(request),
        "dossier": dossier(request),
        "commune_seule": "commune_seule" in request.GET,
        "lieu_inconnu": None,
        "lieu_illisible": "lieu_illisible" in request.GET and not request.GET.get("lieu"),
    }
    if isinstance(origine, Ambigu):
        titre = f"« {origine.texte} » : de quel lieu s’agit-il ?"
        return _montrer(request, "recherche/_ambigu.html", contexte | {"ambigu": origine, "titre": titre})
    if isinstance(origine, Inconnu):
        contexte["lieu_inconnu"] = origine
        origine = depuis_tribunal(tribunal)
    criteres = form.criteres(origine)
    resultats = chercher(criteres) if "bilan" in request.GET else feuilleter(criteres)
    contexte |= {"criteres": criteres, "titre": presentation.titre(criteres, len(resultats))}
    if not resultats:
        return _montrer(request, "recherche/_vide.html", contexte | _sans_resultat(request, criteres))
    page = Paginator(resultats, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = presentation.lignes(page.object_list, page.start_index(), origine)
    contexte |= {
        "page": page,
        "resultats": resultats,
        "bilan": resultats.bilan,
        "regle": REGLES[Ordre(criteres.ordre)],
        "ordres": Ordre,
        "groupes": _groupes(criteres.ordre, lignes, page, resultats),
        "plan": plan_des_resultats(origine, lignes),
    }
    return _montrer(request, "recherche/_resultats.html", contexte)


def _montrer(request: HttpRequest, fragment: str, contexte: dict) -> HttpResponse:
    """The page around a fragment; for htmx, the fragment and what else moved (title, announcement)."""
    contexte["fragment"] = fragment
    # A page taken back from the history is asked whole: htmx keeps no copy of it (nothing of a person stays there).
    partiel = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    return render(request, "recherche/_reponse_htmx.html" if partiel else "recherche/recherche.html", contexte)


def _sans_rue(request: HttpRequest, requete: str) -> str:
    """The same search around what was understood, or around the court when nothing was."""
    lu = {"lieu": requete, "commune_seule": "1", "lieu_illisible": None}
    rien = {"lieu": None, "commune_seule": None, "lieu_illisible": "1"}
    return request.path + adresse(request, lu if requete else rien)


@require_safe
@pour_tribunaux
def bilan(request: HttpRequest) -> HttpResponse:
    """The territory at a glance when the page did not count everybody: a fragment for htmx."""
    criteres = _criteres(request)
    contexte = {"bilan": chercher(criteres).bilan if criteres else None}
    return render(request, "recherche/_bilan.html", contexte)


@require_POST
@pour_tribunaux
def exporter(request: HttpRequest) -> HttpResponse:
    """All the results in their order, for Excel: a POST, for it leaves its line in the journal. The search is in the
    address, as on the page."""
    criteres = _criteres(request)
    if criteres is None:  # the place is to be chosen first
        return redirect(reverse("recherche") + suite(request))
    resultats = chercher(criteres)
    combien = {"lignes": len(resultats)}
    journal.noter(par=request.user, acte="recherche.exporter", objet=criteres.tribunal, changements=combien)
    return reponse_xlsx("recherche-mandataires", [feuille_des_resultats(criteres, resultats)])


def _criteres(request: HttpRequest) -> Criteres | None:
    tribunal = membre_du_tribunal(request).tribunal
    form = RechercheForm.depuis_url(request.GET, tribunal)
    origine = lieu_demande(request, tribunal)
    if isinstance(origine, Ambigu):
        return None
    return form.criteres(depuis_tribunal(tribunal) if isinstance(origine, Inconnu) else origine)


def _groupes(ordre: str, lignes: list, page: Page, resultats) -> list:
    """The default order cuts the list in two, each with its count over all pages; the others keep one list."""
    if ordre != Ordre.DEFAUT:
        return [presentation.Groupe("", "", None, lignes)] if lignes else []
    nombre = resultats.bilan.avec_place if resultats.bilan else None
    reste = None if nombre is None else page.paginator.count - nombre
    avec = [ligne for ligne in lignes if ligne.dispo.a_de_la_place]
    sans = [ligne for ligne in lignes if not ligne.dispo.a_de_la_place]
    groupes = [
        presentation.Groupe("avec-place", "Ont de la place", nombre, avec),
        presentation.Groupe("sans-place", "Sans place aujourd’hui", reste, sans),
    ]
    return [groupe for groupe in groupes if groupe.lignes]


def _sans_resultat(request: HttpRequest, criteres: Criteres) -> dict:
    sortie = issue(criteres)
    lignes = presentation.lignes([sortie.proche], 1, criteres.origine) if sortie.proche else []
    voies = []
    for voie in sortie.voies:
        nombre, mots = presentation.combien(voie.resultats)
        voies.append(
            {"libelle": voie.libelle, "url": adresse(request, voie.parametres), "nombre": nombre, "mots": mots}
        )
    return {
        "issue": sortie,
        "voies": voies,
        "lignes": lignes,
        "plan": plan_des_resultats(criteres.origine, lignes) if lignes else None,
    }
