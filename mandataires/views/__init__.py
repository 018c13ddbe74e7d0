"""« Mes informations » and its pages."""

from .outils import le_mien

__all__ = ["le_mien"]
