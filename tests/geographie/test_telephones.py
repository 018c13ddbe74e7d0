"""French numbers, overseas included, however they are written."""

import pytest

from emjpm.geographie.telephones import numero_francais, numero_lisible


@pytest.mark.parametrize(
    ("ecrit", "numero", "lisible"),
    [
        ("03 87 56 75 00", "+33387567500", "03 87 56 75 00"),
        ("3 87 56 75 00", "+33387567500", "03 87 56 75 00"),
        ("+33 (0)3 87 56 75 00", "+33387567500", "03 87 56 75 00"),
        ("0033 3 87 56 75 00", "+33387567500", "03 87 56 75 00"),
        ("0477433300/1", "+33477433300", "04 77 43 33 00"),
        ("06.39.98.12.34", "+33639981234", "06 39 98 12 34"),
        ("0700000000", "+33700000000", "07 00 00 00 00"),  # a range not in service yet
        ("0 800 00 00 00", "+33800000000", "0 800 00 00 00"),  # everywhere French, never +590
        ("0(590)896950", "+590590896950", "0590 89 69 50"),
        ("0(596)484141", "+596596484141", "0596 48 41 41"),
        ("2 62 40 23 45", "+262262402345", "0262 40 23 45"),
        ("+262 262 40 23 45", "+262262402345", "0262 40 23 45"),
        ("0694 12 34 56", "+594694123456", "0694 12 34 56"),
        ("00(687)279350", "+687279350", "+687 27.93.50"),
    ],
)
def test_it_is_understood(ecrit, numero, lisible):
    assert numero_francais(ecrit) == numero
    assert numero_lisible(numero) == lisible


@pytest.mark.parametrize("ecrit", ["", None, "12", "00 00 00 00 00", "abc", "+33", "9" * 40, "01 23 45"])
def test_it_is_refused(ecrit):
    assert numero_francais(ecrit) is None
