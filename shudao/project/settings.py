"""设置 (settings): one file. Everything that must be kept lies in one folder, SHUDAO_DATA."""

import os
from pathlib import Path

import environ
from django.core.management.utils import get_random_secret_key

from shudao.base.logs import configuration

env = environ.Env()
HERE = Path(__file__).resolve().parent.parent
DATA = Path(env("SHUDAO_DATA", default=str(HERE.parent / "data"))).expanduser().resolve()


def _secret() -> str:
    """From the environment, or made once and kept readable by its owner only."""
    if given := env("SHUDAO_SECRET", default=""):
        return given
    path = DATA / "secret.key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(get_random_secret_key())
        fresh.replace(path)  # whole or not at all: an empty key would keep the site from starting
    return path.read_text()


SECRET_KEY = _secret()
DEBUG = env.bool("SHUDAO_DEBUG", default=False)
HTTPS = env.bool("SHUDAO_HTTPS", default=False)
ALLOWED_HOSTS = env.list("SHUDAO_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("SHUDAO_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("SHUDAO_PROXIES", default=[])
"""Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed (`serve.py`). Nobody's by default."""

STAGES = ["ledger", "org", "notify", "listen", "sense", "plan", "respond", "follow", "review", "drill", "board"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "shudao.base",
    *(f"shudao.{stage}" for stage in STAGES if (HERE / stage / "apps.py").exists()),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "shudao.base.requests.watch",
    "django.middleware.security.SecurityMiddleware",
    "shudao.project.statics.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "shudao.org.sessions.Cookies",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shudao.org.sessions.Sessions",
    "shudao.base.pages.Pages",
]
ROOT_URLCONF = "shudao.project.urls"
ASGI_APPLICATION = "shudao.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shudao.base.pages.frame",
                "shudao.org.access.who",
                "shudao.board.around.around",
            ]
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'shudao.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The write lock first; what is deleted is overwritten (keys and erased texts); a commit is on disk when it returns.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits of sign-in and used codes hold across processes and restarts; nothing else is asked of this table at every page.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "shudao.org.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "org:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # idle; longer while on duty, see shudao/org/sessions.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
from shudao.project.sign_in import *  # noqa: E402, F403 - django-allauth's settings, one screen of them

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = env("SHUDAO_TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 180 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"

LOGGING = configuration(env("SHUDAO_LOG", default="WARNING"), env("SHUDAO_LOG_FORMAT", default="lines"))
METRICS_TOKEN = env("SHUDAO_METRICS_TOKEN", default="")
