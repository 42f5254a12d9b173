"""Sealed files: whole or not at all, under their own key only, whatever is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine import vault
from shudao.engine.signing import TOLERANCE, call_digest, is_signed, is_timely, signature

KEY, OTHER = b"k" * 32, b"o" * 32


def opened(key, sealed):
    return b"".join(vault.unseal(key, [sealed]))


@given(st.lists(st.binary(max_size=200), max_size=6), st.integers(1, 50))
def test_what_is_sealed_comes_back_however_it_is_cut(pieces, size):
    sealed = b"".join(vault.seal(KEY, pieces))
    cut = [sealed[at : at + size] for at in range(0, len(sealed), size)]
    assert b"".join(vault.unseal(KEY, cut)) == b"".join(pieces)


@pytest.mark.parametrize("length", [0, 1, vault.PIECE - 1, vault.PIECE, vault.PIECE + 1, 2 * vault.PIECE])
def test_lengths_around_a_piece(length):
    data = bytes(length)
    sealed = b"".join(vault.seal(KEY, [data]))
    assert opened(KEY, sealed) == data
    for broken in (
        sealed[:-1],
        sealed[: -vault.TAG],
        sealed + b"x",
        sealed[:4] + sealed[4 + vault.PIECE + vault.TAG :],
    ):
        if broken != sealed:
            with pytest.raises(vault.BrokenVaultError):
                opened(KEY, broken)


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_changed_bit_or_another_key_opens_nothing(data, draw):
    sealed = bytearray(b"".join(vault.seal(KEY, [data])))
    place = draw.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(vault.BrokenVaultError):
        opened(KEY, bytes(sealed))
    with pytest.raises(vault.BrokenVaultError):
        opened(OTHER, b"".join(vault.seal(KEY, [data])))


def test_a_files_key_opens_only_under_the_sites():
    wrapped = vault.wrap_key(KEY, OTHER)
    assert vault.unwrap_key(KEY, wrapped) == OTHER and OTHER not in wrapped
    for key, body in ((OTHER, wrapped), (KEY, wrapped[:-1]), (KEY, b"")):
        with pytest.raises(vault.BrokenVaultError):
            vault.unwrap_key(key, body)


def test_words_are_sealed_with_the_file():
    sealed = vault.seal_words(KEY, "青岚小李", b"n" * 12)
    assert vault.unseal_words(KEY, sealed) == "青岚小李"
    for key, body in ((OTHER, sealed), (KEY, sealed[:-1]), (KEY, b"")):
        with pytest.raises(vault.BrokenVaultError):
            vault.unseal_words(key, body)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_signature_holds_for_its_own_time_and_body_alone(body, other):
    made = signature(KEY, "1700000000", body)
    assert is_signed([OTHER, KEY], "1700000000", body, made) and not is_signed([OTHER], "1700000000", body, made)
    assert not is_signed([KEY], "1700000001", body, made) and not is_signed([], "1700000000", body, made)
    assert is_signed([KEY], "1700000000", other, made) == (other == body)
    assert (call_digest("1", body) == call_digest("1", other)) == (other == body)


@pytest.mark.parametrize(
    ("stamp", "fits"),
    [("1000", True), (str(1000 + TOLERANCE), True), (str(1001 + TOLERANCE), False), (str(999 - TOLERANCE), False), ("", False), ("1e3", False),
     ("-1000", False), ("１０００", False), ("9" * 40, False), ("1000.5", False)],
)  # fmt: skip
def test_a_time_stamp_is_near_enough_or_not(stamp, fits):
    assert is_timely(stamp, 1000) == fits
