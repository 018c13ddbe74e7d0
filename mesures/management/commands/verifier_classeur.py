"""What the import page would say of a file, without writing anything: for support, and for scripts.

manage.py verifier_classeur liste.xlsx autre.ods --mandataire camille@exemple.fr
manage.py verifier_classeur --json *.xlsx
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mandataires.models import Mandataire, Membre
from mesures.import_excel import erreurs
from mesures.import_excel.avertissements import compte
from mesures.import_excel.rapport import rapport, refuse


def _octets(chemin: Path) -> bytes:
    """The file, up to one byte beyond the limit: a larger one is refused by its size, not read whole."""
    with chemin.open("rb") as flux:
        return flux.read(settings.CLASSEUR_OCTETS_MAX + 1)


def _pourquoi_ferme(erreur: OSError) -> str:
    raisons = {
        FileNotFoundError: "il n’existe pas",
        IsADirectoryError: "c’est un dossier",
        PermissionError: "vous n’avez pas le droit de le lire",
    }
    return f"Ce fichier ne s’ouvre pas : {raisons.get(type(erreur), type(erreur).__name__)}."


class Command(BaseCommand):
    help = "Dit ce que la page d’import dirait de chaque fichier, sans rien écrire."

    def add_arguments(self, parser):
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER")
        parser.add_argument(
            "--mandataire",
            metavar="EMAIL",
            help="le compte pour lequel le fichier serait importé (ses tribunaux, ses antennes, ses mesures)",
        )
        parser.add_argument("--json", action="store_true", help="un objet JSON par fichier, un par ligne")

    def handle(self, *, fichiers, mandataire=None, **options):
        pour = self._mandataire(mandataire) if mandataire else None
        for fichier in fichiers:
            dit = self._verifier(fichier, pour)
            if options["json"]:
                self.stdout.write(json.dumps(dit, ensure_ascii=False))
            else:
                self._raconter(dit)

    def _mandataire(self, email: str) -> Mandataire:
        membre = Membre.objects.select_related("mandataire").filter(utilisateur__email__iexact=email.strip()).first()
        if membre is None:
            raise CommandError(f"Aucun mandataire n’a de compte à l’adresse {email}.")
        return membre.mandataire

    @staticmethod
    def _verifier(fichier: str, pour: Mandataire | None) -> dict[str, Any]:
        try:
            octets = _octets(Path(fichier))
        except OSError as erreur:
            return refuse(fichier, _pourquoi_ferme(erreur))
        try:
            return rapport(fichier, octets, pour)
        except Exception as erreur:  # whatever the file: a sentence, never a traceback; its kind helps to mend
            return refuse(fichier, f"{erreurs.abime().phrase} ({type(erreur).__name__})")

    def _raconter(self, dit: dict[str, Any]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(dit["fichier"]))
        if not dit["accepte"]:
            self.stdout.write(self.style.ERROR(f"  Refusé. {dit['erreur']}"))
            return
        lignes = dit["lignes"]
        sorts = [
            compte(lignes["pretes"], "prête", "prêtes"),
            f"{lignes['a_corriger']} à corriger",
            compte(lignes["ignorees"], "ignorée", "ignorées"),
        ]
        if "deja_presentes" in lignes:
            sorts.append(compte(lignes["deja_presentes"], "déjà présente", "déjà présentes"))
        self.stdout.write(f"  {compte(lignes['total'], 'ligne lue', 'lignes lues')} : {', '.join(sorts)}.")
        self.stdout.write("  Colonnes : " + ", ".join(f"{c} {champ}" for c, champ in dit["colonnes"].items()))
        for p in dit["problemes"]:
            trouve = f" « {p['valeur']} »" if p["valeur"] else ""
            self.stdout.write(
                f"  Ligne {p['ligne']}, {p['colonne'] or 'sans colonne'} {p['champ']}{trouve} : {p['message']}"
            )
        for a in dit["avertissements"]:
            self.stdout.write(f"  {'Ligne ' + str(a['ligne']) + ' : ' if a['ligne'] else ''}{a['message']}")
