"""The hash chain: what was written holds, what was changed is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.ledger import ROOT, canonical, check_chain, commitment, link

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


def chain(data):
    prev, entries = ROOT, []
    for seq, value in enumerate(data, 1):
        body = {"stream": "site", "seq": seq, "at": "2026-01-01T00:00:00+00:00", "happened_at": None}
        entries.append(link({**body, "verb": "note", "post": "duty", "data": value, "prev": prev}))
        prev = entries[-1]["hash"]
    return entries


@given(st.lists(values, max_size=6))
def test_a_written_chain_holds(data):
    entries = chain(data)
    report = check_chain(entries)
    assert report.ok and report.length == len(data)
    assert report.head == (entries[-1]["hash"] if entries else ROOT)


@given(st.lists(values, min_size=1, max_size=6), st.data())
def test_any_changed_field_is_found(data, draw):
    entries = chain(data)
    place = draw.draw(st.integers(0, len(entries) - 1))
    field = draw.draw(st.sampled_from(["seq", "at", "verb", "post", "data", "prev", "stream"]))
    entries[place] = {**entries[place], field: "another value"}
    report = check_chain(entries)
    assert (not report.ok and report.at_seq == place + 1) or data[place] == "another value"


def test_a_re_hashed_change_breaks_the_next_link():
    entries = chain(["a", "b", "c"])
    entries[1] = link({**entries[1], "data": "forged"})
    report = check_chain(entries)
    assert not report.ok and report.at_seq == 3


def test_a_missing_or_doubled_entry_is_found():
    entries = chain(["a", "b", "c"])
    assert not check_chain(entries[1:]).ok
    assert not check_chain([entries[0], entries[2]]).ok
    assert not check_chain([entries[0], entries[0]]).ok


def test_fractions_are_refused():
    with pytest.raises(ValueError):
        canonical({"score": 0.5})


def test_a_commitment_binds_text_and_salt():
    assert commitment("原话", "00ff") != commitment("原话", "00fe")
    assert commitment("原话", "00ff") != commitment("别的话", "00ff")
