"""gunicorn settings shared by the demo, Docker and a plain server.

No access log: URLs may carry a search text or a reset key (docs/exploitation.md).
"""

import os
import sys

from gunicorn.glogging import Logger

from emjpm.commun.memoire import figer
from emjpm.settings.environnement import entier


class JournalDiscret(Logger):
    """gunicorn's own lines repeat what was sent (« Invalid request … », « Error handling request /?q=… »)."""

    def warning(self, msg, *args, **kwargs):
        msg = str(msg)
        super().warning(*(("Invalid request",) if msg.startswith("Invalid request") else (msg, *args)), **kwargs)

    def exception(self, msg, *args, **kwargs):
        genre = sys.exc_info()[0]
        self.error_log.error("Error in the worker: %s", genre.__name__ if genre else "?")


bind = f"{os.environ.get('HOST', '127.0.0.1')}:{entier('PORT', defaut=8000, minimum=1)}"
workers = entier("WEB_CONCURRENCY", defaut=2, minimum=1)
threads = 4
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
preload_app = True
control_socket_disable = True
accesslog = None
logger_class = JournalDiscret
errorlog = "-"


def when_ready(server):
    """The application is loaded, no worker is born yet."""
    figer()
