"""What is asked to act on several mesures at once: one line a mesure to end them, one answer for all to move them."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from mandataires.models import Mandataire
from mesures.listes import SANS_ANTENNE, antennes_de
from mesures.models import Mesure
from mesures.services.groupes import Fin
from mesures.services.mandat import faute_date_fin
from tribunaux.models import Tribunal

from .champs import DateFrancaise, TexteSansNom, choix_motif_fin, tribunaux_par_groupe


class FinForm(FormulaireDsfr, forms.Form):
    """A motif and a date, for one mesure or for all: nothing is due by itself, see LignesDeFin."""

    marquer_optionnels = False

    motif = forms.ChoiceField(label="Motif de fin", choices=[("", "Choisir"), *choix_motif_fin()], required=False)
    date_fin = DateFrancaise(label="Date de fin", required=False)


class LigneFin(FinForm):
    """One mesure to end; what it leaves blank is what was said « pour toutes »."""

    def __init__(self, *args, mesure: Mesure, **kwargs):
        self.mesure = mesure
        super().__init__(*args, prefix=f"m{mesure.pk}", **kwargs)

    def completer(self, commun: FinForm) -> Fin | None:
        """The end of this mesure, or None with what to mend beside its field."""
        self.is_valid()
        motif = self.cleaned_data.get("motif") or commun.cleaned_data.get("motif")
        jour = self.cleaned_data.get("date_fin") or commun.cleaned_data.get("date_fin")
        if not motif and "motif" not in self.errors:
            self.add_error("motif", "Choisissez un motif.")
        if "date_fin" not in self.errors:
            faute = faute_date_fin(self.mesure, jour) if jour else ""
            if not jour and "date_fin" not in commun.errors:
                faute = "Écrivez la date de fin."
            if faute:
                self.add_error("date_fin", faute)
        return Fin(self.mesure, motif, jour) if motif and jour and not self.errors else None

    def reprendre(self, commun: FinForm) -> None:
        """Alone on its page, it shows what was said « pour toutes » where it was blank, with what is to mend in it."""
        self.data = self.data.copy()
        for nom in self.fields:
            if not self.data.get(self.add_prefix(nom)):
                self.data[self.add_prefix(nom)] = commun.data.get(commun.add_prefix(nom), "")
                if nom in commun.errors and nom not in self.errors:
                    self.add_error(nom, commun.errors[nom])


class LignesDeFin:
    """The page « Mettre fin à plusieurs mandats »: the answer for all, then a line a mesure."""

    def __init__(self, mesures: list[Mesure], donnees=None):
        self.commun = FinForm(donnees, prefix="toutes")
        self.lignes = [LigneFin(donnees, mesure=mesure) for mesure in mesures]

    def fins(self) -> list[Fin]:
        """Those that can be done; the others keep what was typed, with what to mend."""
        self.commun.is_valid()
        return [fin for ligne in self.lignes if (fin := ligne.completer(self.commun))]

    @property
    def seule(self) -> bool:
        """One line needs no answer « for all »."""
        return len(self.lignes) == 1

    def garder(self, mesures: set[int]) -> None:
        """Only the lines of these mesures stay on the page; the last one takes over the answer for all."""
        self.lignes = [ligne for ligne in self.lignes if ligne.mesure.pk in mesures]
        if self.seule:
            self.lignes[0].reprendre(self.commun)
            self.commun = FinForm(prefix="toutes")


class TribunalForm(FormulaireDsfr, forms.Form):
    """The court to which several mesures go."""

    tribunal = forms.ModelChoiceField(
        label="Tribunal",
        queryset=Tribunal.objects.ouverts(),
        error_messages={"required": "Choisissez le tribunal.", "invalid_choice": "Choisissez un tribunal de la liste."},
    )
    cabinet = TexteSansNom(
        label="Cabinet",
        help_text="Celui d’aujourd’hui n’est pas gardé : c’est un cabinet de l’autre tribunal",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "em-court", "autocomplete": "off"}),
    )

    def __init__(self, *args, mandataire: Mandataire, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tribunal"].choices = tribunaux_par_groupe(mandataire)


class AntenneForm(FormulaireDsfr, forms.Form):
    """The antenne, or the establishment, to which several mesures go; or none."""

    antenne = forms.ChoiceField()

    def __init__(self, *args, mandataire: Mandataire, **kwargs):
        self.mandataire = mandataire
        super().__init__(*args, **kwargs)
        champ, mots = self.fields["antenne"], mandataire.mots_du_lieu
        champ.label, champ.choices = mots.titre, [("", "Choisir"), *antennes_de(mandataire)]
        champ.error_messages |= {
            "required": f"Choisissez {mots.le}.",
            "invalid_choice": f"Choisissez {mots.un} de la liste.",
        }

    def lieu(self):
        choisie = self.cleaned_data["antenne"]
        return None if choisie == SANS_ANTENNE else self.mandataire.lieux.select_related("commune").get(pk=choisie)
