"""The numéro RG (répertoire général): compared on a safe normal form, displayed as typed."""

import re

from emjpm.commun.texte import propre

_PREFIXE = re.compile(r"^(?:N\s*[°ºO]\s*)?(?:R\s*\.?\s*G\s*\.?)?\s*(?:N\s*[°ºO])?\s*[:.]?\s*", re.IGNORECASE)
_REGULIER = re.compile(r"^(\d{2})[\s/.\-_]*([A-Z])[\s/.\-_]*(\d{5})(?:[\s/.\-_]+(\d{1,3}))?$")
_SEPARATEURS = re.compile(r"[\s/.\-_]+")


def forme_normale(numero: object) -> str:
    """The form under which two numbers are the same; empty for an empty one.

    « RG 17/A/00775 » and « 17a00775 » are one; « 17/A/00775-1 » is another. Nothing is cut, padded or
    guessed: a number of an unusual form keeps all its characters, in capitals, separators made alike.
    (The first e-MJPM kept 8 characters and merged distinct mesures: SocialGouv/emjpm#2559.)
    """
    brut = propre(numero).upper()
    if not brut:
        return ""
    sans_prefixe = _PREFIXE.sub("", brut) or brut
    regulier = _REGULIER.match(sans_prefixe)
    if regulier:
        annee, lettre, ordre, suffixe = regulier.groups()
        return f"{annee}{lettre}{ordre}" + (f"-{suffixe}" if suffixe else "")
    return _SEPARATEURS.sub("-", sans_prefixe).strip("-") or sans_prefixe


def compacte(numero: object) -> str:
    """The typed characters in capitals, without prefix nor separators: for finding a number by a part of it, never
    for comparing two (« 26/B/007 » → « 26B007 »).
    """
    brut = propre(numero).upper()
    return _SEPARATEURS.sub("", _PREFIXE.sub("", brut))


def forme_habituelle(numero: object) -> bool:
    """Is it 2 digits, a letter, 5 digits (« 21B00167 »), with or without a suffix?"""
    return bool(re.fullmatch(r"\d{2}[A-Z]\d{5}(?:-\d{1,3})?", forme_normale(numero)))


def factice(numero: object) -> bool:
    """Was it typed because a box had to be filled? « 00000000 », « 00A00000 », « 99999999 », « XXXXXXXX ».

    Such a number identifies nothing: taken for a true one, it would merge the mesures of different adults
    (SocialGouv/emjpm#951, #2559).
    """
    signes = re.sub(r"[^0-9A-Z]", "", forme_normale(numero))
    chiffres = re.sub(r"\D", "", signes)
    que_des_zeros = bool(chiffres) and not chiffres.strip("0") and len(signes) - len(chiffres) <= 1
    return que_des_zeros or (len(signes) >= 5 and len(set(signes)) == 1)
