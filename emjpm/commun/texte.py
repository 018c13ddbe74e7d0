"""Text helpers: the one normal form in which names are compared on both databases."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SEPARATEURS = re.compile(r"[^0-9a-z]+")


def normaliser(texte: object) -> str:
    """Lower case, without accents, ligatures or punctuation; words separated by one space.

    >>> normaliser("  Saint-Étienne-du-Bœuf ")
    'saint etienne du boeuf'
    """
    decompose = unicodedata.normalize("NFKD", str(texte or "").translate(_LIGATURES))
    sans_accent = "".join(c for c in decompose if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", sans_accent.lower()).strip()


def propre(texte: object) -> str:
    """The text as typed, minus stray white space, no-break spaces and control characters."""
    brut = unicodedata.normalize("NFC", str(texte or ""))
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
