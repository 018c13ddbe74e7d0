"""What the properties of the readers draw from: cells of any kind, words in any dress."""

import unicodedata
from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mesures.import_excel.cellule import Illisible

JOUR = date(2026, 11, 23)
PEU = settings(
    derandomize=True, print_blob=True, deadline=None, database=None, max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
BEAUCOUP = settings(PEU, max_examples=250)
ESPACES = ("", " ", "  ", "\u00a0", "\u202f", " \u00a0 ", "\t", "\n", "\u2009")

CELLULES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=80),
    st.text(alphabet="0123456789/.,-+eE \u00a0\u200b'()n°RGrgé", max_size=24),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\A\d{1,5}[/.\- ]\d{1,2}[/.\- ]\d{1,5}\Z"),
    st.from_regex(r"\A[^\W\d_]{1,20}( [^\W\d_]{1,20}){0,3}\Z"),
)


@st.composite
def habille(draw, texte: str) -> str:
    """The same words as somebody else would type them: case, accents, spaces, punctuation around."""
    mots = texte.split(" ")
    separateurs = [draw(st.sampled_from((" ", "  ", "\u00a0", " \u00a0", "\u202f"))) for _ in mots]
    texte = "".join(m + s for m, s in zip(mots, separateurs, strict=True)).rstrip()
    if draw(st.booleans()):
        texte = "".join(c for c in unicodedata.normalize("NFD", texte) if not unicodedata.combining(c))
    else:
        texte = unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD"))), texte)
    texte = draw(st.sampled_from((str, str.upper, str.lower, str.title)))(texte)
    return draw(st.sampled_from(ESPACES)) + texte + draw(st.sampled_from((*ESPACES, ".", " :", "\u200b")))


def lire_ou_dire(lecteur, valeur):
    """The value, or the Illisible; anything else raised is the failure of the test."""
    try:
        return lecteur(valeur)
    except Illisible as erreur:
        return erreur
