"""Who can take this measure, near the person, now: one page, one address."""

from django.core.paginator import Page, Paginator
from django.shortcuts import render

from emjpm.comptes.droits import pour_tribunaux
from mesures import presentation_recherche as presentation
from mesures.carte_resultats import plan_des_resultats
from mesures.forms.recherche import RechercheForm
from mesures.origine import Ambigu, Inconnu, depuis_tribunal, resoudre
from mesures.recherche import REGLES, Ordre, chercher, issue

from .acces import adresse, dossier, membre_du_tribunal, suite

PAR_PAGE = 20


@pour_tribunaux
def recherche(request):
    """GET form: the whole search is in the address."""
    tribunal = membre_du_tribunal(request).tribunal
    form = RechercheForm.depuis_url(request.GET, tribunal)
    contexte = {"formulaire": form, "tribunal": tribunal, "suite": suite(request), "dossier": dossier(request)}
    origine = resoudre(form.lieu_demande, tribunal)
    if isinstance(origine, Ambigu):
        return render(request, "recherche/ambigu.html", contexte | {"ambigu": origine})
    if isinstance(origine, Inconnu):
        contexte["lieu_inconnu"] = origine
        origine = depuis_tribunal(tribunal)
    criteres = form.criteres(origine)
    resultats = chercher(criteres)
    contexte |= {"criteres": criteres, "titre": presentation.titre(criteres, len(resultats.candidats))}
    if not resultats.candidats:
        return render(request, "recherche/vide.html", contexte | _sans_resultat(request, criteres))
    page = Paginator(resultats.candidats, PAR_PAGE).get_page(request.GET.get("page"))
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
    return render(request, "recherche/recherche.html", contexte)


def _groupes(ordre: str, lignes: list, page: Page, resultats) -> list:
    """The default order cuts the list in two, each with its count over all pages; the others keep one list."""
    if ordre != Ordre.DEFAUT:
        return [presentation.Groupe("", "", 0, lignes)] if lignes else []
    nombre = resultats.bilan.avec_place
    avec = [ligne for ligne in lignes if ligne.dispo.a_de_la_place]
    sans = [ligne for ligne in lignes if not ligne.dispo.a_de_la_place]
    groupes = [
        presentation.Groupe("avec-place", "Ont de la place", nombre, avec),
        presentation.Groupe("sans-place", "Sans place aujourd’hui", page.paginator.count - nombre, sans),
    ]
    return [groupe for groupe in groupes if groupe.lignes]


def _sans_resultat(request, criteres) -> dict:
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
