"""The court reserves: the form (§9), what is said while typing, and the question when there is no room (§10)."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from emjpm.comptes.droits import pour_tribunaux
from mandataires.models import Mandataire
from mesures import portrait, presentation_recherche
from mesures.disponibilite import Disponibilite, avec_disponibilite, disponibilite_de
from mesures.enums import Nature
from mesures.forms.reservation import NouvelleReservationForm, ReservationForm
from mesures.models import Mesure
from mesures.numero_rg import forme_normale
from mesures.origine import depuis_tribunal
from mesures.recherche import Criteres, chercher
from mesures.remarques import AU_RENOUVELLEMENT, DEJA_EXERCEE, Remarques, remarquer
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible, NumeroDejaPris
from mesures.services.renouvellement import RenouvellementImpossible
from mesures.suivi import adresse_recherche as rechercher_pour

from .acces import adresse_recherche, membre_du_tribunal, suite
from .fiche import origine_demandee

PLUS_HABILITE = "Ce mandataire n’est plus habilité à votre tribunal depuis que vous avez ouvert la page."


@pour_tribunaux
def reserver(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; then §11, or the question of §10 when there is no room any more."""
    membre = membre_du_tribunal(request)
    visibles = Mandataire.objects.pour(request.user)
    if request.method != "POST":
        return _premiere_page(request, get_object_or_404(avec_disponibilite(visibles), pk=pk), membre)
    mandataire = visibles.filter(pk=pk).first()
    if mandataire is None:
        return _plus_visible(request, membre)
    form = NouvelleReservationForm(request.POST, **_options(mandataire, membre))
    deja = _deja_reservee(request, form)
    if deja is not None:
        if not _en_est_une_autre(form, deja):
            return redirect("reservation_confirmee", deja.pk)
        return _formulaire(request, form, mandataire, membre)
    if "revenir" in request.POST or not form.is_valid() or _a_perdu_l_habilitation(form, membre):
        return _formulaire(request, form, mandataire, membre)
    try:
        mesure = services.reserver(
            par=request.user,
            mandataire=mandataire,
            donnees=form.donnees(),
            cle=form.cleaned_data["cle"],
            confirme_pour=request.POST.get("confirme"),
        )
    except services.ConfirmationRequise as demande:
        return _demander(request, form, mandataire, demande.dispo, membre)
    except RenouvellementImpossible as refus:
        form.add_error("renouvelle", str(refus))
    except NumeroDejaPris as refus:
        form.add_error("numero_rg", AU_RENOUVELLEMENT.get(refus.mesure and refus.mesure.statut, DEJA_EXERCEE))
    except ActeImpossible as refus:
        form.add_error(None, str(refus))
    else:
        return redirect("reservation_confirmee", mesure.pk)
    return _formulaire(request, form, mandataire, membre)


@require_safe
@pour_tribunaux
def remarques(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said while typing (htmx): the number known to this court, odd values, and the figure, read again."""
    membre = membre_du_tribunal(request)
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user), pk=pk)
    form = NouvelleReservationForm(request.GET, **_options(mandataire, membre, antennes=[]))
    dites = _remarquer(form, membre)
    renouvelle = dites.renouvelable
    if renouvelle is not None:  # the number says which one
        form = NouvelleReservationForm(
            initial={"renouvelle": renouvelle.pk}, **_options(mandataire, membre, antennes=[])
        )
    dispo = disponibilite_de(mandataire)
    contexte = {
        "remarques": dites,
        "renouvellement": "renouvellement" in request.GET,
        "choix": form["renouvelle"] if renouvelle is not None else None,
        "apres": _apres(dispo),
    }
    return render(request, "recherche/_reservation_vivante.html", contexte)


def _options(mandataire: Mandataire, membre, antennes: list | None = None) -> dict:
    """What a form needs; the words of the antennes are counted from the court unless they are given."""
    if antennes is None:
        antennes = antennes_a_choisir(mandataire, depuis_tribunal(membre.tribunal))
    return {"mandataire": mandataire, "tribunal": membre.tribunal, "antennes": mots_des_antennes(antennes)}


def antennes_a_choisir(mandataire: Mandataire, origine) -> list:
    """The antennes, or establishments, of whoever has several, the nearest first."""
    antennes = portrait.antennes(mandataire, origine) if mandataire.est_service or mandataire.est_prepose else []
    return antennes if len(antennes) > 1 else []


def mots_des_antennes(antennes: list) -> list[tuple[int, str]]:
    return [(a.lieu.pk, f"{a.nom}, {presentation_recherche.places_lisibles(a.places)}") for a in antennes]


def _premiere_page(request, mandataire: Mandataire, membre) -> HttpResponse:
    origine = origine_demandee(request, membre.tribunal)
    antennes = antennes_a_choisir(mandataire, origine)
    dispo, nature = disponibilite_de(mandataire), request.GET.get("nature", "")
    numero = request.GET.get("rg", "")[:40]
    options = _options(mandataire, membre, antennes)
    form = NouvelleReservationForm(**options)
    renouvelle, habilite = form.du_numero(numero), _habilite(mandataire, membre)
    form.initial = {
        "cabinet": membre.cabinet or _dernier_cabinet(request.user),
        "commune": "" if origine.est_tribunal else origine.requete,
        # The nearest antenne serves; an establishment is where the person is: nobody guesses it.
        "lieu": antennes[0].lieu.pk if antennes and mandataire.est_service else None,
        "nature": nature if nature in Nature.values else "",
        "numero_rg": numero,
        "renouvelle": renouvelle.pk if renouvelle else None,
        "vue": services.figure(dispo),
        "habilite": habilite,
    }
    return _formulaire(request, form, mandataire, membre, habilite=habilite)


def _dernier_cabinet(utilisateur) -> str:
    derniere = utilisateur.mesures_reservees.exclude(cabinet="").order_by("-reserve_le").first()
    return derniere.cabinet if derniere else ""


def _habilite(mandataire: Mandataire, membre) -> bool:
    return mandataire.habilitations.filter(tribunal=membre.tribunal_id).exists()


def _a_perdu_l_habilitation(form: NouvelleReservationForm, membre) -> bool:
    """The list of the préfet changed while the form was open: said once, then it is the judge's choice."""
    if not form.cleaned_data["habilite"] or _habilite(form.mandataire, membre):
        return False
    form.data = form.data.copy()
    form.data["habilite"] = ""  # a second send is an informed one
    form.add_error(None, f"{PLUS_HABILITE} Votre saisie est gardée : réservez quand même, ou revenez aux résultats.")
    return True


def _deja_reservee(request, form) -> Mesure | None:
    """The mesure this very page already made: a double click, Back and resend are answered by it."""
    try:
        cle = form.fields["cle"].clean(request.POST.get("cle"))
    except ValidationError:  # an absent or odd key is said by the form
        return None
    return Mesure.objects.pour(request.user).filter(cle_reservation=cle, reserve_par=request.user).first()


def _en_est_une_autre(form, deja: Mesure) -> bool:
    """Back, then another number: said, and asked again with a key of its own. Nothing is dropped in silence."""
    numero = form["numero_rg"].value() or ""
    if forme_normale(numero) == deja.rg_normal:
        return False
    form.data = form.data.copy()
    form.data["cle"] = uuid4()
    form.add_error(
        None,
        f"La réservation {deja.numero_rg} est déjà enregistrée depuis cette page. Pour en corriger le numéro, "
        f"modifiez-la depuis « Mesures du tribunal ». Pour réserver aussi {numero}, envoyez à nouveau.",
    )
    return True


def _lu(form, nom: str):
    """The value of a field of a form refused or not yet sent, when it means something."""
    try:
        valeur = form.fields[nom].clean(form[nom].value() or "")
    except ValidationError:
        return None
    if nom == "annee_naissance":
        return int(valeur) if valeur.isdecimal() and len(valeur) == 4 else None
    return valeur


def _remarquer(form, membre) -> Remarques:
    return remarquer(
        membre.tribunal,
        form.mandataire,
        numero_rg=_lu(form, "numero_rg") or "",
        date_previsionnelle=_lu(form, "date_previsionnelle"),
        annee_naissance=None if form["annee_inconnue"].value() else _lu(form, "annee_naissance"),
        renouvellement=bool(form["renouvellement"].value()),
    )


def _formulaire(request, form, mandataire: Mandataire, membre, *, habilite: bool | None = None) -> HttpResponse:
    dispo = disponibilite_de(mandataire)
    contexte = {
        "form": form,
        "mandataire": mandataire,
        "principal": mandataire.lieux.select_related("commune").first(),
        "dispo": dispo,
        "apres": _apres(dispo),
        "renouvellement": bool(form["renouvellement"].value()),
        "renouvelables": form.fields["renouvelle"].queryset.exists(),
        "habilite": _habilite(mandataire, membre) if habilite is None else habilite,
        "remarques": _remarquer(form, membre),
        "suite": suite(request),
        "retour": adresse_recherche(request),
    }
    return render(request, "recherche/reserver.html", contexte)


def _apres(dispo: Disponibilite) -> Disponibilite:
    """The availability once one more is reserved."""
    return Disponibilite(
        dispo.capacite, dispo.en_cours, dispo.en_attente + 1, dispo.pause, dispo.pause_fin, dispo.pause_motif
    )


def _demander(request, form, mandataire: Mandataire, dispo: Disponibilite, membre) -> HttpResponse:
    """« Réserver au-delà de la capacité ? »: nothing is reserved yet, everything typed is kept."""
    donnees, vue = form.donnees(), form.cleaned_data["vue"]
    criteres = Criteres(membre.tribunal, _origine_de(donnees, membre.tribunal), places=1)
    autres = [c for c in chercher(criteres).candidats if c.pk != mandataire.pk][:2]
    mesure = Mesure(mandataire=mandataire, tribunal=membre.tribunal, **donnees)
    ailleurs = rechercher_pour(mesure)
    contexte = {
        "form": form,
        "mandataire": mandataire,
        "dispo": dispo,
        "apres": _apres(dispo),
        "figure": services.figure(dispo),
        "plus_de_place": not dispo.pause and vue.isdecimal() and int(vue) > 0,
        "a_change": "confirme" in request.POST,
        "mesure": mesure,
        "remarques": _remarquer(form, membre),
        "proches": presentation_recherche.lignes(autres, 1, criteres.origine),
        "suite": suite(request),
        "ailleurs": ailleurs,
        "suite_ailleurs": f"?{ailleurs.partition('?')[2]}",
    }
    return render(request, "recherche/confirmer.html", contexte)


def _origine_de(donnees: dict, tribunal):
    origine = depuis_tribunal(tribunal)
    commune = donnees.get("commune")
    if commune is None:
        return origine
    return type(origine)(commune.latitude, commune.longitude, str(commune), "", departement=commune.departement_id)


def _plus_visible(request, membre) -> HttpResponse:
    """The mandataire closed, or was suspended, while the form was open: what was typed is shown, to be used elsewhere.

    The same answer for a mandataire that never was: it names nobody.
    """
    form = ReservationForm(request.POST, mandataire=Mandataire())
    form.is_valid()
    saisi = {champ: valeur for champ, valeur in form.cleaned_data.items() if champ in services.CHAMPS}
    mesure = Mesure(tribunal=membre.tribunal, **saisi | {"code_postal": getattr(form, "code_postal", "")})
    contexte = {"mesure": mesure, "ailleurs": rechercher_pour(mesure), "retour": adresse_recherche(request)}
    return render(request, "recherche/plus_visible.html", contexte, status=404)
