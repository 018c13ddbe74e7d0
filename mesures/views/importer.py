"""The import, in three pages and no more: choose a file, check the preview, confirm. See mesures.import_excel."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.templatetags.emjpm import nombre as en_lettres
from emjpm.commun.texte import normaliser
from emjpm.commun.vues import paginer
from emjpm.comptes.droits import pour_mandataires
from mandataires.models import Mandataire, Membre
from mesures.disponibilite import disponibilite_de
from mesures.forms.champs import tribunaux_par_groupe
from mesures.import_excel import avancement, erreurs, restes, services
from mesures.import_excel.analyse import analyser, ordinal
from mesures.import_excel.annulation import dernier_annule
from mesures.import_excel.avertissements import enumerer
from mesures.import_excel.colonnes import Consignes
from mesures.import_excel.models import ApercuImport
from mesures.import_excel.titres import LIBELLES
from mesures.models import ImportMesures
from tribunaux.models import Tribunal

EXPIRE = "Cet aperçu a expiré. Sélectionnez à nouveau votre fichier."
REMPLACE = "Un autre fichier a remplacé cet aperçu. Vérifiez-le avant de confirmer."
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


def membre_de(request: HttpRequest) -> Membre:
    """Who imports, for whom. A member limited to an antenne does not: the import is the whole service's."""
    membre = Membre.objects.select_related("mandataire", "lieu").filter(utilisateur=request.user).first()
    if membre is None:
        raise PermissionDenied
    return membre


def ouvrir(request: HttpRequest) -> tuple[Mandataire, ApercuImport | None]:
    """The mandataire, and this person's living preview if any."""
    membre = membre_de(request)
    if membre.lieu_id:
        raise PermissionDenied
    return membre.mandataire, ApercuImport.objects.pour(request.user).select_related("mandataire").first()


@lire_et_ecrire
@pour_mandataires
def importer(request: HttpRequest) -> HttpResponse:
    membre = membre_de(request)
    fait = services.import_fait(membre.mandataire)
    if fait is not None:
        if request.method == "POST":
            messages.info(request, _phrase_deja_fait(request, fait))
            return redirect("importer")
        return _page_faite(request, fait, entier=membre.lieu_id is None)
    if membre.lieu_id:
        return render(request, "importer/antenne.html", {"membre": membre})
    depot = ApercuImport.objects.pour(request.user).first()
    form = ClasseurForm(request.POST, request.FILES) if request.method == "POST" else ClasseurForm()
    refus = None
    if request.method == "POST":
        try:
            octets = octets_envoyes(request, form)
            if octets is not None:
                _deposer(request, octets, membre.mandataire, depot)
                return redirect("importer_apercu")
        except erreurs.ClasseurRefuse as erreur:
            refus = erreur
    return page_choisir(request, membre.mandataire, form, refus, depot)


def page_choisir(request: HttpRequest, mandataire: Mandataire, form, refus=None, depot=None) -> HttpResponse:
    """Step 1, with why the file could not be read if it could not."""
    if refus is not None:
        form.errors.pop("classeur", None)
        form.add_error("classeur", refus.court)
    contexte = {"form": form, "en_cours": depot, "refus": refus, "annule": dernier_annule(mandataire)}
    contexte["antenne"] = next((lieu.nom for lieu in mandataire.lieux_de_suivi() if lieu.nom), "")
    contexte["mots"] = mandataire.mots_du_lieu
    return render(request, "importer/choisir.html", contexte)


def _deposer(request: HttpRequest, octets: bytes, mandataire: Mandataire, depot: ApercuImport | None) -> None:
    """Read the file with what the user already said of it, and keep the preview in place of the former one."""
    consignes = consignes_de(request, depot)
    try:
        apercu = analyser(
            octets,
            mandataire,
            consignes=consignes,
            reponses=depot.reponses if depot else {},
            avancer=avancement.suivre(request.user),
        )
    finally:
        avancement.oublier(request.user)
    services.deposer(apercu=apercu, mandataire=mandataire, par=request.user, consignes=consignes)


def consignes_de(request: HttpRequest, depot: ApercuImport | None) -> Consignes:
    """The sheet and the columns named in this request, over the columns named for the former file."""
    feuille = request.POST.get("feuille", "")
    colonnes = dict(depot.consignes.colonnes) if depot else {}
    for colonne in depot.releve.colonnes if depot else []:
        champ = request.POST.get(f"colonne-{colonne.colonne}")
        if champ is not None and colonne.assignable and champ in {"", *LIBELLES}:
            colonnes[colonne.colonne] = (normaliser(colonne.titre), champ)
    return Consignes(int(feuille) if feuille.isascii() and feuille.isdigit() and len(feuille) < 5 else 0, colonnes)


def octets_envoyes(request: HttpRequest, form: ClasseurForm) -> bytes | None:
    """The bytes sent, None when there are none. An upload cut off by its size arrives as no file at all."""
    declares = int(request.META.get("CONTENT_LENGTH") or 0)
    if not request.FILES and declares > settings.CLASSEUR_OCTETS_MAX:
        raise erreurs.trop_lourd(declares, settings.CLASSEUR_OCTETS_MAX)
    return form.cleaned_data["classeur"].read() if form.is_valid() else None


@lire_et_ecrire
@pour_mandataires
def apercu(request: HttpRequest) -> HttpResponse:
    mandataire, depot = ouvrir(request)
    if services.import_fait(mandataire):
        return redirect("importer")
    if depot is None:
        messages.warning(request, EXPIRE)
        return redirect("importer")
    if request.method == "POST":
        return _repondre(request, depot)
    return page_apercu(request, mandataire, depot, ClasseurForm())


def page_apercu(request: HttpRequest, mandataire: Mandataire, depot: ApercuImport, form) -> HttpResponse:
    """Step 2; `form` may come back with why a file sent from here could not be read."""
    contenu = depot.apercu
    contexte = {"depot": depot, "apercu": contenu, "releve": depot.releve, "form": form}
    if depot.noms_a_accepter:
        return render(request, "importer/noms.html", contexte)
    if contenu.questions and any(q.tribunal_libre for q in contenu.questions):
        contexte["tribunaux"] = tribunaux_par_groupe(mandataire)
    contexte |= {
        "origine": _origine(depot.releve),
        "page": paginer(request, contenu.a_reprendre),
        "ignorees": _ignorees(contenu),
        "champs": _champs(mandataire),
        "assignables": [c for c in depot.releve.colonnes if c.assignable],
        "donnees": _reponses_donnees(contenu),
        "dispo_apres": _disponibilite_apres(mandataire, len(contenu.pretes)),
    }
    return render(request, "importer/apercu.html", contexte)


def _champs(mandataire: Mandataire) -> list[tuple[str, str]]:
    """What a column whose title is unknown may be said to hold."""
    lieux = mandataire.est_service or mandataire.lieux_de_suivi()
    noms = LIBELLES | {"antenne": mandataire.mots_du_lieu.nom}
    return [(champ, nom) for champ, nom in noms.items() if champ != "antenne" or lieux]


def _repondre(request: HttpRequest, depot: ApercuImport) -> HttpResponse:
    """« Continuer sans ces cellules », « Enregistrer mes réponses », « Reposer ces questions »."""
    if request.POST.get("cle") != str(depot.cle):
        messages.warning(request, REMPLACE)
        return redirect("importer_apercu")
    try:
        _noter_reponse(request, depot)
    except services.ApercuChange:
        messages.warning(request, REMPLACE)
    return redirect(f"{reverse('importer_apercu')}#compteurs")


def _noter_reponse(request: HttpRequest, depot: ApercuImport) -> None:
    if depot.noms_a_accepter:
        services.accepter_sans_noms(apercu=depot, par=request.user)
    elif "reposer" in request.POST or request.POST.get("changer"):
        services.reposer(apercu=depot, question=request.POST.get("changer", ""))
    else:
        gagnees = services.repondre(apercu=depot, reponses=_reponses(request, depot))
        if gagnees > 0:
            messages.success(
                request,
                f"{en_lettres(gagnees)} ligne{_s(gagnees)} de plus {'sont prêtes' if gagnees > 1 else 'est prête'}.",
            )
        else:
            messages.info(request, "Vos réponses sont enregistrées.")


def _reponses(request: HttpRequest, depot: ApercuImport) -> dict[str, str]:
    """Question → answer; the list of courts counts where « Un autre tribunal » is ticked, or nothing is."""
    reponses = {}
    for question in depot.releve.questions:
        reponse = request.POST.get(f"question-{question.cle}", "")
        autre = request.POST.get(f"autre-{question.cle}", "") if question.tribunal_libre else ""
        if reponse == "autre" or not reponse:
            reponse = f"t{autre}" if autre else ""
        if reponse:
            reponses[question.cle] = reponse
    return reponses


def _reponses_donnees(contenu) -> list[dict]:
    """What the user answered so far, in words, to be changed if need be."""
    ailleurs = [int(reponse[1:]) for _, reponse in contenu.repondues if reponse[:1] == "t" and reponse[1:].isdigit()]
    noms = dict(Tribunal.objects.filter(pk__in=ailleurs).values_list("pk", "nom")) if ailleurs else {}
    donnees = []
    for question, reponse in contenu.repondues:
        choix = question.choisir(reponse)
        libelle = choix.libelle or noms.get(choix.valeurs.get("tribunal"), "") if choix else "Lignes laissées de côté"
        donnees.append(
            {"cle": question.cle, "enonce": question.enonce, "reponse": libelle, "combien": len(question.lignes)}
        )
    return donnees


def _disponibilite_apres(mandataire: Mandataire, prets: int) -> int | None:
    """The availability after the import; None when it is not told by a figure (pause, no capacity)."""
    avant = disponibilite_de(mandataire)
    return None if avant.pause or avant.valeur is None else avant.valeur - prets


@lire_et_ecrire
@pour_mandataires
def confirmer(request: HttpRequest) -> HttpResponse:
    mandataire, depot = ouvrir(request)
    fait = services.import_fait(mandataire)
    if fait is not None:
        messages.info(request, _phrase_deja_fait(request, fait))
        return redirect("importer")
    if depot is None:
        messages.warning(request, EXPIRE)
        return redirect("importer")
    if depot.noms_a_accepter:
        return redirect("importer_apercu")
    if request.method == "POST":
        return _appliquer(request, depot)
    if not depot.apercu.pretes:
        return redirect("importer_apercu")
    avant = disponibilite_de(mandataire)
    prets = len(depot.apercu.pretes)
    contexte = {"depot": depot, "apercu": depot.apercu, "avant": avant, "prets": prets}
    contexte["autres_feuilles"] = [
        t for t in (*depot.releve.tables, *depot.releve.sans_titres) if t.rang != depot.releve.feuille
    ]
    contexte["en_cours_apres"] = avant.en_cours + prets
    contexte["dispo_apres"] = avant.valeur if avant.pause or avant.valeur is None else avant.valeur - prets
    return render(request, "importer/confirmer.html", contexte)


def _appliquer(request: HttpRequest, depot: ApercuImport) -> HttpResponse:
    if request.POST.get("cle") != str(depot.cle):
        messages.warning(request, REMPLACE)
        return redirect("importer_apercu")
    annonce = request.POST.get("nombre", "")
    attendues = int(annonce) if annonce.isascii() and annonce.isdigit() and len(annonce) < 7 else None
    try:
        services.appliquer(apercu=depot, par=request.user, attendues=attendues)
    except services.DejaImporte as deja:
        messages.info(request, _phrase_deja_fait(request, deja.fait))
    except services.ApercuChange as change:
        depot = ApercuImport.objects.pour(request.user).first()
        if depot is not None:  # otherwise the next page says that it expired
            messages.warning(request, _phrase_change(depot, change.entre_temps))
        return redirect("importer_confirmer")
    except services.RienAImporter:
        return redirect("importer_apercu")  # which says that no row is ready
    except services.ReferencesChangees:
        messages.warning(
            request,
            "Un tribunal, une commune ou une antenne de votre aperçu a changé entre-temps, rien n’a été enregistré. "
            "Sélectionnez à nouveau votre fichier.",
        )
    return redirect("importer")


def _s(nombre: int) -> str:
    return "" if nombre < 2 else "s"


def _phrase_change(depot: ApercuImport, entre_temps: int) -> str:
    prets, laissees = len(depot.apercu.pretes), depot.apercu.laissees
    if entre_temps < 1 or depot.mandataire.mesures.filter(cree_le__gt=depot.cree_le).count() != entre_temps:
        return (
            f"Cet aperçu a changé entre-temps : {prets} {'seront importées' if prets > 1 else 'sera importée'}, "
            f"{laissees} ligne{_s(laissees)} {'resteront' if laissees > 1 else 'restera'} de côté."
        )
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


def _origine(releve) -> str:
    """« Votre classeur Excel, deuxième feuille »."""
    feuille = f", {ordinal(releve.feuille)} feuille" if releve.feuilles > 1 else ""
    return f"Votre {releve.genre}{feuille}"


def _ignorees(contenu) -> list[str]:
    """« Lignes 40 et 41 : vides », « Ligne 87 : total »."""
    noms = {"exemple": "exemple du modèle", "titres": "titres répétés"}
    phrases = []
    for raison in dict.fromkeys(i["raison"] for i in contenu.ignorees):
        lignes = [i["ligne"] for i in contenu.ignorees if i["raison"] == raison]
        pluriel = "s" if len(lignes) > 1 else ""
        accord = pluriel if raison == "vide" else ""
        phrases.append(f"Ligne{pluriel} {enumerer(lignes)} : {noms.get(raison, raison)}{accord}")
    return phrases


def _page_faite(request: HttpRequest, fait: ImportMesures, *, entier: bool) -> HttpResponse:
    """What was imported; the rows left aside only to who sees the whole service (`entier`)."""
    recent = entier and restes.visibles(fait)
    contexte = {
        "fait": fait,
        "par_vous": fait.par_id == request.user.pk,
        "restes": restes.a_saisir(fait) if recent else [],
        "laissees": len(fait.restes) if recent else 0,
        "restes_jusqu_au": fait.le + services.DUREE_RESTES,
        "inutiles": fait.bilan.get("deja_presentes", 0) + fait.bilan.get("ignorees", 0),
    }
    return render(request, "importer/termine.html", contexte)
