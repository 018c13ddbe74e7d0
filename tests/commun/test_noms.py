"""What a free text may say of an adult: nothing that names them."""

import pytest

from emjpm.commun.texte import nom_possible


@pytest.mark.parametrize(
    "texte",
    [
        "née le 3 mars 1947",
        "Née le 1er mars 1947",
        "né à Metz le 12/03/1947",
        "née en 03/1947",
        "née le 12/03/2015",
        "12/03/1947",
        "le 3 mars 1947",
        "madame durand",
        "mme dupont vit seule",
        "mr durand",
        "M.durand",
        "M. Durand",
        "Mme Durand",
        "MME DURAND",
        "Mme de La Tour",
        "Mme d’Ormesson",
        "Monsieur D.",
        "Me Durand",
        "la famille Durand",
        "12 rue des Lilas 57000 Metz",
        "3 bis, avenue Foch",
    ],
)
def test_what_names_somebody_is_seen(texte):
    assert nom_possible(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "Madame vit seule",
        "madame est hospitalisée",
        "Monsieur est à l’hôpital de Metz",
        "monsieur n’a plus de logement",
        "Madame s’est opposée à la mesure",
        "mme refuse les soins",
        "Madame, actuellement hospitalisée, sortira lundi",
        "la famille est en conflit",
        "famille d’accueil",
        "jugement prévu le 12/03/2026",
        "jugement du 12/03/2008",
        "née en 1947",
        "Mme la juge",
        "M. le juge",
        "M.le juge",
        "madame la directrice de l’EHPAD",
        "contacter l’ATMP au 03 87 00 00 00",
        "RG 21/00167",
        "2 places de parking",
        "Appelez-moi avant le 3 mars",
    ],
)
def test_an_ordinary_message_passes(texte):
    assert nom_possible(texte) is None
