"""The witness of the import's bench: import-export with the settings it ships with, on the same rows.

As its admin does, it opens the workbook for the dry run and again for the import. What helps it is left to it: the cells
are already normalised (nothing to recognise), no journal line, no e-mail.
"""

from import_export import resources
from tablib import Dataset

from mesures.enums import Pays, Statut
from mesures.import_excel.resource import _TEXTES
from mesures.models import Mesure

COLONNES = [*_TEXTES, "date_jugement", "annee_naissance", "mandataire", "tribunal", "commune", "lieu", "statut"]


class TelQuelle(resources.ModelResource):
    """Nothing chosen but the model and how a row finds its mesure: each row of the bench has its numéro de dossier."""

    class Meta:
        model = Mesure
        import_id_fields = ["mandataire", "numero_dossier"]


class Verifiee(TelQuelle):
    """The same, with the check of each mesure (full_clean) that import-export leaves off: without it a wrong value is
    written, or stops the import on the database's own error."""

    class Meta:
        model = Mesure
        import_id_fields = ["mandataire", "numero_dossier"]
        clean_model_instances = True


def classeur(lignes: list[dict], mandataire: int) -> bytes:
    """The rows of a preview, already normalised, as the workbook import-export would be given."""
    jeu = Dataset(headers=COLONNES)
    for ligne in lignes:
        valeurs = {**ligne, "mandataire": mandataire, "statut": Statut.EN_COURS.value}
        valeurs["ville"] = ligne["ville"] if ligne["pays"] == Pays.BELGIQUE else ""
        jeu.append([valeurs[c] for c in COLONNES])
    return jeu.export("xlsx")
