"""{% load mesures %}: a mesure named inside a sentence."""

import re

from django import template
from django.utils import timezone

from mandataires.models import Lieu
from mesures.enums import LieuVie, Nature
from mesures.import_excel.avertissements import enumerer
from mesures.models import Mesure
from mesures.services.commun import sigle_et_ville
from mesures.suivi import adresse_recherche

register = template.Library()
register.filter("sigle_et_ville", sigle_et_ville)
register.filter("adresse_recherche", adresse_recherche)


@register.filter
def en_lignes(numeros: list[int]) -> str:
    """« 9, 12 et 18 », cut after seven: « 9, 12… et 40 autres »."""
    return enumerer(numeros, 7)


@register.filter
def en_phrase(mesure: Mesure) -> str:
    """« Tutelle, femme de 79 ans, Metz (57) »: the only way to name a mesure in a title or a link."""
    qui = {"madame": "femme", "monsieur": "homme"}.get(mesure.civilite, "personne")
    if mesure.annee_naissance is None:
        qui += ", année inconnue"
    else:
        age = timezone.localdate().year - mesure.annee_naissance
        qui += f" de {age} an{'s' if age > 1 else ''}"
    return ", ".join(p for p in (mesure.get_nature_display(), qui, mesure.nom_commune) if p)


@register.filter
def minuscule(texte: str) -> str:
    """Without its capital, inside a sentence; initials keep theirs."""
    return texte if texte[1:2].isupper() else f"{texte[:1].lower()}{texte[1:]}"


@register.filter
def nature_courte(mesure: Mesure) -> str:
    """The nature in a narrow column; the two long ones lose what everybody knows."""
    courtes = {Nature.SAUVEGARDE_JUSTICE: "Sauvegarde de justice", Nature.MAJ: "Accompagnement judiciaire"}
    return courtes.get(mesure.nature) or mesure.get_nature_display()


@register.filter
def antenne_courte(lieu: Lieu) -> str:
    """« Thionville » for « Antenne de Thionville », in a column that is titled « Antenne »."""
    return re.sub(r"^antenne (de la |de l[’']|du |des |de |d[’'])", "", str(lieu), flags=re.IGNORECASE)


@register.filter
def lieu_court(mesure: Mesure) -> str:
    """The lieu de vie in a narrow column."""
    if mesure.lieu_vie == LieuVie.ETABLISSEMENT_DOMICILE:
        return "Étab. et domicile"
    return mesure.get_lieu_vie_display()
