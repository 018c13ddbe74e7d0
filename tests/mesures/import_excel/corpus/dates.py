"""The date of the judgment, in every form people write it."""

import datetime

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .cahier import Cahier, cahier


def ecrites(f: Cahier, *paires: tuple) -> None:
    for ecrite, lue in paires:
        f.prete(date_jugement=(ecrite, lue))


@cahier("dates à la main.xlsx")
def _(f):
    ecrites(
        f,
        ("1/3/2020", "2020-03-01"), ("01/03/2020", "2020-03-01"), ("28/11/10", "2010-11-28"),
        ("28/11/98", "1998-11-28"), ("2010-11-28", "2010-11-28"), ("28.11.2010", "2010-11-28"),
        ("28-11-2010", "2010-11-28"), ("28 11 2010", "2010-11-28"), ("3 mars 2020", "2020-03-03"),
        ("1er février 2019", "2019-02-01"), ("1ER FEVRIER 2019", "2019-02-01"), ("Mardi 3 mars 2020", "2020-03-03"),
        ("3 août 2020", "2020-08-03"), ("15 déc. 2021", "2021-12-15"), ("29/02/2024", "2024-02-29"),
    )  # fmt: skip


@cahier("dates avec heure.xlsx")
def _(f):
    ecrites(
        f,
        (datetime.datetime(2020, 3, 1, 14, 30), "2020-03-01"), (datetime.datetime(2020, 3, 1, 23, 59, 59), "2020-03-01"),
        ("28/11/2010 00:00", "2010-11-28"), ("28/11/2010 09:30:00", "2010-11-28"), ("2010-11-28T00:00:00", "2010-11-28"),
        ("2010-11-28 10:15:00", "2010-11-28"), ("2010-11-28T00:00:00Z", "2010-11-28"), ("28/11/2010 10h30", "2010-11-28"),
    )  # fmt: skip


@cahier("dates et espaces.xlsx")
def _(f):
    ecrites(
        f,
        (" 28/11/2010 ", "2010-11-28"), ("\u00a028/11/2010\u00a0", "2010-11-28"), ("28 / 11 / 2010", "2010-11-28"),
        ("\u200e28/11/2010", "2010-11-28"), ("28/11/2010\u200b", "2010-11-28"), ("3\u00a0mars\u00a02020", "2020-03-03"),
        ("\u202f3 mars 2020", "2020-03-03"), ("28/11/2010\n", "2010-11-28"), ("28/11/2010\t", "2010-11-28"),
    )  # fmt: skip


@cahier("dates en numéros de série.xlsx")
def _(f):
    f.sans_csv = True
    ecrites(f, (44197, "2021-01-01"), (44197.0, "2021-01-01"), (44197.75, "2021-01-01"), ("44197", "2021-01-01"),
            (40510, "2010-11-28"), (25569, "1970-01-01"))  # fmt: skip


FORMATS = ("yyyy", "mmmm yyyy", "dd/mm/yy", "[$-40C]d mmmm yyyy;@", "mm/dd/yyyy", "dddd", "dd-mmm", "m/d/yy h:mm",
           "yyyy-mm-dd\\Thh:mm", '"le "dd/mm/yyyy', "[Red]dd/mm/yyyy", "[$-F800]dddd, mmmm dd, yyyy")  # fmt: skip


@cahier("dates d’affichage étrange.xlsx")
def _(f):
    """Real dates, shown as a year, as a month: the day is in the cell."""
    f.prete()
    for _format in FORMATS:
        f.prete(date_jugement=(datetime.datetime(2020, 2, 3), "2020-02-03"))

    def preparer(livre, feuille):
        for rang, format_ in enumerate(FORMATS, 3):
            feuille.cell(rang, 1).number_format = format_

    f.preparations.append(preparer)


@cahier("calendrier 1904.xlsx")
def _(f):
    """A workbook born on an old Mac counts its days from 1904."""
    f.prete(date_jugement=(datetime.datetime(2021, 3, 12), "2021-03-12"))
    f.prete(date_jugement=(datetime.datetime(2004, 2, 29), "2004-02-29"))
    f.prete(date_jugement=("12/03/2021", "2021-03-12"))
    f.preparations.append(en_1904)


@cahier("calendrier 1904, nombres.xlsx")
def _(f):
    """There too, a date may have lost its format: the number counts from 1904."""
    f.prete(date_jugement=(datetime.datetime(2021, 3, 12), "2021-03-12"))
    f.prete(date_jugement=(42735, "2021-01-01"))
    f.prete(date_jugement=(42735.5, "2021-01-01"))
    f.preparations.append(en_1904)


def en_1904(livre, feuille):
    livre.epoch = CALENDAR_MAC_1904


@cahier("dates impossibles.xlsx")
def _(f):
    f.banales(2)
    for ecrite, mot in (
        ("31/02/2020", "31 février"), ("29/02/2023", "29 février"), ("31/04/2021", "31 avril"), ("12/25/2020", "mois"),
        ("32/01/2020", "jour|32"), ("00/00/0000", "n’existe pas|pas une date"), ("2020", "année"), (2020, "année"),
        ("03/2020", "pas une date|jour"), ("mars 2020", "pas une date|jour"), ("bientôt", "pas une date"),
        ("12/05/2099", "futur"), (datetime.datetime(2099, 5, 12), "futur"), ("1er janvier 2099", "futur"),
        (73051, "futur|pas une date"), (12, "pas une date"), (True, "pas une date"), ("01/01/1820", "ancienne"),
        ("28/11/2010 et 03/04/2015", "pas une date|plusieurs|deux"), ("#VALUE!", "pas une date|erreur"),
    ):  # fmt: skip
        f.a_corriger({"date_jugement": mot}, date_jugement=ecrite)
    f.a_corriger({"date_jugement": "manque"}, date_jugement=None)
    f.a_corriger({"date_jugement": "manque"}, date_jugement="?")
