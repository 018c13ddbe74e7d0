"""`manage.py importer_tribunaux FICHIER.csv [--ecrire]`: SIRET, addresses and telephones of the courts."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tribunaux import ministere

DETAIL_MAX = 20


class Command(BaseCommand):
    help = (
        "Lit la liste des juridictions du ministère (CSV) et complète SIRET, adresse, téléphone, adresse électronique "
        "et date de fermeture des tribunaux. Sans --ecrire, dit seulement ce qui changerait."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le fichier CSV du ministère")
        parser.add_argument("--ecrire", action="store_true", help="enregistrer les changements")

    def handle(self, *args, fichier: Path, ecrire: bool, **options):
        try:
            lignes = ministere.lire(fichier.read_bytes())
        except OSError as erreur:
            raison = "il n’existe pas" if isinstance(erreur, FileNotFoundError) else "vérifiez le chemin et les droits"
            raise CommandError(f"Le fichier {fichier} ne peut pas être lu : {raison}.") from erreur
        except ministere.FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        try:
            plan = ministere.preparer(lignes)
            self._resumer(plan)
            if ecrire:
                nombre = ministere.ecrire(plan)
                self.stdout.write(f"Enregistré : {nombre} tribunaux.")
            else:
                self.stdout.write("Rien n’a été écrit. Ajoutez --ecrire pour enregistrer.")
        except DatabaseError as erreur:
            raise CommandError(
                "La base a refusé l’écriture : rien n’a été enregistré. Avez-vous lancé charger_referentiel ?"
            ) from erreur

    def _resumer(self, plan: ministere.Plan) -> None:
        self.stdout.write(f"{plan.lues} lignes lues, {plan.rapprochees} rapprochées d’un tribunal.")
        self.stdout.write(f"À changer : {len(plan.changements)}.")
        champs: dict[str, int] = {}
        for changement in plan.changements:
            for champ in changement.champs:
                champs[champ] = champs.get(champ, 0) + 1
        for champ, nombre in champs.items():
            self.stdout.write(f"  {champ} : {nombre}")
        self._lister(
            "Anciens tribunaux ajoutés comme autres noms",
            [f"{c.tribunal} → {c.tribunal.successeur}" for c in plan.alias],
        )
        self._lister("Inconnus, laissés de côté", [str(ligne) for ligne in plan.inconnues])
        self._lister(
            "Ambigus, laissés de côté",
            [f"{ligne} : {', '.join(t.nom for t in tribunaux)}" for ligne, tribunaux in plan.ambigues],
        )
        self._lister(
            "Fermés, successeur à indiquer dans l’administration", [t.nom for t in plan.fermetures_sans_successeur]
        )
        self._lister("Remarques", plan.remarques)

    def _lister(self, titre: str, lignes: list[str]) -> None:
        if not lignes:
            return
        self.stdout.write(f"{titre} : {len(lignes)}.")
        for ligne in lignes[:DETAIL_MAX]:
            self.stdout.write(f"  {ligne}")
        if len(lignes) > DETAIL_MAX:
            self.stdout.write(f"  … et {len(lignes) - DETAIL_MAX} autres.")
