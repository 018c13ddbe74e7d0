"""Text helpers: the one normal form in which names are compared on both databases."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SEPARATEURS = re.compile(r"[^0-9a-z]+")
_BLANCS = re.compile(r"[\s\x00-\x1f\x7f]+")  # of an ASCII text
# Zero-width spaces, soft hyphens, marks of direction: copied from a page or a PDF, seen by nobody, they would make two
# numbers of one. The joiners that emoji and some scripts need (U+200C, U+200D) stay.
_INVISIBLES = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


def normaliser(texte: object) -> str:
    """Lower case, without accents, ligatures or punctuation; words separated by one space.

    >>> normaliser("  Saint-Étienne-du-Bœuf ")
    'saint etienne du boeuf'
    """
    texte = str(texte or "")
    if texte.isascii():  # most of what a file holds: nothing to decompose
        return _SEPARATEURS.sub(" ", texte.lower()).strip()
    decompose = unicodedata.normalize("NFKD", _INVISIBLES.sub("", texte).translate(_LIGATURES))
    sans_accent = "".join(c for c in decompose if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", sans_accent.lower()).strip()


def propre(texte: object) -> str:
    """The text as typed, minus stray white space, no-break spaces, control and invisible characters."""
    texte = str(texte or "")
    if texte.isascii():
        return _BLANCS.sub(" ", texte).strip()
    brut = unicodedata.normalize("NFC", _INVISIBLES.sub("", texte))
    visible = "".join(" " if c.isspace() or unicodedata.category(c) in {"Zs", "Cc"} else c for c in brut)
    return re.sub(r" {2,}", " ", visible).strip()


# « Mme D… », « M. Durand », « né le 12/03/1947 »: what a comment about an adult must not hold.
_CIVILITE_NOM = re.compile(
    r"\b(?:M\.(?=[A-ZÀ-ÖØ-Þ]\w{2})|(?:M\.?|MM\.?|"
    r"(?i:Mr\.?|Mme\.?|Mlle\.?|Melle|Monsieur|Madame|Mademoiselle|Docteur|Dr\.?))\s+)"
    r"(?!(?:le|la|les|l’|l')\b)[A-ZÀ-ÖØ-Þ][\w’'-]*",
)
_NE_LE = re.compile(r"\bn[ée]e?\s*(?:\([^)]*\)\s*)?(?:le|en)?\s*\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}", re.IGNORECASE)


def nom_possible(texte: str) -> str | None:
    """The part of a free text that seems to name a person, else None. A guard, not a proof.

    It catches a civility followed by a capitalised word, and a full birth date.
    """
    trouve = _CIVILITE_NOM.search(texte or "") or _NE_LE.search(texte or "")
    return trouve.group(0) if trouve else None
