"""How the agents' pages write a figure: signs, percentages, agreement in number."""

from emjpm.commun.templatetags.emjpm import INSECABLE, nombre

SANS_DONNEE = "–"


def signe(valeur: int | None) -> str:
    """« +21 545 », « −380 », « 0 »; a dash when there is nothing to count."""
    if valeur is None:
        return SANS_DONNEE
    return f"+{nombre(valeur)}" if valeur > 0 else nombre(valeur)


def pourcent_signe(valeur: float | None) -> str:
    """« +4,4 % », « −0,8 % », « 0,0 % »: always one decimal, so that a column aligns."""
    if valeur is None:
        return SANS_DONNEE
    devant = "+" if valeur > 0 else "−" if valeur < 0 else ""
    return f"{devant}{abs(valeur):.1f}".replace(".", ",") + f"{INSECABLE}%"


def pourcent(valeur: float | None) -> str:
    """« 65 % », « moins de 1 % »; a dash for nothing."""
    if valeur is None:
        return SANS_DONNEE
    if 0 < valeur < 1:
        return f"moins de 1{INSECABLE}%"
    return f"{round(valeur)}{INSECABLE}%"


def accord(combien: int, singulier: str, pluriel: str | None = None) -> str:
    """« 1 mandataire », « 804 mandataires »: in French 0 and 1 take the singular."""
    return f"{nombre(combien)}{INSECABLE}{singulier if abs(combien) < 2 else pluriel or singulier + 's'}"
