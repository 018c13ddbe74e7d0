"""True files spoiled at random, always the same way: bytes flipped, XML edited, parts lost, texts swapped."""

import io
import random
import re
import zipfile
from collections.abc import Callable

import xlsxwriter

from ..fabrique import FEUILLE, TITRES, rangee, xlsx
from .cahier import Cahier

NOMBRES = ("1E999", "-1E-400", "NaN", "INF", "1e5", "0", "-1", "1048577", "99999999999999999999", "1.5", "", "x", "٣", "0x1F", "1_000",
           "1" + "0" * 400, "44197", "2020", "17570002200011", "1.77501E+13")  # fmt: skip
TEXTES = ("31/02/2020", "2020", "46", "TOTAL", "Total : 84", "#N/A", "=1+1", "-", "néant", "\u200b", "\u202eabc", "💥", "x" * 600, "habilitation familiale",
          "Mme KANARIOVSKI", "57000 Metz", "&lt;script&gt;", "_x0000_", "Date du jugement", "Tribunal", "Ville", "1/1/1", "99999", "TJ Mezt")  # fmt: skip
MORCEAUX = ("<row/>", "<c/>", "<c><v>1</v></c>", "<c t='s'><v>999</v></c>", "<c t='inlineStr'><is><t>perdu</t></is></c>", "<inconnu><a/></inconnu>",
            "<mergeCells count='1'><mergeCell ref='A2:K9'/></mergeCells>", "<row r='40'><c t='inlineStr'><is><t>seul</t></is></c></row>", "&amp;", "<!-- -->",
            "<f>1+1</f>", "<sheetData/>", "<row hidden='1'>", "</row>", "<![CDATA[x]]>", "<v>1</v>", "<is/>", "\x01", "&#0;", "<!DOCTYPE a>")  # fmt: skip


def archiver(parties: dict[str, bytes]) -> bytes:
    """A zip that does not tell the hour: the same bytes at each run."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as cible:
        for nom, contenu in parties.items():
            entree = zipfile.ZipInfo(nom, (2026, 1, 1, 0, 0, 0))
            entree.compress_type = zipfile.ZIP_DEFLATED
            cible.writestr(entree, contenu)
    return sortie.getvalue()


def ouvrir_archive(octets: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as source:
        return {n: source.read(n) for n in source.namelist()}


def sans_heure(octets: bytes) -> bytes:
    """The same workbook, saved on a day that never changes."""
    parties = ouvrir_archive(octets)
    nom = "docProps/core.xml"
    parties[nom] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2026-01-01T00:00:00Z", parties[nom])
    return archiver(parties)


def bases() -> dict[str, bytes]:
    """Small true files, each of another kind. Their six rows are ready."""
    lignes = [rangee(n) for n in range(6)]
    f = Cahier("x.csv")
    f.banales(6)

    def preparer(livre, feuille):
        feuille.merge_cells("J2:J7")
        feuille.row_dimensions[4].hidden = True
        feuille.column_dimensions["H"].hidden = True
        feuille["K9"] = "=COUNTA(K2:K7)"
        feuille["A9"] = "Total"

    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as livre:
        feuille = livre.add_worksheet("Suivi")
        for rang, ligne in enumerate([TITRES, *lignes]):
            feuille.write_row(rang, 0, ligne)
    return {
        "texte en ligne": sans_heure(xlsx(lignes)),
        "texte partagé": sans_heure(sortie.getvalue()),
        "fusions": sans_heure(xlsx(lignes, preparer=preparer)),
        "utf-8": f.en_csv(),
        "cp1252": f.en_csv("cp1252", ","),
        "utf-16": f.en_csv("utf-16", "\t"),
    }


# --- Any bytes -------------------------------------------------------------------------------------
def retourner(octets: bytes, hasard: random.Random) -> bytes:
    sales = bytearray(octets)
    for _ in range(hasard.choice((1, 1, 2, 4, 16))):
        sales[hasard.randrange(len(sales))] = hasard.randrange(256)
    return bytes(sales)


def couper(octets: bytes, hasard: random.Random) -> bytes:
    return octets[: hasard.randrange(1, len(octets))]


def retirer(octets: bytes, hasard: random.Random) -> bytes:
    debut = hasard.randrange(len(octets))
    return octets[:debut] + octets[debut + hasard.randint(1, 80) :]


def repeter(octets: bytes, hasard: random.Random) -> bytes:
    debut = hasard.randrange(len(octets))
    morceau = octets[debut : debut + hasard.randint(1, 200)]
    return octets[:debut] + morceau * hasard.randint(2, 4) + octets[debut:]


# --- XML --------------------------------------------------------------------------------------------
def _remplacer(motif: str, par: Callable[[re.Match, random.Random], str]):
    """Replace one match of a pattern, chosen at random."""

    def muter(octets: bytes, hasard: random.Random) -> bytes:
        texte = octets.decode("utf-8", "surrogateescape")
        trouves = list(re.finditer(motif, texte))
        if not trouves:
            return retourner(octets, hasard)
        m = hasard.choice(trouves)
        return (texte[: m.start()] + par(m, hasard) + texte[m.end() :]).encode("utf-8", "surrogateescape")

    return muter


def _echanger(motif: str):
    """Two matches of a pattern change places: shared strings, rows, cells."""

    def muter(octets: bytes, hasard: random.Random) -> bytes:
        texte = octets.decode("utf-8", "surrogateescape")
        trouves = list(re.finditer(motif, texte, re.DOTALL))
        if len(trouves) < 2:
            return retourner(octets, hasard)
        un, deux = sorted(hasard.sample(trouves, 2), key=lambda m: m.start())
        texte = texte[: un.start()] + deux[0] + texte[un.end() : deux.start()] + un[0] + texte[deux.end() :]
        return texte.encode("utf-8", "surrogateescape")

    return muter


MUTATIONS_XML = (
    _remplacer(r"<v>[^<]*</v>", lambda m, h: f"<v>{h.choice(NOMBRES)}</v>"),
    _remplacer(r"(<(?:t|text:p)(?: [^>]*)?>)[^<]+(?=<)", lambda m, h: f"{m[1]}{h.choice(TEXTES)}"),
    _remplacer(r'(\w+)="([^"]*)"', lambda m, h: f'{m[1]}="{h.choice(NOMBRES)}"'),
    _remplacer(r'\st="\w+"', lambda m, h: f' t="{h.choice(("s", "str", "b", "e", "d", "n", "inlineStr", "z"))}"'),
    _remplacer(r'\sr="[A-Z]+(\d+)"', lambda m, h: f' r="{h.choice("ABJKLZ")}{h.choice((m[1], "1", "3", "2000"))}"'),
    _remplacer(r"<c [^>]*>.*?</c>", lambda m, h: ""),
    _remplacer(r"<c [^>]*>.*?</c>", lambda m, h: m[0] * 2),
    _remplacer(r"<row [^>]*>.*?</row>", lambda m, h: ""),
    _remplacer(r"<row [^>]*>.*?</row>", lambda m, h: m[0] + re.sub(r' r="[A-Z]*\d+"', "", m[0])),
    _remplacer(r"<row ", lambda m, h: f'<row {h.choice(("hidden", "ht", "spans", "x"))}="{h.choice(("1", "x", ""))}" '),
    _remplacer(r">", lambda m, h: ">" + h.choice(MORCEAUX)),
    _remplacer(r"<(/?)\w+", lambda m, h: f"<{m[1]}zz"),
    _echanger(r"<(si|is)>.*?</\1>"),
    _echanger(r"<row [^>]*>.*?</row>"),
    _echanger(r"<c [^>]*>.*?</c>"),
    retourner,
    retirer,
    repeter,
)


def muter_classeur(octets: bytes, hasard: random.Random) -> bytes:
    if hasard.random() < 0.12:
        return hasard.choice((retourner, couper, retirer, repeter))(octets, hasard)
    parties = ouvrir_archive(octets)
    noms = list(parties)
    if hasard.random() < 0.12:
        un, deux = hasard.sample(noms, 2)
        sort = hasard.choice("osde")
        if sort == "o":
            del parties[un]
        elif sort == "s":
            parties[un], parties[deux] = parties[deux], parties[un]
        elif sort == "d":
            parties[un.replace("1", "2").replace(".", "2.")] = parties[un]
        else:
            parties[un] = b""
    else:
        textes = [n for n in noms if "sharedStrings" in n]
        for _ in range(hasard.choice((1, 1, 1, 2, 3))):
            nom = hasard.choice([n for n in (FEUILLE, "content.xml") if n in parties] * 6 + textes * 4 + noms)
            parties[nom] = hasard.choice(MUTATIONS_XML)(parties[nom], hasard) if parties[nom] else b""
    return archiver(parties)


# --- Text -------------------------------------------------------------------------------------------
def muter_texte(octets: bytes, hasard: random.Random) -> bytes:
    sort = hasard.randrange(8)
    if sort < 4:
        return (retourner, couper, retirer, repeter)[sort](octets, hasard)
    lignes = octets.splitlines(keepends=True)
    rang = hasard.randrange(len(lignes))
    if sort == 4:
        lignes.insert(rang, hasard.choice(lignes))
    elif sort == 5:
        del lignes[rang]
    elif sort == 6:
        hasard.shuffle(lignes)
    else:
        ou = hasard.randrange(len(octets))
        ajout = hasard.choice(
            (
                b'"',
                b";",
                b",",
                b"\t",
                b"\r",
                b"\n",
                b"\r\n",
                b'""',
                b"\0",
                b"\xef\xbb\xbf",
                b"|",
                b"sep=;",
                b"=",
                b"\xa0",
            )
        )
        return octets[:ou] + ajout * hasard.randint(1, 4) + octets[ou:]
    return b"".join(lignes)


def muter(octets: bytes, hasard: random.Random) -> bytes:
    return (muter_classeur if octets.startswith(b"PK") else muter_texte)(octets, hasard)
