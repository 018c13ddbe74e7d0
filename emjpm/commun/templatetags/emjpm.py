"""{% load emjpm %}: French figures, dates, distances; the parts of a form's field."""

import re
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from stdnum.fr import siret as siret_stdnum

from emjpm.commun import formulaires

register = template.Library()

FINE = "\u202f"  # narrow no-break space, between thousands
INSECABLE = "\u00a0"
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ANCIEN = 90
"""Beyond so many days, what a mandataire declared is shown as old."""


def _jour(valeur) -> date | None:
    """The civil day in France of a date or of an instant."""
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur if isinstance(valeur, date) else None


@register.filter
def nombre(valeur) -> str:
    """« 1 200 », « −4 »: thousands apart, a true minus sign. Nothing for None."""
    if valeur is None or valeur == "":
        return ""
    try:
        entier = isinstance(valeur, int) or float(valeur).is_integer()
        texte = f"{abs(int(valeur)):,}" if entier else f"{abs(float(valeur)):,.1f}"
    except (TypeError, ValueError):
        return str(valeur)
    texte = texte.replace(",", FINE).replace(".", ",")
    return f"−{texte}" if float(valeur) < 0 else texte


@register.filter
def pluriel(valeur, formes: str = "s") -> str:
    """{{ n|pluriel }}, {{ n|pluriel:"al,aux" }}: French plural, from 2 up (0 and 1 are singular; None too)."""
    singulier, virgule, au_pluriel = formes.partition(",")
    if not virgule:
        singulier, au_pluriel = "", formes
    try:
        plusieurs = abs(float(valeur if not hasattr(valeur, "__len__") else len(valeur))) >= 2
    except (TypeError, ValueError):
        plusieurs = False
    return au_pluriel if plusieurs else singulier


@register.filter
def insecables(texte) -> str:
    """French no-break spaces: before : ; ? ! % » and after «."""
    return re.sub(r" (?=[:;?!%»])|(?<=«) ", INSECABLE, str(texte))


@register.filter
def nos_liens(texte: str, site: str) -> SafeString:
    """The addresses of our own site made links; those that somebody typed stay text: a mail of ours vouches for
    none of them.
    """
    morceaux = re.split(rf"({re.escape(site)}[^\s<>\"]*)", str(texte))
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', m) if m.startswith(site) else m,) for m in morceaux),
    )


@register.filter
def date_longue(valeur) -> str:
    """« 2 novembre 2026 », « 1er mars 2026 »."""
    jour = _jour(valeur)
    if jour is None:
        return ""
    return f"{'1er' if jour.day == 1 else jour.day} {MOIS[jour.month - 1]} {jour.year}"


@register.filter
def date_courte(valeur) -> str:
    """« 02/11/2026 »."""
    jour = _jour(valeur)
    return f"{jour:%d/%m/%Y}" if jour else ""


def jours_depuis(valeur) -> int | None:
    """Civil days between a date and today."""
    jour = _jour(valeur)
    return None if jour is None else (timezone.localdate() - jour).days


@register.filter
def il_y_a(valeur) -> str:
    """« aujourd’hui », « hier », « il y a 21 jours », « il y a 6 semaines », « il y a 7 mois », « il y a 2 ans »."""
    jours = jours_depuis(valeur)
    if jours is None:
        return ""
    if jours <= 0:
        return "aujourd’hui"
    if jours <= 2:
        return "hier" if jours == 1 else "avant-hier"
    if jours <= 30:
        combien = f"{jours} jours"
    elif jours < 61:
        combien = f"{jours // 7} semaines"
    elif jours < 730:
        combien = f"{int(jours / 30.44)} mois"
    else:
        combien = f"{int(jours / 365.25)} ans"
    return f"il y a {combien}"


@register.filter
def ancien(valeur) -> bool:
    """Is it more than 90 days old?"""
    jours = jours_depuis(valeur)
    return jours is not None and jours > ANCIEN


@register.filter
def km(valeur) -> str:
    """« à moins de 1 km », « à 8 km »; « distance inconnue » when there is none. Never a decimal."""
    if valeur is None or valeur == "":
        return "distance inconnue"
    if float(valeur) < 1:
        return "à moins de 1 km"
    return f"à {nombre(int(float(valeur) + 0.5))} km"


@register.filter
def siret(valeur) -> str:
    """« 732 829 320 00074 »; what is not a SIRET is returned as it is."""
    chiffres = siret_stdnum.compact(str(valeur or ""))
    if len(chiffres) != 14 or not chiffres.isdigit():
        return str(valeur or "")
    return " ".join((chiffres[:3], chiffres[3:6], chiffres[6:9], chiffres[9:]))


@register.simple_tag
def dessin_champ(champ) -> formulaires.Dessin:
    """{% dessin_champ champ as d %}: see composants/champ.html."""
    return formulaires.dessin(champ)


@register.filter
def fautes(form) -> list:
    """The lines of the summary of errors (composants/erreurs.html)."""
    return formulaires.fautes(form) if form else []


@register.filter
def fautes_generales(form) -> list:
    """The errors that belong to no visible field."""
    return formulaires.fautes_generales(form) if form else []


@register.filter
def pages_voisines(paginateur, numero: int) -> list[int | None]:
    """Page numbers to print around the present one; None where some are left out."""
    rangs = paginateur.get_elided_page_range(numero, on_each_side=2, on_ends=1)
    return [rang if isinstance(rang, int) else None for rang in rangs]
