"""Forms in the State's design system: one way to draw a field, whatever its widget.

`class MaForm(FormulaireDsfr, forms.Form)`, then in a template either `{{ form }}` (summary of errors and every
field) or, field by field, `{% include "composants/champ.html" with champ=form.nom only %}`.
Widget attributes set by the form itself (a class for the width, a placeholder) are kept.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList, flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

RADIOS, CASES, CASE, SELECT, FICHIER, TEXTE = "radios", "cases", "case", "select", "fichier", "texte"
_CLASSES = {SELECT: "fr-select", FICHIER: "fr-upload", TEXTE: "fr-input"}


class Rendu(TemplatesSetting):
    """Widgets and forms are drawn with the site's own templates (settings.FORM_RENDERER).

    Lists of choices excepted: Django's template opens three others for each option, which made a quarter of the time
    of a search page.
    """

    form_template_name = "composants/formulaire.html"

    def render(self, template_name, context, request=None):
        if template_name == forms.Select.template_name:
            return _liste(context["widget"])
        return super().render(template_name, context, request)


def _liste(widget: dict) -> SafeString:
    """A <select> as django/forms/widgets/select.html draws it."""
    morceaux = []
    for groupe, options, _ in widget["optgroups"]:
        lignes = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((str(o["value"]), flatatt(o["attrs"]), o["label"]) for o in options),
        )
        morceaux.append(format_html('<optgroup label="{}">{}</optgroup>', groupe, lignes) if groupe else lignes)
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), SafeString("".join(morceaux))
    )


def genre(champ: forms.BoundField) -> str:
    """The family of a field's widget: which markup it needs."""
    widget = champ.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return CASES
    if isinstance(widget, forms.RadioSelect):
        return RADIOS
    if isinstance(widget, forms.CheckboxInput):
        return CASE
    if isinstance(widget, forms.Select):
        return SELECT
    return FICHIER if isinstance(widget, forms.FileInput) else TEXTE


def _identifiant(champ: forms.BoundField) -> str:
    return champ.auto_id or champ.html_name


def attributs(champ: forms.BoundField) -> dict[str, str]:
    """Attributes of the control: DSFR class, state, and what a screen reader says with it."""
    identifiant, sorte, deja = _identifiant(champ), genre(champ), champ.field.widget.attrs
    if sorte in {RADIOS, CASES}:
        return {}  # the fieldset carries them
    attrs = {}
    base = _CLASSES.get(sorte)
    if base:
        fautif = f"{base}--error" if champ.errors else ""
        attrs["class"] = " ".join(dict.fromkeys(f"{base} {fautif} {deja.get('class', '')}".split()))
    decrit = deja.get("aria-describedby", "").split()
    decrit += [f"{identifiant}_aide"] * bool(champ.help_text) + [f"{identifiant}_erreur"] * bool(champ.errors)
    if decrit:
        attrs["aria-describedby"] = " ".join(dict.fromkeys(decrit))
    if champ.errors:
        attrs["aria-invalid"] = "true"
    return attrs


class ChampDsfr(forms.BoundField):
    """A bound field whose control carries its DSFR class and its descriptions however it is written."""

    def build_widget_attrs(self, attrs, widget=None):
        return super().build_widget_attrs({**attrs, **attributs(self)}, widget)


@dataclass(frozen=True)
class Dessin:
    """What composants/champ.html needs to know of a field."""

    champ: forms.BoundField
    genre: str
    identifiant: str
    optionnel: bool

    @property
    def id_aide(self) -> str:
        return f"{self.identifiant}_aide"

    @property
    def id_erreur(self) -> str:
        return f"{self.identifiant}_erreur"

    @property
    def decrit_par(self) -> str:
        """Ids read with a group of choices: its hint, then its errors."""
        ids = [self.id_aide] * bool(self.champ.help_text) + [self.id_erreur] * bool(self.champ.errors)
        return " ".join(ids)

    @property
    def controle(self) -> Any:
        """The control itself, safe to print: Django's own rendering of the widget."""
        return self.champ.as_widget(attrs=attributs(self.champ))


def dessin(champ: forms.BoundField) -> Dessin:
    """The drawing of any bound field, of a FormulaireDsfr or not."""
    sorte = genre(champ)
    # `sans_mention` on a field: due or not according to another answer, so « (optionnel) » would mislead.
    marquer = getattr(champ.form, "marquer_optionnels", True) and not getattr(champ.field, "sans_mention", False)
    return Dessin(
        champ=champ,
        genre=sorte,
        identifiant=_identifiant(champ),
        optionnel=marquer and sorte != CASE and not champ.field.required and not champ.field.disabled,
    )


def _preparer_widget(widget: forms.Widget) -> None:
    """What browsers want: the value of <input type="date"> in ISO, whatever the language."""
    if isinstance(widget, forms.DateInput) and (widget.input_type == "date" or widget.attrs.get("type") == "date"):
        widget.format = "%Y-%m-%d"
    if isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "numeric")


class FormulaireDsfr:
    """Mixin of every form of the site. `marquer_optionnels = False` suits search forms, where nothing is due."""

    bound_field_class = ChampDsfr
    template_name = "composants/formulaire.html"
    marquer_optionnels = True

    def __init__(self, *args, **kwargs):
        kwargs["label_suffix"] = kwargs.get("label_suffix") or ""
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            _preparer_widget(champ.widget)


@dataclass(frozen=True)
class Faute:
    """One line of the summary: where to go, what to mend."""

    cible: str
    libelle: str
    message: str

    @property
    def phrase(self) -> str:
        """« Commune : choisissez la commune. », « Où vit la personne ? Choisissez un lieu de vie. »"""
        if self.libelle.endswith("?"):
            return f"{self.libelle} {self.message[:1].upper()}{self.message[1:]}"
        return f"{self.libelle}\u00a0: {self.message}"


def suite(message: str) -> str:
    """A sentence after « Libellé : »: without its capital, unless it is an acronym or a number."""
    return message[:1].lower() + message[1:] if message[1:2].islower() or message[1:2] in {"’", " "} else message


def fautes(form: forms.BaseForm) -> list[Faute]:
    """The fields to mend, in the order of the page; hidden ones and the form's own errors are not among them."""
    lignes = []
    for champ in form.visible_fields():
        if champ.errors:
            cible = _identifiant(champ)
            if genre(champ) in {RADIOS, CASES}:
                cible = f"{cible}_0" if list(champ.field.choices) else f"{cible}_groupe"
            lignes.append(Faute(cible, str(champ.label), suite(str(champ.errors[0]))))
    return lignes


def fautes_generales(form: forms.BaseForm) -> ErrorList | list:
    """Errors of the whole form, and those of its hidden fields."""
    generales = list(form.non_field_errors())
    for champ in form.hidden_fields():
        generales += champ.errors
    return generales
