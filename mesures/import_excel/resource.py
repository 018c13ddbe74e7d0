"""The bulk write: normalised rows → mesures en cours, with their events, a thousand at a time.

import-export's own way of a row (a widget, a lookup and a save per field, a text per object made) costs more than the
writing itself. The values were read and typed by the preview: here each is set, checked, and written in bulk.
"""

from datetime import date

from django.core.exceptions import ValidationError
from import_export import resources, results
from tablib import Dataset

from emjpm.commun.journal import evenement
from emjpm.commun.models import Evenement
from emjpm.comptes.models import Utilisateur
from mesures.enums import Pays, Statut
from mesures.models import ImportMesures, Mesure

_TEXTES = (
    "nature champ civilite lieu_vie type_etablissement pays code_postal ville "
    "numero_rg rg_normal numero_dossier cabinet"
).split()
COLONNES = [*_TEXTES, "date_jugement", "annee_naissance", "tribunal_id", "commune_id", "lieu_id"]
_VERIFIEES = [*_TEXTES, "annee_naissance"]  # the keys of other tables are the database's to check


def jeu_de_donnees(lignes: list[dict]) -> Dataset:
    """The rows of a preview as import-export reads them. A French town is its commune: its name is not copied."""
    jeu = Dataset(headers=COLONNES)
    for ligne in lignes:
        valeurs = {**ligne, "tribunal_id": ligne["tribunal"], "commune_id": ligne["commune"], "lieu_id": ligne["lieu"]}
        if ligne["pays"] != Pays.BELGIQUE:
            valeurs["ville"] = ""
        jeu.append([valeurs[colonne] for colonne in COLONNES])
    return jeu


class LigneFaite(results.RowResult):
    """What became of a row, without the text of the mesure that import-export's admin would show."""

    def add_instance_info(self, instance):
        pass


class MesureResource(resources.ModelResource):
    """Creates only: no row of a file can ever reach a mesure that exists."""

    class Meta:
        model = Mesure
        fields = COLONNES
        force_init_instance = True
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        store_row_values = False
        use_transactions = False  # the service's transaction is the only one

    def __init__(self, import_: ImportMesures, par: Utilisateur):
        super().__init__()
        self.par, self.creees = par, 0
        # What every mesure of the import shares, in the order of the columns: positional arguments are the fast way
        # to make an object, and one moment dates them all.
        modele = Mesure(mandataire_id=import_.mandataire_id, importee_par=import_, statut=Statut.EN_COURS)
        modele.clean_fields(exclude={"mandataire", "importee_par", "tribunal", *COLONNES})
        self._modele = [getattr(modele, champ.attname) for champ in Mesure._meta.concrete_fields]
        self._champs = [(nom, Mesure._meta.get_field(nom)) for nom in _VERIFIEES]
        self._admises: dict[str, set] = {nom: set() for nom in _VERIFIEES}

    @classmethod
    def get_row_result_class(cls):
        return LigneFaite

    def init_instance(self, row=None):
        return Mesure(*self._modele)

    def import_instance(self, instance, row, **kwargs):
        """The values as the preview typed them; only the date has been a text meanwhile (JSON)."""
        for colonne, valeur in row.items():
            setattr(instance, colonne, valeur)
        instance.date_jugement = date.fromisoformat(row["date_jugement"])

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Choices and lengths of each field, without the queries full_clean() makes for each row.

        A value already admitted in its field (one of nine natures…) is not checked ten thousand times.
        """
        erreurs = dict(import_validation_errors or {})
        for nom, champ in self._champs:
            valeur = getattr(instance, nom)
            if (champ.blank and valeur in champ.empty_values) or valeur in self._admises[nom]:
                continue
            try:
                champ.clean(valeur, instance)
            except ValidationError as erreur:
                erreurs[nom] = erreur.error_list
            else:
                self._admises[nom].add(valeur)
        if erreurs:
            raise ValidationError(erreurs)

    def bulk_create(self, using_transactions, dry_run, raise_errors, batch_size=None, result=None):
        """The mesures of a batch, then one line of journal for each."""
        if not dry_run and self.create_instances:
            creees = Mesure.objects.bulk_create(self.create_instances, batch_size=batch_size)
            Evenement.objects.bulk_create(
                [evenement(par=self.par, acte="mesure.importer", objet=mesure) for mesure in creees],
                batch_size=batch_size,
            )
            self.creees += len(creees)
        self.create_instances.clear()
