"""The mandataire's acts on a mesure. Each one: get, ask permission, call the service, say what changed."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from emjpm.comptes.droits import pour_mandataires
from mesures import droits
from mesures.enums import Statut
from mesures.forms.actes import DeclinerForm, TerminerForm, ValiderForm
from mesures.forms.faits import CreationForm, ModificationForm
from mesures.import_excel import restes
from mesures.import_excel import services as services_import
from mesures.models import Mesure
from mesures.services import mandat, renouvellement
from mesures.services.commun import ActeImpossible, NumeroDejaPris, qui_suit, refus, sigle_et_ville

from .conflit import page_conflit, trancher
from .outils import disponibilite_actuelle, effet, effet_prevu, la_mesure, le_mandataire, lire_et_ecrire, refuser


def _numero_pris(request: HttpRequest, form, erreur: NumeroDejaPris) -> None:
    visible = erreur.mesure is not None and Mesure.objects.pour(request.user).filter(pk=erreur.mesure.pk).exists()
    form.refuser_numero(erreur, visible)


def _tribunal_prevenu(mesure: Mesure) -> str:
    return f"le {sigle_et_ville(mesure.tribunal)} est prévenu" if qui_suit([mesure]) else ""


@lire_et_ecrire
@pour_mandataires
def creer(request: HttpRequest) -> HttpResponse:
    mandataire = le_mandataire(request)
    options = {"mandataire": mandataire, "utilisateur": request.user}
    if request.method != "POST":
        initial = {cle: request.GET[cle] for cle in ("tribunal", "cabinet", "numero_rg") if request.GET.get(cle)}
        ligne = request.GET.get("ligne", "")
        if ligne.isascii() and ligne.isdigit() and len(ligne) < 8:  # a row the import left aside
            initial |= _reste_de_l_import(request, mandataire, int(ligne))
        return _page_faits(request, CreationForm(initial=initial, **options))
    form = CreationForm(request.POST, **options)
    if "communes" in request.POST:
        form.chercher_communes()
        return _page_faits(request, form)
    if form.is_valid():
        avant = disponibilite_actuelle(mandataire)
        try:
            cle, reste = form.cleaned_data["cle"], form.cleaned_data["reste"]
            voulu = {"par": request.user, "mandataire": mandataire, "faits": form.faits(), "cle": cle}
            de_l_import = reste and not request.user.membre.lieu_id
            creation = restes.saisir(**voulu, reste=reste) if de_l_import else mandat.creer(**voulu)
        except NumeroDejaPris as erreur:
            _numero_pris(request, form, erreur)
        except mandat.PageDejaServie as erreur:
            form.data = form.data.copy()
            form.data["cle"] = uuid4()  # a second send is an informed one
            form.add_error(None, str(erreur))
        except ActeImpossible as erreur:
            form.add_error(None, str(erreur))
        else:
            if creation.nouvelle:
                suite = effet(avant, disponibilite_actuelle(mandataire))
                messages.success(request, f"Mesure créée. {suite}".strip())
            else:
                messages.info(request, "Cette mesure est déjà créée : rien n’a été ajouté.")
            return _apres_creation(request, creation.mesure)
    return _page_faits(request, form)


def _reste_de_l_import(request: HttpRequest, mandataire, ligne: int) -> dict:
    """What was understood of a row left aside; nothing for a member limited to an antenne, who does not import."""
    if request.user.membre.lieu_id:
        return {}
    return restes.initial(services_import.import_fait(mandataire), ligne)


def _apres_creation(request: HttpRequest, mesure: Mesure) -> HttpResponse:
    if request.POST.get("reste"):
        suivante = restes.prochaine(services_import.import_fait(mesure.mandataire))
        if suivante and "suivante" in request.POST:
            return redirect(f"{reverse('mesure_creer')}?ligne={suivante}")
        return redirect(f"{reverse('importer')}#reste")
    if "suivante" not in request.POST:
        return redirect("mesure", mesure.pk)
    garde = urlencode({"tribunal": mesure.tribunal_id, "cabinet": mesure.cabinet})
    return redirect(f"{reverse('mesure_creer')}?{garde}")


def _page_faits(request: HttpRequest, form, mesure: Mesure | None = None) -> HttpResponse:
    contexte = {"form": form, "mesure": mesure, "aujourdhui": timezone.localdate(), "reste": None}
    reste = form["reste"].value() if mesure is None else None
    if reste and not request.user.membre.lieu_id:
        contexte["reste"] = restes.la_ligne(services_import.import_fait(le_mandataire(request)), reste)
    return render(request, "mesures/faits.html", contexte)


@lire_et_ecrire
@pour_mandataires
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_modifier(request.user, mesure):
        return refuser(request, mesure, "Cette mesure n’est pas en cours : elle ne peut pas être modifiée.")
    options = {"mandataire": mesure.mandataire, "utilisateur": request.user, "mesure": mesure}
    if request.method != "POST":
        return _page_faits(request, ModificationForm(**options), mesure)
    form = ModificationForm(trancher(request.POST, mesure), **options)
    if "communes" in request.POST:
        form.chercher_communes()
        return _page_faits(request, form, mesure)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            apres = mandat.modifier(par=request.user, mesure=mesure, version=version, faits=form.faits())
        except mandat.ConflitDeVersion as conflit:
            return page_conflit(request, form, conflit)
        except NumeroDejaPris as erreur:
            _numero_pris(request, form, erreur)
        except ActeImpossible as erreur:
            form.add_error(None, str(erreur))
        else:
            change = apres.version != mesure.version
            messages.success(request, "Mesure enregistrée." if change else "Rien n’a changé.")
            return redirect("mesure", mesure.pk)
    return _page_faits(request, form, mesure)


@lire_et_ecrire
@pour_mandataires
def valider(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_valider(request.user, mesure):
        return refuser(request, mesure, refus(mesure, request.user))
    renouvelee = renouvellement.encore_en_cours(mesure)
    form = ValiderForm(request.POST if request.method == "POST" else None, mesure=mesure, renouvelee=renouvelee)
    if "communes" in request.POST:
        form.chercher_communes()
    elif request.method == "POST" and form.is_valid():
        try:
            apres = mandat.valider(par=request.user, mesure=mesure, **form.reponses())
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        messages.success(request, _validee(apres))
        return redirect("mesures_en_attente")
    dispo = disponibilite_actuelle(mesure.mandataire)
    return render(
        request,
        "mesures/valider.html",
        {
            "form": form,
            "mesure": mesure,
            "renouvelee": renouvelee,
            "effet": effet_prevu(dispo, 0),
            "prevenu": _tribunal_prevenu(mesure),
            "aujourdhui": timezone.localdate(),
        },
    )


def _validee(mesure: Mesure) -> str:
    """What validating did: a mesure more among those en cours, or one that goes on."""
    prevenu = _tribunal_prevenu(mesure)
    suite = f" et {prevenu}" if prevenu else ""
    if mesure.statut == Statut.RENOUVELEE:
        numero = f" {mesure.numero_rg}" if mesure.numero_rg else ""
        return f"Renouvellement validé. La mesure{numero} continue{suite}."
    return f"{mesure.get_nature_display()} validée. Elle est dans vos mesures en cours{suite}."


@lire_et_ecrire
@pour_mandataires
def decliner(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_decliner(request.user, mesure):
        return refuser(request, mesure, refus(mesure, request.user))
    form = DeclinerForm(request.POST if request.method == "POST" else None)
    avant = disponibilite_actuelle(mesure.mandataire)
    if request.method == "POST" and form.is_valid():
        try:
            mandat.decliner(par=request.user, mesure=mesure, **form.cleaned_data)
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        prevenu = _tribunal_prevenu(mesure)
        phrases = ["Mesure déclinée.", f"{prevenu[:1].upper()}{prevenu[1:]}." if prevenu else ""]
        phrases.append(effet(avant, disponibilite_actuelle(mesure.mandataire)))
        messages.success(request, " ".join(p for p in phrases if p))
        return redirect("mesures_en_attente")
    contexte = {"form": form, "mesure": mesure, "effet": effet_prevu(avant, int(mesure.renouvelle_id is None))}
    contexte["prevenu"] = _tribunal_prevenu(mesure)
    return render(request, "mesures/decliner.html", contexte)


@lire_et_ecrire
@pour_mandataires
def terminer(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_eteindre(request.user, mesure):
        return refuser(request, mesure, refus(mesure, request.user))
    form = TerminerForm(request.POST if request.method == "POST" else None, mesure=mesure)
    avant = disponibilite_actuelle(mesure.mandataire)
    if request.method == "POST" and form.is_valid():
        try:
            mandat.eteindre(par=request.user, mesure=mesure, **form.cleaned_data)
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        suite = effet(avant, disponibilite_actuelle(mesure.mandataire))
        messages.success(request, f"Mandat terminé. {suite}".strip(), extra_tags=f"rouvrir:{mesure.pk}")
        return redirect("mesure", mesure.pk)
    # Its pending renewal, if any, takes the place it sets free.
    places = 0 if renouvellement.a_un_renouvellement(mesure) else 1
    contexte = {"form": form, "mesure": mesure, "effet": effet_prevu(avant, places), "aujourdhui": timezone.localdate()}
    contexte["prevenu"] = bool(mandat.qui_saura_la_fin(mesure))
    return render(request, "mesures/terminer.html", contexte)


@lire_et_ecrire
@pour_mandataires
def rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says what happens and asks; « Rouvrir », in the message of an end, posts straight here: one click
    undoes what was just done.
    """
    mesure = la_mesure(request, pk)
    if not droits.peut_rouvrir(request.user, mesure):
        return refuser(request, mesure, refus(mesure, request.user))
    avant = disponibilite_actuelle(mesure.mandataire)
    if request.method == "POST":
        try:
            mandat.rouvrir(par=request.user, mesure=mesure)
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        suite = effet(avant, disponibilite_actuelle(mesure.mandataire))
        messages.success(request, f"Mesure rouverte. {suite}".strip())
        return redirect("mesure", mesure.pk)
    places = 0 if renouvellement.a_rattacher(mesure) else -1
    return render(request, "mesures/rouvrir.html", {"mesure": mesure, "effet": effet_prevu(avant, places)})


@lire_et_ecrire
@pour_mandataires
def supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_supprimer(request.user, mesure):
        return refuser(request, mesure, mandat.refus_de_supprimer(mesure) or refus(mesure, request.user))
    avant = disponibilite_actuelle(mesure.mandataire)
    if request.method == "POST":
        try:
            mandat.supprimer(par=request.user, mesure=mesure)
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        suite = effet(avant, disponibilite_actuelle(mesure.mandataire))
        messages.success(request, f"Mesure supprimée. {suite}".strip())
        return redirect("mesures_eteintes" if mesure.date_fin else "mesures_en_cours")
    places = 1 if mesure.vivante and not renouvellement.a_un_renouvellement(mesure) else 0
    return render(request, "mesures/supprimer.html", {"mesure": mesure, "effet": effet_prevu(avant, places)})
