"""Fields of the registration forms, with the words of their errors; and the commune of a postal code."""

from django import forms
from django.core.exceptions import ValidationError
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

from emjpm.commun.texte import propre
from emjpm.geographie.models import Commune
from emjpm.geographie.querysets import nom_de_commune
from emjpm.geographie.telephones import numero_francais
from mandataires.models import Mandataire
from mandataires.validateurs import chiffres, valider_finess, valider_siret

TELEPHONE_FAUX = "Ce numéro n’est pas complet. Exemple : 01 99 00 41 27"
SIRET_PRIS = "Ce SIRET est déjà celui d’un compte. Contactez l’équipe si c’est le vôtre."


class ChampTexte(forms.CharField):
    """A line of text: stray spaces removed, our words when it is empty."""

    def __init__(self, *, vide: str = "Remplissez ce champ.", **options):
        super().__init__(**options)
        self.error_messages["required"] = vide

    def to_python(self, value):
        return propre(super().to_python(value))


class ChampVerifieApres(ChampTexte):
    """A line of text that is due, but judged with its neighbours in the form's `clean`."""

    def validate(self, value):
        return


class ChampChoixVerifieApres(forms.ModelChoiceField):
    """A choice shown as due, whose absence is judged with its neighbours."""

    def validate(self, value):
        return


class ChampPlusieurs(forms.ModelMultipleChoiceField):
    """Several choices by key; a number no database can hold is no key (SQLite refuses it with an error)."""

    def clean(self, value):
        if isinstance(value, list | tuple) and any(len(str(cle)) > 18 for cle in value):
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super().clean(value)


class ChampTelephone(PhoneNumberField):
    """A French number, overseas ones included, however it is typed: the rule of the profile (`numero_francais`)."""

    default_validators = ()  # `to_python` judges

    def __init__(self, **options):
        super().__init__(**options)
        self.error_messages |= {"invalid": TELEPHONE_FAUX, "required": "Écrivez un numéro de téléphone."}
        self.widget.attrs["autocomplete"] = "tel"

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        numero = numero_francais(value)
        if numero is None:
            raise ValidationError(TELEPHONE_FAUX, code="invalid")
        return PhoneNumber.from_string(numero)


class ChampSiret(forms.CharField):
    """A SIRET nobody has yet: returns its 14 digits."""

    def __init__(self, **options):
        options.setdefault("label", "SIRET")
        options.setdefault("help_text", "14 chiffres, espaces permis. Exemple : 732 829 320 00074")
        super().__init__(max_length=40, **options)
        self.error_messages["required"] = "Écrivez votre SIRET."
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "em-moyen"}
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value):
        numero = chiffres(super().clean(value))
        if numero:
            valider_siret(numero)
            if Mandataire.objects.filter(siret=numero).exists():
                raise ValidationError(SIRET_PRIS, code="siret_pris")
        return numero


class ChampFiness(forms.CharField):
    def __init__(self, **options):
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"autocomplete": "off", "class": "em-moyen"}
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value):
        numero = chiffres(super().clean(value)).upper()
        if numero:
            valider_finess(numero)
        return numero


def communes_du_code(code: str) -> list[Commune]:
    """Communes of a postal code as typed, the largest first."""
    numero = chiffres(code)
    return list(Commune.objects.du_code_postal(numero)) if numero.isdigit() and len(numero) == 5 else []


def resoudre_commune(form: forms.Form, prefixe: str = "") -> None:
    """Turn « code postal » and « commune » as typed into a Commune, or say what is missing.

    The commune may be a name or the INSEE code of a choice offered before; alone in its postal code, it need not be
    typed. When several are possible `form.communes_proposees[prefixe]` holds them.
    """
    code_champ, commune_champ = f"{prefixe}code_postal", f"{prefixe}commune"
    saisi, code = form.cleaned_data.get(commune_champ) or "", chiffres(form.cleaned_data.get(code_champ) or "")
    form.cleaned_data[commune_champ] = None
    if not code:
        return
    communes = communes_du_code(code)
    if not communes:
        form.add_error(code_champ, "Ce code postal n’existe pas. Exemple : 57000")
        return
    form.cleaned_data[code_champ] = code
    voulue = nom_de_commune(saisi)
    choisies = [c for c in communes if saisi == c.insee or (voulue and c.nom_normalise == voulue)]
    ancien_choix = saisi.upper()[:5].isalnum() and len(saisi) == 5 and saisi[-3:].isdigit()
    if not choisies and len(communes) == 1 and (not saisi or ancien_choix):
        choisies = communes
    if choisies:
        form.cleaned_data[commune_champ] = choisies[0]
        return
    form.communes_proposees[prefixe] = communes
    noms = ", ".join(c.nom for c in communes[:3]) + (", …" if len(communes) > 3 else "")
    if saisi and not ancien_choix:
        form.add_error(commune_champ, f"{saisi} n’a pas le code {code}. Choisissez : {noms}")
    else:
        form.add_error(commune_champ, f"{len(communes)} communes ont le code {code}. Choisissez : {noms}")
