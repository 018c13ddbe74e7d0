"""French telephone numbers, overseas included, from any way of writing them."""

import re
from functools import lru_cache
from urllib.parse import quote

import phonenumbers

# « 0590… » belongs to +590 although +33 would take it: the overseas numbering plans are asked first.
REGIONS = ("GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF", "WF", "FR")
# « 0800… » is a French number everywhere: +590 would take it.
_SPECIAUX = "08"
_FRANCAIS = re.compile(r"0[1-9]\d{8}")
# Kept by Arcep for fictions and examples; the library calls it invalid.
EXEMPLES = "63998"


def numero_francais(texte: object) -> str | None:
    """The number as « +33387567500 » (E.164), or None when it cannot be one.

    « 3 87 56 75 00 » (a spreadsheet ate the zero), « 0(590)896950 », « 00(687)279350 » and « +262 262 40 23 45 » are
    understood; of « 0477433300/1 » the first number is kept. Ten digits whose range is not in service pass: ranges
    open faster than lists are updated.
    """
    brut = re.split(r"[/;,]", str(texte or ""))[0].strip()
    chiffres = re.sub(r"\D", "", brut)
    if not 6 <= len(chiffres) <= 15:
        return None
    if brut.startswith("+"):
        essais = [("+" + re.sub(r"^\+(\d+)\(0\)", r"+\1", brut.replace(" ", "")).lstrip("+"), None)]
    elif chiffres.startswith("00"):
        essais = [("+" + chiffres[2:], None)]
    else:
        national = f"0{chiffres}" if len(chiffres) == 9 else chiffres
        regions = ("FR",) if national.startswith(_SPECIAUX) else REGIONS
        essais = [(national, region) for region in regions]
    for ecrit, region in essais:
        try:
            numero = phonenumbers.parse(ecrit, region)
        except phonenumbers.NumberParseException:
            continue
        exemple = numero.country_code == 33 and str(numero.national_number).startswith(EXEMPLES)
        if phonenumbers.is_valid_number(numero) or (exemple and phonenumbers.is_possible_number(numero)):
            return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
    if not brut.startswith("+") and _FRANCAIS.fullmatch(chiffres):
        return f"+33{chiffres[1:]}"
    return None


def numero_lisible(numero: str) -> str:
    """« 03 87 56 75 00 » for a number of `numero_francais`; « +687 27.93.50 » where the prefix must be dialled."""
    lu = phonenumbers.parse(numero, None)
    forme = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(lu, forme.INTERNATIONAL if lu.country_code > 600 else forme.NATIONAL)


@lru_cache(maxsize=20_000)
def lien_et_mots(numero: str) -> tuple[str, str]:
    """(« tel:+33-3-87-56-75-00 », « 03 87 56 75 00 ») for a number of `numero_francais`, kept: lists repeat them.

    What is no number is shown as it is: one bad row must not take a whole page away.
    """
    try:
        lu = phonenumbers.parse(numero, None)
    except phonenumbers.NumberParseException:
        return f"tel:{quote(numero)}", numero
    forme = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(lu, forme.RFC3966), phonenumbers.format_number(lu, forme.NATIONAL)
