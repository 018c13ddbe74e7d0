"""The sessions a person has open, in words; what allauth keeps of them lives as long as they do."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions import views as allauth
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.db import transaction

from emjpm.commun.journal import noter

# The first that is found names it: each browser also says it is the ones that came before.
_NAVIGATEURS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
    ("Internet Explorer", r"MSIE |Trident/"),
)
_SYSTEMES = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def appareil(user_agent: str) -> str:
    """« Firefox, Windows »: what a person recognises of the long line a browser sends."""
    mots = [
        next((nom for nom, motif in liste if re.search(motif, user_agent)), "") for liste in (_NAVIGATEURS, _SYSTEMES)
    ]
    return ", ".join(m for m in mots if m) or "Navigateur inconnu"


@dataclass(frozen=True)
class Ouverte:
    """One line of the page."""

    le: datetime
    appareil: str
    ip: str
    courante: bool


class Sessions(DefaultUserSessionsAdapter):
    """Ending sessions leaves a line in the journal."""

    def end_sessions(self, sessions) -> None:
        with transaction.atomic():
            super().end_sessions(sessions)
            if sessions:
                par = sessions[0].user
                noter(par=par, acte="compte.fermer_sessions", objet=par, changements={"nombre": [len(sessions), 0]})


class MesSessions(allauth.ListUserSessionsView):
    def get_context_data(self, **kwargs) -> dict:
        contexte = super().get_context_data(**kwargs)
        ouvertes = [Ouverte(s.created_at, appareil(s.user_agent), s.ip, s.is_current()) for s in contexte["sessions"]]
        ouvertes.sort(key=lambda s: (not s.courante, -s.le.timestamp()))
        return contexte | {"ouvertes": ouvertes, "autres": sum(not s.courante for s in ouvertes)}
