"""Whatever the .ods or the .xls, whatever becomes of the process that reads it: a sentence, and nothing left behind."""

import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from mesures.import_excel import analyse, classeur
from mesures.import_excel.erreurs import ClasseurRefuse
from mesures.import_excel.formats import lecteur_calamine, sous_processus
from mesures.models import Mesure

from .fabrique import TITRES, rangee
from .fabrique_ods import (
    VIDE,
    case,
    compose,
    contenu,
    enregistrement,
    etiquette,
    fois,
    manifeste,
    nombre,
    ods,
    rang,
    table,
    valeur,
    vides,
    xls,
)

BON_ODS = ods(table(rang(*map(case, TITRES)), *(rang(*(case(str(c)) for c in rangee(n))) for n in range(5))))
BON_XLS = xls(
    b"".join(etiquette(0, c, t) for c, t in enumerate(TITRES))
    + b"".join(nombre(n, c, n * c) for n in range(1, 9) for c in range(11))
)
BORNE, ABIME, LOIN, PLEIN = "Sa structure est inhabituelle", "incomplet ou abîmé", "très loin", "trop de cellules"
PASSE, LIGNES, LONG = "mot de passe", "plus de 10\u202f000 lignes", "trop de temps"
MILLIARD = "<!DOCTYPE a [<!ENTITY a 'rire'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
A = rang(case("a"))


def melange(octets: bytes, graine: int) -> bytes:
    return octets[:512] + random.Random(graine).randbytes(len(octets) - 512)


def boucle(octets: bytes) -> bytes:
    """The table of chains says that every sector follows itself."""
    tables = int.from_bytes(octets[44:48], "little")
    fat = b"".join(n.to_bytes(4, "little") for n in range(128 * tables))
    return octets[:512] + fat + octets[512 + len(fat) :]


CAS = {
    "ods ligne répétée un million de fois": (ods(table(rang(case("a"), attributs=fois(1_048_576)))), LIGNES),
    "ods répétée en tout": (ods(table(rang(case("a", 'table:number-columns-repeated="16384"'), attributs=fois(1_048_576)))), LIGNES),
    "ods répétée trop de fois": (ods(table(rang(case("a"), attributs=fois(2**31)))), BORNE),
    "ods répétée moins une fois": (ods(table(rang(case("a"), attributs=fois(-1)))), BORNE),
    "ods répétée abc fois": (ods(table(rang(case("a"), attributs=fois("abc")))), BORNE),
    "ods vides au-delà de la feuille": (ods(table(rang(VIDE, attributs=fois(1_048_576)), A)), BORNE),
    "ods colonne au-delà de la feuille": (ods(table(rang(vides(16_384), case("a")))), BORNE),
    "ods cellule au bout du monde": (ods(table(A, rang(VIDE, attributs=fois(1_048_574)), rang(vides(16_383), case("b")))), LOIN),
    "ods beaucoup de rectangles": (ods("".join(table(rang(vides(9_999), case("b")), rang(VIDE, attributs=fois(48)), A, nom=f"f{n}") for n in range(9))), LOIN),
    "ods quarante mille caractères": (ods(table(rang(case("a" * 40_001)))), BORNE),
    "ods un milliard d'espaces": (ods(table(rang(case('<text:s text:c="99999999"/>')))), BORNE),
    "ods cellule de 10 Mo": (ods(table(rang(case(random.Random(1).randbytes(2_500_000).hex())))), BORNE),
    "ods textes copiés partout": (ods(table(rang(case("é🙂" * 9_000, 'table:number-columns-repeated="60"'), attributs=fois(9_000)))), BORNE),
    "ods erreurs copiées partout": (ods(table(rang('<table:table-cell table:number-columns-repeated="50"><text:p>x</text:p></table:table-cell>', attributs=fois(9_000)))), PLEIN),
    "ods cent feuilles pleines": (ods("".join(table(rang(case("x"), attributs=fois(9_000)), nom=f"f{n}") for n in range(100))), PLEIN),
    "ods milliard de rires": (ods(table(rang(case("&j;"))), MILLIARD), BORNE),
    "ods entité externe": (ods(table(rang(case("&x;"))), "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), BORNE),
    "ods dtd au loin": (ods(table(A), "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'>"), BORNE),
    "ods dtd dans le manifeste": (ods(table(A), parties={"META-INF/manifest.xml": "<!DOCTYPE a><a/>"}), BORNE),
    "ods profond": (ods("<table:table-row-group>" * 5_000), BORNE),
    "ods tableau dans un tableau": (ods(table(rang(f"<table:table-cell>{table(A, nom='b')}</table:table-cell>"))), BORNE),
    "ods deux fois le même nom": (ods(table(A) + table(A)), BORNE),
    "ods mille feuilles": (ods("".join(table(A, nom=f"f{n}") for n in range(1_000))), BORNE),
    "ods trop de styles": (ods(table(A), parties={"content.xml": contenu(table(A)).replace("<office:body>", "<office:automatic-styles>" + "".join(f'<style:style style:name="s{n * 7919 % 99991}"/>' for n in range(70_000)) + "</office:automatic-styles><office:body>")}), BORNE),
    "ods trop de fusions": (ods(table(*(rang(case(str(n % 97), 'table:number-rows-spanned="2"')) for n in range(51_000)))), BORNE),
    "ods fusion hors de la feuille": (ods(table(rang(case("a", 'table:number-rows-spanned="9999999"')))), BORNE),
    "ods fusion absurde": (ods(table(rang(case("a", 'table:number-rows-spanned="x"')))), BORNE),
    "ods trop d'éléments": (ods(table(rang("".join(f"<{c}/>" for c in random.Random(1).choices("abcdefgh", k=3_100_000))))), BORNE),
    "ods bombe": (ods(parties={"content.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}), BORNE),
    "ods octets nuls": (ods(parties={"content.xml": b"\0" * 1000}), ABIME),
    "ods contenu vide": (ods(parties={"content.xml": b""}), ABIME),
    "ods xml coupé": (ods(parties={"content.xml": contenu(table(A))[:-60]}), ABIME),
    "ods xml mal fermé": (ods("<table:table><table:table-row></table:table>"), ABIME),
    "ods autre document au-dedans": (ods(parties={"content.xml": "<html/>"}), ABIME),
    "ods préfixes inconnus": (ods(parties={"content.xml": contenu(table(A)).replace("table:", "t:")}), ABIME),
    "ods sans feuille": (ods(""), ABIME),
    "ods feuilles vides": (ods(table(nom="a") + table(rang(VIDE), nom="b")), "aucune ligne"),
    "ods nombre faux": (ods(table(rang(valeur("float", "value", "abc")))), ABIME),
    "ods sans genre de fichier": (ods(table(A), parties={"mimetype": None}), ABIME),
    "ods genre faux": (ods(table(A), parties={"mimetype": "application/zip"}), "d’un autre logiciel"),
    "odt": (ods(parties={"mimetype": "application/vnd.oasis.opendocument.text"}), "un document texte LibreOffice"),
    "odp": (ods(parties={"mimetype": "application/vnd.oasis.opendocument.presentation"}), "une présentation"),
    "odg": (ods(parties={"mimetype": "application/vnd.oasis.opendocument.graphics"}), "un dessin"),
    "ods chiffré": (ods(table(A), parties={"META-INF/manifest.xml": manifeste("<manifest:encryption-data/>")}), PASSE),
    "ods chiffré d'un bloc": (ods(parties={"content.xml": None, "encrypted-package": b"x"}), PASSE),
    "ods manifeste cassé": (ods(table(A), parties={"META-INF/manifest.xml": "<a"}), ABIME),
    "ods crc faux": (BON_ODS.replace(b"content.xml", b"contenu.xml", 1), ABIME),
    "fods": (contenu(table(A)).encode(), "un fichier XML"),
    "xls protégé": (xls(nombre(0, 0, 1), avant=enregistrement(0x2F, b"\1\0" + b"x" * 52)), PASSE),
    "xlsx protégé": (compose(b"x", ("EncryptedPackage", "EncryptionInfo")), PASSE),
    "doc": (compose(b"x", ("WordDocument", "1Table")), "un document Word"),
    "ppt": (compose(b"x", ("PowerPoint Document",)), "une présentation"),
    "msg": (compose(b"x", ("__properties_version1.0",)), "d’un autre logiciel"),
    "xls cellule au bout du monde": (xls(nombre(0, 0, 1) + nombre(65_535, 255, 1)), LOIN),
    "xls colonne inconnue": (xls(nombre(0, 0, 1) + nombre(65_535, 65_535, 1)), LOIN),
    "xls cent une feuilles": (xls(*[nombre(0, 0, 1)] * 101), BORNE),
    "xls trop de lignes": (xls(b"".join(nombre(n, 0, n) for n in range(10_100))), LIGNES),
    "xls en boucle": (boucle(BON_XLS), BORNE),
    "xls sans enregistrement": (compose(b"\0" * 9_000), ABIME),
    "xls hasard dans le flux": (compose(random.Random(4).randbytes(9_000)), ABIME),
    "xls enregistrement trop long": (compose(b"\x09\x08\xff\xff" + b"x" * 5_000), ABIME),
    "xls entête seule": (BON_XLS[:512], "d’un autre logiciel"),
    "xls feuilles vides": (xls(b"", b""), "aucune ligne"),
    **{f"ods coupé à {n} %": (BON_ODS[: len(BON_ODS) * n // 100], ABIME) for n in (5, 40, 70, 99)},
    **{f"xls coupé à {n} %": (BON_XLS[: len(BON_XLS) * n // 100], ABIME) for n in (30, 50, 80)},
    **{f"hasard après l'entête {n}": (melange(BON_XLS, n), "d’un autre logiciel") for n in range(4)},
}  # fmt: skip


def enfants() -> set[str]:
    """The processes that this one has started and not waited for, dead or alive."""
    trouves: set[str] = set()
    for fil in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            trouves |= set(fil.read_text().split())
    return trouves


@pytest.fixture
def rien_ne_reste(tmp_path, monkeypatch):
    """No file where a program would leave one, no process, no thread."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    isole = set(lecteur_calamine.PROGRAMME.parent.iterdir())
    avant, fils = enfants(), threading.active_count()
    yield
    assert list(tmp_path.iterdir()) == []
    assert set(lecteur_calamine.PROGRAMME.parent.iterdir()) == isole
    assert enfants() <= avant
    assert threading.active_count() <= fils


@pytest.mark.parametrize("cas", list(CAS))
def test_refused_by_a_sentence(cas, rien_ne_reste):
    octets, phrase = CAS[cas]
    depart = time.monotonic()
    with pytest.raises(ClasseurRefuse) as refus:
        classeur.lire(octets)
    # Which bound speaks first, of size or of time, depends on how busy the machine is.
    assert phrase in refus.value.phrase or (phrase == BORNE and "prend trop de temps" in refus.value.phrase)
    assert refus.value.court
    assert time.monotonic() - depart < 60


@pytest.mark.django_db
def test_mutations_never_raise_anything_else(rien_ne_reste):
    """Seeded mutations of both formats: read, or refused by a sentence."""
    hasard = random.Random(20261124)
    texte = contenu(table(rang(*map(case, TITRES)), *(rang(*(case(str(c)) for c in rangee(n))) for n in range(3))))
    for _ in range(60):
        brut = bytearray(BON_XLS)
        for _ in range(hasard.randint(1, 30)):
            brut[hasard.randrange(8, len(brut))] = hasard.randrange(256)
        xml = bytearray(texte.encode())
        for _ in range(hasard.randint(1, 3)):
            xml[hasard.randrange(len(xml))] = hasard.randrange(32, 127)
        for octets in (bytes(brut), ods(parties={"content.xml": bytes(xml)})):
            with contextlib.suppress(ClasseurRefuse):
                analyse.analyser(octets)
    assert not Mesure.objects.exists()


# --- The process ----------------------------------------------------------------------------------
@pytest.fixture
def programme(tmp_path_factory, monkeypatch):
    """Replace what runs alone by these lines of Python."""

    def remplacer(lignes: str) -> Path:
        chemin = tmp_path_factory.mktemp("isole") / "lecteur.py"
        chemin.write_text(lignes)
        monkeypatch.setattr(lecteur_calamine, "PROGRAMME", chemin)
        return chemin

    return remplacer


DIRE = "import sys, os, signal, time; sys.stdin.buffer.read(); dire = sys.stdout.buffer.write\n"
FEUILLE = '{"feuille":"f","masquee":false,"fusions":[],"lignes_masquees":[],"colonnes_masquees":[],"ligne_max":1,"colonne_max":1}\n'


MALFAITS = {
    "tué": ("os.kill(os.getpid(), signal.SIGKILL)", LONG),
    "avorté": ("os.abort()", BORNE),
    "faute de segmentation": ("os.kill(os.getpid(), signal.SIGSEGV)", BORNE),
    "temps de calcul épuisé": ("os.kill(os.getpid(), signal.SIGXCPU)", LONG),
    "tué au milieu d'une ligne": (f"dire({FEUILLE[:50]!r}.encode()); sys.stdout.flush(); os.abort()", BORNE),
    "muet": ("", ABIME),
    "sans fin": (f"dire({FEUILLE!r}.encode())", ABIME),
    "sort en erreur": ("sys.exit(1)", "pas pu être ouvert pour le moment"),
    "module absent": ("import module_qui_manque", "pas pu être ouvert pour le moment"),
    "attend": ("time.sleep(60)", LONG),
    "attend après avoir fermé sa sortie": ("os.close(1); time.sleep(60)", LONG),
    "hasard": ("dire(os.urandom(5000) + b'\\n')", ABIME),
    "texte": ("dire(b'bonjour\\n')", ABIME),
    "rangée sans feuille": ("dire(b'[1,[1]]\\n')", ABIME),
    "profond": ("dire(b'[' * 100000 + b'\\n')", ABIME),
    "nombre immense": (f"dire({FEUILLE!r}.encode() + b'[1,[' + b'9' * 100000 + b']]\\n')", ABIME),
    "rangée au-delà": (f"dire({FEUILLE!r}.encode() + b'[99999999,[1]]\\n')", ABIME),
    "rangées en désordre": (f"dire({FEUILLE!r}.encode() + b'[2,[1]]\\n[1,[1]]\\n')", ABIME),
    "trop de colonnes": (f"dire({FEUILLE!r}.encode() + b'[1,[' + b'1,' * 100 + b'1]]\\n')", ABIME),
    "cellule inconnue": (f"dire({FEUILLE!r}.encode() + b'[1,[{{\"z\":1}}]]\\n')", ABIME),
    "date fausse": (f"dire({FEUILLE!r}.encode() + b'[1,[{{\"d\":\"hier\"}}]]\\n')", ABIME),
    "refus inconnu": ("dire(b'{\"erreur\":\"zut\"}\\n')", ABIME),
    "ligne sans fin": ("[dire(b'x' * 65536) for _ in range(10000)]", ABIME),
    "trop bavard": (f"dire({FEUILLE!r}.encode() * 50_000)", PLEIN),
}  # fmt: skip
ATTENDENT = {"attend", "attend après avoir fermé sa sortie"}
"""Their time alone is cut short: on a busy machine, the others need more than that to start."""


@pytest.mark.parametrize("cas", list(MALFAITS))
def test_a_child_that_misbehaves_is_a_sentence(cas, programme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # should the system keep a core dump
    lignes, phrase = MALFAITS[cas]
    programme(DIRE + lignes)
    if cas in ATTENDENT:
        monkeypatch.setattr(sous_processus, "SECONDES_MAX", 1.5)
    monkeypatch.setattr(sous_processus, "SORTIE_MAX", 2_000_000)
    avant, depart = enfants(), time.monotonic()
    with pytest.raises(ClasseurRefuse) as refus:
        classeur.lire(BON_XLS)
    assert phrase in refus.value.phrase
    assert time.monotonic() - depart < 60
    assert enfants() <= avant


def test_a_child_that_does_not_read_does_not_block(programme, monkeypatch):
    programme("import time; time.sleep(60)")
    monkeypatch.setattr(sous_processus, "SECONDES_MAX", 1.0)
    with pytest.raises(ClasseurRefuse, match="trop long"):
        classeur.lire(BON_XLS + b"\0" * 5_000_000)


def test_no_process_left_is_not_the_file_s_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/absent/python")
    with pytest.raises(ClasseurRefuse) as refus:
        classeur.lire(BON_XLS)
    assert "Réessayez dans quelques minutes" in refus.value.phrase


def test_the_child_sees_no_secret_and_writes_nothing(programme, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret-de-production")
    chemin = programme("import os; print(sorted(os.environ))")
    assert b"SECRET_KEY" not in b"".join(sous_processus.lignes(chemin, b""))
    resource = pytest.importorskip("resource")
    essai = chemin.with_name("trace")
    isole = str(Path(lecteur_calamine.__file__).parent / "isole")
    chemin.write_text(
        f"import sys; sys.path.append({isole!r}); import lecteur; lecteur.borner(2**28, 5)\n"
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    f = open({str(essai)!r}, 'w'); f.write('x'); f.flush(); print('écrit')\n"
        "except OSError: print('refusé')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.getrlimit(resource.RLIMIT_AS)[0])\n"
    )
    dit = b"".join(sous_processus.lignes(chemin, b"")).decode()
    assert dit.split() == ["refusé", "0", str(2**28)]
    assert not essai.read_text()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 2**28  # the parent keeps its own limits


def test_calamine_alone_would_have_aborted(monkeypatch):
    """The far-away cell that the bounds refuse first: without them the child dies, and the page still answers."""
    monkeypatch.setattr(lecteur_calamine, "CASES_MAX", 10**12)
    with pytest.raises(ClasseurRefuse) as refus:
        classeur.lire(CAS["xls cellule au bout du monde"][0])
    assert BORNE in refus.value.phrase


def test_several_threads_at_once(rien_ne_reste):
    """gunicorn has four per worker; two children at most run together, the others wait."""
    lus: list[int] = []
    fils = [
        threading.Thread(target=lambda: lus.append(len(classeur.lire(BON_ODS).feuilles[0].lignes))) for _ in range(6)
    ]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert lus == [6] * 6


def test_the_memory_of_both_stays_bounded():
    """10,000 rows: the server grows by less than 200 MB, the child too (measured in processes of their own)."""
    pytest.importorskip("resource")
    plein = ods(table(*(rang(*(case(f"{n} {c}") for c in range(12))) for n in range(10_000))))
    mesure = (
        "import os, sys, resource\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'emjpm.settings.test')\n"
        "import django; django.setup()\nfrom mesures.import_excel import classeur\n"
        "octets = sys.stdin.buffer.read(); avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "assert len(classeur.lire(octets).feuilles[0].lignes) == 10_000\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant, "
        "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    fait = subprocess.run(
        [sys.executable, "-c", mesure], input=plein, capture_output=True, cwd=Path(__file__).parents[3], timeout=60
    )
    parent, enfant = (int(n) / 1024 for n in fait.stdout.split())
    assert parent < 100
    assert enfant < 200
