"""All settings, each from the environment with a default that is safe.

`EXAMPLE=1` (what `make run` writes into `.env`) is the rehearsal: invented people, no mail leaves, the mailbox
page exists and `lse.example` counts as a School domain. Without it, and without `DEBUG`, this is production, which
refuses to start without secrets of its own.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from mentorship.lib import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (env_file := env.str("ENV_FILE", str(BASE_DIR / ".env"))) and Path(env_file).is_file():
    env.read_env(env_file)

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))  # what the running product writes on this machine
EXAMPLE = env.bool("EXAMPLE", False)
DEBUG = env.bool("DEBUG", False)
IS_PRODUCTION = not (EXAMPLE or DEBUG)


def given(name: str) -> str:
    """A secret of the environment; only a rehearsal has a default."""
    in_rehearsals = f"only-for-rehearsals-{name.lower().replace('_', '-')}-" + "x7Q" * 12
    return env.str(name, "" if IS_PRODUCTION else in_rehearsals)


def strong(name: str, value: str, shortest: int) -> str:
    """The secret, if it is neither short nor made of few characters."""
    if len(value) < shortest or len(set(value)) < 8:
        raise ImproperlyConfigured(
            f"{name} must be set to at least {shortest} random characters (python -c 'import secrets;"
            f" print(secrets.token_urlsafe(50))'). To try the product with invented people, use `make run`."
        )
    return value


SECRET_KEY = strong("SECRET_KEY", given("SECRET_KEY"), 40)
# Former ones, which still open what they sealed: second factors, links that were sent.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The keys that seal concerns, newest first, separated by commas: the first seals, all of them open.
CONCERN_KEYS = [strong("CONCERN_KEYS", key.strip(), 32) for key in given("CONCERN_KEYS").split(",")]
if SECRET_KEY in CONCERN_KEYS or len(set(CONCERN_KEYS)) < len(CONCERN_KEYS):
    raise ImproperlyConfigured("CONCERN_KEYS must not repeat SECRET_KEY or one another.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")

SCHOOL_EMAIL_DOMAINS = [
    domain.strip().lower()
    for domain in env.list(
        "SCHOOL_EMAIL_DOMAINS", default=["lse.ac.uk"] + (["lse.example"] if EXAMPLE else [])
    )
    if domain.strip()
]
ORGANISATIONAL_LEARNING_EMAIL = env.str("ORGANISATIONAL_LEARNING_EMAIL", "organisational.learning@lse.ac.uk")
# The School's central address for concerns that no handler may read or nobody answers; empty: who gives duties.
CONCERNS_CENTRAL_EMAIL = env.str("CONCERNS_CENTRAL_EMAIL", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Mentoring programmes <mentoring@localhost>")
EMERGENCY_SECURITY_PHONE = env.str("EMERGENCY_SECURITY_PHONE", "020 7955 6555")

INSTALLED_APPS = [
    "programmes.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "outbox",
    "accounts",
    "programmes.apps.ProgrammesConfig",
    "declarations",
    "equality",
    "applications",
    "training",
    "partnerships",
    "matching",
    "meetings",
    "concerns",
    "overview",
]

MIDDLEWARE = [
    "mentorship.middleware.name_each_request",
    # First, so that they stand on every answer: on the way to HTTPS, on refusals and on static files too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mentorship.middleware.lock_what_no_page_needs",
    "mentorship.middleware.never_store_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mentorship.middleware.refuse_what_is_too_large",
    "mentorship.middleware.refuse_what_no_browser_sends",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "programmes.middleware.sign_out_after_a_while",
    "allauth.account.middleware.AccountMiddleware",
    "programmes.middleware.SecondFactorForStaff",
]

ROOT_URLCONF = "mentorship.urls"
WSGI_APPLICATION = "mentorship.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mentorship.context_processors.site",
                "programmes.context_processors.duties",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FORMS_URLFIELD_ASSUME_HTTPS = True  # “linkedin.com/in/ada” means https; Django 6 needs this line no more
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'mentorship.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    if Path(DATABASES["default"]["NAME"]).parent == VAR_DIR:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People and their sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 14 * 24 * 3600  # seconds: also how long the first link of an imported person lives
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_email": "accounts.forms.ChangeEmailForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
# A lecture hall comes from one address, so what guards a person is bound to the address that they type (“key”).
ACCOUNT_RATE_LIMITS = {
    "signup": "120/m/ip",
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "request_login_code": "120/m/ip,3/m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}

# The second factor, and asking again: whoever works for a programme needs one; pages that matter ask once more.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", IS_PRODUCTION)
STEP_UP = ACCOUNT_REAUTHENTICATION_REQUIRED = env.bool("STEP_UP", True)
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "authenticate_webauthn": "accounts.forms.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticateByPasskeyForm",
    "login_webauthn": "accounts.forms.LoginByPasskeyForm",
}

# Answers: what the browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# No cookie of its own: what is said to a person once may hold their address.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "mentorship.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("ALLAUTH_TRUSTED_PROXY_COUNT", 1)

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # the office's sheet, the only file that anybody sends

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
FORMAT_MODULE_PATH = ["mentorship.formats"]
USE_TZ = True

# Mail: the outbox hands each message to this backend. In the rehearsal nothing leaves.
EMAIL_CONFIG = env.email_url("EMAIL_URL", "dummymail://" if EXAMPLE or DEBUG else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
# How long the words of a message that has left are kept, in days; 0 keeps them (the rehearsal's mailbox shows them).
OUTBOX_KEEP_BODIES_DAYS = env.int("OUTBOX_KEEP_BODIES_DAYS", 0 if EXAMPLE else 90)

# Who was erased, by keyed pseudonyms, outside the database: after a restore `replay_erasures` erases them again.
ERASURE_LEDGER = Path(env.str("ERASURE_LEDGER", str(VAR_DIR / "erasures.ledger")))

# Matching: how long a release can be called back before people are introduced, and how long an offer waits.
RELEASE_DELAY = timedelta(minutes=env.float("RELEASE_DELAY_MINUTES", 1 if EXAMPLE else 15))
OFFER_DAYS = env.int("OFFER_DAYS", 5)
# The hour, School time, before which nobody is reminded of a meeting that is due.
REMINDERS_FROM_HOUR = env.int("REMINDERS_FROM_HOUR", 9)

# Celery: the doorbell and the clock, never the truth (see outbox)
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "visibility_timeout": 300,
    }
else:
    CELERY_BROKER_URL = "folder://localhost"  # see mentorship.lib.folder_broker
    _queue = str(VAR_DIR / "queue")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _queue,
        "data_folder_out": _queue,
        "control_folder": str(VAR_DIR / "control"),
        "polling_interval": 0.05,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "outbox.*": {"queue": "mail"},
    "matching.tasks.carry_out_waiting": {"queue": "matching"},
}
# Task: seconds between two rings. A ring that nobody took up by the next one is dropped: each sweep does what is due.
_RINGS = {
    "outbox.tasks.deliver": 3,
    "matching.tasks.carry_out_waiting": 2,
    "matching.tasks.introduce_due": 5,
    "partnerships.tasks.end_due": 600,
    "partnerships.tasks.check_circles": 600,
    "meetings.tasks.settle_plans": 600,
    "meetings.tasks.remind_of_plans": 300,
    "meetings.tasks.remind_due": 60,
    "meetings.tasks.flag_due": 600,
    "training.tasks.remind_of_training": 600,
    "training.tasks.free_places": 600,
    "applications.tasks.ask_again": 600,
    "applications.tasks.take_up_held": 600,
    "applications.tasks.tell_of_next_cohort": 600,
    "applications.tasks.tell_of_widening": 600,
    "applications.tasks.make_notices_known": 600,
    "matching.tasks.lapse_offers": 600,
    "concerns.tasks.chase_unanswered": 600,
    "overview.tasks.send_digests": 600,
    "overview.tasks.take_snapshots": 3600,
    "overview.tasks.carry_out_erasures": 600,
    "overview.tasks.purge": 3600,
    "overview.tasks.remind_of_requests": 600,
    "outbox.tasks.forget_bodies": 6 * 3600,
    "programmes.tasks.check_school_pages": 3600,
    "accounts.tasks.forget_sessions": 6 * 3600,
}
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": float(seconds), "options": {"expires": min(seconds, 3600)}}
    for task, seconds in _RINGS.items()
}

# Nothing that people wrote and nobody's address: see mentorship.lib.logs. DEBUG alone shows exceptions in full.
LOGGING = logs.configuration(
    "json" if IS_PRODUCTION else "full" if DEBUG else "plain", level=env.str("LOG_LEVEL", "WARNING")
)
