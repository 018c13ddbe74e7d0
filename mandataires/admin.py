"""The mandataires, for the team: find one (accents and typos aside), correct, with a line of journal each time."""

from django import forms
from django.contrib import admin, messages

from emjpm.commun.administration import AdminJournalise
from emjpm.commun.templatetags.emjpm import nombre
from emjpm.commun.texte import normaliser
from emjpm.geographie.querysets import nom_de_commune

from . import services
from .admin_demandes import DemandeTribunalAdmin
from .models import Atout, CapaciteDepartement, Habilitation, Lieu, Mandataire, Membre
from .validateurs import chiffres, sans_nom

__all__ = ["DemandeTribunalAdmin", "MandataireAdmin"]


class MandataireForm(forms.ModelForm):
    # Written « 732 829 320 00074 » or bare: the model's 14 characters are for the digits.
    siret = forms.CharField(label="SIRET", max_length=20, required=False)

    class Meta:
        model = Mandataire
        fields = ["categorie", *services.CHAMPS_PROFIL]

    def clean_siret(self) -> str:
        return chiffres(self.cleaned_data["siret"])

    def clean_secteur(self) -> str:
        return sans_nom(self.cleaned_data["secteur"])

    def clean_preferences(self) -> str:
        return sans_nom(self.cleaned_data["preferences"])


class LieuForm(forms.ModelForm):
    detacher = forms.BooleanField(
        label="Retirer malgré ses mesures",
        required=False,
        help_text="Avec « Supprimer » : ses mesures restent au mandataire, sans antenne.",
    )


class LieuxForms(forms.BaseInlineFormSet):
    """A place leaves by the act of « Mes informations » (services.retirer_lieu): never with what hangs on it unsaid."""

    par = None

    def clean(self):
        super().clean()
        for ligne in self.deleted_forms:
            lieu = ligne.instance
            if lieu.pk is None:
                continue
            refus = services.refus_de_retrait(lieu)
            mesures = lieu.mesures.count()
            if not refus and mesures and not ligne.cleaned_data.get("detacher"):
                s = "s" if mesures > 1 else ""
                refus = (
                    f"{nombre(mesures)} mesure{s} y {'sont' if s else 'est'} : cochez aussi « Retirer malgré ses "
                    "mesures », elles restent au mandataire sans antenne."
                )
            if refus:
                raise forms.ValidationError(f"{lieu}. {refus}")

    def delete_existing(self, obj, commit=True):
        if commit:
            services.retirer_lieu(lieu=obj, par=self.par)


class LieuEnLigne(admin.StackedInline):
    model, form, formset = Lieu, LieuForm, LieuxForms
    extra = 0
    autocomplete_fields = ["commune"]
    readonly_fields = ["latitude", "longitude", "precision"]


class MembresForms(forms.BaseInlineFormSet):
    """What « Membres » holds true is held here too: the role, the antenne, an administrator who stays."""

    def clean(self):
        super().clean()
        restent = [f for f in self.forms if f.cleaned_data.get("utilisateur") and not f.cleaned_data.get("DELETE")]
        for ligne in restent:
            donnees = ligne.cleaned_data
            personne = donnees["utilisateur"]
            if ligne.has_changed() and personne.role != self.instance.categorie:
                role = personne.get_role_display()
                raise forms.ValidationError(f"{personne} a le rôle « {role} » : il ne va pas avec cette catégorie.")
            if donnees.get("administrateur") and donnees.get("lieu"):
                mots = f"{personne} : un administrateur agit pour tout le service, sans antenne."
                raise forms.ValidationError(mots)
        seuls = restent and not any(f.cleaned_data.get("administrateur") for f in restent)
        if self.instance.est_service and seuls and any(f.has_changed() for f in self.forms):
            raise forms.ValidationError(services.DERNIER)


class MembreEnLigne(admin.TabularInline):
    model, formset = Membre, MembresForms
    extra = 0
    raw_id_fields = ["utilisateur"]

    def get_formset(self, request, obj=None, **kwargs):
        """The antennes offered are those of this service: one of another would show its mesures to nobody."""
        lignes = super().get_formset(request, obj, **kwargs)
        siens = obj.lieux.select_related("commune") if obj is not None and obj.est_service else Lieu.objects.none()
        lignes.form.base_fields["lieu"].queryset = siens
        return lignes


class HabilitationEnLigne(admin.TabularInline):
    model = Habilitation
    extra = 0
    autocomplete_fields = ["tribunal"]


class CapaciteEnLigne(admin.TabularInline):
    model = CapaciteDepartement
    extra = 0


class AtoutEnLigne(admin.TabularInline):
    model = Atout
    extra = 0
    verbose_name = "langue ou compétence"
    verbose_name_plural = "langues et compétences"


class FiltreRetire(admin.SimpleListFilter):
    title, parameter_name = "recherches", "recherches"

    def lookups(self, request, model_admin):
        return [("presents", "Présents"), ("retires", "Retirés")]

    def queryset(self, request, queryset):
        if self.value() in {"presents", "retires"}:
            return queryset.filter(retire_le__isnull=self.value() == "presents")
        return queryset


@admin.register(Mandataire)
class MandataireAdmin(AdminJournalise):
    form = MandataireForm
    nom_acte = "mandataire"
    list_display = ["nom", "categorie", "siret", "capacite", "courriel", "actualise_le"]
    list_filter = ["categorie", FiltreRetire]
    search_fields = ["nom_normalise", "siret", "courriel", "membres__utilisateur__email"]
    search_help_text = "Nom (sans souci des accents), SIRET ou adresse électronique"
    readonly_fields = ["verifie_le", "actualise_le", "rappele_le", "retire_le", "cree_le", "modifie_le"]
    actions = ["revenir"]
    inlines = [LieuEnLigne, MembreEnLigne, HabilitationEnLigne, CapaciteEnLigne, AtoutEnLigne]
    list_per_page = 50

    def get_search_results(self, request, queryset, search_term):
        terme = chiffres(search_term) if chiffres(search_term).isdigit() else search_term
        if "@" not in terme:
            terme = normaliser(terme)
        return super().get_search_results(request, queryset, terme)

    def save_model(self, request, obj, form, change):
        obj.nom_normalise = normaliser(obj.nom)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """A place whose commune was changed goes to that commune's point; its name stays searchable."""
        if formset.model is Lieu:
            formset.par = request.user
            for ligne in formset.forms:
                ligne.instance.nom_normalise = nom_de_commune(ligne.instance.nom)
                if not {*services.CHAMPS_ADRESSE}.isdisjoint(ligne.changed_data):
                    services.situer_lieu(ligne.instance)
        super().save_formset(request, form, formset, change)

    @admin.action(description="Remettre dans les recherches", permissions=["change"])
    def revenir(self, request, queryset):
        """For a mandataire everybody had left, once somebody has an open account there again."""
        for mandataire in queryset:
            try:
                services.revenir(mandataire=mandataire, par=request.user)
            except services.ActeImpossible as refus:
                messages.warning(request, str(refus))
            else:
                messages.success(request, f"{mandataire} : les tribunaux le voient à nouveau.")
