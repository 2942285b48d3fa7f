"""Settings of the tests: production, but for what a test can't have (HTTPS, slow passwords, a broker on disk).

Nothing of a developer's `.env` gets in. `DATABASE_URL` and `REDIS_URL` choose the services; without them SQLite in
memory and caches in memory do. Routes of the rehearsal (`/mailbox/`) come with the fixture `example`.
"""

import os

os.environ.update(
    ENV_FILE="",
    EXAMPLE="",
    DEBUG="",
    SECRET_KEY="tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-secret",
    CONCERN_KEYS="tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-concerns",
    SITE_URL="https://mentoring.example",
    SECURE_SSL_REDIRECT="0",
    EMAIL_URL="memorymail://",
    STAFF_SECOND_FACTOR="0",
    STEP_UP="0",
)
os.environ.setdefault("SCHOOL_EMAIL_DOMAINS", "lse.ac.uk,lse.example")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from mentorship.settings import *  # noqa: F403
from mentorship.settings import CELERY_BROKER_TRANSPORT_OPTIONS, REDIS_URL, TEMPLATES
from tests.undefined import Undefined

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # look a static file up when it is asked for, not all of them for each client
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()

if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = "mentorship-tests-"
else:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
