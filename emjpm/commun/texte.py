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


# What follows « madame » in a sentence where nobody is named: « madame vit seule ». Anything else in lower case is
# taken for a name: a message refused costs a few words, a name kept cannot be taken back.
_SUITES = (
    "a|à|ai|ait|aura|aurait|avait|est|et|ou|où|qui|que|dont|en|au|aux|y|lui|ne|n|se|s|m|il|elle|ils|elles|c|ce|cela|son|sa|"
    "ses|de|du|des|d|le|la|les|l|un|une|par|pour|sans|sous|sur|avec|chez|dans|depuis|hors|mais|car|si|pas|plus|"
    "très|tres|trop|bien|peu|seul|seule|âgé|âgée|agé|agée|agee|né|née|ne|nee|était|etait|étant|sera|serait|soit|fut|ayant|"
    "vit|vivait|vivra|va|vient|reste|demeure|demeurant|réside|residant|résidant|reside|habite|habitant|loge|logé|logée|"
    "doit|devra|devrait|peut|peux|pourra|pourrait|veut|voudrait|souhaite|souhaitait|souhaiterait|désire|demande|"
    "demandait|refuse|refusait|accepte|accepterait|parle|parlait|dit|écrit|perçoit|percoit|touche|reçoit|recoit|dispose|"
    "possède|possede|bénéficie|beneficie|présente|presente|souffre|connaît|connait|comprend|sait|suit|fait|sort|sortira|"
    "entre|entrera|part|partira|quitte|quittera|attend|prend|perd|gère|gere|paie|paye|vend|vendra|voit|entend|marche|"
    "travaille|travaillait|cherche|appelle|préfère|prefere|pense|craint|risque|semble|paraît|parait|nécessite|rentre|"
    "retourne|déménage|demenage|conteste|consent|coopère|adhère|boit|mange|dort|tient|aime|a-t-elle|a-t-il|"
    "hospitalisé|hospitalisée|hébergé|hébergée|placé|placée|actuellement|toujours|déjà|deja|aussi|encore|"
    "maire|juge|greffier|greffière|procureur|procureure|préfet|directeur|directrice|président|présidente|docteur|"
    "mandataire|curateur|curatrice|tuteur|tutrice|x|xx|xxx"
)
_CIVILITE_MINUSCULE = re.compile(
    r"\b(?:m\.(?<=M\.)\s?|(?:mr\.?|mme\.?|mlle\.?|melle|monsieur|madame|mademoiselle)\s+)"
    rf"(?!(?:{_SUITES})(?![\w])|\w+(?:ement|amment|emment)\b)[^\W\d_]{{3,}}",
    re.IGNORECASE,
)
_AUTRE_TITRE = re.compile(
    r"\b(?:Me|[Mm]aître|[Ff]amille|FAMILLE|[Cc]onsorts|[ÉEée]poux|[ÉEée]pouse|[Vv]euve)\.?\s+"
    r"(?!D[’'])[A-ZÀ-ÖØ-Þ][\w’'-]+"
)
_MOIS = "janv|f[ée]vr|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c"
_JOUR = rf"\d{{1,2}}(?:er)?\s*(?:[/. -]\s*\d{{1,2}}\s*[/. -]|\s(?:{_MOIS})[a-zé]*\.?\s)\s*"
# Nobody was judged an adult in need before 2010 in what is written today, save in the date of an old decision.
_JOUR_ANCIEN = re.compile(
    rf"(?<!\d)(?<!\bdu )(?<!\bdepuis le )(?<!\bjugement le ){_JOUR}(?:19\d\d|200\d)(?!\d)", re.IGNORECASE
)
_RUE = re.compile(
    r"(?<!\d)\d{1,4}\s*(?:bis|ter|quater)?\s*,?\s+"
    r"(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|all[ée]e|quai|cours|square|route)\s+\w",
    re.IGNORECASE,
)
# « Mme D… », « M. Durand », « né le 12/03/1947 »: what a comment about an adult must not hold.
_CIVILITE_NOM = re.compile(
    r"\b(?:M\.(?=[A-ZÀ-ÖØ-Þ]\w{2})|(?:M\.?|MM\.?|"
    r"(?i:Mr\.?|Mme\.?|Mlle\.?|Melle|Monsieur|Madame|Mademoiselle|Docteur|Dr\.?))\s+)"
    r"(?:(?:de|du|des)\s+(?:la\s+)?|de\s+l[’']|d[’'])?(?!(?:le|la|les|l’|l')\b)[A-ZÀ-ÖØ-Þ][\w’'-]*",
)
_NE_LE = re.compile(
    rf"\bn[ée]e?\s*(?:\([^)]*\)\s*)?(?:à\s+[^.;\d]{{1,40}}\s)?(?:le|en)?\s*(?:{_JOUR}\d{{2,4}}|\d{{1,2}}/\d{{4}})",
    re.IGNORECASE,
)
_INDICES = (_CIVILITE_NOM, _NE_LE, _CIVILITE_MINUSCULE, _AUTRE_TITRE, _JOUR_ANCIEN, _RUE)


def nom_possible(texte: str) -> str | None:
    """The part of a free text that seems to name a person, else None. A guard, not a proof.

    It catches a civility followed by a name, a family, a birth date, a street with its number. A telephone number is
    somebody to call: it passes.
    """
    trouves = (indice.search(texte or "") for indice in _INDICES)
    return next((trouve.group(0) for trouve in trouves if trouve), None)
