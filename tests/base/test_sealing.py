"""Secrets are kept encrypted, each for its purpose."""

from shudao.base.sealing import seal, unseal


def test_what_was_sealed_opens_for_its_purpose_alone(settings):
    sealed = seal("密码 x", "channels")
    assert "密码" not in sealed and unseal(sealed, "channels") == "密码 x"
    assert unseal(sealed, "another") == "" and seal("", "channels") == "" and unseal("", "channels") == ""


def test_another_secret_opens_nothing_unless_it_is_named(settings):
    sealed = seal("x", "channels")
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    assert unseal(sealed, "channels") == ""
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, "channels") == "x"
