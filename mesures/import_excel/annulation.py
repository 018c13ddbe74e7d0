def dernier_annule(mandataire):
    return None
