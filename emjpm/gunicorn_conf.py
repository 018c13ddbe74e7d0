"""gunicorn settings shared by the demo, Docker and a plain server.

No access log: URLs may carry a search text or a reset key (docs/exploitation.md).
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
preload_app = True
control_socket_disable = True
accesslog = None
errorlog = "-"
