"""Fills in workbooks with LibreOffice as a person would: goes to a cell, types, goes on, saves.

    /usr/bin/python3 saisir_dans_libreoffice.py commandes.json  →  what the cells show, in JSON

Run by a Python that has LibreOffice's `uno` module (Debian: python3-uno), not by the project's: imports nothing of
ours. `commandes`: {"soffice": path, "langue": "fr-FR", "classeurs": [{"source": path, "feuille": "Mesures",
"lignes": [[cell, …], …], "sorties": [path, …]}]}. A cell is null (left alone), a text to type, or {"liste": text}, a
choice of the cell's own drop-down list. One office is started for all, with a profile of its own, thrown away.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sheet.ValidationType import LIST

FILTRES = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
DEMARRAGE_MAX = 60  # seconds
PROFIL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>{langue}</value></prop></item>
</oor:items>
"""


def propriete(nom, valeur):
    return PropertyValue(Name=nom, Value=valeur)


class Bureau:
    """A LibreOffice without a screen, reached by a pipe; `with Bureau(...) as bureau`."""

    def __init__(self, soffice, langue):
        self.soffice, self.langue = soffice, langue

    def __enter__(self):
        self.profil = Path(tempfile.mkdtemp(prefix="emjpm-lo-"))
        (self.profil / "user").mkdir()
        (self.profil / "user" / "registrymodifications.xcu").write_text(
            PROFIL.format(langue=self.langue), encoding="utf-8"
        )
        tuyau = f"emjpm{os.getpid()}"
        self.processus = subprocess.Popen(
            [
                self.soffice, "--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
                f"-env:UserInstallation={self.profil.as_uri()}", f"--accept=pipe,name={tuyau};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # soffice starts another process: both end together
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.profil)},
        )  # fmt: skip
        try:
            self._joindre(f"uno:pipe,name={tuyau};urp;StarOffice.ComponentContext")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _joindre(self, adresse):
        local = uno.getComponentContext()
        resolveur = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        fin = time.monotonic() + DEMARRAGE_MAX
        while True:
            try:
                contexte = resolveur.resolve(adresse)
                break
            except Exception:
                if time.monotonic() > fin or self.processus.poll() is not None:
                    raise
                time.sleep(0.1)
        self.usine, self.contexte = contexte.ServiceManager, contexte
        self.fenetres = self.creer("com.sun.star.frame.Desktop")
        self.touches = self.creer("com.sun.star.frame.DispatchHelper")

    def creer(self, service):
        return self.usine.createInstanceWithContext(service, self.contexte)

    def __exit__(self, *_):
        try:
            self.fenetres.terminate()
            self.processus.wait(10)
        except Exception:  # it never answered, or is slow to leave
            os.killpg(self.processus.pid, signal.SIGKILL)
            self.processus.wait()
        shutil.rmtree(self.profil, ignore_errors=True)

    def saisir(self, source, feuille, lignes, sorties):
        """Types the rows from row 2 of a sheet, saves; returns what each typed row shows."""
        document = self.fenetres.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, (propriete("Hidden", True),))
        try:
            page = document.Sheets.getByName(feuille)
            document.CurrentController.setActiveSheet(page)
            cadre, listes = document.CurrentController.Frame, {}
            for rang, ligne in enumerate(lignes, 1):
                for colonne, valeur in enumerate(ligne):
                    if isinstance(valeur, dict):
                        if colonne not in listes:
                            listes[colonne] = proposes(document, page.getCellByPosition(colonne, rang))
                        valeur = listes[colonne][listes[colonne].index(valeur["liste"])]
                    if valeur is not None:
                        self._taper(cadre, f"{chr(65 + colonne)}{rang + 1}", valeur)
            for sortie in sorties:
                filtre = propriete("FilterName", FILTRES[Path(sortie).suffix])
                document.storeToURL(Path(sortie).as_uri(), (filtre,))
            return [
                [page.getCellByPosition(colonne, rang).String for colonne in range(len(ligne))]
                for rang, ligne in enumerate(lignes, 1)
            ]
        finally:
            document.close(True)

    def _taper(self, cadre, endroit, texte):
        """As on the keyboard: the format of the cell decides what becomes of the text."""
        for touche, propriete_ in (
            ("GoToCell", propriete("ToPoint", endroit)),
            ("EnterString", propriete("StringName", texte)),
        ):
            self.touches.executeDispatch(cadre, f".uno:{touche}", "", 0, (propriete_,))


def proposes(document, cellule):
    """The texts of the drop-down list of a cell, read where its validation says they are."""
    validation = cellule.Validation
    if validation.Type != LIST:
        raise SystemExit(f"{cellule.AbsoluteName} n’a pas de liste")
    feuille, _, plage = validation.getFormula1().replace("$", "").rpartition(".")
    source = document.Sheets.getByName(feuille.strip("'")).getCellRangeByName(plage)
    return [texte for (texte,) in source.getDataArray()]


def main():
    commandes = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with Bureau(commandes["soffice"], commandes["langue"]) as bureau:
        montres = [bureau.saisir(**classeur) for classeur in commandes["classeurs"]]
    sys.stdout.buffer.write(json.dumps(montres).encode())


if __name__ == "__main__":
    main()
