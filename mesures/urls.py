"""Addresses of the mesures, the search and the import."""

from django.urls import path

from .views import (
    actes,
    evolutions,
    fiche,
    fiche_mesure,
    importer,
    importer_fichiers,
    listes,
    profil,
    recherche,
    reservation,
    reserver,
    tableau_de_bord,
    tribunal,
)

urlpatterns = [
    path("tableau-de-bord/", tableau_de_bord.tableau_de_bord, name="tableau_de_bord"),
    path("mes-informations/capacite/", profil.capacite, name="mes_informations_capacite"),
    path("mes-informations/a-jour/", profil.a_jour, name="mes_informations_a_jour"),
    # The mandataire's lists and acts
    path("mesures/en-cours/", listes.en_cours, name="mesures_en_cours"),
    path("mesures/en-attente/", listes.en_attente, name="mesures_en_attente"),
    path("mesures/eteintes/", listes.eteintes, name="mesures_eteintes"),
    path("mesures/creer/", actes.creer, name="mesure_creer"),
    path("mesures/<int:pk>/", fiche_mesure.mesure, name="mesure"),
    path("mesures/<int:pk>/modifier/", actes.modifier, name="mesure_modifier"),
    path("mesures/<int:pk>/valider/", actes.valider, name="mesure_valider"),
    path("mesures/<int:pk>/decliner/", actes.decliner, name="mesure_decliner"),
    path("mesures/<int:pk>/terminer/", actes.terminer, name="mesure_terminer"),
    path("mesures/<int:pk>/rouvrir/", actes.rouvrir, name="mesure_rouvrir"),
    path("mesures/<int:pk>/supprimer/", actes.supprimer, name="mesure_supprimer"),
    path("mesures/<int:pk>/evolutions/noter/", evolutions.noter, name="evolution_noter"),
    path("mesures/<int:pk>/evolutions/<int:evolution>/corriger/", evolutions.corriger, name="evolution_corriger"),
    path("mesures/<int:pk>/evolutions/<int:evolution>/retirer/", evolutions.retirer, name="evolution_retirer"),
    # The one-time import
    path("importer/", importer.importer, name="importer"),
    path("importer/apercu/", importer.apercu, name="importer_apercu"),
    path("importer/confirmer/", importer.confirmer, name="importer_confirmer"),
    path("importer/modele.xlsx", importer_fichiers.modele, name="importer_modele"),
    path("importer/annoter/", importer_fichiers.annoter, name="importer_annoter"),
    path("importer/lignes-laissees.xlsx", importer_fichiers.laissees, name="importer_laissees"),
    path("importer/avancement.json", importer_fichiers.avancer, name="importer_avancement"),
    # The court's search and its reservations
    path("recherche/", recherche.recherche, name="recherche"),
    path("recherche/bilan/", recherche.bilan, name="recherche_bilan"),
    path("recherche/resultats.xlsx", recherche.exporter, name="recherche_export"),
    path("mandataires/<int:pk>/", fiche.fiche, name="fiche"),
    path("mandataires/<int:pk>/observations/", fiche.observer, name="observer"),
    path(
        "mandataires/<int:pk>/observations/<int:observation>/retirer/",
        fiche.retirer_observation,
        name="observation_retirer",
    ),
    path("mandataires/<int:pk>/reserver/", reserver.reserver, name="reserver"),
    path("mandataires/<int:pk>/reserver/rg/", reserver.remarques, name="reserver_rg"),
    path("mesures/", tribunal.mesures_tribunal, name="mesures_tribunal"),
    path("mesures/imprimer/", tribunal.imprimer, name="mesures_tribunal_imprimer"),
    path("mesures/exporter/", tribunal.exporter, name="mesures_tribunal_exporter"),
    path("mesures/<int:pk>/reservation/", reservation.confirmee, name="reservation_confirmee"),
    path(
        "mesures/<int:pk>/reservation/modifier/",
        reservation.modifier_reservation,
        name="reservation_modifier",
    ),
    path("mesures/<int:pk>/annuler/", reservation.annuler, name="mesure_annuler"),
]
