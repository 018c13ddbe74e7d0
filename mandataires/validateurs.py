"""Numbers given by the State: SIRET (INSEE) and FINESS (DREES)."""

import re

from django.core.exceptions import ValidationError
from stdnum import luhn
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumeroInvalide
from stdnum.fr import siret as siret_stdnum

from emjpm.commun.texte import nom_possible, propre


def chiffres(texte: str) -> str:
    """The digits alone: « 732 829 320 00074 » and no-break spaces included."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", texte or "")


def sans_nom(texte: str) -> str:
    """The text, tidied. Raises ValidationError when it seems to name a person: none is written in a profile."""
    texte = propre(texte)
    if nom_possible(texte):
        raise ValidationError("Ce texte semble contenir un nom. Retirez-le.", code="nom")
    return texte


def valider_siret(valeur: str) -> None:
    """Raises ValidationError unless `valeur` can be a SIRET (INSEE; Luhn, La Poste's exception accepted)."""
    numero = chiffres(valeur)
    if not numero.isdigit():
        raise ValidationError("Un SIRET ne contient que des chiffres.", code="siret_forme")
    if len(numero) != 14:
        ecart = abs(14 - len(numero))
        mot = "Il manque" if len(numero) < 14 else "Il y a en trop"
        pluriel = "s" if ecart > 1 else ""
        raise ValidationError(f"{mot} {ecart} chiffre{pluriel} : un SIRET en a 14.", code="siret_longueur")
    try:
        siret_stdnum.validate(numero)
    except NumeroInvalide as erreur:
        raise ValidationError(
            "Ce numéro ne peut pas exister : un chiffre est faux. Recopiez-le depuis votre avis de situation Insee.",
            code="siret_cle" if isinstance(erreur, InvalidChecksum) else "siret_forme",
        ) from erreur


def valider_finess(valeur: str) -> None:
    """Raises ValidationError unless `valeur` can be a FINESS number: 9 characters, Luhn key (DREES).

    Corsican numbers begin with 2A or 2B.
    """
    numero = chiffres(valeur).upper()
    if len(numero) != 9:
        ecart = abs(9 - len(numero))
        mot = "Il manque" if len(numero) < 9 else "Il y a en trop"
        pluriel = "s" if ecart > 1 else ""
        raise ValidationError(f"{mot} {ecart} chiffre{pluriel} : un numéro FINESS en a 9.", code="finess_longueur")
    if not re.fullmatch(r"(\d{2}|2[AB])\d{7}", numero):
        raise ValidationError("Un numéro FINESS ne contient que des chiffres.", code="finess_forme")
    if numero[1] in "AB":
        return  # no published rule for the key of Corsican numbers: the form alone is checked
    if not luhn.is_valid(numero):
        raise ValidationError("Ce numéro FINESS n’est pas valide : vérifiez le dernier chiffre.", code="finess_cle")
