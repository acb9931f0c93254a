"""How gunicorn serves us: `gunicorn --config hatecrime/gunicorn_conf.py hatecrime.wsgi`

Driven by the environment: WEB_HOST, PORT, WEB_WORKERS, WEB_THREADS (docs/reference/environment.md).
There is no access log here: addresses and paths are personal data, and the application records
who opened which case in its own ledger.
"""

import os
from pathlib import Path

bind = f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "hatecrime.gunicorn_worker.DrainingWorker"
workers = int(os.environ.get("WEB_WORKERS", min(4, os.cpu_count() or 1)))
threads = int(os.environ.get("WEB_THREADS", "8"))

# Loaded once, before the workers: an unsafe configuration ends the start instead of a worker.
preload_app = True
# Heartbeats on a disk can stall a worker; memory cannot.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

timeout = 30
# A stop lets what is being answered finish (bar row 80: gone within 30 seconds).
graceful_timeout = 20
keepalive = 5

# A request's head is small here, and a long one is an attack (bar row 66).
limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 8190

accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
