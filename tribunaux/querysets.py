"""Finding a court from what people type."""

from django.db import models
from django.db.models import Q

from emjpm.geographie.querysets import nom_de_commune


class TribunalQuerySet(models.QuerySet):
    def ouverts(self):
        return self.filter(ferme_le__isnull=True)

    def ressemblant(self, texte: str):
        """Open courts by name, town, département (name or number) or former name, each word anywhere.

        A closed court answers by its successor.
        """
        trouves = Q()
        mots = [
            m for m in nom_de_commune(texte).split() if m not in {"de", "du", "des", "d", "l", "la", "le", "tribunal"}
        ]
        if not mots:
            return self.none()
        for mot in mots:
            if mot.isdigit() or mot in {"2a", "2b"}:
                trouves &= Q(commune__departement=mot.upper())
            else:
                trouves &= (
                    Q(nom_normalise__contains=mot)
                    | Q(commune__departement__nom_normalise__contains=mot)
                    | Q(predecesseurs__nom_normalise__contains=mot)
                )
        return self.ouverts().filter(trouves).distinct().order_by("nom_normalise", "code")
