"""Types of mesure and their champ."""

from .cahier import MODELE, cahier

BIENS, PERSONNE, DEUX = "protection_bien", "protection_personne", "protection_bien_personne"


def types(f, *triplets):
    for ecrit, nature, champ in triplets:
        f.prete(nature=(ecrit, nature), champ=(None, champ))


@cahier("types comme au jugement.xlsx")
def _(f):
    types(
        f,
        ("Curatelle simple", "curatelle_simple", ""), ("CURATELLE SIMPLE", "curatelle_simple", ""),
        ("curatelle renforcee", "curatelle_renforcee", ""), ("CURATELLE RENFORCEE", "curatelle_renforcee", ""),
        ("Curatelle  Renforcée ", "curatelle_renforcee", ""), ("Tutelle", "tutelle", ""), ("TUTELLE", "tutelle", ""),
        ("sauvegarde de justice", "sauvegarde_justice", ""),
        ("Sauvegarde de justice avec mandat spécial", "sauvegarde_justice", ""),
        ("Mesure d'accompagnement judiciaire", "mesure_accompagnement_judiciaire", ""),
        ("Mesure d’accompagnement judiciaire (MAJ)", "mesure_accompagnement_judiciaire", ""),
        ("MAJ", "mesure_accompagnement_judiciaire", ""), ("subrogé-tuteur", "subroge_tuteur", ""),
        ("Subrogé curateur", "subroge_curateur", ""), ("SUBROGE TUTEUR", "subroge_tuteur", ""),
        ("Mandat de protection future", "mandat_protection_future", ""),
    )  # fmt: skip
    f.prete(nature=("mesure ad'hoc", "mesure_ad_hoc"), code_postal=(None, ""), ville=(None, ""))
    f.prete(nature=("Mesure ad hoc", "mesure_ad_hoc"), code_postal=(None, ""), ville=(None, ""), lieu_vie=(None, ""))


@cahier("types avec champ.xlsx")
def _(f):
    types(
        f,
        ("Curatelle renforcée aux biens et à la personne", "curatelle_renforcee", DEUX),
        ("curatelle renforcee aux biens et à la personne", "curatelle_renforcee", DEUX),
        ("CURATELLE RENFORCÉE AUX BIENS", "curatelle_renforcee", BIENS), ("Tutelle à la personne", "tutelle", PERSONNE),
        ("TUTELLE biens + pers.", "tutelle", DEUX), ("Tutelle aux biens et à la personne", "tutelle", DEUX),
        ("tutelle (biens et personne)", "tutelle", DEUX), ("Curatelle simple à la personne", "curatelle_simple", PERSONNE),
        ("Tutelle - aux biens", "tutelle", BIENS), ("tutelle\u00a0à\u00a0la\u00a0personne", "tutelle", PERSONNE),
        ("Tutelle\naux biens", "tutelle", BIENS), ("TUTELLE  AUX  BIENS ET  A LA PERSONNE", "tutelle", DEUX),
    )  # fmt: skip


@cahier("types en clés.xlsx")
def _(f):
    """As another database exports them."""
    types(
        f,
        ("curatelle_simple", "curatelle_simple", ""), ("curatelle_renforcee", "curatelle_renforcee", ""),
        ("tutelle", "tutelle", ""), ("sauvegarde_justice", "sauvegarde_justice", ""),
        ("mesure_accompagnement_judiciaire", "mesure_accompagnement_judiciaire", ""),
        ("subroge_curateur", "subroge_curateur", ""), ("subroge_tuteur", "subroge_tuteur", ""),
        ("mandat_protection_future", "mandat_protection_future", ""),
    )  # fmt: skip
    f.prete(nature=("mesure_ad_hoc", "mesure_ad_hoc"), code_postal=(None, ""), ville=(None, ""))


@cahier("types abrégés.xlsx")
def _(f):
    types(
        f,
        ("CR", "curatelle_renforcee", ""), ("CS", "curatelle_simple", ""), ("TUT", "tutelle", ""),
        ("SJ", "sauvegarde_justice", ""), ("MAJ", "mesure_accompagnement_judiciaire", ""),
        ("MPF", "mandat_protection_future", ""), ("cr", "curatelle_renforcee", ""), ("C.R.", "curatelle_renforcee", ""),
        ("Cur. renforcée", "curatelle_renforcee", ""), ("Cur. simple", "curatelle_simple", ""),
    )  # fmt: skip


@cahier("champ dans sa colonne.xlsx")
def _(f):
    f.colonnes = [*MODELE[:2], ("Champ", "champ"), *MODELE[2:]]
    for ecrit, champ in (
        ("aux biens", BIENS), ("Biens", BIENS), ("à la personne", PERSONNE), ("Personne", PERSONNE),
        ("aux biens et à la personne", DEUX), ("Biens et personne", DEUX), ("BIENS + PERSONNE", DEUX),
        ("protection_bien_personne", DEUX), (None, ""), ("-", ""),
    ):  # fmt: skip
        f.prete(nature=("Tutelle", "tutelle"), champ=(ecrit, champ))
    f.a_corriger({"champ": "pas reconnu"}, nature="Tutelle", champ="tout")


@cahier("types refusés.xlsx")
def _(f):
    f.banales(2)
    for ecrit, mot in (
        ("habilitation familiale", "mandataire judiciaire"), ("Habilitation familiale générale", "mandataire judiciaire"),
        ("HABILITATION FAMILIALE", "mandataire judiciaire"), ("MASP", "MASP|mandataire judiciaire"),
        ("curatelle", "simple ou renforcée"), ("divers", "pas reconnu"), ("mesure", "pas reconnu"), (12, "pas reconnu"),
    ):  # fmt: skip
        f.a_corriger({"nature": mot}, nature=ecrit)
    f.a_corriger({"nature": "manque"}, nature=None)
    f.a_corriger({"nature": "manque"}, nature="N/A")


@cahier("types avec fautes de frappe.xlsx")
def _(f):
    """Read, or asked with the right answer proposed: never taken for another type."""
    f.banales(1)
    for ecrit, nature, nom in (
        ("curatele renforcée", "curatelle_renforcee", "Curatelle renforcée"),
        ("curatelle renforçée", "curatelle_renforcee", "Curatelle renforcée"),
        ("curatelle renforcé", "curatelle_renforcee", "Curatelle renforcée"),
        ("tutele", "tutelle", "Tutelle"), ("sauvegarde de justisse", "sauvegarde_justice", "Sauvegarde"),
        ("subrogé tutteur", "subroge_tuteur", "Subrogé tuteur"),
    ):  # fmt: skip
        f.question({"nature": nom}, nature=(ecrit, nature))
