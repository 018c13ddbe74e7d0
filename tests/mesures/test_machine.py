"""Whatever happens, in whatever order, one by one or several at once: the availability equals its definition on every
page that counts it, a renewal takes no place and stays with the antenne of its mesure, no forbidden act passes, each
act leaves its line, and the mesure is what its history says.
"""

import datetime
import itertools
import random
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from mandataires.models import Mandataire
from mesures import portrait
from mesures.activite import activite_de
from mesures.antennes import tableau
from mesures.disponibilite import Disponibilite, avec_disponibilite, charges, disponibilite_de
from mesures.enums import TRANSITIONS, VIVANTES, Champ, GenreEvolution, LieuVie, MotifDeclin, MotifFin, Statut
from mesures.models import Evolution, Mesure
from mesures.services import evolutions, groupes, mandat, renouvellement
from mesures.services import reservation as services
from mesures.services.chaine import GROUPES, Chaine, natures_possibles
from mesures.services.commun import ActeImpossible
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, tribunal, utilisateur_du_tribunal

pytestmark = pytest.mark.django_db
REFUS = (ActeImpossible, PermissionDenied)
DEPARTS = {
    "valider": {Statut.EN_ATTENTE},
    "decliner": {Statut.EN_ATTENTE},
    "annuler": {Statut.EN_ATTENTE},
    "eteindre": {Statut.EN_COURS},
    "rouvrir": {Statut.ETEINTE},
    "supprimer": {Statut.EN_COURS, Statut.ETEINTE},
    "modifier": {Statut.EN_COURS, Statut.ETEINTE},
}
# What each act adds to the places taken; a renewal is looked at apart.
EFFETS = {"valider": 0, "decliner": -1, "annuler": -1, "eteindre": -1, "rouvrir": 1, "supprimer": -1, "modifier": 0}
NATURES = ["sauvegarde_justice", "curatelle_simple", "curatelle_renforcee", "tutelle"]
LIGNES_LIEES = {"mesure.detacher", "mesure.rattacher", "mesure.renouveler"}
"""Written on another mesure by the same act: a renewal follows what it renews."""
PREMIER = datetime.date(2023, 9, 1)
rangs, graines = st.integers(0, 5), st.integers(0, 2**32)
jours = st.integers(-10, 1150).map(lambda n: PREMIER + datetime.timedelta(days=n))
MONDE: dict = {}


def _regle_de_vie():
    """Several rules alike: hypothesis leaves some rules out of each story, and most of a story is to live."""

    @rule(qui=st.booleans(), graine=graines)
    def regle(self, qui, graine):
        hasard = random.Random(graine)  # spread evenly, and replayed from its seed
        for _ in range(3):
            self.vivre(qui, hasard)
            self.la_disponibilite_est_sa_definition()
            qui = hasard.random() < 0.5

    return regle


class Activites(RuleBasedStateMachine):
    """Two mandataires and a court; everything is undone at the end of each story."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.mandataires, self.juge = MONDE["mandataires"], MONDE["juge"]
        self.numero, self.change = 0, True

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # --- What a rule needs

    def lui(self, mandataire):
        return MONDE["gens"][mandataire.pk]

    def toutes(self, mandataire) -> list[Mesure]:
        return list(Mesure.objects.filter(mandataire=mandataire).select_related("renouvelle").order_by("pk"))

    def choisir(self, mandataire, rang: int) -> Mesure | None:
        mesures = self.toutes(mandataire)
        return mesures[rang % len(mesures)] if mesures else None

    def dispo(self, mandataire) -> Disponibilite:
        return disponibilite_de(Mandataire.objects.get(pk=mandataire.pk))

    def prises(self, mandataire) -> int:
        return Mesure.objects.comptees().filter(mandataire=mandataire.pk).count()

    def tenter(self, mandataire, acte, agir, *, permis: bool, attendu: int, cible: Mesure | None = None) -> None:
        """Do it; then: places as expected, one line of journal; or, refused, nothing written at all."""
        prises, lignes = self.prises(mandataire), Evenement.objects.count()
        avant = list(Mesure.objects.order_by("pk").values())
        try:
            with transaction.atomic():
                agir()
        except REFUS:
            assert (list(Mesure.objects.order_by("pk").values()), Evenement.objects.count()) == (avant, lignes)
            return
        self.change = True
        assert permis, f"{acte} a réussi depuis {cible and cible.statut}"
        assert self.prises(mandataire) - prises == attendu, acte
        nouvelles = list(Evenement.objects.order_by("-pk")[: Evenement.objects.count() - lignes])
        propres = [n for n in nouvelles if n.acte not in LIGNES_LIEES]
        assert [n.acte for n in propres] in ([f"mesure.{acte}"], []), (acte, [n.acte for n in nouvelles])
        assert nouvelles or acte == "modifier", acte  # nothing corrected, nothing written
        if not propres and acte != "modifier":  # the renewal was validated
            assert [n.acte for n in nouvelles] == ["mesure.renouveler"] * 2
        if cible is not None and acte in TRANSITIONS and propres:
            assert Mesure.objects.get(pk=cible.pk).statut == TRANSITIONS[acte][1]

    # --- What people do

    un_acte, un_autre, encore_un, un_de_plus = (_regle_de_vie() for _ in range(4))

    def vivre(self, qui, hasard: random.Random):
        """One of the acts that have a sense now, by whom it belongs to: most of a story."""
        m = self.mandataires[qui]
        possibles = [(acte, mesure) for mesure in self.toutes(m) for acte in self.actes(mesure)]
        possibles += [("creer", None), ("reserver", None)] * 2
        possibles += [("revenir", e) for e in Evolution.objects.filter(mesure__mandataire=m).order_by("pk")] * 2
        acte, mesure = hasard.choice([p for p in possibles if p[0] != "modifier" or hasard.random() < 0.2])
        jour = PREMIER + datetime.timedelta(days=hasard.randrange(-10, 1150))
        nature, champ = hasard.choice(NATURES), hasard.choice(Champ.values)
        if acte == "creer":
            self.creer(m, nature)
        elif acte in {"reserver", "renouveler"}:
            self.reserver(m, mesure, nature)
        elif acte == "evoluer":
            genre, jour = hasard.choice(list(GenreEvolution)), max(jour, mesure.date_jugement)
            self.evoluer(m, mesure, genre, jour, nature, champ, hasard.choice(LieuVie.values))
        elif acte == "revenir":
            options = {"nature": nature, "champ": champ, "lieu_vie": hasard.choice(LieuVie.values)}
            self.revenir(mesure, max(jour, mesure.mesure.date_jugement), hasard.random() < 0.4, self.lui(m), **options)
        else:
            self.agir(acte, m, self.juge if acte == "annuler" else self.lui(m), mesure, jour)

    @rule(
        acte=st.sampled_from([*DEPARTS, "evoluer"]), qui=st.booleans(), rang=rangs, intrus=st.integers(0, 3), jour=jours
    )
    def s_egarer(self, acte, qui, rang, intrus, jour):
        """Any act on any mesure, by anybody: it passes only where the table says so."""
        m = self.mandataires[qui]
        mesure = self.choisir(m, rang)
        gens = [self.lui(m), self.juge, self.lui(self.mandataires[not qui]), MONDE["voisine"]]
        if mesure is None:
            return
        if acte == "evoluer":
            self.evoluer(m, mesure, GenreEvolution.RECONDUCTION, jour, "", "", "", par=gens[intrus])
        else:
            self.agir(acte, m, gens[intrus], mesure, jour)

    def actes(self, mesure) -> list[str]:
        permis = [a for a, departs in DEPARTS.items() if mesure.statut in departs]
        return permis + ["renouveler", "evoluer", "evoluer"] * (mesure.statut == Statut.EN_COURS)

    def creer(self, m, nature):
        self.numero += 1
        faits = {"numero_rg": f"26B{self.numero:05d}", "nature": nature, "champ": "protection_bien", "civilite": "madame",
                 "lieu_vie": "domicile", "date_jugement": PREMIER, "tribunal": MONDE["metz"]}  # fmt: skip
        agir = lambda: mandat.creer(par=self.lui(m), mandataire=m, faits=faits)  # noqa: E731
        self.tenter(m, "creer", agir, permis=True, attendu=1)

    def reserver(self, m, renouvelle, nature):
        self.numero += 1
        rg = renouvelle.numero_rg if renouvelle and self.numero % 2 else f"26C{self.numero:05d}"
        donnees = {"numero_rg": rg, "civilite": "madame", "nature": nature, "renouvelle": renouvelle}
        figure = services.figure(self.dispo(m))

        def agir():
            services.reserver(par=self.juge, mandataire=m, donnees=donnees, cle=uuid.uuid4(), confirme_pour=figure)

        self.tenter(m, "reserver", agir, permis=True, attendu=0 if renouvelle else 1)

    def agir(self, acte, m, par, mesure, jour):
        permis = par is (self.juge if acte == "annuler" else self.lui(m)) and mesure.statut in DEPARTS[acte]
        if acte == "supprimer":
            permis = permis and not mesure.reserve_le
        if acte == "valider" and mesure.renouvelle_id:
            jour = max(jour, mesure.renouvelle.date_jugement)
        elif acte == "eteindre":
            jour = max([jour, *mesure.evolutions.values_list("date", flat=True)])
        effet = self.effet(acte, mesure)
        self.tenter(m, acte, lambda: self.acte(acte, par, mesure, jour), permis=permis, attendu=effet, cible=mesure)

    def acte(self, acte, par, mesure, jour):
        if acte == "valider":
            mandat.valider(par=par, mesure=mesure, date_jugement=jour, lieu_vie="domicile")
        elif acte == "decliner":
            mandat.decliner(par=par, mesure=mesure, motif=MotifDeclin.PLUS_DE_PLACE)
        elif acte == "annuler":
            services.annuler(par=par, mesure=mesure, raison="Erreur.")
        elif acte == "eteindre":
            mandat.eteindre(par=par, mesure=mesure, motif=MotifFin.MAINLEVEE, date_fin=jour)
        elif acte == "modifier":
            mandat.modifier(par=par, mesure=mesure, version=mesure.version, faits={"numero_dossier": str(jour.day)})
        else:
            {"rouvrir": mandat.rouvrir, "supprimer": mandat.supprimer}[acte](par=par, mesure=mesure)

    def effet(self, acte, mesure) -> int:
        relie = mesure.renouvelle_id is not None or mesure.renouvellements.en_attente().exists()
        if relie or (acte == "supprimer" and mesure.statut == Statut.ETEINTE):
            return 0  # the renewal, or the mesure it renews, keeps the only place
        if acte == "rouvrir":
            return 1 - int(renouvellement.a_rattacher(mesure) is not None)
        return EFFETS[acte]

    def evoluer(self, m, mesure, genre, jour, nature, champ, lieu_vie, par=None):
        par = par or self.lui(m)
        possibles = natures_possibles(genre, Chaine(mesure).valeurs_au(jour, ("nature",))["nature"])
        faits = self.faits(genre, nature if nature in possibles or not possibles else possibles[0], champ, lieu_vie)

        def agir():
            note = evolutions.noter(par=par, mesure=mesure, version=mesure.version, genre=genre, jour=jour, faits=faits)
            if not note.faite:
                raise ActeImpossible("Elle l’était déjà.")

        permis = mesure.statut == Statut.EN_COURS and par is self.lui(m)
        self.tenter(m, "evoluer", agir, permis=permis, attendu=0)

    @rule(qui=st.booleans(), graine=graines)
    def agir_sur_plusieurs(self, qui, graine):
        """Ended, moved to a court or an antenne: each one is done, was so already, or is refused; places follow."""
        m, hasard = self.mandataires[qui], random.Random(graine)
        toutes = self.toutes(m)
        choisies = hasard.sample(toutes, min(len(toutes), 4))
        relayees = {c.pk for c in choisies if c.renouvellements.en_attente().exists()}
        par, prises = self.lui(m), self.prises(m)
        acte = hasard.choice(["eteindre", "tribunal", "antenne"])
        if acte == "eteindre":
            fins = [groupes.Fin(c, MotifFin.DECES, timezone.localdate()) for c in choisies]
            bilan = groupes.eteindre(par=par, fins=fins)
        elif acte == "tribunal":
            cour = hasard.choice([MONDE["metz"], MONDE["ailleurs"]])
            bilan = groupes.changer_tribunal(par=par, mesures=choisies, tribunal=cour)
        else:
            lieu = hasard.choice([None, *m.lieux.order_by("pk")])
            bilan = groupes.changer_antenne(par=par, mesures=choisies, lieu=lieu)
        self.change = True
        dites = [*bilan.faites, *bilan.deja, *(refus.mesure for refus in bilan.refus)]
        assert sorted(c.pk for c in dites) == sorted(c.pk for c in choisies)
        liberees = sum(c.pk not in relayees for c in bilan.faites) if acte == "eteindre" else 0
        assert self.prises(m) == prises - liberees, acte
        permis = {Statut.EN_COURS} if acte == "eteindre" else {Statut.EN_COURS, Statut.ETEINTE}
        assert all(c.statut in permis for c in bilan.faites)

    @precondition(lambda self: Evolution.objects.exists())
    @rule(rang=rangs, jour=jours, retirer=st.booleans())
    def un_juge_ne_revient_pas_sur_une_evolution(self, rang, jour, retirer):
        toutes = list(Evolution.objects.order_by("pk"))
        self.revenir(toutes[rang % len(toutes)], jour, retirer, self.juge, "tutelle", "protection_bien", "sdf")

    def revenir(self, evolution, jour, retirer, par, nature, champ, lieu_vie):
        m = evolution.mesure.mandataire
        options = {"par": par, "evolution": evolution, "version": evolution.mesure.version}

        def agir():
            if retirer:
                evolutions.retirer(**options)
                return
            faits = self.faits(GenreEvolution(evolution.genre), nature, champ, lieu_vie)
            if not evolutions.corriger(**options, jour=jour, faits=faits).faite:
                raise ActeImpossible("Rien n’a changé.")

        permis = par is self.lui(m) and not (retirer and evolution.reservation_id)
        self.tenter(m, "retirer_evolution" if retirer else "corriger_evolution", agir, permis=permis, attendu=0)

    @staticmethod
    def faits(genre, nature, champ, lieu_vie) -> dict:
        if genre == GenreEvolution.LIEU_VIE:
            type_ = "hospitalier" if lieu_vie.startswith("etablissement") else ""
            adresse = {"pays": "FR", "code_postal": "57000", "commune": MONDE["metz"].commune, "ville": ""}
            return {"lieu_vie": lieu_vie, "type_etablissement": type_, **adresse}
        return (
            {"nature": nature, "champ": champ}
            if "gra" in genre or "all" in genre
            else ({"champ": champ} if genre == GenreEvolution.CHAMP else {})
        )

    @rule(
        qui=st.booleans(), capacite=st.none() | st.integers(0, 6), debut=st.none() | st.integers(-3, 3),
        duree=st.none() | st.integers(0, 5),
    )  # fmt: skip
    def changer_de_capacite_ou_de_pause(self, qui, capacite, debut, duree):
        jour = timezone.localdate() + datetime.timedelta(days=debut) if debut is not None else None
        fin = jour + datetime.timedelta(days=duree) if jour and duree is not None else None
        pause = {"pause_debut": jour, "pause_fin": fin, "pause_motif": "conge" if jour else ""}
        Mandataire.objects.filter(pk=self.mandataires[qui].pk).update(capacite=capacite, **pause)
        self.change = True

    # --- What is always so

    @invariant()
    def la_disponibilite_est_sa_definition(self):
        if not self.change:
            return
        pks, aujourdhui = [m.pk for m in self.mandataires], timezone.localdate()
        tous = charges(Mandataire.objects.filter(pk__in=pks))
        lignes = list(
            Mesure.objects.filter(mandataire__in=pks).values(
                "mandataire", "statut", "renouvelle", "rg_normal", "tribunal"
            )
        )
        nus = Mandataire.objects.in_bulk(pks)
        for annote in avec_disponibilite(Mandataire.objects.filter(pk__in=pks)):
            prenantes = [m for m in lignes if m["mandataire"] == annote.pk and m["renouvelle"] is None]
            cours = sum(m["statut"] == "en_cours" for m in prenantes)
            attente = sum(m["statut"] == "en_attente" for m in prenantes)
            debut, fin = annote.pause_debut, annote.pause_fin
            pause = debut is not None and debut <= aujourdhui and (fin is None or aujourdhui <= fin)
            attendue = 0 if pause else None if annote.capacite is None else annote.capacite - cours - attente
            dispo = disponibilite_de(nus[annote.pk])
            assert annote.disponibilite == dispo.valeur == attendue
            assert (annote.nb_en_cours, annote.nb_en_attente) == (dispo.en_cours, dispo.en_attente) == (cours, attente)
            assert tous.get(annote.pk, (0, 0)) == (cours, attente)
            numeros = [(m["tribunal"], m["rg_normal"]) for m in prenantes if m["statut"] in VIVANTES]
            assert len(numeros) == len(set(numeros))

    def les_pages_disent_de_meme(self):
        """The home, the fiche of the courts, the table of the antennes: each counts by itself."""
        for mandataire in self.mandataires:
            lui, elle = (Mandataire.objects.get(pk=mandataire.pk) for _ in range(2))
            activite_de(lui)
            portrait.charger(elle, portrait.comptes_de(elle))
            dispo = self.dispo(mandataire)
            for vu in (lui, elle):
                assert (vu.nb_en_cours, vu.nb_en_attente) == (dispo.en_cours, dispo.en_attente)
            lieux = list(elle.lieux.all())
            table = tableau(elle, lieux)
            assert sum(rang.charge for rang in (*table.rangs, table.sans)) == dispo.en_cours + dispo.en_attente
            par_lieu = {a.lieu.pk: a.en_cours + a.en_attente for a in portrait.antennes(elle, None, lieux)}
            assert par_lieu == {rang.lieu.pk: rang.charge for rang in table.rangs}

    @invariant()
    def un_renouvellement_suit_sa_mesure(self):
        attendus = Mesure.objects.en_attente().exclude(renouvelle=None).select_related("renouvelle")
        for attendu in attendus:
            assert attendu.renouvelle.statut == Statut.EN_COURS
            assert (attendu.lieu_id, attendu.tribunal_id) == (
                attendu.renouvelle.lieu_id,
                attendu.renouvelle.tribunal_id,
            )

    @invariant()
    def la_mesure_est_ce_que_dit_son_histoire(self):
        """Nothing is corrected by hand here: each evolution starts where the one before led, and the last leads here."""
        if not self.change:
            return
        self.change = False  # looked at: the next steps that write nothing are not
        self.les_pages_disent_de_meme()
        for mesure in Mesure.objects.filter(evolutions__isnull=False).distinct().prefetch_related("evolutions"):
            for groupe in GROUPES:
                suite = [e.changements for e in mesure.evolutions.all() if groupe[0] in e.changements]
                for avant, apres in itertools.pairwise(suite):
                    assert [avant[c][1] for c in groupe] == [apres[c][0] for c in groupe]
                if suite:
                    assert {c: suite[-1][c][1] for c in groupe} == journal.photo(mesure, groupe)


@pytest.mark.usefixtures("_troupe_de_la_machine")
def test_aucune_suite_d_actes_ne_fausse_rien():
    reglages = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # minutes of shrinking would not shorten a seed
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Activites, settings=reglages)


@pytest.fixture
def _troupe_de_la_machine(db):
    metz, ailleurs = tribunal("Metz"), tribunal("Thionville")
    mandataires = [MandataireFactory(capacite=4), MandataireFactory(capacite=2)]
    for mandataire in mandataires:
        LieuFactory(mandataire=mandataire, nom="Nord", capacite=2)
        MesureFactory(mandataire=mandataire, tribunal=metz, nature="curatelle_simple", champ="protection_bien")
        MesureFactory(mandataire=mandataire, tribunal=metz, eteinte=True)
        MesureFactory(mandataire=mandataire, tribunal=metz, en_attente=True)
    MONDE.update(
        metz=metz,
        ailleurs=ailleurs,
        mandataires=mandataires,
        gens={m.pk: m.membres.get().utilisateur for m in mandataires},
        juge=utilisateur_du_tribunal(metz),
        voisine=utilisateur_du_tribunal(ailleurs),
    )
    yield
    MONDE.clear()
