"""Numbers that could exist and are nobody's: SIRET, FINESS, telephones."""

from stdnum import luhn

# ARCEP keeps this range for fiction (décision n° 2018-0881): nobody's telephone rings.
FIXES_FICTIFS = "+3319900{:04d}"


def siret(rang: int) -> str:
    """The rang-th SIRET of the demo: SIREN 9xx xxx xxx and NIC with right Luhn keys (rang < 10**6)."""
    debut = f"90{rang:06d}"
    siren = debut + luhn.calc_check_digit(debut)
    debut = siren + "0001"
    return debut + luhn.calc_check_digit(debut)


def finess(departement: str, rang: int) -> str:
    """The rang-th FINESS number of a département; the key of Corsican numbers is not checked."""
    debut = f"{departement[:2]}{rang:06d}"
    return debut + (luhn.calc_check_digit(debut) if debut.isdigit() else "0")


def telephone(rang: int) -> str:
    return FIXES_FICTIFS.format(rang % 10_000)
