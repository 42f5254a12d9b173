"""Settings of the tests: the product's own, with a throw-away folder, quick passwords and plain static files."""

import os
import tempfile

os.environ.setdefault("SHUDAO_SECRET", "only-for-tests")
os.environ.setdefault("SHUDAO_DATA", tempfile.mkdtemp(prefix="shudao-tests-"))

from shudao.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
ALLOWED_HOSTS = ["*"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
