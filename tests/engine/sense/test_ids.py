"""Ids seen before, by the ten thousand."""

from shudao.engine.sense import ids
from shudao.engine.sense.ids import SeenIds


def test_an_id_is_new_once(monkeypatch):
    monkeypatch.setattr(ids, "_FRESH", 16)
    seen = SeenIds()
    names = [f"帖{n}" for n in range(500)]
    assert all(seen.add(name) for name in names)
    assert not any(seen.add(name) for name in names)
    assert len(seen._runs) < 8
    assert seen.add("another") and seen.add("\ud800")
