"""The accounts of the demonstration: shown on the sign-in page in demo settings only, made by `peupler_demo`."""

MOT_DE_PASSE_DEMO = "demo-emjpm-2026"

COMPTES = (
    ("magistrat@exemple.fr", "juge, tribunal judiciaire de Metz"),
    ("greffier@exemple.fr", "greffière, tribunal judiciaire de Metz"),
    ("mandataire@exemple.fr", "mandataire individuelle, Metz"),
    ("prepose@exemple.fr", "préposé d’un établissement"),
    ("service@exemple.fr", "administratrice d’un service"),
    ("agent@exemple.fr", "agent de l’État, niveau national"),
    ("support@exemple.fr", "équipe e-MJPM"),
    ("nouveau@exemple.fr", "validé, rien encore saisi"),
    ("attente@exemple.fr", "demande en attente"),
)
"""(address, who it is), in the order of the sign-in page."""
