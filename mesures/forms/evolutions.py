"""« Noter une évolution », and correct one: the fields of its kind, offered as things were at its date."""

from copy import copy
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.templatetags.emjpm import date_longue
from mesures.enums import EN_ETABLISSEMENT, Champ, GenreEvolution, LieuVie, Nature
from mesures.models import Evolution, Mesure
from mesures.services.chaine import LIEU, Chaine, apres, groupes_de, natures_possibles
from mesures.services.commun import sans_adresse
from mesures.services.evolutions import FAITS, faute_date, faute_terme, sans_issue

from .adresse import CHAMPS_ADRESSE, AdresseMixin
from .champs import DateFrancaise, choix_etablissement, en_phrase

NATURE, CHAMP = ("nature",), ("champ",)


class EvolutionForm(FormulaireDsfr, AdresseMixin):
    """`evolution` given: it is corrected. `impasse` says why no nature can be offered; there is nothing to fill then.

    Choices and hints are those of the date typed, or of today before it is: an evolution noted late is compared to
    what the mesure was then.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    jour = DateFrancaise(label="Date de la décision", error_messages={"required": "Écrivez la date de la décision."})
    jusqu_au = DateFrancaise(label="Nouvelle fin de la mesure", required=False)
    nature = forms.ChoiceField(
        label="Nouvelle nature",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une nature différente."),
    )
    champ = forms.ChoiceField(
        widget=forms.RadioSelect,
        required=False,
        choices=en_phrase(Champ.choices),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez un champ différent."),
    )
    lieu_vie = forms.ChoiceField(
        label="Nouveau lieu de vie",
        widget=forms.RadioSelect,
        choices=LieuVie,
        error_messages={"required": "Choisissez un lieu de vie."},
    )
    type_etablissement = forms.ChoiceField(
        label="Type d’établissement",
        choices=choix_etablissement,
        required=False,
        help_text="Seulement si la personne vit en établissement",
        widget=forms.Select(attrs={"class": "em-moyen", "data-seulement-si": "lieu_vie etablissement"}),
    )
    field_order = ["version", "jour", "jusqu_au", "nature", "champ", "lieu_vie", "type_etablissement", *CHAMPS_ADRESSE]

    def __init__(self, donnees=None, *, genre: str, mesure: Mesure, evolution: Evolution | None = None, jour=None):
        self.genre, self.mesure, self.evolution = GenreEvolution(genre), mesure, evolution
        self._chaine = Chaine(copy(mesure))
        initial = {"version": mesure.version, "jour": jour} | self._connus()
        super().__init__(donnees, initial=initial)
        garder = {"version", "jour", *FAITS[self.genre]}
        if self.genre == GenreEvolution.RECONDUCTION:
            garder.add("jusqu_au")
        if self.genre == GenreEvolution.LIEU_VIE and sans_adresse(mesure.nature, ""):
            garder -= {*CHAMPS_ADRESSE}
        for nom in self.fields.keys() - garder:
            del self.fields[nom]
        if not self.genre.decidee:
            self.fields["jour"].label = "Date du changement"
            self.fields["jour"].error_messages["required"] = "Écrivez la date du changement."
        if mesure.date_jugement:
            self.fields["jour"].help_text = f"Après le jugement du {date_longue(mesure.date_jugement)}"
        self.impasse = ""
        self._proposer()

    def _connus(self) -> dict:
        """What the evolution to correct says; it is then taken out, so that the rest is what it was without it."""
        if self.evolution is None:
            return {}
        celle = self._chaine.celle(self.evolution.pk)
        connus = {"jour": celle.date, "jusqu_au": celle.jusqu_au}
        for groupe in groupes_de(celle):
            connus |= apres(celle, groupe)
            self._chaine.oter(celle, groupe)
        return connus

    def _renvoyee(self, jour: date | None) -> Evolution | None:
        """The same answers sent again: the choices are those of the first time (services.evolutions says the rest)."""
        if not self.is_bound or self.evolution is not None or "nature" not in self.fields:
            return None
        dite = (self.genre, jour, self.data.get(self.add_prefix("nature")))
        avec = (e for e in self._chaine.evolutions if "nature" in e.changements)
        return next((e for e in avec if (e.genre, e.date, e.changements["nature"][1]) == dite), None)

    def _proposer(self) -> None:
        jour = self._jour_donne()
        renvoyee = self._renvoyee(jour)
        if renvoyee is not None:
            self._chaine.oter(renvoyee, NATURE)
        quand = f"Au {date_longue(jour)}" if jour and self._ancien(jour) else "Aujourd’hui"
        if "nature" in self.fields:
            nature = self._alors(NATURE, jour)["nature"]
            possibles = natures_possibles(self.genre, nature)
            self.impasse = sans_issue(self.genre, nature)
            champ = self.fields["nature"]
            champ.choices = [(n, Nature(n).label) for n in possibles]
            champ.help_text = f"{quand} : {_bas(Nature(nature).label)}"
            if len(possibles) == 1:
                self.initial.setdefault("nature", possibles[0])
        if "champ" in self.fields:
            champ = self._alors(CHAMP, jour)["champ"]
            self.fields["champ"].help_text = f"{quand} : {Champ(champ).label if champ else 'non précisé'}"
            if self.genre == GenreEvolution.CHAMP:
                self.fields["champ"].required = True
                self.fields["champ"].label = "Nouveau champ"
            else:
                self.initial.setdefault("champ", champ)
                self.fields["champ"].sans_mention = bool(champ)
        if "lieu_vie" in self.fields:
            lieu = self._alors(LIEU, jour)["lieu_vie"]
            self.fields["lieu_vie"].help_text = f"{quand} : {_bas(LieuVie(lieu).label) if lieu else 'non renseigné'}"
            self.fields["type_etablissement"].sans_mention = True
            if "code_postal" in self.fields:
                self._preparer_adresse()

    def _alors(self, groupe: tuple[str, ...], jour: date | None) -> dict:
        return self._chaine.valeurs_au(jour or date.max, groupe)

    def _ancien(self, jour: date) -> bool:
        """Does a later evolution change what this one does?"""
        champs = set(FAITS[self.genre])
        return any(e.date > jour and champs & set(e.changements) for e in self._chaine.evolutions)

    def _jour_donne(self) -> date | None:
        if self.is_bound or self.initial.get("jour"):
            try:
                return self.fields["jour"].clean(self["jour"].value())
            except ValidationError:
                return None
        return None

    @property
    def remontable(self) -> bool:
        """No nature today, but perhaps at an earlier date: the mesure has known another."""
        return bool(self.impasse) and any("nature" in e.changements for e in self._chaine.evolutions)

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        faute = faute_date(self.mesure, self.genre, jour)
        if faute:
            raise ValidationError(faute, code="date")
        return jour

    def clean(self) -> dict:
        donnees = super().clean()
        if self.impasse and "nature" in self.fields:
            self._errors.pop("nature", None)
            self.add_error(None, self.impasse)
        jour = donnees.get("jour")
        faute = faute_terme(jour, donnees.get("jusqu_au")) if jour else ""
        if faute:
            self.add_error("jusqu_au", faute)
        if "lieu_vie" in self.fields:
            self._nettoyer_lieu(donnees)
        return donnees

    def _nettoyer_lieu(self, donnees: dict) -> None:
        lieu_vie = donnees.get("lieu_vie", "")
        if lieu_vie not in EN_ETABLISSEMENT:
            donnees["type_etablissement"] = ""
        elif not donnees.get("type_etablissement"):
            self.add_error("type_etablissement", "Choisissez le type d’établissement.")
        if sans_adresse(self.mesure.nature, lieu_vie):
            for nom in CHAMPS_ADRESSE:
                self._errors.pop(nom, None)
            donnees |= {"pays": "", "code_postal": "", "commune": None, "ville": ""}
            return
        connue = self.mesure.code_postal == donnees.get("code_postal")
        self.nettoyer_adresse(donnees, ville_connue=self.mesure.ville if connue else "")

    def faits(self) -> dict:
        """Arguments of services.evolutions."""
        faits = {nom: self.cleaned_data[nom] for nom in FAITS[self.genre]}
        return {"jour": self.cleaned_data["jour"], "jusqu_au": self.cleaned_data.get("jusqu_au"), "faits": faits}


def _bas(libelle: str) -> str:
    return libelle if libelle[1:2].isupper() else f"{libelle[:1].lower()}{libelle[1:]}"
