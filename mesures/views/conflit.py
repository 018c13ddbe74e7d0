"""Two people corrected the same mesure: the second one sees both versions and chooses, field by field."""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from emjpm.commun.templatetags.emjpm import nombre
from mesures.forms.faits import ModificationForm, faits_de
from mesures.models import Mesure
from mesures.services.commun import auteur, instant
from mesures.services.mandat import ConflitDeVersion

# Facts that only make sense together are chosen together.
GROUPES = [
    ("Nature", ("nature",)),
    ("Champ", ("champ",)),
    ("Date du jugement", ("date_jugement",)),
    ("Tribunal", ("tribunal",)),
    ("Cabinet", ("cabinet",)),
    ("Numéro RG", ("numero_rg",)),
    ("Numéro de dossier", ("numero_dossier",)),
    ("Civilité", ("civilite",)),
    ("Année de naissance", ("annee_naissance",)),
    ("Lieu de vie", ("lieu_vie", "type_etablissement")),
    ("Adresse", ("pays", "code_postal", "commune", "ville")),
    ("Ressources", ("ressources_annee", "ressources_niveau", "prestations")),
    ("Antenne", ("lieu",)),
]


def _lisible(mesure: Mesure, champs: tuple[str, ...]) -> str:
    mots = []
    for nom in champs:
        if nom == "pays":
            continue
        affiche = getattr(mesure, f"get_{nom}_display", None)
        valeur = affiche() if affiche else getattr(mesure, nom)
        if nom == "ressources_niveau" and valeur is not None:
            valeur = f"{nombre(valeur)} €"
        elif isinstance(valeur, list):
            valeur = ", ".join(valeur)
        if hasattr(valeur, "strftime"):
            valeur = valeur.strftime("%d/%m/%Y")
        mots += [str(valeur)] if valeur not in (None, "") else []
    return ", ".join(mots) or "Non renseigné"


def page_conflit(request: HttpRequest, form: ModificationForm, conflit: ConflitDeVersion) -> HttpResponse:
    """Only what differs, « Votre saisie » chosen; everything typed travels in hidden fields."""
    actuelle = conflit.actuelle
    saisie = Mesure(**(faits_instance(actuelle) | conflit.saisie))
    lignes = []
    for rang, (titre, champs) in enumerate(GROUPES):
        champs = tuple(c for c in champs if c in conflit.saisie)
        if any(getattr(saisie, c) != getattr(actuelle, c) for c in champs):
            lignes.append(
                {
                    "rang": rang,
                    "titre": actuelle.mandataire.mots_du_lieu.titre if champs == ("lieu",) else titre,
                    "saisie": _lisible(saisie, champs),
                    "enregistre": _lisible(actuelle, champs),
                }
            )
    donnees = form.data.copy()
    donnees["version"] = actuelle.version
    caches = [_cache(nom, donnees) for nom in form.fields]
    trace = conflit.trace
    qui = auteur(trace, request.user, actuelle.tribunal) if trace else "quelqu’un"
    contexte = {
        "mesure": actuelle,
        "lignes": lignes,
        "caches": caches,
        "vous": qui == "vous",
        "qui": qui[:1].upper() + qui[1:],
        "quand": instant(trace.le) if trace else "",
    }
    return render(request, "mesures/conflit.html", contexte)


def _cache(nom: str, donnees: QueryDict) -> str:
    """What was typed, in hidden fields: one for each value."""
    return forms.MultipleHiddenInput().render(nom, donnees.getlist(nom), attrs={"id": f"cache-{nom}"})


def faits_instance(mesure: Mesure) -> dict:
    """The stored facts, objects as objects, to build an unsaved copy."""
    return {nom: getattr(mesure, nom) for groupe in GROUPES for nom in groupe[1]}


def trancher(post: QueryDict, mesure: Mesure) -> QueryDict:
    """The data of the form once the choices of the page are made: « enregistre » takes the stored value back."""
    choisis = [g for rang, g in enumerate(GROUPES) if post.get(f"choix-{rang}") == "enregistre"]
    if not choisis:
        return post
    donnees, stocke = post.copy(), faits_de(mesure)
    for _, champs in choisis:
        for nom in champs:
            valeur = stocke[nom]
            if isinstance(valeur, list):
                donnees.setlist(nom, valeur)
            else:
                donnees[nom] = "" if valeur is None else str(valeur)
    return donnees
