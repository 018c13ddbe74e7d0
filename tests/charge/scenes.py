"""What is measured: the pages people open most, by a judge of the largest court, on a base of national size."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.test import Client
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role, Utilisateur
from mandataires.models import Mandataire
from mesures import carte_resultats
from mesures.disponibilite import disponibilite_de
from mesures.models import Mesure
from mesures.templatetags import recherche as gabarits
from tribunaux.models import MembreTribunal, Tribunal

COURRIEL_DU_JUGE = "banc-d-essai@exemple.fr"


@dataclass(frozen=True)
class Scene:
    """One thing to time. `preparer` runs before the clock; what it returns is given to `faire`."""

    cle: str
    nom: str
    faire: Callable[[dict | None], None]
    preparer: Callable[[], dict | None] = lambda: None
    page: bool = True
    froide: bool = False
    """Drawn for the first time: `preparer` forgets what the pages keep, so it is played apart from the others."""


class PageRefusee(Exception):
    """A page did not answer as it must: its time would mean nothing."""


@dataclass(frozen=True)
class Distribution:
    """Who plays in the scenes."""

    tribunal: Tribunal
    individuel: Mandataire
    service: Mandataire
    reserve: Mandataire  # with room for every reservation of the run

    @classmethod
    def lire(cls, reservations: int) -> "Distribution":
        grand = Tribunal.objects.annotate(n=Count("habilitations")).order_by("-n", "pk").first()
        charges = Mandataire.objects.annotate(n=Count("mesures")).order_by("-n", "pk")
        a_la_ronde = charges.filter(tribunaux=grand)
        places = (m for m in a_la_ronde if (disponibilite_de(m).valeur or 0) > reservations)
        reserve = next(places, None)
        if reserve is None:
            raise PageRefusee(f"Aucun mandataire de {grand} n’a plus de {reservations} places : moins de répétitions.")
        return cls(grand, a_la_ronde.filter(categorie="individuel").first(), charges.first(), reserve)

    def __str__(self) -> str:
        def combien(m: Mandataire) -> str:
            return f"{m} ({m.mesures.vivantes().count()} mesures vivantes)"

        return (
            f"{self.tribunal}, {self.tribunal.habilitations.count()} mandataires ; individuel : "
            f"{combien(self.individuel)} ; service : {combien(self.service)}"
        )


def _navigateur(utilisateur: Utilisateur) -> Client:
    navigateur = Client(SERVER_NAME="127.0.0.1")
    navigateur.force_login(utilisateur)
    return navigateur


@contextlib.contextmanager
def scenes(reservations: int) -> Iterator[tuple[Distribution, list[Scene]]]:
    """The scenes. What they write (the judge, their reservations and mails, the sessions) is taken away at the end,
    so that a base may serve again."""
    troupe = Distribution.lire(reservations)
    with contextlib.ExitStack() as pile:
        juge = pile.enter_context(_juge(troupe.tribunal))
        navigateurs = {
            "juge": _navigateur(juge),
            "agent": _navigateur(Utilisateur.objects.get(email="agent@exemple.fr")),
            "service": _navigateur(troupe.service.membres.order_by("pk").first().utilisateur),
        }
        for navigateur in navigateurs.values():
            pile.callback(navigateur.logout)
        poster = pile.enter_context(_reservations(navigateurs["juge"], troupe.reserve))
        exporter = pile.enter_context(_export(navigateurs["juge"], juge))
        yield troupe, _liste(troupe, navigateurs, poster, exporter)


def oublier() -> None:
    """Forget every row and every map already drawn: the next page draws them all."""
    gabarits._ligne.cache_clear()
    gabarits.carte_des_resultats.cache_clear()
    carte_resultats.oublier()


def _liste(troupe: Distribution, navigateurs: dict[str, Client], poster: Scene, exporter: Scene) -> list[Scene]:
    def page(cle: str, nom: str, qui: str, adresse: str, attendu: str = "", **parametres) -> Scene:
        url = f"{adresse}?{urlencode(parametres)}" if parametres else adresse

        def ouvrir(_=None) -> None:
            reponse = navigateurs[qui].get(url)
            if reponse.status_code != 200:
                raise PageRefusee(f"{nom} : {reponse.status_code} sur {url}")
            if attendu not in reponse.content.decode():
                raise PageRefusee(f"{nom} : « {attendu} » n’est pas sur {url}")

        return Scene(cle, nom, ouvrir)

    def froide(scene: Scene) -> Scene:
        nom = f"{scene.nom}, premier dessin"
        return replace(scene, cle=f"{scene.cle}_froid", nom=nom, preparer=oublier, froide=True)

    def recherche(cle: str, nom: str, attendu: str = "", **parametres) -> Scene:
        return page(cle, f"recherche {nom}", "juge", "/recherche/", attendu, **parametres)

    france = {"habilites": "france"}
    defaut = recherche("defaut", "par défaut, au plus grand tribunal")
    toute_la_france = recherche("france", "toute la France", **france)
    return [
        Scene(
            "compte", "SELECT count(*) des mesures vivantes", lambda _: Mesure.objects.vivantes().count(), page=False
        ),
        page("vide", "page vide (contact)", "juge", "/contact/"),
        defaut,
        recherche("metz", "à 50 km de Metz", lieu="Metz", rayon=50, **france),
        toute_la_france,
        page("france_bilan", "bilan de toute la France", "juge", "/recherche/bilan/", **france),
        recherche("france_50", "toute la France, page 50", page=50, **france),
        recherche("distance", "toute la France, par distance", ordre="distance", **france),
        recherche("texte", "« bellerive », toute la France", texte="bellerive", **france),
        recherche("faute", "« belerrive », toute la France", texte="belerrive", **france),
        recherche("mots", "« bellerive metz », toute la France", texte="bellerive metz", **france),
        recherche("sans_resultat", "sans résultat", "Aucun", texte="zzzzqqqq"),
        froide(defaut),
        froide(toute_la_france),
        exporter,
        page("fiche", "fiche de l’individuel le plus chargé", "juge", f"/mandataires/{troupe.individuel.pk}/"),
        page("fiche_service", "fiche du plus grand service", "juge", f"/mandataires/{troupe.service.pk}/"),
        page("formulaire", "formulaire de réservation", "juge", f"/mandataires/{troupe.reserve.pk}/reserver/"),
        poster,
        page("tribunal", "mesures du tribunal", "juge", "/mesures/"),
        page("tableau", "tableau de bord du plus grand service", "service", "/tableau-de-bord/"),
        page("en_cours", "ses mesures en cours", "service", "/mesures/en-cours/"),
        page("pilotage", "pilotage national", "agent", "/pilotage/"),
    ]


@contextlib.contextmanager
def _juge(tribunal: Tribunal) -> Iterator[Utilisateur]:
    """A judge of this court, for the time of the run. One left by a run that was killed goes first."""
    Utilisateur.objects.filter(email=COURRIEL_DU_JUGE).delete()
    juge = Utilisateur.objects.create(
        email=COURRIEL_DU_JUGE,
        civilite="madame",
        prenom="Agathe",
        nom="Rivemorte",
        role=Role.MAGISTRAT,
        statut=Utilisateur.Statut.VALIDE,
    )
    MembreTribunal.objects.create(utilisateur=juge, tribunal=tribunal, cabinet="2")
    try:
        yield juge
    finally:
        juge.delete()


@contextlib.contextmanager
def _export(navigateur: Client, juge: Utilisateur) -> Iterator[Scene]:
    """The court's search as a workbook: each leaves its line in the journal, taken away at the end."""

    def exporter(_=None) -> None:
        reponse = navigateur.post("/recherche/resultats.xlsx")
        if reponse.status_code != 200 or not b"".join(reponse).startswith(b"PK"):
            raise PageRefusee(f"L’export de la recherche n’a pas abouti : {reponse.status_code}.")

    try:
        yield Scene("export", "export Excel de la recherche (POST)", exporter, page=False)
    finally:
        Evenement.objects.filter(par=juge, acte="recherche.exporter").delete()


@contextlib.contextmanager
def _reservations(navigateur: Client, mandataire: Mandataire) -> Iterator[Scene]:
    """The reservation itself, each time a new one."""
    cles: list[uuid.UUID] = []
    membres = list(mandataire.membres.values_list("utilisateur__email", flat=True))
    avant = Courriel.objects.aggregate(n=Max("pk"))["n"] or 0
    annee = timezone.localdate().year

    def remplir() -> dict:
        cles.append(uuid.uuid4())
        return {
            "cle": cles[-1],
            "numero_rg": f"{annee % 100:02d}Z{len(cles):05d}",
            "civilite": "madame",
            "annee_naissance": "1947",
            "commune": "57000 Metz",
            "nature": "tutelle",
            "cabinet": "2",
        }

    def envoyer(donnees: dict) -> None:
        reponse = navigateur.post(f"/mandataires/{mandataire.pk}/reserver/", donnees)
        if reponse.status_code != 302:
            raise PageRefusee(f"La réservation n’a pas abouti : {reponse.status_code}.")

    try:
        yield Scene("reserver", "réservation (POST)", envoyer, remplir, page=False)
    finally:
        mesures = Mesure.objects.filter(cle_reservation__in=cles)
        numeros = [str(pk) for pk in mesures.values_list("pk", flat=True)]
        Evenement.objects.filter(objet_type=Mesure._meta.label_lower, objet_id__in=numeros).delete()
        Courriel.objects.filter(pk__gt=avant, destinataire__in=[*membres, COURRIEL_DU_JUGE]).delete()
        mesures.delete()
