"""统一身份认证 (single sign-on) for the tests: allauth's own provider app as a site of its own, in a process of its own.

`python -m tests.org.provider PORT FOLDER CALLBACK`; prints a line when it listens. It knows people who are not all ours.
"""

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

CLIENT, SECRET, PASSWORD = "shudao", "secret of the tests", "the provider's own"
PEOPLE = {"chen": True, "stranger": True, "lin@office.example": True, "unconfirmed": False}
"""Account -> whether its mail address is confirmed."""


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_):
        pass


def key():
    """A signing key, made for this run."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    fresh = rsa.generate_private_key(65537, 2048)
    return fresh.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode()


def configure(folder):
    """Settings of the provider."""
    from django.conf import settings

    settings.configure(
        SECRET_KEY="provider", DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.messages", "allauth", "allauth.account", "allauth.idp.oidc"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware",
                    "django.contrib.messages.middleware.MessageMiddleware",
                    "allauth.account.middleware.AccountMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "OPTIONS": {"context_processors": ["django.template.context_processors.request"]}}],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SESSION_COOKIE_NAME="provider", IDP_OIDC_PRIVATE_KEY=key(), ACCOUNT_EMAIL_VERIFICATION="none",
    )  # fmt: skip


def fill(callback):
    """Its people, and our site as its client."""
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    for name, confirmed in PEOPLE.items():
        user = User.objects.create_user(name, password=PASSWORD, first_name=name, last_name="")
        mail = name if "@" in name else f"{name}@office.example"
        EmailAddress.objects.create(user=user, email=mail, verified=confirmed, primary=True)
    scopes = "openid\nprofile\nemail"
    Client.objects.create(
        id=CLIENT, secret=make_password(SECRET), name="疏导", scopes=scopes, redirect_uris=callback, skip_consent=True
    )


def main(port, folder, callback):
    """Serve until killed."""
    configure(folder)
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    fill(callback)
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet) as server:
        print("listening", flush=True)
        server.serve_forever()


def __getattr__(name):
    """The addresses, asked for once Django stands."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.urls import include, path

    return [path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))]


if __name__ == "__main__":
    sys.modules.setdefault("tests.org.provider", sys.modules["__main__"])
    __name__ = "tests.org.provider"
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
