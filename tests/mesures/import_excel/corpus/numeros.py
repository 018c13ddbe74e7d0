"""Numbers: RG, dossier, cabinet. Kept as typed, never cut, never merged."""

from .cahier import Un, cahier


@cahier("numéros RG.xlsx")
def _(f):
    f.sans_csv = True  # 21.0 and the like
    for ecrit, lu in (
        ("21B00167", "21B00167"), ("RG 17/A/00775", "RG 17/A/00775"), ("17/A/00776", "17/A/00776"), ("17 A 00777", "17 A 00777"),
        ("17-A-00778", "17-A-00778"), ("17a00779", "17a00779"), (" 17A00780 ", "17A00780"), ("17A00781\u00a0", "17A00781"),
        ("N° RG 17/A/00782", "N° RG 17/A/00782"), ("21/00123", "21/00123"), (2100124, "2100124"), (2100125.0, "2100125"),
        (None, ""), ("-", ""), ("?", ""), ("en attente", Un("", "en attente")), ("20C00001\u200b", "20C00001"),
    ):  # fmt: skip
        if ecrit == "en attente":
            f.question({"numero_rg": "RG"}, numero_rg=(ecrit, lu))
        else:
            f.prete(numero_rg=(ecrit, lu))


@cahier("RG en double.xlsx")
def _(f):
    """The same number and court, written two ways: one mesure. Another court, or another suffix: another mesure."""
    f.prete(numero_rg="17/A/00775")
    f.a_corriger({"numero_rg": "ligne 2"}, numero_rg="RG 17A00775")
    f.a_corriger({"numero_rg": "ligne 2"}, numero_rg="17 a 00775")
    f.prete(numero_rg="17A00775", tribunal=("TJ Nancy", "Tribunal judiciaire de Nancy"))
    f.prete(numero_rg="17/A/00775-1")
    f.prete(numero_rg="17/A/00775-2")
    f.prete(numero_rg="17A00775-10")
    f.prete(numero_rg="7A00775")
    f.prete(numero_rg="17A0775")
    f.prete(numero_rg="17A007750")
    f.prete(numero_rg="17B00775")
    f.prete(numero_rg="12345678")
    f.prete(numero_rg="123456789")
    f.prete(numero_rg="12345678A")


@cahier("RG factices.xlsx")
def _(f):
    """« 00000000 » typed because a box had to be filled: these are different adults (SocialGouv/emjpm#951, 2559)."""
    for ecrit in (
        "00000000",
        "00000000",
        "00A00000",
        "00A00000",
        "99999999",
        "99999999",
        "XXXXXXXX",
        "XXXXXXXX",
        "0",
        "0",
    ):
        f.question({"numero_rg": r"^(?=.*RG)(?!.*Même numéro)"}, numero_rg=(ecrit, Un("", ecrit)))


@cahier("numéros de dossier.xlsx")
def _(f):
    f.sans_csv = True
    for ecrit, lu in (("2021-034", "2021-034"), ("TUT-12", "TUT-12"), ("AB1234", "AB1234"), ("dossier 12", "dossier 12"), (2021, "2021"),
                      (12.0, "12"), ("0012", "0012"), ("12/B", "12/B"), (None, ""), ("-", ""), ("📁12", "📁12"), ("תיק 12", "תיק 12"),
                      ("A-12-C", "A-12-C"), ("=12", "=12"), ("+33", "+33"), ("@12", "@12"), ("<b>12</b>", "<b>12</b>")):  # fmt: skip
        f.prete(numero_dossier=(ecrit, lu))

    def preparer(livre, feuille):
        for rang in range(2, feuille.max_row + 1):
            cellule = feuille.cell(rang, 8)
            if isinstance(cellule.value, str):
                cellule.data_type = "s"

    f.preparations.append(preparer)


@cahier("cabinets.xlsx")
def _(f):
    f.sans_csv = True
    for ecrit, lu in (("2", "2"), (2, "2"), (2.0, "2"), ("A", "A"), ("B3", "B3"), (None, ""), ("-", ""), ("Cabinet 2", Un("2", "Cabinet 2")),
                      ("cab. 4", Un("4", "cab. 4")), ("Cabinet n° 5", Un("5", "Cabinet n° 5")), ("N/A", "")):  # fmt: skip
        f.prete(cabinet=(ecrit, lu))


@cahier("numéros trop longs.xlsx")
def _(f):
    f.banales(1)
    f.a_corriger({"numero_rg": "long"}, numero_rg="21B" + "0" * 60)
    f.a_corriger({"numero_dossier": "longue?"}, numero_dossier="2021-" + "9" * 60)
    f.a_corriger({"numero_rg": "RG|nombre"}, numero_rg="2,1E+10")
