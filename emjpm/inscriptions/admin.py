"""The team's queue of requests, in Django's admin: see what is needed to decide, decide, one or many."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import jours_depuis
from mandataires.models import Mandataire
from mesures.disponibilite import avec_disponibilite

from . import services, verification
from .doublons import Annuaire, examiner
from .filtres import FiltreAVerifier, FiltreEtat, FiltreRole, a_verifier
from .models import DemandeInscription

Etat = DemandeInscription.Etat
RIEN = mark_safe('<span class="em-admin-note">aucun</span>')
SANS_OBJET = mark_safe('<span class="em-admin-note">sans objet</span>')


def icone(nom: str, mot: str) -> str:
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{nom}.svg"), mot)


class DecisionForm(forms.Form):
    note_interne = forms.CharField(
        label="Note interne",
        required=False,
        help_text="Lue par l’équipe seulement.",
        widget=forms.Textarea(attrs={"cols": 60, "rows": 2}),
    )
    motif = forms.CharField(
        label="Motif du refus",
        required=False,
        max_length=500,
        help_text="Envoyé tel quel à la personne. À remplir seulement pour refuser.",
        error_messages={"max_length": "Le motif tient en 500 caractères."},
        widget=forms.Textarea(attrs={"cols": 60, "rows": 3}),
    )

    def __init__(self, *args, refus: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.refus = refus

    def clean_motif(self) -> str:
        motif = self.cleaned_data["motif"].strip()
        if self.refus and not motif:
            raise forms.ValidationError("Indiquez le motif du refus.")
        return motif


class FileAttente(ChangeList):
    """Adds to each row what needs the whole directory: possible duplicates."""

    def get_results(self, request) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        a_verifier(request)
        examiner(self.result_list, request.annuaire)


@admin.register(DemandeInscription)
class DemandeInscriptionAdmin(admin.ModelAdmin):
    list_display = ("anciennete", "personne", "role_demande", "numero", "tribunaux_demandes", "doublons")
    list_display_links = None  # the name alone is a link (see `personne`)
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_filter = (FiltreEtat, FiltreRole, FiltreAVerifier)
    list_per_page = 50
    search_fields = ("utilisateur__nom", "utilisateur__prenom", "utilisateur__email", "siret", "tribunaux__ville")
    search_help_text = "Nom, e-mail, SIRET, ville d’un tribunal"
    ordering = ("cree_le", "pk")
    actions = ("valider", "refuser")

    # --- who ---------------------------------------------------------------------------------------
    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    # --- the queue ---------------------------------------------------------------------------------
    def get_changelist(self, request, **kwargs):
        return FileAttente

    def get_queryset(self, request):
        return verification.avec_de_quoi_decider(super().get_queryset(request))

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return super().changelist_view(request, {"title": verification.file_d_attente().titre, **(extra_context or {})})

    @admin.display(description="Depuis", ordering="cree_le")
    def anciennete(self, demande):
        return verification.depuis(jours_depuis(demande.cree_le))

    @admin.display(description="Personne", ordering="utilisateur__nom")
    def personne(self, demande):
        nom = format_html(
            '<a href="{}"><strong>{}</strong></a><br><span class="em-admin-note">{}</span>',
            reverse("admin:inscriptions_demandeinscription_change", args=[demande.pk]),
            demande.utilisateur.get_full_name(),
            demande.utilisateur.email,
        )
        if verification.verifiee(demande):
            return nom
        return format_html("{}<br>{} <strong>e-mail non vérifié</strong>", nom, icone("no", ""))

    @admin.display(description="Rôle", ordering="role")
    def role_demande(self, demande):
        return verification.role_court(demande)

    @admin.display(description="SIRET, FINESS")
    def numero(self, demande):
        numero = verification.numero(demande)
        if numero.valide is None:
            return SANS_OBJET
        if numero.valide:
            return format_html('<span class="nowrap">{} {}</span>', icone("yes", "Valide :"), numero.texte)
        return format_html(
            '<span class="nowrap">{} {}</span><br><strong>{}</strong>',
            icone("no", "Non valide :"),
            numero.texte,
            numero.raison,
        )

    @admin.display(description="Tribunaux demandés")
    def tribunaux_demandes(self, demande):
        return verification.ou(demande) or RIEN

    @admin.display(description="Doublons")
    def doublons(self, demande):
        nombre = len(demande.doublons)
        if not nombre:
            return RIEN
        adresse = reverse("admin:inscriptions_demandeinscription_change", args=[demande.pk])
        s = "s" if nombre > 1 else ""
        return format_html(
            '{} <a href="{}#doublons">{} possible{}</a>', icone("alert", "Attention :"), adresse, nombre, s
        )

    # --- many at once ------------------------------------------------------------------------------
    @admin.action(description="Valider les demandes sélectionnées", permissions=["change"])
    def valider(self, request, queryset):
        self._decider_tout(request, queryset, lambda d: services.valider(demande=d, par=request.user), "validée")

    @admin.action(description="Refuser les demandes sélectionnées, avec un motif", permissions=["change"])
    def refuser(self, request, queryset):
        """One reason for all, asked on the next page."""
        form = DecisionForm(request.POST if "_refuser" in request.POST else None, refus=True)
        if form.is_bound and form.is_valid():
            motif = form.cleaned_data["motif"]
            self._decider_tout(
                request, queryset, lambda d: services.refuser(demande=d, par=request.user, motif=motif), "refusée"
            )
            return None
        contexte = {
            **self.admin_site.each_context(request),
            "title": "Refuser ces demandes",
            "form": form,
            "demandes": queryset,
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/inscriptions/demandeinscription/refuser.html", contexte)

    def _decider_tout(self, request, queryset, decider, participe: str) -> None:
        """Decide each in its own transaction: one that cannot be decided stops none of the others."""
        faites, refusees = [], []
        for demande in queryset.order_by("cree_le", "pk"):
            try:
                decider(demande)
            except services.AdresseNonVerifiee:
                refusees.append(f"{demande.utilisateur}, e-mail non vérifié")
            except services.DecisionImpossible as erreur:
                refusees.append(f"{demande.utilisateur}, {str(erreur)[:1].lower()}{str(erreur)[1:].rstrip('.')}")
            else:
                faites.append(str(demande.utilisateur))
        if faites:
            s, leur = ("s", "leur") if len(faites) > 1 else ("", "lui")
            noms = " et ".join(filter(None, [", ".join(faites[:-1]), faites[-1]]))
            mots = f"{len(faites)} demande{s} {participe}{s} : {noms}. Un e-mail {leur} a été envoyé."
            messages.success(request, mots)
        if refusees:
            s = "s" if len(refusees) > 1 else ""
            mots = f"{len(refusees)} demande{s} non {participe}{s} : {' ; '.join(refusees)}."
            messages.warning(request, mots)

    # --- one request -------------------------------------------------------------------------------
    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        demande = self.get_object(request, object_id)
        if demande is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, demande):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, demande):
                raise PermissionDenied
            form = DecisionForm(request.POST, refus="_refuser" in request.POST)
            if form.is_valid():
                reponse = self._decider(request, demande, form)
                if reponse is not None:
                    return reponse
        else:
            form = DecisionForm(initial={"note_interne": demande.note_interne})
        return self._page(request, demande, form)

    def _decider(self, request, demande, form) -> HttpResponse | None:
        """Do what the button says; None when it could not be done (the page says why)."""
        file = redirect("admin:inscriptions_demandeinscription_changelist")
        try:
            services.annoter(demande=demande, par=request.user, note=form.cleaned_data["note_interne"])
            if "_refuser" in request.POST:
                services.refuser(demande=demande, par=request.user, motif=form.cleaned_data["motif"])
                mots = f"Demande refusée : {demande.utilisateur}. Un e-mail lui a été envoyé."
            elif "_valider" in request.POST:
                services.valider(demande=demande, par=request.user)
                mots = f"Demande validée : {demande.utilisateur}. Un e-mail lui a été envoyé."
            else:
                mots, file = "Note enregistrée.", redirect(request.path)
        except services.DecisionImpossible as erreur:
            form.add_error(None, str(erreur))
            return None
        messages.success(request, mots)
        return file

    def _page(self, request, demande, form) -> HttpResponse:
        examiner([demande], Annuaire())
        demande.refresh_from_db(fields=["etat", "decide_le", "decide_par"])
        confirmation = Evenement.objects.sur(demande.utilisateur).filter(acte="compte.confirmer_adresse").first()
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"Demande de {demande.utilisateur.get_full_name()}",
            "demande": demande,
            "attente": verification.depuis(jours_depuis(demande.cree_le)),
            "numero": verification.numero(demande),
            "verifiee": verification.verifiee(demande),
            "verifiee_le": confirmation.le if confirmation else None,
            "ou": verification.ou(demande),
            "effet": verification.effet(demande),
            "lignes": _lignes_doublons(demande.doublons),
            "a_decider": demande.etat == Etat.EN_ATTENTE and self.has_change_permission(request, demande),
            "form": form,
            "opts": self.opts,
            "original": demande,
        }
        return TemplateResponse(request, "admin/inscriptions/demandeinscription/demande.html", contexte)


def _lignes_doublons(doublons) -> list[dict]:
    """Duplicates with a link and their mesures, for the request page."""
    cles = [d.mandataire_id for d in doublons if d.mandataire_id]
    mandataires = {m.pk: m for m in avec_disponibilite(Mandataire.objects.filter(pk__in=cles))}
    return [{"doublon": d, "adresse": _adresse(d), "mandataire": mandataires.get(d.mandataire_id)} for d in doublons]


def _adresse(doublon) -> str:
    if doublon.demande_id:
        return reverse("admin:inscriptions_demandeinscription_change", args=[doublon.demande_id])
    try:
        if doublon.utilisateur_id:
            return reverse("admin:comptes_utilisateur_change", args=[doublon.utilisateur_id])
        return reverse("admin:mandataires_mandataire_change", args=[doublon.mandataire_id])
    except NoReverseMatch:
        return ""
