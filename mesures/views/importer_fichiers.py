"""What the import hands over: the model, the annotated workbook, the rows left aside; and how far a reading is."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from emjpm.commun.tableur import reponse_octets_xlsx, reponse_xlsx
from emjpm.comptes.droits import pour_mandataires
from mesures.import_excel import annote, avancement, erreurs, restes, services
from mesures.import_excel import modele as modele_excel
from mesures.import_excel.analyse import analyser_tableau
from mesures.import_excel.colonnes import Consignes

from .importer import (
    ClasseurForm,
    consignes_de,
    lire_et_ecrire,
    membre_de,
    octets_envoyes,
    ouvrir,
    page_apercu,
    page_choisir,
)


@require_GET
@pour_mandataires
def modele(request: HttpRequest) -> HttpResponse:
    return reponse_octets_xlsx("modele-import-e-mjpm", modele_excel.produire(membre_de(request).mandataire))


@lire_et_ecrire
@pour_mandataires
def annoter(request: HttpRequest) -> HttpResponse:
    """The user's own workbook, what is to mend marked in it. The file comes with the request and leaves with it."""
    mandataire, depot = ouvrir(request)
    if request.method != "POST":  # the address alone, from the history of the browser
        return redirect("importer_apercu")
    form = ClasseurForm(request.POST, request.FILES)
    try:
        octets = octets_envoyes(request, form)
        if octets is not None:
            consignes = consignes_de(request, depot) if depot else Consignes()
            tableau, apercu = analyser_tableau(
                octets, mandataire, consignes=consignes, reponses=depot.reponses if depot else {}
            )
            return reponse_octets_xlsx("classeur-annote", annote.produire(tableau, apercu))
    except erreurs.ClasseurRefuse as refus:
        form.errors.pop("classeur", None)
        form.add_error("classeur", f"{refus.court} {refus.phrase}")
    if depot is None:
        return page_choisir(request, mandataire, form)
    return page_apercu(request, mandataire, depot, form)


@require_GET
@pour_mandataires
def laissees(request: HttpRequest) -> HttpResponse:
    """The rows that were not imported, for 30 days."""
    fait = services.import_fait(ouvrir(request)[0])
    if not restes.visibles(fait):
        raise Http404
    return reponse_xlsx("lignes-laissees-de-cote", [restes.feuille(fait)])


@require_GET
@pour_mandataires
def avancer(request: HttpRequest) -> HttpResponse:
    return JsonResponse(avancement.lire(request.user))
