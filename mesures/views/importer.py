"""The import, in three pages and no more: choose a file, check the preview, confirm. See mesures.import_excel."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.tableur import TYPE_XLSX
from emjpm.commun.templatetags.emjpm import nombre as en_lettres
from emjpm.commun.vues import paginer
from emjpm.comptes.droits import pour_mandataires
from mandataires.models import Mandataire, Membre
from mesures.disponibilite import disponibilite_de
from mesures.import_excel import erreurs, services
from mesures.import_excel import modele as modele_excel
from mesures.import_excel.analyse import analyser, enumerer, ordinal
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures

EXPIRE = "Cet aperçu a expiré. Sélectionnez à nouveau votre fichier."
lire_et_ecrire = require_http_methods(["GET", "HEAD", "POST"])


class ClasseurForm(FormulaireDsfr, forms.Form):
    """The file, and nothing about it: its name may hold a person's."""

    classeur = forms.FileField(
        label="Sélectionnez votre fichier",
        help_text="Excel (.xlsx, .xlsm, .xls), LibreOffice (.ods) ou CSV. 10 Mo et 10 000 lignes au plus",
        allow_empty_file=True,
        error_messages={"required": "Choisissez un fichier.", "missing": "Choisissez un fichier."},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv"}),
    )


def _membre(request: HttpRequest) -> Membre:
    """Who imports, for whom. A member limited to an antenne does not: the import is the whole service's."""
    membre = Membre.objects.select_related("mandataire", "lieu").filter(utilisateur=request.user).first()
    if membre is None:
        raise PermissionDenied
    return membre


def _ouvrir(request: HttpRequest) -> tuple[Mandataire, ApercuImport | None]:
    """The mandataire, and this person's living preview if any."""
    membre = _membre(request)
    if membre.lieu_id:
        raise PermissionDenied
    return membre.mandataire, ApercuImport.objects.pour(request.user).first()


@lire_et_ecrire
@pour_mandataires
def importer(request: HttpRequest) -> HttpResponse:
    membre = _membre(request)
    fait = services.import_fait(membre.mandataire)
    if fait is not None:
        if request.method == "POST":
            messages.info(request, _phrase_deja_fait(request, fait))
            return redirect("importer")
        return _page_faite(request, fait)
    if membre.lieu_id:
        return render(request, "importer/antenne.html", {"membre": membre})
    form = ClasseurForm(request.POST, request.FILES) if request.method == "POST" else ClasseurForm()
    contexte = {"form": form, "en_cours": ApercuImport.objects.pour(request.user).first(), "refus": None}
    if request.method == "POST":
        try:
            octets = _octets(request, form)
            if octets is not None:
                apercu = analyser(octets, membre.mandataire)
                services.deposer(apercu=apercu, mandataire=membre.mandataire, par=request.user)
                return redirect("importer_apercu")
        except erreurs.ClasseurRefuse as refus:
            form.errors.pop("classeur", None)
            form.add_error("classeur", refus.court)
            contexte["refus"] = refus
    return render(request, "importer/choisir.html", contexte)


def _octets(request: HttpRequest, form: ClasseurForm) -> bytes | None:
    """The bytes sent, None when there are none. An upload cut off by its size arrives as no file at all."""
    declares = int(request.META.get("CONTENT_LENGTH") or 0)
    if not request.FILES and declares > settings.CLASSEUR_OCTETS_MAX:
        raise erreurs.trop_lourd(declares, settings.CLASSEUR_OCTETS_MAX)
    return form.cleaned_data["classeur"].read() if form.is_valid() else None


@require_GET
@pour_mandataires
def modele(request: HttpRequest) -> HttpResponse:
    reponse = HttpResponse(modele_excel.produire(_membre(request).mandataire), content_type=TYPE_XLSX)
    reponse["Content-Disposition"] = 'attachment; filename="modele-import-e-mjpm.xlsx"'
    return reponse


@lire_et_ecrire
@pour_mandataires
def apercu(request: HttpRequest) -> HttpResponse:
    mandataire, depot = _ouvrir(request)
    if depot is None or services.import_fait(mandataire):
        if not services.import_fait(mandataire):
            messages.warning(request, EXPIRE)
        return redirect("importer")
    if request.method == "POST":
        if depot.noms_a_accepter and request.POST.get("cle") == str(depot.cle):
            services.accepter_sans_noms(apercu=depot, par=request.user)
        return redirect("importer_apercu")
    contenu = depot.apercu
    contexte = {"depot": depot, "apercu": contenu, "form": ClasseurForm()}
    if depot.noms_a_accepter:
        return render(request, "importer/noms.html", contexte)
    contexte["origine"] = _origine(contenu)
    contexte["page"] = paginer(request, contenu.a_corriger)
    contexte["ignorees"] = _ignorees(contenu)
    return render(request, "importer/apercu.html", contexte)


@lire_et_ecrire
@pour_mandataires
def confirmer(request: HttpRequest) -> HttpResponse:
    mandataire, depot = _ouvrir(request)
    fait = services.import_fait(mandataire)
    if fait is not None:
        messages.info(request, _phrase_deja_fait(request, fait))
        return redirect("importer")
    if depot is None:
        messages.warning(request, EXPIRE)
        return redirect("importer")
    if depot.noms_a_accepter or not depot.apercu.pretes:
        return redirect("importer_apercu")
    if request.method == "POST":
        return _appliquer(request, depot)
    avant = disponibilite_de(mandataire)
    prets = len(depot.apercu.pretes)
    contexte = {"depot": depot, "apercu": depot.apercu, "avant": avant, "prets": prets}
    contexte["en_cours_apres"] = avant.en_cours + prets
    contexte["dispo_apres"] = avant.valeur if avant.pause or avant.valeur is None else avant.valeur - prets
    return render(request, "importer/confirmer.html", contexte)


def _appliquer(request: HttpRequest, depot: ApercuImport) -> HttpResponse:
    if request.POST.get("cle") != str(depot.cle):
        messages.warning(request, "Un autre fichier a remplacé cet aperçu. Vérifiez-le avant de confirmer.")
        return redirect("importer_apercu")
    try:
        services.appliquer(apercu=depot, par=request.user)
    except services.DejaImporte as deja:
        messages.info(request, _phrase_deja_fait(request, deja.fait))
    except services.ApercuChange as change:
        messages.warning(request, _phrase_change(request, change.entre_temps))
        return redirect("importer_confirmer")
    return redirect("importer")


def _s(nombre: int) -> str:
    return "" if nombre < 2 else "s"


def _phrase_change(request: HttpRequest, entre_temps: int) -> str:
    depot = ApercuImport.objects.pour(request.user).first()
    if depot is None or not entre_temps:
        return EXPIRE
    prets, laissees = len(depot.apercu.pretes), depot.apercu.laissees
    cree = f"{entre_temps} mesure{_s(entre_temps)} {'ont été créées' if entre_temps > 1 else 'a été créée'} entre-temps"
    return (
        f"{cree} : {prets} {'seront importées' if prets > 1 else 'sera importée'}, "
        f"{laissees} ligne{_s(laissees)} {'resteront' if laissees > 1 else 'restera'} de côté."
    )


def _phrase_deja_fait(request: HttpRequest, fait: ImportMesures) -> str:
    le = timezone.localtime(fait.le)
    qui = "Vous avez" if fait.par_id == request.user.pk else f"{fait.par or 'Un collègue'} a"
    quand = f"à {le.hour} h {le:%M}" if le.date() == timezone.localdate() else f"le {le:%d/%m/%Y}"
    pour = " pour votre service" if fait.mandataire.est_service else ""
    return (
        f"{qui} importé {en_lettres(fait.nombre)} mesure{_s(fait.nombre)}{pour} {quand}. "
        "L’import ne se fait qu’une fois ; votre aperçu n’a rien enregistré."
    )


def _origine(contenu) -> str:
    """« Votre classeur Excel, deuxième feuille »."""
    feuille = f", {ordinal(contenu.feuille)} feuille" if contenu.feuilles > 1 else ""
    return f"Votre {contenu.genre}{feuille}"


def _ignorees(contenu) -> list[str]:
    """« Lignes 40 et 41 : vides », « Ligne 87 : total »."""
    noms = {"vide": "vide", "total": "total", "titres": "titres répétés"}
    phrases = []
    for raison in dict.fromkeys(i["raison"] for i in contenu.ignorees):
        lignes = [i["ligne"] for i in contenu.ignorees if i["raison"] == raison]
        pluriel = "s" if len(lignes) > 1 else ""
        accord = pluriel if raison == "vide" else ""
        phrases.append(f"Ligne{pluriel} {enumerer(lignes)} : {noms.get(raison, raison)}{accord}")
    return phrases


def _page_faite(request: HttpRequest, fait: ImportMesures) -> HttpResponse:
    recent = timezone.now() - fait.le < services.DUREE_RESTES
    contexte = {
        "fait": fait,
        "par_vous": fait.par_id == request.user.pk,
        "restes": fait.restes if recent else [],
        "restes_jusqu_au": fait.le + services.DUREE_RESTES,
        "inutiles": fait.bilan.get("deja_presentes", 0) + fait.bilan.get("ignorees", 0),
    }
    return render(request, "importer/termine.html", contexte)
