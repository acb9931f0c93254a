"""All settings, driven by the environment (docs/reference/environment.md).

Nothing here is secret.  Production is the default: DEBUG must be switched on, and a
production process refuses an unsafe configuration (``hatecrime.checks``).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.utils.csp import CSP

from hatecrime import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
ORGANISATION = "Amplius"

DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("TESTING", default="pytest" in sys.modules)
DEFAULT_SECRET_KEY = "insecure-only-for-development-and-tests"  # noqa: S105 (refused in production)
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
# True only for a demonstration on this machine over plain http: cookies are then not Secure.
LOCAL_HTTP = env.bool("LOCAL_HTTP", default=DEBUG or TESTING)

INSTALLED_APPS = [
    "django.contrib.auth",  # first, since ours disconnects what it connects (hatecrime.apps)
    "hatecrime",
    "cases.audit",
    "cases.staff",
    "cases.policy",
    "cases.people",
    "cases.casework",
    "cases.repeats",
    "cases.risk",
    "cases.partners",
    "cases.consent",
    "cases.disclosures",
    "cases.intake",
    "cases.referrals",
    "cases.workflow",
    "cases.improving",
    "cases.reporting",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "hatecrime.middleware.ReadToTheEnd",
    "hatecrime.middleware.Outage",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "hatecrime.middleware.PrivateResponses",
    "hatecrime.middleware.PlainAddresses",
    "hatecrime.middleware.RequestIdentity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hatecrime.middleware.OriginOfOurForms",  # before the next, after the host was checked
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hatecrime.middleware.CurrentActor",
    "hatecrime.unsent.KeepTyped",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hatecrime.middleware.SecondFactor",
    "hatecrime.step_up.StepUp",
]

ROOT_URLCONF = "hatecrime.urls"
WSGI_APPLICATION = "hatecrime.wsgi.application"

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
                "hatecrime.navigation.frame",
            ],
            "builtins": ["hatecrime.templatetags.house", "hatecrime.templatetags.ability"],
        },
    },
]
FORM_RENDERER = "hatecrime.forms.GovukRenderer"

# The application serves as a role that owns nothing; the owner is for migrations (ADR 21).
# Who makes the roles has no database yet, and must not start one to say so; who verifies the
# ledger looks at another machine's.
WITHOUT_DATABASE = (["database_roles"], ["verify_ledger"])
_address, _owner = env("DATABASE_URL", default=""), env("DATABASE_OWNER_URL", default="")
if not _address:
    embedded = sys.argv[1:2] not in WITHOUT_DATABASE
    _address = postgres.url() if embedded else "postgres:///none"
    _owner = _owner or (postgres.owner_url() if embedded else "")
_database = env.db_url_config(_address)
DATABASE_NAME = _database["NAME"]
DATABASE_OWNER = env.db_url_config(_owner) if _owner else None
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=60_000 if TESTING else 4500)
# Seconds for a server that keeps no time limit because it is stopped (hatecrime.patience).
DATABASE_PATIENCE = STATEMENT_TIMEOUT_MS / 1000 + 0.3 if STATEMENT_TIMEOUT_MS else 0
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "hatecrime.patient",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),  # the address's own: a socket's directory, sslmode
            "connect_timeout": 4,
            # PostgreSQL keeps the plan of what a connection asks again (cases.prepared.planned).
            "prepare_threshold": 3,
            # A hung statement answers within bar row 78's five seconds instead of for ever.
            # Tests also make and drop whole databases, on machines that do other work besides.
            # The data fit in memory, where one page costs what another does.
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=4000"
            " -c random_page_cost=1.1",
        },
        "TEST": {"NAME": "test_hatecrime" + env("TEST_DB_SUFFIX", default="")},
    }
}
SIMPLE_HISTORY_ENABLED = False  # it only reads: the database writes it (cases.audit.capture)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "hatecrime.passwords.PaddedPasswordValidator"},
    {"NAME": "hatecrime.passwords.ContextWordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# --- django-allauth: local accounts now; second factor and OpenID Connect by settings ---
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "hatecrime.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hatecrime.adapters.SocialAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# One limit, ours: wrong passwords, counted where they are also recorded (hatecrime.adapters).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key,50/15m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Said by the address: the cookies that would carry a message are cleared with everything else.
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/?signed-out"
# Whoever can read the mail of an account proves nothing more by it: addresses are operations'.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Hate crime casework"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=False)
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_HTTP
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False


def openid_apps(server_url: str) -> list[dict[str, object]]:
    """The one provider of single sign-on, if there is one.

    Accounts are linked by its id and the token's subject.  The id is made from the issuer, so
    that another issuer's subjects can never be taken for those of this one.
    """
    if not server_url:
        return []
    issuer = hashlib.sha256(server_url.rstrip("/").encode()).hexdigest()[:8]
    return [
        {
            "provider_id": f"sso-{issuer}",
            "name": env("OIDC_NAME", default=ORGANISATION),
            "client_id": env("OIDC_CLIENT_ID", default=""),
            "secret": env("OIDC_CLIENT_SECRET", default=""),
            # Who it is comes from the token alone, whose issuer and audience are checked.
            "settings": {"server_url": server_url, "fetch_userinfo": False},
        }
    ]


OIDC_SERVER_URL = env("OIDC_SERVER_URL", default="")
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL))] * bool(OIDC_SERVER_URL)
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": openid_apps(OIDC_SERVER_URL)}
}

# Shared by every worker, so that a limit on guessing is one limit however many there are.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = postgres.VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Development and tests take styles from where they are compiled; production from STATIC_ROOT.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- sessions: fifteen idle minutes, ten hours in all (bar rows 10 and 11) ---
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "session" if LOCAL_HTTP else "__Host-session"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=15) * 60
SESSION_ABSOLUTE_HOURS = env.int("SESSION_ABSOLUTE_HOURS", default=10)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = not LOCAL_HTTP
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrf" if LOCAL_HTTP else "__Host-csrf"
CSRF_COOKIE_SECURE = not LOCAL_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "hatecrime.errors.csrf_failed"

# --- headers (bar rows 60 and 61) ---
SECURE_SSL_REDIRECT = not LOCAL_HTTP and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if LOCAL_HTTP else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # A browser holds the redirect to single sign-on, too, to be where our form goes.
    "form-action": [CSP.SELF, *OIDC_ORIGINS],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

# Bodies stay small off the upload routes (bar row 66).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

MAILERS = {
    "default": {
        "BACKEND": env("MAIL_BACKEND", default="django.core.mail.backends.locmem.EmailBackend"),
    }
}
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="no-reply@amplius.example")
# Whether email leaves at all: where it does not, telling somebody is a person's duty.
TELL_BY_MAIL = bool(env("MAIL_BACKEND", default=""))
SITE_ADDRESS = env("SITE_ADDRESS", default="http://127.0.0.1:8000")

LOGGING_CONFIG = "hatecrime.logs.configure"
LOGGING = {"level": env("LOG_LEVEL", default="INFO")}

# Where the ledger ends leaves the database, signed (docs/how-to/verify-the-ledger.md).  Tests have
# a database each and name a file of their own.
_anchors = "" if TESTING else str(postgres.VAR / "anchors" / "anchors.jsonl")
LEDGER_ANCHORS = env("LEDGER_ANCHORS", default=_anchors)
LEDGER_KEY = env("LEDGER_KEY", default=str(postgres.VAR / "ledger_key.pem"))

# Numbers and places that are the organisation's, not the code's.
DUTY_MANAGER_PHONE = env("DUTY_MANAGER_PHONE", default="01900 555 0100")
CONTACT_PHONE = env("CONTACT_PHONE", default="01900 555 0199")
SILENCED_SYSTEM_CHECKS: list[str] = env.list("SILENCED_SYSTEM_CHECKS", default=[])
