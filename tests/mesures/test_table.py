"""Each act × each state × each person, from one table: through the services, then through the pages.

What the table does not allow raises or answers as it should, and writes nothing: no row, no line of journal.
"""

import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures import droits
from mesures.enums import TRANSITIONS, GenreEvolution, MotifDeclin, MotifFin, Statut
from mesures.models import Evolution, Mesure
from mesures.services import evolutions, mandat
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible
from tests import factories
from tests.conftest import ouvrir

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2026, 1, 10)

ETATS = [
    "en_attente",
    "en_cours",
    "en_cours_reservee",
    "eteinte",
    "eteinte_reservee",
    "en_cours_renouvelee",
    "eteinte_renouvelee",
    "en_attente_renouvellement",
    "declinee",
    "annulee",
    "renouvelee",
]
LES_SIENS = {"membre", "membre_de_l_antenne"}
LE_TRIBUNAL = {"magistrat", "greffier"}
QUI = ["membre", "membre_de_l_antenne", "autre_antenne", "voisin", "magistrat", "greffier", "magistrat_voisin",
       "agent", "support"]  # fmt: skip
EN_COURS = {"en_cours", "en_cours_reservee", "en_cours_renouvelee"}
ETEINTES = {"eteinte", "eteinte_reservee", "eteinte_renouvelee"}
COMMENCEES = EN_COURS | ETEINTES
EN_ATTENTE = {"en_attente", "en_attente_renouvellement"}

# act: (who, from which states)
TABLE = {
    "valider": (LES_SIENS, EN_ATTENTE),
    "decliner": (LES_SIENS, EN_ATTENTE),
    "modifier": (LES_SIENS, COMMENCEES),
    "evoluer": (LES_SIENS, EN_COURS),
    "corriger_evolution": (LES_SIENS, COMMENCEES),
    "retirer_evolution": (LES_SIENS, COMMENCEES),
    "eteindre": (LES_SIENS, EN_COURS),
    "rouvrir": (LES_SIENS, ETEINTES),
    "supprimer": (LES_SIENS, {"en_cours", "eteinte"}),
    "modifier_reservation": (LE_TRIBUNAL, EN_ATTENTE),
    "annuler": (LE_TRIBUNAL, EN_ATTENTE),
    "classer": (LE_TRIBUNAL, {"declinee"}),
}
PAGES = {
    "valider": ("mesure_valider", {"date_jugement": str(JOUR), "lieu_vie": "domicile"}),
    "decliner": ("mesure_decliner", {"motif": "absence"}),
    "modifier": ("mesure_modifier", {"version": "1", "nature": "tutelle", "date_jugement": "2021-06-09", "cabinet": "9",
                                     "civilite": "madame", "lieu_vie": "domicile"}),
    "evoluer": ("evolution_noter", {"version": "1", "jour": "2024-03-03"}),
    "corriger_evolution": ("evolution_corriger", {"version": "1", "jour": "2023-03-03"}),
    "retirer_evolution": ("evolution_retirer", {"version": "1"}),
    "eteindre": ("mesure_terminer", {"motif": "deces", "date_fin": "2025-05-03"}),
    "rouvrir": ("mesure_rouvrir", {}),
    "supprimer": ("mesure_supprimer", {}),
    "modifier_reservation": ("reservation_modifier", {"version": "1", "numero_rg": "26Z00001", "civilite": "madame",
                                                      "annee_naissance": "1947", "nature": "tutelle"}),
    "annuler": ("mesure_annuler", {"raison": "Reserved by mistake"}),
    "classer": ("mesures_tribunal", {}),
}  # fmt: skip


@pytest.fixture
def monde(troupe):
    """A service of two antennes and its people, their neighbours, two courts, the State and the team."""
    service, gens = troupe.service, troupe.gens
    ici, ailleurs = (factories.LieuFactory(mandataire=service, nom=nom) for nom in ("Nord", "Sud"))
    limites = [factories.UtilisateurFactory(role="service") for _ in range(2)]
    for personne, lieu in zip(limites, (ici, ailleurs), strict=True):
        service.membres.create(utilisateur=personne, lieu=lieu)
    qui = {
        "membre": gens["service"],
        "membre_de_l_antenne": limites[0],
        "autre_antenne": limites[1],
        **{nom: gens[nom] for nom in QUI if nom in gens},
    }
    return SimpleNamespace(service=service, ici=ici, metz=troupe.metz, qui=qui)


def statut_de(etat: str) -> Statut:
    """« en_cours_renouvelee » is en cours; « en_attente_renouvellement » en attente."""
    return next(s for s in (*Statut,) if etat == s or etat.startswith(f"{s}_re"))


def creer(monde, etat: str) -> Mesure:
    statut = statut_de(etat)
    plus = {
        Statut.EN_COURS: {},
        Statut.ETEINTE: {"eteinte": True},
        Statut.EN_ATTENTE: {"en_attente": True},
    }.get(statut, {"en_attente": True, "statut": statut, "clos_le": timezone.now()})
    if etat.endswith("_reservee"):
        plus = plus | {"reserve_le": timezone.now()}
    tous = {"mandataire": monde.service, "lieu": monde.ici, "tribunal": monde.metz}
    if etat.endswith("_renouvellement"):
        plus = plus | {"renouvelle": factories.MesureFactory(**tous)}
    mesure = factories.MesureFactory(**tous, **plus)
    if etat.endswith("_renouvelee"):  # a court renewed it, and it was validated
        factories.MesureFactory(en_attente=True, statut=Statut.RENOUVELEE, renouvelle=mesure, **tous)
    return mesure


def evolution_de(mesure: Mesure) -> Evolution:
    return Evolution.objects.create(mesure=mesure, genre=GenreEvolution.RECONDUCTION, date=datetime.date(2022, 3, 3))


def photo() -> tuple:
    """All that an act could write."""
    return (
        list(Mesure.objects.order_by("pk").values()),
        list(Evolution.objects.order_by("pk").values()),
        Evenement.objects.count(),
        Courriel.objects.count(),
    )


def faire(acte: str, par, mesure: Mesure, evolution: Evolution):
    """The service, with plain good answers."""
    faits = {
        "valider": lambda: mandat.valider(par=par, mesure=mesure, date_jugement=JOUR, lieu_vie="domicile"),
        "decliner": lambda: mandat.decliner(par=par, mesure=mesure, motif=MotifDeclin.ABSENCE),
        "modifier": lambda: mandat.modifier(par=par, mesure=mesure, version=1, faits={"cabinet": "9"}),
        "evoluer": lambda: evolutions.noter(
            par=par, mesure=mesure, version=1, genre="reconduction", jour=datetime.date(2024, 3, 3), faits={}
        ),
        "corriger_evolution": lambda: evolutions.corriger(
            par=par, evolution=evolution, version=1, jour=datetime.date(2023, 3, 3), faits={}
        ),
        "retirer_evolution": lambda: evolutions.retirer(par=par, evolution=evolution, version=1),
        "eteindre": lambda: mandat.eteindre(
            par=par, mesure=mesure, motif=MotifFin.DECES, date_fin=datetime.date(2025, 5, 3)
        ),
        "rouvrir": lambda: mandat.rouvrir(par=par, mesure=mesure),
        "supprimer": lambda: mandat.supprimer(par=par, mesure=mesure),
        "modifier_reservation": lambda: services.modifier_reservation(
            par=par, mesure=mesure, version=1, donnees={"numero_rg": "26Z00001"}
        ),
        "annuler": lambda: services.annuler(par=par, mesure=mesure, raison="Erreur."),
        "classer": lambda: services.classer(par=par, mesure=mesure),
    }
    faits[acte]()


def permis(acte: str, qui: str, etat: str) -> bool:
    return qui in TABLE[acte][0] and etat in TABLE[acte][1]


def verifier_l_acte(acte: str, mesure: Mesure, avant: tuple) -> None:
    """It was done: the state moved along the table, and the journal has its one line (two of them, one on each mesure,
    when a renewal is validated).
    """
    combien = 1
    if acte == "valider" and mesure.renouvelle_id:
        acte, combien = "renouveler", 2
    lignes = Evenement.objects.filter(acte=f"mesure.{acte}", objet_id=str(mesure.pk)).count()
    assert (lignes, Evenement.objects.count() - avant[2]) == (1, combien)
    if acte == "supprimer":
        assert not Mesure.objects.filter(pk=mesure.pk).exists()
        return
    attendu = TRANSITIONS[acte][1] if acte in TRANSITIONS else mesure.statut
    assert Mesure.objects.get(pk=mesure.pk).statut == attendu


class Defaire(Exception):
    pass


def chaque_case(monde, essayer) -> int:
    """Run each cell and undo it, so that the next one starts from the same world."""
    cases = 0
    for etat in ETATS:
        for qui in QUI:
            try:
                with transaction.atomic():
                    mesure = creer(monde, etat)
                    essayer(etat, qui, mesure, evolution_de(mesure))
                    cases += 1
                    raise Defaire
            except Defaire:
                continue
            except AssertionError as erreur:
                raise AssertionError(f"{qui}, {etat} : {erreur}") from erreur
    return cases


def test_la_table_nomme_tous_les_actes():
    """The acts that create (creer, importer, reserver) or that `valider` leads to (renouveler) have no state to start
    from, or no page of their own."""
    assert set(TRANSITIONS) - {"creer", "importer", "reserver", "renouveler"} <= set(TABLE)
    for acte in set(TABLE) & set(TRANSITIONS):
        assert {statut_de(e) for e in TABLE[acte][1]} == {TRANSITIONS[acte][0]}
    assert {statut_de(e) for e in ETATS} == set(Statut)


@pytest.mark.parametrize("acte", TABLE)
def test_par_les_services(monde, acte):
    def essayer(etat, qui, mesure, evolution):
        avant = photo()
        if permis(acte, qui, etat):
            faire(acte, monde.qui[qui], mesure, evolution)
            verifier_l_acte(acte, mesure, avant)
            return
        with pytest.raises((ActeImpossible, PermissionDenied)), transaction.atomic():
            faire(acte, monde.qui[qui], mesure, evolution)
        assert photo() == avant

    assert chaque_case(monde, essayer) == len(ETATS) * len(QUI)


def reponse_attendue(acte: str, qui: str, etat: str) -> int:
    """403: not an act of this role; 404: nothing of theirs; 302: done, or told why not on another page."""
    roles = (
        LES_SIENS | {"autre_antenne", "voisin"} if TABLE[acte][0] == LES_SIENS else LE_TRIBUNAL | {"magistrat_voisin"}
    )
    if acte == "classer" and qui in LES_SIENS | {"autre_antenne", "voisin"}:
        return 302  # a mandataire who opens the court's list is led to their own
    if qui not in roles:
        return 403
    if qui not in TABLE[acte][0]:
        return 404
    reservee = etat not in {"en_cours", "eteinte", "en_cours_renouvelee", "eteinte_renouvelee"}
    return 302 if TABLE[acte][0] == LES_SIENS or reservee or acte == "classer" else 404


@pytest.mark.parametrize("acte", TABLE)
def test_par_les_pages(monde, acte):
    clients = {nom: ouvrir(personne) for nom, personne in monde.qui.items()}
    nom, donnees = PAGES[acte]

    def essayer(etat, qui, mesure, evolution):
        avant = photo()
        args = {
            "classer": [],
            "corriger_evolution": [mesure.pk, evolution.pk],
            "retirer_evolution": [mesure.pk, evolution.pk],
        }
        envoi = donnees | {"tribunal": str(monde.metz.pk), "lieu": str(monde.ici.pk), "classer": str(mesure.pk)}
        url = reverse(nom, args=args.get(acte, [mesure.pk]))
        reponse = clients[qui].post(url, envoi)
        assert reponse.status_code == reponse_attendue(acte, qui, etat)
        if permis(acte, qui, etat):
            verifier_l_acte(acte, mesure, avant)
        else:
            assert photo() == avant

    assert chaque_case(monde, essayer) == len(ETATS) * len(QUI)


@pytest.mark.parametrize("qui", QUI)
@pytest.mark.parametrize("etat", ETATS)
def test_la_page_montre_les_actes_permis_et_eux_seuls(monde, etat, qui):
    """The buttons of the mesure's page say the same as the table."""
    mesure = creer(monde, etat)
    reponse = ouvrir(monde.qui[qui]).get(reverse("mesure", args=[mesure.pk]))
    assert reponse.status_code == (
        200 if qui in LES_SIENS | LE_TRIBUNAL else 403 if qui in {"agent", "support"} else 404
    )
    html = reponse.content.decode()
    for acte in set(TABLE) - {"corriger_evolution", "retirer_evolution", "classer"}:
        lien = f'"{reverse(PAGES[acte][0], args=[mesure.pk])}"'
        assert (lien in html) == permis(acte, qui, etat), (acte, qui, etat)
    peut = {"annuler": droits.peut_annuler, "evoluer": droits.peut_noter_evolution, "rouvrir": droits.peut_rouvrir}
    for acte, demander in peut.items():
        assert demander(monde.qui[qui], mesure) == permis(acte, qui, etat)


@pytest.mark.parametrize("qui", QUI)
def test_creer_est_au_mandataire(monde, qui):
    faits = {
        "nature": "tutelle",
        "date_jugement": JOUR,
        "tribunal": monde.metz,
        "civilite": "madame",
        "lieu_vie": "sdf",
    }
    avant = photo()
    if qui in LES_SIENS | {"autre_antenne"}:
        mandat.creer(par=monde.qui[qui], mandataire=monde.service, faits=faits)
        assert Mesure.objects.filter(mandataire=monde.service).count() == 1
    else:
        with pytest.raises(PermissionDenied), transaction.atomic():
            mandat.creer(par=monde.qui[qui], mandataire=monde.service, faits=faits)
        assert photo() == avant


@pytest.mark.parametrize("qui", QUI)
def test_reserver_est_au_tribunal(monde, qui):
    """No state to start from: each person, and no other write."""
    donnees = {"numero_rg": "26Z00009", "nature": "tutelle", "civilite": "madame"}
    faire = {"par": monde.qui[qui], "mandataire": monde.service, "donnees": donnees, "cle": uuid.uuid4()}
    avant = photo()
    if qui in LE_TRIBUNAL | {"magistrat_voisin"}:  # each for their own court
        mesure = services.reserver(**faire)
        assert mesure.tribunal == monde.qui[qui].membre_tribunal.tribunal
        assert Evenement.objects.get(acte="mesure.reserver").objet_id == str(mesure.pk)
        return
    with pytest.raises(PermissionDenied), transaction.atomic():
        services.reserver(**faire)
    assert photo() == avant
