"""What happened to a mandate: note it, correct it, take it out. The rules are in services.evolutions."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from emjpm.commun.templatetags.emjpm import date_longue
from emjpm.comptes.droits import pour_mandataires
from mesures import droits
from mesures.enums import GenreEvolution, Statut
from mesures.forms.evolutions import EvolutionForm
from mesures.models import Evolution, Mesure
from mesures.recit import histoire
from mesures.services import evolutions
from mesures.services.chaine import Chaine, decrire
from mesures.services.commun import ActeImpossible, refus

from .outils import disponibilite_actuelle, effet_prevu, la_mesure, lire_et_ecrire, refuser


@lire_et_ecrire
@pour_mandataires
def noter(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_noter_evolution(request.user, mesure):
        return refuser(request, mesure, _pas_en_cours(mesure))
    demande = request.GET.get("type", "")
    genre = GenreEvolution(demande) if demande in GenreEvolution.values else GenreEvolution.RECONDUCTION
    if request.method != "POST":
        form = EvolutionForm(genre=genre, mesure=mesure, jour=_jour(request))
        return _page(request, form)
    form = EvolutionForm(request.POST, genre=genre, mesure=mesure)
    if "communes" in request.POST:
        form.chercher_communes()
    elif form.is_valid():
        version = form.cleaned_data["version"]
        try:
            note = evolutions.noter(par=request.user, mesure=mesure, version=version, genre=genre, **form.faits())
        except evolutions.MesureChangee as erreur:
            form = _relire(request, erreur, genre=genre)
        except ActeImpossible as erreur:
            form.add_error(None, str(erreur))
        else:
            messages.success(request, _notee(note) if note.faite else f"{_notee(note)} Elle l’était déjà.")
            return redirect("mesure", mesure.pk)
    return _page(request, form)


@lire_et_ecrire
@pour_mandataires
def corriger(request: HttpRequest, pk: int, evolution: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_corriger_evolution(request.user, mesure):
        return refuser(request, mesure, refus(mesure))
    evolution = get_object_or_404(Evolution, pk=evolution, mesure=mesure)
    options = {"genre": evolution.genre, "evolution": evolution}
    form = EvolutionForm(request.POST if request.method == "POST" else None, mesure=mesure, **options)
    if "communes" in request.POST:
        form.chercher_communes()
    elif request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            note = evolutions.corriger(par=request.user, evolution=evolution, version=version, **form.faits())
        except evolutions.MesureChangee as erreur:
            form = _relire(request, erreur, **options)
        except ActeImpossible as erreur:
            form.add_error(None, str(erreur))
        else:
            genre = GenreEvolution(evolution.genre)
            fait = f"{genre.titre} corrigé{genre.accord}." if note.faite else "Rien n’a changé."
            messages.success(request, " ".join([fait, *note.restes]))
            return redirect("mesure", mesure.pk)
    return _page(request, form)


@lire_et_ecrire
@pour_mandataires
def retirer(request: HttpRequest, pk: int, evolution: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    if not droits.peut_corriger_evolution(request.user, mesure):
        return refuser(request, mesure, refus(mesure))
    trouvee = Evolution.objects.filter(pk=evolution, mesure=mesure).first()
    if trouvee is None:  # twice the same button, or a colleague was faster
        return refuser(request, mesure, evolutions.DEJA_RETIREE)
    trouvee.mesure = mesure
    if not droits.peut_retirer_evolution(request.user, trouvee):
        return refuser(request, mesure, evolutions.DU_TRIBUNAL)
    genre, faute = GenreEvolution(trouvee.genre), ""
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            note = evolutions.retirer(
                par=request.user, evolution=trouvee, version=int(version) if version.isdecimal() else 0
            )
        except evolutions.MesureChangee as erreur:
            mesure, faute = (
                erreur.mesure,
                str(erreur).replace(" Votre saisie est gardée : relisez-la, puis", " Relisez, puis"),
            )
        except ActeImpossible as erreur:
            return refuser(request, mesure, str(erreur))
        else:
            messages.success(request, " ".join([f"{genre.titre} retiré{genre.accord}.", *note.restes]))
            return redirect("mesure", mesure.pk)
    chaine = Chaine(copy(mesure))
    etape = next(e for e in histoire(mesure, request.user) if e.evolution.pk == trouvee.pk)
    restes = evolutions.restes_apres_retrait(chaine, chaine.celle(trouvee.pk))
    contexte = {"mesure": mesure, "etape": etape, "restes": restes, "faute": faute}
    return render(request, "mesures/evolution_retirer.html", contexte)


def _page(request: HttpRequest, form: EvolutionForm) -> HttpResponse:
    contexte = {
        "form": form,
        "mesure": form.mesure,
        "evolution": form.evolution,
        "genre": form.genre,
        "genres": list(GenreEvolution),
        "du_tribunal": bool(form.evolution and form.evolution.reservation_id),
        "effet": effet_prevu(disponibilite_actuelle(form.mesure.mandataire), 0),
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "mesures/evolution.html", contexte)


def _relire(request: HttpRequest, erreur: evolutions.MesureChangee, **options) -> EvolutionForm:
    """The same answers beside what the mesure is now; the next click, made knowingly, will pass."""
    donnees = request.POST.copy()
    donnees["version"] = erreur.mesure.version
    form = EvolutionForm(donnees, mesure=erreur.mesure, **options)
    form.add_error(None, str(erreur))
    return form


def _jour(request: HttpRequest):
    """A date already known (?date=), if it may be one."""
    try:
        return parse_date(request.GET.get("date", ""))
    except ValueError:
        return None


def _pas_en_cours(mesure: Mesure) -> str:
    if mesure.statut == Statut.ETEINTE:
        return f"{refus(mesure)} Rouvrez la mesure pour y noter une évolution."
    return refus(mesure)


def _notee(note: evolutions.Ecriture) -> str:
    """« Aggravation notée : tutelle depuis le 16 novembre 2026. »"""
    evolution, mesure = note.evolution, note.mesure
    genre, jour = GenreEvolution(evolution.genre), date_longue(evolution.date)
    debut = f"{genre.titre} noté{genre.accord}"
    if genre == GenreEvolution.RECONDUCTION:
        terme = f", jusqu’au {date_longue(evolution.jusqu_au)}" if evolution.jusqu_au else ""
        return f"{debut} : décision du {jour}{terme}."
    champ = {GenreEvolution.LIEU_VIE: "lieu_vie", GenreEvolution.CHAMP: "champ"}.get(genre, "nature")
    dite = evolution.changements[champ][1]
    libelle = dict(Mesure._meta.get_field(champ).choices)[dite]
    phrase = f"{debut} : {libelle[:1].lower()}{libelle[1:]} depuis le {jour}."
    suivante = next(
        (e for e in mesure.evolutions.filter(date__gt=evolution.date) if champ in e.changements),
        None,
    )
    return f"{phrase} Aujourd’hui, {decrire(suivante)} l’emporte." if suivante else phrase
