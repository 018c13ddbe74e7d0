"""The acts on a mesure. One file per author: the mandataire's (`mandat`), the court's (`reservation`)."""
