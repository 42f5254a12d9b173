"""What reading posts promises: every line is a post or a numbered reject, and nothing stops the run."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.post import KINDS, MAX_LINE, Counts, Post, Reject, bounded_lines, read_posts

GOOD = {"id": "p1", "kind": "news", "title": "城东片区停电", "published_at": "2026-03-01T08:00:00+08:00"}


def line(**changes: object) -> bytes:
    """A good line with some fields changed; a field set to None is left out."""
    fields = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return json.dumps(fields, ensure_ascii=False).encode()


def only(data: bytes, **options: object) -> Post | Reject:
    """The one thing read from one line."""
    [result] = read_posts([data], **options)
    return result


def test_a_full_line_becomes_a_post() -> None:
    """Every field of the interface arrives unchanged."""
    post = only(line(source="青岚晚报", url="https://e.example/1", text="正文", author="老王", counts={"likes": 3}))
    assert post == Post(
        id="p1",
        source="青岚晚报",
        kind="news",
        url="https://e.example/1",
        title="城东片区停电",
        text="正文",
        published_at=datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))),
        author="老王",
        counts=Counts(likes=3),
    )


def test_a_missing_source_is_unknown_and_extra_fields_pass() -> None:
    """The form may be extended by others without losing their posts."""
    post = only(line(region="城东", extra={"a": [1]}))
    assert isinstance(post, Post)
    assert post.source == "unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_interface_is_taken(kind: str) -> None:
    """The seven kinds and no other."""
    assert isinstance(only(line(kind=kind)), Post)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (line(title=None), "title"),
        (line(title="  ", text=""), "title"),
        (line(id=""), "id"),
        (line(id="a\x00b"), "id"),
        (line(id=None), "id"),
        (line(kind="blog"), "kind"),
        (line(published_at="2026-03-01T08:00:00"), "offset"),
        (line(published_at="2026-03-01"), "offset"),
        (line(published_at="yesterday"), "ISO 8601"),
        (line(published_at="1970-01-01T00:00:00Z"), "1990"),
        (line(published_at="0001-01-01T00:00:00+14:00"), "1990"),
        (line(published_at="9999-12-31T23:59:59-14:00"), "future"),
        (line(counts={"likes": -1}), "counts.likes"),
        (line(counts={"views": 2**60}), "counts.views"),
        (line(title=5), "title"),
        (b"[1]", "object"),
        (b'{"deep":' + b"[" * 100_000, "JSON"),
        (b'{"id":"x","kind":"web","title":"\xff","published_at":"2026-03-01T08:00:00Z"}', "UTF-8"),
        (line(text="长" * MAX_LINE), "longer"),
    ],
)
def test_a_bad_line_is_a_reject_with_its_reason(data: bytes, says: str) -> None:
    """The reason names the field or the fault, in both languages."""
    reject = only(data)
    assert isinstance(reject, Reject)
    assert says in reject.why.en
    assert reject.why.zh
    assert len(reject.raw) <= 200


def test_a_reason_never_repeats_a_value() -> None:
    """A reason may be logged, so a handle in the wrong field must not reach it."""
    for field in ("kind", "published_at", "counts", "id", "url"):
        reject = only(line(**{field: ["@隐名小王"] if field in ("counts", "id", "url") else "@隐名小王"}))
        assert isinstance(reject, Reject)
        assert "隐名" not in reject.why.zh + reject.why.en


def test_lines_keep_their_numbers_and_the_run_goes_on() -> None:
    """Blank lines count, bad ones are skipped, and a byte-order mark is no fault."""
    results = list(read_posts([b"\xef\xbb\xbf" + line(), b"", b"no", line(id="p2")]))
    assert [getattr(item, "id", None) or item.line for item in results] == ["p1", 3, "p2"]


def test_the_future_is_measured_from_the_given_now() -> None:
    """A day ahead is a wrong clock; more is absurd."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert isinstance(only(line(published_at="2026-03-01T23:00:00Z"), now=now), Post)
    assert isinstance(only(line(published_at="2026-03-02T01:00:00Z"), now=now), Reject)


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_any_bytes_give_posts_or_rejects(lines: list[bytes]) -> None:
    """No bytes raise."""
    for result in read_posts(lines):
        assert isinstance(result, Post | Reject)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*GOOD, "text", "author", "counts", "url"), json_values)))
def test_any_json_gives_a_post_or_a_reject(fields: dict[str, object]) -> None:
    """Whatever stands in the fields, the result says what it is."""
    result = only(json.dumps({**GOOD, **fields}).encode())
    if isinstance(result, Post):
        assert result.published_at.tzinfo
        assert (result.title or result.text or "").strip()


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b" ")), max_size=8), st.integers(1, 30))
def test_pieces_of_any_size_give_the_same_lines(lines: list[bytes], size: int) -> None:
    """Cutting a file into pieces changes nothing."""
    data = b"".join(item + b"\n" for item in lines)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert list(bounded_lines(pieces)) == lines


def test_an_endless_line_is_cut_and_rejected() -> None:
    """Ten megabytes without an end cost no more than the limit, and the next line is read."""
    pieces = [b"x" * 1_000_000] * 10 + [b"\n" + line()]
    cut, good = bounded_lines(pieces)
    assert len(cut) == MAX_LINE + 1
    assert [type(item) for item in read_posts([cut, good])] == [Reject, Post]
