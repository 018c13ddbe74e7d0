"""Accounts in Django's admin: find, correct, suspend, reinstate. Nobody raises their own rights here."""

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.usersessions import admin as sessions_admin
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.template.response import TemplateResponse

from emjpm.commun.journal import difference, noter, photo

from . import services
from .models import Perimetre, Role, Utilisateur, adresse_normale

# Where and from what people sign in is their own business (« Mon compte », Sessions), not a table to browse.
admin.site.unregister(sessions_admin.UserSession)

_SUIVIS = ("email", "civilite", "prenom", "nom", "role", "is_active", "is_staff", "is_superuser", "partage_courriel")


class UtilisateurForm(forms.ModelForm):
    def clean_email(self) -> str:
        email = adresse_normale(self.cleaned_data["email"])
        if EmailAddress.objects.filter(email__iexact=email).exclude(user=self.instance.pk or 0).exists():
            raise forms.ValidationError("Un compte existe déjà pour cette adresse.")
        return email


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        required=False,
        max_length=500,
        help_text="Envoyé tel quel à la personne.",
        widget=forms.Textarea(attrs={"cols": 60, "rows": 3}),
    )


class FiltreFermeture(admin.SimpleListFilter):
    title, parameter_name = "fermeture", "fermeture"

    def lookups(self, request, model_admin):
        return [("demandee", "Demandée"), ("faite", "Faite")]

    def queryset(self, request, queryset):
        if self.value() == "demandee":
            a_finir = queryset.filter(fermeture_demandee_le__isnull=False)
            return a_finir.exclude(statut=Utilisateur.Statut.FERME)
        if self.value() == "faite":
            return queryset.filter(statut=Utilisateur.Statut.FERME)
        return queryset


class PerimetreEnLigne(admin.StackedInline):
    model = Perimetre
    extra = 0
    max_num = 1


@admin.register(Utilisateur)
class UtilisateurAdmin(admin.ModelAdmin):
    form = UtilisateurForm
    list_display = ("nom", "prenom", "email", "role", "statut", "last_login")
    list_display_links = ("nom", "prenom")
    list_filter = (FiltreFermeture, "role", "statut", "is_staff")
    list_per_page = 50
    search_fields = ("nom", "prenom", "email")
    search_help_text = "Nom, prénom ou e-mail"
    ordering = ("nom", "prenom", "pk")
    readonly_fields = ("statut", "statut_le", "motif_statut", "fermeture_demandee_le", "last_login", "date_joined")
    actions = ("suspendre", "retablir", "fermer", "envoyer_lien")
    fieldsets = (
        (None, {"fields": ("email", "civilite", "prenom", "nom", "role", "partage_courriel")}),
        ("Accès", {"fields": ("statut", "statut_le", "motif_statut", "fermeture_demandee_le", "is_active",
                              "last_login", "date_joined")}),
        ("Administration", {"fields": ("is_staff", "is_superuser", "groups")}),
    )  # fmt: skip

    # --- nobody raises their own rights --------------------------------------------------------------
    def get_readonly_fields(self, request, obj=None):
        champs = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return champs
        return (*champs, "is_staff", "is_superuser", "groups")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role" and not request.user.is_superuser:
            kwargs["choices"] = [("", "---------"), *((r.value, r.label) for r in Role if r != Role.SUPPORT)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None) -> bool:
        """The team's own accounts (whose address would open a reset) are a superuser's business."""
        if obj is not None and (obj.is_staff or obj.is_superuser) and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # an account is suspended or closed, never erased from here: the journal points to it

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """`?password__startswith=` would tell a hash letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_inlines(self, request, obj):
        return [PerimetreEnLigne] if obj is not None and obj.role == Role.DIRECTION else []

    # --- writes --------------------------------------------------------------------------------------
    def save_model(self, request, obj, form, change) -> None:
        """The row, the address allauth knows, and the line of journal, together."""
        with transaction.atomic():
            avant = photo(Utilisateur.objects.get(pk=obj.pk), _SUIVIS) if change else None
            if not change:
                obj.statut = Utilisateur.Statut.VALIDE
                obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            if avant is None or avant["email"] != obj.email:
                EmailAddress.objects.filter(user=obj).delete()
                EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=False)
                services.fermer_les_sessions(obj)
            changements = difference(avant, photo(obj, _SUIVIS)) if avant else {"role": [None, obj.role]}
            if "email" in changements:
                changements["email"] = ["…", "…"]  # that it changed, not what it is
            acte = "compte.corriger" if change else "compte.creer"
            noter(par=request.user, acte=acte, objet=obj, changements=changements)

    def _appliquer(self, request, queryset, acte, participe: str, quoi: str = "accès") -> None:
        faits = []
        for utilisateur in queryset:
            try:
                acte(utilisateur)
            except services.ActeImpossible as erreur:
                messages.warning(request, str(erreur))
            else:
                faits.append(str(utilisateur))
        if faits:
            s = "s" if len(faits) > 1 else ""
            quoi = quoi if quoi.endswith("s") else f"{quoi}{s}"
            messages.success(request, f"{len(faits)} {quoi} {participe}{s} : {', '.join(faits)}.")

    @admin.action(description="Suspendre l’accès", permissions=["change"])
    def suspendre(self, request, queryset):
        """The reason is asked on the next page; live sessions are closed at once."""
        form = MotifForm(request.POST if "_suspendre" in request.POST else None)
        if form.is_bound and form.is_valid():
            motif = form.cleaned_data["motif"]
            self._appliquer(
                request,
                queryset,
                lambda u: services.suspendre(utilisateur=u, par=request.user, motif=motif),
                "suspendu",
            )
            return None
        contexte = {
            **self.admin_site.each_context(request),
            "title": "Suspendre ces accès",
            "form": form,
            "utilisateurs": queryset,
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/comptes/suspendre.html", contexte)

    @admin.action(description="Rétablir l’accès", permissions=["change"])
    def retablir(self, request, queryset):
        self._appliquer(request, queryset, lambda u: services.retablir(utilisateur=u, par=request.user), "rétabli")

    @admin.action(description="Fermer le compte", permissions=["change"])
    def fermer(self, request, queryset):
        """What each one still follows is shown first: the team decides with the figures in sight."""
        if "_fermer" in request.POST:
            self._appliquer(
                request, queryset, lambda u: services.fermer(utilisateur=u, par=request.user), "fermé", "compte"
            )
            return None
        contexte = {
            **self.admin_site.each_context(request),
            "title": "Fermer ces comptes",
            "utilisateurs": queryset.select_related("membre__mandataire"),
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/comptes/fermer.html", contexte)

    @admin.action(description="Envoyer un lien pour choisir le mot de passe", permissions=["change"])
    def envoyer_lien(self, request, queryset):
        utilisateurs = list(queryset.filter(is_active=True).exclude(statut=Utilisateur.Statut.FERME))
        with transaction.atomic():
            for utilisateur in utilisateurs:
                request_password_reset(request, utilisateur.email, [utilisateur], default_token_generator)
                noter(par=request.user, acte="compte.envoyer_lien", objet=utilisateur)
        s = "s" if len(utilisateurs) > 1 else ""
        messages.success(request, f"{len(utilisateurs)} lien{s} envoyé{s}.")
        if len(utilisateurs) < queryset.count():
            messages.warning(request, "Rien n’est envoyé à un compte fermé ou inactif : rétablissez-le d’abord.")
