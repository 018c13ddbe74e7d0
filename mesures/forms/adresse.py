"""The adult's address: country, postal code, then the commune among all those of the code. Never a street."""

import re

from django import forms

from emjpm.commun.texte import propre
from emjpm.geographie.models import Commune
from mesures.enums import Pays

from .champs import TexteSansNom

CHAMPS_ADRESSE = ("pays", "code_postal", "commune", "ville")


class AdresseMixin(forms.Form):
    """Adds pays, code_postal, commune, ville to a form. Call `_preparer_adresse` at the end of __init__.

    « Communes » (a submit named `communes`) only fills the select: see `chercher_communes`.
    """

    pays = forms.ChoiceField(label="Pays", choices=Pays, widget=forms.RadioSelect, initial=Pays.FRANCE, required=False)
    code_postal = forms.CharField(
        label="Code postal",
        help_text="5 chiffres en France, 4 en Belgique",
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "em-court", "autocomplete": "off"}),
    )
    commune = forms.ModelChoiceField(
        label="Commune", queryset=Commune.objects.none(), required=False, empty_label="Choisir"
    )
    ville = TexteSansNom(label="Ville", help_text="En Belgique, en toutes lettres", max_length=80, required=False)

    def _preparer_adresse(self) -> None:
        """Offer the communes of the code already known; a single one is chosen."""
        for nom in ("pays", "commune", "ville"):
            self.fields[nom].sans_mention = True  # due with a postal code only
        code = self._code_donne()
        self.communes = list(Commune.objects.du_code_postal(code)) if len(code) == 5 and code.isdigit() else []
        champ = self.fields["commune"]
        champ.queryset = Commune.objects.filter(pk__in=[c.pk for c in self.communes])
        champ.choices = [("", "Choisir"), *((c.pk, str(c)) for c in self.communes)]
        champ.help_text = f"Toutes celles du {code}" if self.communes else ""
        if self.is_bound:
            nom = self.add_prefix("commune")
            if self.data.get(nom) not in {c.pk for c in self.communes}:
                self.data = self.data.copy()
                self.data[nom] = self.communes[0].pk if len(self.communes) == 1 else ""
        elif len(self.communes) == 1:
            self.initial.setdefault("commune", self.communes[0].pk)

    def _code_donne(self) -> str:
        brut = self["code_postal"].value() if "code_postal" in self.fields else ""
        return re.sub(r"\s", "", str(brut or ""))

    @property
    def en_belgique(self) -> bool:
        return self["pays"].value() == Pays.BELGIQUE

    def chercher_communes(self) -> None:
        """After « Communes »: keep what was typed, and speak only of the postal code."""
        for nom in list(self.errors):
            if nom != "code_postal":
                del self._errors[nom]

    def nettoyer_adresse(self, donnees: dict, *, ville_connue: str = "") -> None:
        """Check the address in `clean`; `ville_connue` is a town kept as it was for a code without commune."""
        donnees["pays"] = donnees.get("pays") or Pays.FRANCE
        code = donnees["code_postal"] = re.sub(r"\s", "", donnees.get("code_postal") or "")
        ville = propre(donnees.get("ville"))
        if donnees["pays"] == Pays.BELGIQUE:
            donnees["commune"], donnees["ville"] = None, ville
            if code and not re.fullmatch(r"\d{4}", code):
                self.add_error("code_postal", "Un code postal belge a 4 chiffres.")
            elif code and not ville and "ville" not in self.errors:
                self.add_error("ville", "Écrivez la ville.")
            return
        donnees["ville"] = ""
        if not code:
            donnees["commune"] = None
        elif re.fullmatch(r"\d{4}", code):
            self.add_error(
                "code_postal",
                f"{code} n’a que 4 chiffres. Si la personne vit en Belgique, choisissez « Belgique ».",
            )
        elif not re.fullmatch(r"\d{5}", code):
            self.add_error("code_postal", "Un code postal a 5 chiffres.")
        elif not self.communes:
            if ville_connue:
                donnees["ville"] = ville_connue
            else:
                self.add_error("code_postal", f"Aucune commune pour {code}. Vérifiez le code postal.")
        elif donnees.get("commune") is None and "commune" not in self.errors:
            self.add_error("commune", "Choisissez la commune.")
