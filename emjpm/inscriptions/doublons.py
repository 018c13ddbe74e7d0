"""Who may already be there: same SIRET, near name, near address, same telephone. A constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from emjpm.commun.texte import normaliser
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre

from .models import DemandeInscription

SEUIL_NOM = 85
"""rapidfuzz ratio (0–100) from which two names, words in order, look alike: « Hugues » meets « Hugo »."""

SEUIL_ADRESSE = 90
_COMMUNS = {"contact", "accueil", "secretariat", "mandataire", "direction", "greffe", "info", "mjpm", "service"}
"""Local parts many people share: they prove nothing."""


@dataclass
class Doublon:
    """Someone (an account or a mandataire without one) who looks like the request, and why."""

    nom: str
    courriel: str = ""
    utilisateur_id: int | None = None
    mandataire_id: int | None = None
    demande_id: int | None = None
    statut: str = ""
    raisons: list[str] = field(default_factory=list)
    siret_identique: bool = False
    sirets: set = field(default_factory=set, repr=False)
    telephones: set = field(default_factory=set, repr=False)

    @property
    def mots(self) -> str:
        """« Nom proche, même téléphone »."""
        texte = ", ".join(self.raisons)
        return texte[:1].upper() + texte[1:]


def _trie(nom: str) -> str:
    """The words of a name in order, so that « Plaisance Hugo » meets « Hugo Plaisance »."""
    return " ".join(sorted(normaliser(nom).split()))


def _local(courriel: str) -> str:
    return normaliser((courriel or "").split("@")[0]).replace(" ", "")


class Annuaire:
    """All that exists, read once (three queries), then compared with each request."""

    @cached_property
    def fiches(self) -> list[Doublon]:
        demandes = {
            d["utilisateur_id"]: d
            for d in DemandeInscription.objects.filter(etat="en_attente").values(
                "pk", "utilisateur_id", "siret", "telephone", "telephone_portable"
            )
        }
        membres = {
            m["utilisateur_id"]: m
            for m in Membre.objects.values(
                "utilisateur_id",
                "mandataire_id",
                "mandataire__siret",
                "mandataire__telephone",
                "mandataire__telephone_portable",
            )
        }
        fiches = []
        for u in Utilisateur.objects.values("pk", "prenom", "nom", "email", "statut"):
            membre, demande = membres.get(u["pk"], {}), demandes.get(u["pk"], {})
            fiche = Doublon(
                nom=f"{u['prenom']} {u['nom']}",
                courriel=u["email"],
                utilisateur_id=u["pk"],
                mandataire_id=membre.get("mandataire_id"),
                demande_id=demande.get("pk"),
                statut=Utilisateur.Statut(u["statut"]).label,
            )
            fiche.sirets = {membre.get("mandataire__siret"), demande.get("siret")}
            fiche.telephones = {
                str(t)
                for t in (
                    membre.get("mandataire__telephone"),
                    membre.get("mandataire__telephone_portable"),
                    demande.get("telephone"),
                    demande.get("telephone_portable"),
                )
                if t
            }
            fiches.append(fiche)
        avec_compte = {m["mandataire_id"] for m in membres.values()}
        sans_compte = Mandataire.objects.exclude(pk__in=avec_compte) if len(avec_compte) < 500 else Mandataire.objects
        for m in sans_compte.values("pk", "nom", "courriel", "siret", "telephone", "telephone_portable", "categorie"):
            # A service's name is not its members': it is compared too.
            if m["pk"] in avec_compte and m["categorie"] != "service":
                continue
            fiche = Doublon(nom=m["nom"], courriel=m["courriel"], mandataire_id=m["pk"], statut="Mandataire")
            fiche.sirets = {m["siret"]}
            fiche.telephones = {str(t) for t in (m["telephone"], m["telephone_portable"]) if t}
            fiches.append(fiche)
        return fiches

    @cached_property
    def noms(self) -> list[str]:
        return [_trie(f.nom) for f in self.fiches]

    @cached_property
    def locaux(self) -> list[str]:
        return [_local(f.courriel) for f in self.fiches]

    def doublons_de(self, demande: DemandeInscription) -> list[Doublon]:
        """Those who look like this request (its own account excepted), the most alike first."""
        trouves: dict[int, list[str]] = {}
        noms = [_trie(demande.utilisateur.get_full_name())]
        if demande.nom_service:
            noms.append(_trie(demande.nom_service))
        for nom in noms:
            for trouve, _, rang in process.extract(nom, self.noms, scorer=fuzz.ratio, score_cutoff=SEUIL_NOM, limit=20):
                trouves.setdefault(rang, []).append("même nom" if trouve == nom else "nom proche")
        local = _local(demande.utilisateur.email)
        if len(local) >= 6 and local not in _COMMUNS:
            for _, _, rang in process.extract(
                local, self.locaux, scorer=fuzz.ratio, score_cutoff=SEUIL_ADRESSE, limit=20
            ):
                trouves.setdefault(rang, []).append("e-mail proche")
        telephones = {str(t) for t in (demande.telephone, demande.telephone_portable) if t}
        for rang, fiche in enumerate(self.fiches):
            if demande.siret and demande.siret in fiche.sirets:
                trouves.setdefault(rang, []).insert(0, "même SIRET")
            if telephones & fiche.telephones:
                trouves.setdefault(rang, []).append("même téléphone")
        doublons = []
        for rang, raisons in trouves.items():
            modele = self.fiches[rang]
            if modele.utilisateur_id == demande.utilisateur_id:
                continue
            if demande.service_id and modele.mandataire_id == demande.service_id:
                continue  # joining a service is looking like its members
            doublons.append(
                Doublon(
                    nom=modele.nom,
                    courriel=modele.courriel,
                    utilisateur_id=modele.utilisateur_id,
                    mandataire_id=modele.mandataire_id,
                    demande_id=modele.demande_id,
                    statut=modele.statut,
                    raisons=list(dict.fromkeys(raisons)),
                    siret_identique="même SIRET" in raisons,
                )
            )
        return sorted(doublons, key=lambda d: (not d.siret_identique, -len(d.raisons), d.nom))


def examiner(demandes: Sequence[DemandeInscription], annuaire: Annuaire | None = None) -> None:
    """Attach `doublons` to each request."""
    annuaire = annuaire or Annuaire()
    for demande in demandes:
        demande.doublons = annuaire.doublons_de(demande)
