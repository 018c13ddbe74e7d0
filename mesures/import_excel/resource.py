"""The bulk write: normalised rows → mesures en cours, with their events, a thousand at a time."""

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
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


def jeu_de_donnees(lignes: list[dict]) -> Dataset:
    """The rows of a preview as import-export reads them. A French town is its commune: its name is not copied."""
    jeu = Dataset(headers=COLONNES)
    for ligne in lignes:
        valeurs = {
            **ligne,
            "tribunal_id": ligne["tribunal"],
            "commune_id": ligne["commune"],
            "lieu_id": ligne["lieu"],
            "ville": ligne["ville"] if ligne["pays"] == Pays.BELGIQUE else "",
        }
        jeu.append([valeurs[colonne] for colonne in COLONNES])
    return jeu


def _brut(nom: str) -> fields.Field:
    """A value already read by the import: taken as it is."""
    return fields.Field(attribute=nom, column_name=nom, widget=widgets.Widget())


class MesureResource(resources.ModelResource):
    """Creates only: no row of a file can ever reach a mesure that exists."""

    date_jugement = fields.Field("date_jugement", "date_jugement", widget=widgets.DateWidget("%Y-%m-%d"))
    tribunal_id = _brut("tribunal_id")
    commune_id = _brut("commune_id")
    lieu_id = _brut("lieu_id")
    annee_naissance = _brut("annee_naissance")

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
        self.import_mesures, self.par = import_, par
        self.creees = 0

    def init_instance(self, row=None):
        return Mesure(
            mandataire_id=self.import_mesures.mandataire_id,
            importee_par=self.import_mesures,
            statut=Statut.EN_COURS,
        )

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Choices and lengths of each field, without the queries full_clean() makes for each row."""
        erreurs = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude={"mandataire", "tribunal", "commune", "lieu", "importee_par", *erreurs})
        except ValidationError as erreur:
            erreurs = erreur.update_error_dict(erreurs)
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
