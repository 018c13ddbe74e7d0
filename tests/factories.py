"""Objects for tests, with traits. Geography and courts are few and real; people are invented."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from emjpm.commun.texte import normaliser
from emjpm.comptes.models import Perimetre, Role, Utilisateur
from emjpm.geographie.models import CodePostal, Commune, Departement, Region
from emjpm.geographie.querysets import nom_de_commune
from mandataires.models import Habilitation, Lieu, Mandataire, Membre
from mesures.enums import LieuVie, MotifFin, Nature, Statut
from mesures.models import Mesure
from mesures.numero_rg import forme_normale
from tribunaux.models import MembreTribunal, Tribunal

MOT_DE_PASSE = "mot-de-passe-2026"

LIEUX = {  # nom: (insee, code postal, département, population, latitude, longitude)
    "Metz": ("57463", "57000", "57", 120000, 49.1196, 6.1763),
    "Thionville": ("57672", "57100", "57", 42000, 49.3579, 6.1684),
    "Saint-Avold": ("57606", "57500", "57", 15000, 49.1033, 6.7086),
    "Nancy": ("54395", "54000", "54", 104000, 48.6937, 6.1834),
    "Bourg-en-Bresse": ("01053", "01000", "01", 41000, 46.2051, 5.2280),
    "Paris": ("75056", "75001", "75", 2100000, 48.8566, 2.3522),
    "Fort-de-France": ("97209", "97200", "972", 76000, 14.6037, -61.0594),
}
REGIONS = {
    "57": ("44", "Grand Est"),
    "54": ("44", "Grand Est"),
    "01": ("84", "Auvergne-Rhône-Alpes"),
    "75": ("11", "Île-de-France"),
    "972": ("02", "Martinique"),
}
DEPARTEMENTS = {
    "57": ("Moselle", "en Moselle"),
    "54": ("Meurthe-et-Moselle", "en Meurthe-et-Moselle"),
    "01": ("Ain", "dans l’Ain"),
    "75": ("Paris", "à Paris"),
    "972": ("Martinique", "à la Martinique"),
}


def departement(code: str) -> Departement:
    region, _ = Region.objects.get_or_create(code=REGIONS[code][0], defaults={"nom": REGIONS[code][1]})
    nom, locatif = DEPARTEMENTS[code]
    return Departement.objects.get_or_create(
        code=code,
        defaults={"nom": nom, "nom_normalise": normaliser(nom), "locatif": locatif, "region": region},
    )[0]


def commune(nom: str = "Metz") -> Commune:
    """One of the few real communes of LIEUX, with its postal code."""
    insee, code_postal, code_departement, population, latitude, longitude = LIEUX[nom]
    objet, creee = Commune.objects.get_or_create(
        insee=insee,
        defaults={
            "nom": nom,
            "nom_normalise": nom_de_commune(nom),
            "departement": departement(code_departement),
            "population": population,
            "latitude": latitude,
            "longitude": longitude,
        },
    )
    if creee:
        objet.codes_postaux.add(CodePostal.objects.get_or_create(code=code_postal)[0])
    return objet


def tribunal(ville: str = "Metz", type_: str = Tribunal.Type.TJ, **champs) -> Tribunal:
    nom = f"{Tribunal.Type(type_).label} {'d’' if ville[0] in 'AEIOUÉ' else 'de '}{ville}"
    return Tribunal.objects.get_or_create(
        code=f"{type_.lower()}-{normaliser(ville).replace(' ', '-')}",
        defaults={
            "nom": nom,
            "nom_normalise": nom_de_commune(nom),
            "type": type_,
            "commune": commune(ville),
            "ville": ville,
            **champs,
        },
    )[0]


class UtilisateurFactory(DjangoModelFactory):
    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    civilite = "madame"
    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Bellerive{n}")
    role = Role.INDIVIDUEL
    statut = Utilisateur.Statut.VALIDE

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or MOT_DE_PASSE)
        self.save()

    @factory.post_generation
    def adresse_verifiee(self, create, extracted, **kwargs):
        from allauth.account.models import EmailAddress

        if extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    class Params:
        en_attente = factory.Trait(statut=Utilisateur.Statut.EN_ATTENTE)
        equipe = factory.Trait(role=Role.SUPPORT, is_staff=True, is_superuser=True)


class MandataireFactory(DjangoModelFactory):
    """A mandataire with its login (`.membres.get().utilisateur`), a place at Metz and the court of Metz."""

    class Meta:
        model = Mandataire
        skip_postgeneration_save = True

    categorie = Mandataire.Categorie.INDIVIDUEL
    nom = factory.Sequence(lambda n: f"Camille Bellerive {n}")
    nom_normalise = factory.LazyAttribute(lambda o: normaliser(o.nom))
    courriel = factory.Sequence(lambda n: f"mandataire{n}@exemple.fr")
    telephone = "+33199004127"
    capacite = 10
    actualise_le = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def ville(self, create, extracted, **kwargs):
        """Town of the main place (Metz); `ville=None` for a mandataire without a place."""
        if extracted is None and "ville" in kwargs:
            return
        LieuFactory(mandataire=self, principal=True, commune=commune(extracted or "Metz"))

    @factory.post_generation
    def habilite(self, create, extracted, **kwargs):
        """Courts: a list of Tribunal; by default the TJ of Metz."""
        for cour in [tribunal("Metz")] if extracted is None else extracted:
            Habilitation.objects.create(mandataire=self, tribunal=cour)

    @factory.post_generation
    def membre(self, create, extracted, **kwargs):
        if extracted is not False:
            Membre.objects.create(
                mandataire=self,
                administrateur=True,
                utilisateur=UtilisateurFactory(role=self.categorie, email=f"compte-{self.pk}@exemple.fr"),
            )

    class Params:
        service = factory.Trait(categorie="service", nom=factory.Sequence(lambda n: f"Service tutélaire {n}"))
        prepose = factory.Trait(categorie="prepose")


class LieuFactory(DjangoModelFactory):
    class Meta:
        model = Lieu

    mandataire = factory.SubFactory(MandataireFactory)
    nom_normalise = factory.LazyAttribute(lambda o: nom_de_commune(getattr(o, "nom", "")))
    commune = factory.LazyFunction(commune)
    code_postal = factory.LazyAttribute(lambda o: o.commune.codes_postaux.first().code if o.commune else "")
    latitude = factory.LazyAttribute(lambda o: o.commune.latitude if o.commune else None)
    longitude = factory.LazyAttribute(lambda o: o.commune.longitude if o.commune else None)
    precision = factory.LazyAttribute(lambda o: "commune" if o.commune else "")


class MesureFactory(DjangoModelFactory):
    """A tutelle en cours at Metz; traits en_attente, eteinte."""

    class Meta:
        model = Mesure

    mandataire = factory.SubFactory(MandataireFactory)
    tribunal = factory.LazyFunction(tribunal)
    statut = Statut.EN_COURS
    nature = Nature.TUTELLE
    numero_rg = factory.Sequence(lambda n: f"19D{n:05d}")
    rg_normal = factory.LazyAttribute(lambda o: forme_normale(o.numero_rg))
    date_jugement = datetime.date(2021, 6, 9)
    civilite = "madame"
    annee_naissance = 1947
    lieu_vie = LieuVie.DOMICILE
    code_postal = "57000"
    commune = factory.LazyFunction(commune)

    class Params:
        en_attente = factory.Trait(
            statut=Statut.EN_ATTENTE,
            date_jugement=None,
            lieu_vie="",
            reserve_le=factory.LazyFunction(timezone.now),
        )
        eteinte = factory.Trait(statut=Statut.ETEINTE, date_fin=datetime.date(2025, 5, 3), motif_fin=MotifFin.MAINLEVEE)


def utilisateur_du_tribunal(cour: Tribunal, role: str = Role.MAGISTRAT, **champs) -> Utilisateur:
    utilisateur = UtilisateurFactory(role=role, **champs)
    MembreTribunal.objects.create(utilisateur=utilisateur, tribunal=cour, cabinet="2")
    return utilisateur


def agent(niveau: str = "national", code_departement: str | None = None, **champs) -> Utilisateur:
    utilisateur = UtilisateurFactory(role=Role.DIRECTION, **champs)
    Perimetre.objects.create(
        utilisateur=utilisateur,
        niveau=niveau,
        departement=departement(code_departement) if niveau == "departemental" else None,
        region=departement(code_departement).region if niveau == "regional" else None,
    )
    return utilisateur
