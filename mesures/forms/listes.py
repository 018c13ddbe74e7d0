"""The search and the filters of a mandataire's list: a GET form whose address can be kept."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from mesures.enums import LieuVie, Nature
from mesures.listes import DEFAUT, Registre

_TRIS = (
    ("-jugement", "Jugement, le plus récent d’abord"),
    ("jugement", "Jugement, le plus ancien d’abord"),
    ("rg", "Numéro RG"),
    ("-rg", "Numéro RG, le dernier d’abord"),
    ("dossier", "Dossier"),
    ("-dossier", "Dossier, le dernier d’abord"),
    ("commune", "Commune, de A à Z"),
    ("-commune", "Commune, de Z à A"),
    ("nature", "Nature"),
    ("-nature", "Nature, ordre inverse"),
    ("tribunal", "Tribunal et cabinet, de A à Z"),
    ("-tribunal", "Tribunal et cabinet, de Z à A"),
    ("naissance", "Personne, la plus âgée d’abord"),
    ("-naissance", "Personne, la plus jeune d’abord"),
    ("lieu", "Lieu de vie"),
    ("-lieu", "Lieu de vie, ordre inverse"),
)
_TRIS_FIN = (("-fin", "Fin, la plus récente d’abord"), ("fin", "Fin, la plus ancienne d’abord"))

PAR_PAGE = (50, 100, 250)


class FiltresForm(FormulaireDsfr, forms.Form):
    """Every value that means nothing is left aside, never an error page. Only what finds something is offered."""

    marquer_optionnels = False
    LIBELLES_DES_MANQUES = (
        ("rg", "Sans numéro RG"),
        ("naissance", "Sans année de naissance"),
        ("commune", "Sans commune"),
        ("champ", "Sans champ"),
        ("dossier", "Sans numéro de dossier"),
    )
    PLUS = ("tri", "cabinet", "departement", "antenne", "manque")
    """Those folded under « Plus de filtres »."""

    q = forms.CharField(
        label="Rechercher",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "RG, dossier, commune, année"}),
    )
    nature = forms.ChoiceField(choices=[("", "Toutes"), *Nature.choices], required=False)
    tribunal = forms.ChoiceField(required=False)
    lieu_vie = forms.ChoiceField(label="Lieu de vie", choices=[("", "Tous"), *LieuVie.choices], required=False)
    tri = forms.ChoiceField(label="Trier par", required=False)
    cabinet = forms.ChoiceField(required=False)
    departement = forms.ChoiceField(label="Département", required=False)
    antenne = forms.ChoiceField(required=False)
    manque = forms.ChoiceField(
        label="Information manquante", choices=[("", "Aucune"), *LIBELLES_DES_MANQUES], required=False
    )
    # Chosen on the map; only a tag tells it.
    commune = forms.RegexField(r"^[0-9AB]{5}$", required=False, widget=forms.HiddenInput)
    par = forms.TypedChoiceField(
        choices=[(n, n) for n in PAR_PAGE], coerce=int, required=False, widget=forms.HiddenInput
    )

    def __init__(self, donnees, *, registre: Registre, avec_fin: bool = False):
        super().__init__(donnees)
        tous = [("", "Tous")]
        self.fields["tribunal"].choices = tous + registre.tribunaux
        self.fields["cabinet"].choices = tous + [(c, c) for c in registre.cabinets]
        self.fields["departement"].choices = tous + registre.departements
        mots = registre.mots
        self.fields["antenne"].label = mots.titre
        self.fields["antenne"].choices = [("", mots.tous), *registre.antennes]
        par_lieu = (("antenne", f"{mots.titre}, de A à Z"), ("-antenne", f"{mots.titre}, de Z à A"))
        tris = (*(_TRIS_FIN if avec_fin else ()), *_TRIS, *(par_lieu if registre.antennes else ()))
        self.fields["tri"].choices = tris
        self.fields["tri"].initial = DEFAUT
        for nom, choix in (("cabinet", registre.cabinets), ("departement", registre.departements[1:])):
            if not choix:  # a filter with a single answer filters nothing
                self.fields[nom].widget = forms.HiddenInput()
        if not registre.antennes:
            del self.fields["antenne"]

    def valeurs(self) -> dict:
        """The filters that mean something."""
        self.is_valid()
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if valeur}

    @property
    def depliee(self) -> bool:
        """Is something chosen under « Plus de filtres »?"""
        return bool(self.valeurs().keys() & {*self.PLUS})

    def en_mots(self, valeurs: dict) -> dict[str, str]:
        """{filter: « Nature : Tutelle »}: the tags above the list, the order and the page left aside."""
        mots = {}
        for nom, valeur in valeurs.items():
            champ = self.fields[nom]
            if nom in {"tri", "par", "commune"}:
                continue
            libelle = dict(champ.choices).get(valeur, valeur) if isinstance(champ, forms.ChoiceField) else valeur
            titre = {"q": "Recherche", "manque": ""}.get(nom, champ.label or nom.capitalize())
            mots[nom] = f"{titre} : {libelle}" if titre else libelle
        return mots
