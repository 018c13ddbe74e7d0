"""What the support group may do in the admin, as code: `manage.py installer_groupes` applies it."""

from django.contrib.auth.models import Group, Permission

GROUPE_SUPPORT = "Support"

# app.model → acts. No « delete » on anything that carries somebody's work; no right on rights.
PERMISSIONS = {
    "inscriptions.demandeinscription": ("view", "change"),
    "comptes.utilisateur": ("view", "add", "change"),
    "mandataires.mandataire": ("view", "change", "add"),
    "mandataires.lieu": ("view", "change", "add", "delete"),
    "mandataires.membre": ("view", "change", "add", "delete"),
    "mandataires.habilitation": ("view", "change", "add", "delete"),
    "mandataires.atout": ("view", "change", "add", "delete"),
    "mandataires.capacitedepartement": ("view", "change", "add", "delete"),
    "mandataires.demandetribunal": ("view", "change"),
    "tribunaux.tribunal": ("view", "change", "add"),
    "tribunaux.membretribunal": ("view", "change", "add", "delete"),
    "mesures.mesure": ("view",),
    "mesures.evolution": ("view",),
    "mesures.consultation": ("view",),
    "mesures.importmesures": ("view", "annuler"),
    "geographie.region": ("view",),
    "geographie.departement": ("view",),
    "geographie.commune": ("view",),
    "commun.evenement": ("view",),
    "commun.courriel": ("view", "change"),
}


def installer() -> Group:
    """Create the group or bring it back to PERMISSIONS exactly; returns it."""
    groupe, _ = Group.objects.get_or_create(name=GROUPE_SUPPORT)
    voulues = []
    for cle, actes in PERMISSIONS.items():
        app, modele = cle.split(".")
        codes = [f"{acte}_{modele}" for acte in actes]
        trouvees = list(Permission.objects.filter(content_type__app_label=app, codename__in=codes))
        if len(trouvees) != len(codes):
            raise LookupError(f"Permissions inconnues pour {cle} : {', '.join(codes)}")
        voulues += trouvees
    groupe.permissions.set(voulues)
    return groupe
