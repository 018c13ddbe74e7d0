"""The reader before its judge: what it said of a file, against what was written in it."""

import datetime
import json
import re
from typing import Any

from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures.enums import Champ, LieuVie, Nature, Pays
from mesures.import_excel.analyse import analyser
from mesures.import_excel.apercu import Apercu
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tribunaux.models import Tribunal

from .cahier import LUS, Cahier, Verdict, trouve

SORTS = ("pretes", "a_corriger", "ignorees", "deja_presentes")


def desaccords(f: Cahier, rapport: dict[str, Any]) -> list[str]:
    """Every point on which the reader and the file disagree, one sentence each."""
    if not rapport["accepte"]:
        return [f"refusé : {rapport['erreur']}"]
    pretes = {li["ligne"]: li for li in rapport["pretes"]}
    problemes: dict[int, list[dict]] = {}
    for p in rapport["problemes"]:
        problemes.setdefault(p["ligne"], []).append(p)
    dits = []
    for numero, verdict in f.verdicts().items():
        dits += [f"ligne {numero} : {d}" for d in _ligne(verdict, pretes.get(numero), problemes.get(numero, []))]
    ailleurs = (set(pretes) | set(problemes)) - set(f.verdicts())
    dits += [f"lignes inventées : {sorted(ailleurs)}"] if ailleurs else []
    dits += [f"aucun avertissement ne dit « {mot} »" for mot in f.avertit if not _averti(rapport, mot)]
    texte = json.dumps({**rapport, "fichier": ""}, ensure_ascii=False, default=str)
    dits += [f"« {mot} » est montré" for mot in f.tait if mot in texte]
    return dits


def colonnes_mal_lues(f: Cahier, rapport: dict[str, Any]) -> list[str]:
    """Columns, by letter. Whether antennes are told without a service of its own is left open."""
    attendues = {lettre: champ for lettre, champ in f.colonnes_lues().items() if champ != "antenne"}
    lues = {lettre: champ for lettre, champ in rapport["colonnes"].items() if champ != "antenne"}
    return [
        f"colonne {c} : {lues.get(c)} au lieu de {attendues.get(c)}"
        for c in sorted(set(attendues) | set(lues))
        if attendues.get(c) != lues.get(c)
    ]


def _averti(rapport: dict[str, Any], mot: str) -> bool:
    return any(trouve(mot, a["message"]) for a in rapport["avertissements"])


def _ligne(verdict: Verdict, prete: dict | None, problemes: list[dict]) -> list[str]:
    sort = verdict.sort
    if prete and problemes:
        return ["prête et à corriger à la fois"]
    if sort == "question":
        sort = "prete" if prete else "a_corriger"
    if sort == "prete":
        if prete is None:
            return [f"devait être prête : {_dire(problemes) or 'absente'}"]
        return [
            f"{champ} = {prete.get(champ)!r} au lieu de {verdict.lu[champ]!r}"
            for champ in LUS
            if not _egal(verdict.lu[champ], prete.get(champ))
        ]
    if sort == "a_corriger":
        if not problemes:
            return [f"devait être à corriger ({verdict.problemes}), {'est prête' if prete else 'absente'}"]
        manquent = [
            f"{champ} : « {mot} » n’est pas dit : {_dire(problemes)}"
            for champ, mot in verdict.problemes.items()
            if not any(re.fullmatch(champ, p["champ"]) and trouve(mot, p["message"]) for p in problemes)
        ]
        en_trop = [p for p in problemes if not any(re.fullmatch(champ, p["champ"]) for champ in verdict.problemes)]
        return manquent + ([f"en trop : {_dire(en_trop)}"] if en_trop else [])
    if prete:
        return [f"ne devait pas être prête ({sort})"]
    return [f"ne devait pas être à corriger ({sort}) : {_dire(problemes)}"] if problemes and sort != "ni_prete" else []


def _dire(problemes: list[dict]) -> str:
    return " ; ".join(f"{p['champ']}, {p['message']}" for p in problemes)


def _egal(attendu: Any, lu: Any) -> bool:
    if isinstance(lu, str) and isinstance(attendu, str):
        return lu.replace("’", "'") == attendu.replace("’", "'")
    return attendu == lu or (isinstance(lu, str) and attendu == lu.replace("’", "'"))


def sorts(apercu: Apercu) -> dict[str, list[int]]:
    return {
        "pretes": [li["ligne"] for li in apercu.pretes],
        "a_corriger": [li.ligne for li in apercu.a_corriger],
        "ignorees": [li["ligne"] for li in apercu.ignorees],
        "deja_presentes": [li["ligne"] for li in apercu.deja_presentes],
    }


def exiger_un_sort_par_ligne(apercu: Apercu, remplies: set[int] | None, vides: set[int] | None = None) -> None:
    """Each filled row is in exactly one of the four lists, with its reason; the figures add up.

    `remplies`: their numbers, None when a spoiled file leaves them unknown. `vides`: the blank rows between filled ones,
    which are counted as ignored; None when they are not known.
    """
    listes = sorts(apercu)
    toutes = [ligne for lignes in listes.values() for ligne in lignes]
    assert len(toutes) == len(set(toutes)), f"deux sorts : {sorted(n for n in set(toutes) if toutes.count(n) > 1)}"
    if remplies is not None:
        assert remplies <= set(toutes), f"passées sous silence : {sorted(remplies - set(toutes))[:20]}"
        assert set(toutes) - remplies <= set(listes["ignorees"]), "une ligne vide n’est qu’ignorée"
        if vides is not None:
            assert set(toutes) - remplies <= vides, f"inventées : {sorted(set(toutes) - remplies - vides)[:20]}"
    assert apercu.lues == len(toutes)
    assert all(str(li["raison"]).strip() for li in apercu.ignorees), "ignorée sans raison"
    for ligne in apercu.a_corriger:
        assert ligne.problemes, f"ligne {ligne.ligne} à corriger sans raison"
        assert all(p.ligne == ligne.ligne and p.pourquoi and p.a_ecrire for p in ligne.problemes)
    assert all(li["mesure"] for li in apercu.deja_presentes)


def exiger_rapport_juste(rapport: dict[str, Any]) -> None:
    """The shape that issue 3 gives, and figures that add up, for any file at all."""
    assert set(rapport) == {
        "fichier", "accepte", "erreur", "colonnes", "lignes", "pretes", "problemes", "avertissements",
    }  # fmt: skip
    assert rapport["accepte"] is (rapport["erreur"] is None)
    lignes = rapport["lignes"]
    assert set(lignes) >= {"total", "pretes", "a_corriger", "ignorees"}
    assert lignes["pretes"] == len(rapport["pretes"]) == len({li["ligne"] for li in rapport["pretes"]})
    assert lignes["a_corriger"] == len({p["ligne"] for p in rapport["problemes"]})
    assert lignes["total"] >= lignes["pretes"] + lignes["a_corriger"] + lignes["ignorees"]
    for ligne in rapport["pretes"]:
        assert set(ligne) == {"ligne", *LUS}
    for probleme in rapport["problemes"]:
        assert set(probleme) == {"ligne", "colonne", "champ", "valeur", "message"}
        assert probleme["champ"]
        assert probleme["message"].strip()
    for avertissement in rapport["avertissements"]:
        assert set(avertissement) == {"ligne", "champ", "message"}
        assert avertissement["message"].strip()
    if not rapport["accepte"]:
        assert rapport["erreur"].endswith(".")
        assert not rapport["pretes"]
        assert not rapport["problemes"]
    json.dumps(rapport)


def exiger_valeurs_saines(rapport: dict[str, Any]) -> None:
    """Whatever the file, a ready row is one that the base would take: no odd value gets through."""
    aujourdhui = timezone.localdate()
    for ligne in rapport["pretes"]:
        assert datetime.date(1950, 1, 1) <= datetime.date.fromisoformat(ligne["date_jugement"]) <= aujourdhui
        assert ligne["nature"] in Nature.values
        assert ligne["champ"] in {"", *Champ.values}
        assert ligne["civilite"] in {"madame", "monsieur"}
        assert ligne["annee_naissance"] is None or 1900 <= ligne["annee_naissance"] <= aujourdhui.year
        assert ligne["lieu_vie"] in LieuVie.values or ligne["nature"] == Nature.AD_HOC
        assert re.fullmatch(r"(\d{4,5})?", ligne["code_postal"])
        assert ligne["pays"] in {"", None, *Pays.values}
        assert Tribunal.objects.filter(nom=ligne["tribunal"], ferme_le=None).exists()
        for champ in ("ville", "numero_rg", "numero_dossier", "cabinet"):
            assert len(ligne[champ]) <= 80
            assert "\x00" not in ligne[champ]


def exiger_rien_ecrit() -> None:
    """No measure, no import, no preview, no event, no letter: reading a file leaves no trace."""
    for modele in (Mesure, ImportMesures, ApercuImport, Evenement, Courriel):
        assert not modele.objects.exists(), modele.__name__


__all__ = [
    "analyser", "colonnes_mal_lues", "desaccords", "exiger_rapport_juste", "exiger_rien_ecrit",
    "exiger_un_sort_par_ligne",
    "exiger_valeurs_saines", "sorts",
]  # fmt: skip
