"""The container of .xls and .doc (« compound file », [MS-CFB]): its names, its streams. Bounded by the file's size.

Raises ValueError or struct.error on anything odd: the caller says « abîmé ».
"""

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIN = 0xFFFFFFFA  # above: end of chain, free, reserved
_AUCUN = 0xFFFFFFFF


class Compose:
    def __init__(self, octets: bytes):
        if not octets.startswith(SIGNATURE):
            raise ValueError("signature")
        self.octets = octets
        puissance, mini_puissance = struct.unpack_from("<HH", octets, 30)
        if puissance not in {9, 12} or mini_puissance != 6:
            raise ValueError("sector size")
        self.taille = 1 << puissance
        self.mini_taille = 64
        annuaire, self.seuil, mini_fat = (struct.unpack_from("<I", octets, ou)[0] for ou in (48, 56, 60))
        self.fat = self._lire_fat()
        brut = self._chaine(annuaire)
        self.entrees = [brut[ou : ou + 128] for ou in range(0, len(brut) - 127, 128)]
        if not self.entrees:
            raise ValueError("empty directory")
        self._mini_fat_debut = mini_fat

    def _secteur(self, rang: int) -> bytes:
        debut = (rang + 1) * self.taille
        if debut >= len(self.octets):
            raise ValueError("sector beyond the end")
        return self.octets[debut : debut + self.taille]

    def _entiers(self, octets: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(octets) // 4}I", octets[: len(octets) // 4 * 4])

    def _lire_fat(self) -> list[int]:
        """The table of chains. Its own sectors are listed in the header, then in a chain of sectors (DIFAT)."""
        listes = list(struct.unpack_from("<109I", self.octets, 76))
        (suivant,) = struct.unpack_from("<I", self.octets, 68)
        permis = len(self.octets) // self.taille + 1
        for _ in range(permis):
            if suivant >= _FIN:
                break
            *rangs, suivant = self._entiers(self._secteur(suivant))
            listes += rangs
        secteurs = [rang for rang in listes if rang < _FIN]
        if len(secteurs) > permis:
            raise ValueError("more tables than sectors")
        fat: list[int] = []
        for rang in secteurs:
            fat += self._entiers(self._secteur(rang))
        return fat

    def _chaine(self, debut: int) -> bytes:
        morceaux, rang = [], debut
        while rang < _FIN:
            if rang >= len(self.fat) or len(morceaux) > len(self.fat):
                raise ValueError("broken or endless chain")
            morceaux.append(self._secteur(rang))
            rang = self.fat[rang]
        return b"".join(morceaux)

    def racine(self) -> dict[str, int]:
        """What lies at the root, and not inside an embedded document: name → rank in the directory."""
        noms: dict[str, int] = {}
        vus: set[int] = set()
        pile = [struct.unpack_from("<I", self.entrees[0], 76)[0]]
        while pile:
            rang = pile.pop()
            if rang == _AUCUN or rang in vus:
                continue
            if rang >= len(self.entrees):
                raise ValueError("directory")
            vus.add(rang)
            entree = self.entrees[rang]
            (longueur,) = struct.unpack_from("<H", entree, 64)
            noms[entree[: max(min(longueur, 64) - 2, 0)].decode("utf-16-le", "replace")] = rang
            pile += struct.unpack_from("<II", entree, 68)
        return noms

    def flux(self, rang: int) -> bytes:
        """The bytes of one entry of the directory."""
        debut, longueur = struct.unpack_from("<II", self.entrees[rang], 116)
        if longueur >= self.seuil:
            return self._chaine(debut)[:longueur]
        mini = self._chaine(struct.unpack_from("<I", self.entrees[0], 116)[0])
        mini_fat, morceaux = self._entiers(self._chaine(self._mini_fat_debut)), []
        while debut < _FIN:
            if debut >= len(mini_fat) or len(morceaux) > len(mini_fat):
                raise ValueError("broken or endless chain")
            morceaux.append(mini[debut * self.mini_taille : (debut + 1) * self.mini_taille])
            debut = mini_fat[debut]
        return b"".join(morceaux)[:longueur]
