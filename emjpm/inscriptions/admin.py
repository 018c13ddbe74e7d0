"""The team's queue of requests, in Django's admin: see what is needed to decide, decide, one or many."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from emjpm.commun import demandes_admin
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


class DecisionForm(demandes_admin.MotifForm):
    note_interne = forms.CharField(
        label="Note interne",
        required=False,
        help_text="Lue par l’équipe seulement.",
        widget=forms.Textarea(attrs={"cols": 60, "rows": 2}),
    )


class FileAttente(ChangeList):
    """Adds to each row what needs the whole directory: possible duplicates."""

    def get_results(self, request) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        a_verifier(request)
        examiner(self.result_list, request.annuaire)


@admin.register(DemandeInscription)
class DemandeInscriptionAdmin(demandes_admin.FileDeDemandes):
    formulaire, impossible = DecisionForm, services.DecisionImpossible
    list_display = ("anciennete", "personne", "role_demande", "numero", "tribunaux_demandes", "doublons")
    show_facets = admin.ShowFacets.NEVER
    list_filter = (FiltreEtat, FiltreRole, FiltreAVerifier)
    search_fields = ("utilisateur__nom", "utilisateur__prenom", "utilisateur__email", "siret", "tribunaux__ville")
    search_help_text = "Nom, e-mail, SIRET, ville d’un tribunal"
    ordering = ("cree_le", "pk")
    actions = ("valider", "refuser")

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

    def nommer(self, demande) -> str:
        return str(demande.utilisateur)

    @admin.action(description="Valider les demandes sélectionnées", permissions=["change"])
    def valider(self, request, queryset):
        return self.repondre_a_tous(
            request, queryset, lambda d: services.valider(demande=d, par=request.user), "validée"
        )

    @admin.action(description="Refuser les demandes sélectionnées, avec un motif", permissions=["change"])
    def refuser(self, request, queryset):
        return self.refuser_tous(
            request, queryset, lambda d, motif: services.refuser(demande=d, par=request.user, motif=motif)
        )

    # --- one request -------------------------------------------------------------------------------
    def initial(self, demande) -> dict:
        return {"note_interne": demande.note_interne}

    def decider(self, request, demande, form) -> HttpResponse:
        """The note is kept even when the decision cannot be made."""
        services.annoter(demande=demande, par=request.user, note=form.cleaned_data["note_interne"])
        if "_refuser" in request.POST:
            services.refuser(demande=demande, par=request.user, motif=form.cleaned_data["motif"])
            mots = "Demande refusée"
        elif "_valider" in request.POST:
            services.valider(demande=demande, par=request.user)
            mots = "Demande validée"
        else:
            messages.success(request, "Note enregistrée.")
            return redirect(request.path)
        messages.success(request, f"{mots} : {self.nommer(demande)}. Un e-mail lui a été envoyé.")
        return self.vers_la_file()

    def contexte(self, request, demande) -> dict:
        examiner([demande], Annuaire())
        demande.refresh_from_db(fields=["etat", "decide_le", "decide_par"])
        confirmation = Evenement.objects.sur(demande.utilisateur).filter(acte="compte.confirmer_adresse").first()
        return {
            "title": f"Demande de {demande.utilisateur.get_full_name()}",
            "attente": verification.depuis(jours_depuis(demande.cree_le)),
            "numero": verification.numero(demande),
            "verifiee": verification.verifiee(demande),
            "verifiee_le": confirmation.le if confirmation else None,
            "ou": verification.ou(demande),
            "effet": verification.effet(demande),
            "lignes": _lignes_doublons(demande.doublons),
            "a_decider": demande.etat == Etat.EN_ATTENTE and self.has_change_permission(request, demande),
        }


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
