"""A sealed bundle: complete, readable by others; any change to it is found, by our command and its own verify.py."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine import ledger
from shudao.engine.words import BadInput
from shudao.ledger.bundle import Contents, Side, write_bundle
from shudao.ledger.standalone import verify
from tests.ledger.bundles import SALT, T0, chain, change_an_entry, contents, lines_of, rewrite, seal, sides


def codes(path, head=None):
    report = verify.verify_bundle(path, head)
    assert report["ok"] is not bool(report["faults"])
    return {fault["code"] for fault in report["faults"]}


def test_a_bundle_holds_ledger_sides_plan_documents_and_verifier(tmp_path):
    with zipfile.ZipFile(seal(tmp_path)) as archive:
        names = {name.split("/", 1)[1] for name in archive.namelist()}
        assert len({name.split("/")[0] for name in archive.namelist()}) == 1
    assert names == {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "verify.py", "data/ledger.jsonl",
        "data/side/side.jsonl", "data/plan/plan.yaml", "data/documents/briefing.docx",
    }  # fmt: skip


def test_the_last_line_is_the_head_in_force(tmp_path):
    made = write_bundle(tmp_path / "x.zip", contents(), T0)
    with zipfile.ZipFile(made.path) as archive:
        last = archive.read("incident-2026-001/data/ledger.jsonl").splitlines()[-1]
    assert json.loads(last)["hash"] == made.head == chain()[-1]["hash"]
    assert made.length == 5


def test_same_contents_and_moment_give_the_same_bytes(tmp_path):
    first, second = (write_bundle(tmp_path / name, contents(), T0) for name in ("a.zip", "b.zip"))
    assert first.sha256 == second.sha256


def test_another_bagit_reader_accepts_it(tmp_path):
    with zipfile.ZipFile(seal(tmp_path)) as archive:
        archive.extractall(tmp_path / "open")
    assert bagit.Bag(str(tmp_path / "open" / "incident-2026-001")).validate(processes=1)


def test_a_sound_bundle_verifies_and_knows_every_head(tmp_path):
    path = seal(tmp_path)
    for entry in chain():
        report = verify.verify_bundle(path, entry["hash"])
        assert report["ok"] and report["asked_head"]["seq"] == entry["seq"]
    assert report["side_records"] == {"opened": 2, "erased": 0}


def test_an_erased_side_record_is_fine_a_wrong_one_is_not(tmp_path):
    report = verify.verify_bundle(seal(tmp_path, beside=sides(2)))
    assert report["ok"] and report["side_records"] == {"opened": 1, "erased": 1}
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: files.update({
        verify.SIDES: files[verify.SIDES].replace("城东".encode(), "城西".encode())
    }))  # fmt: skip
    assert codes(path) == {"side"}


@pytest.mark.parametrize("row", [
    b'{"path":"text","salt":"00","seq":9,"text":"x"}', b'{"path":"n","salt":"00","seq":1,"text":"x"}', b"[]", b"{",
    b'{"path":"text","salt":"zz","seq":2,"text":"x"}', b'{"path":"text","salt":"00","seq":[2],"text":"x"}', b"\xff",
])  # fmt: skip
def test_a_side_record_that_no_entry_commits_to_is_refused(tmp_path, row):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: files.update({verify.SIDES: row + b"\n"}))
    assert codes(path) == {"side"}


def test_sealing_a_wrong_side_record_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(BadInput):
        seal(tmp_path, beside=[Side(2, "text", SALT, "另一句话")])
    assert list(tmp_path.iterdir()) == []


def test_a_changed_entry_is_refused_though_every_manifest_fits(tmp_path):
    assert codes(rewrite(seal(tmp_path), tmp_path / "y.zip", change_an_entry)) == {"chain", "info"}


@pytest.mark.parametrize("name", ["data/documents/briefing.docx", "data/plan/plan.yaml", "data/documents/new.docx"])
def test_a_paper_or_plan_that_the_ledger_does_not_vouch_for_is_refused_though_every_manifest_fits(tmp_path, name):
    changed = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: files.update({name: b"another"}))
    assert codes(changed) == {"paper"}


def test_a_changed_file_with_the_old_manifest_is_refused(tmp_path):
    def change(files):
        files["data/documents/briefing.docx"] = b"other"

    assert codes(rewrite(seal(tmp_path), tmp_path / "y.zip", change, rehash=False)) == {"altered", "paper"}


def test_a_truncated_ledger_is_refused_against_the_paper(tmp_path):
    paper, short = chain()[-1]["hash"], chain()[:3]

    def cut(files):
        files[verify.LEDGER] = lines_of(short)
        files[verify.INFO] = b""

    path = rewrite(seal(tmp_path), tmp_path / "y.zip", cut)
    assert codes(path) == set()
    assert codes(path, paper) == {"head"}
    assert codes(seal(tmp_path, entries=short), paper) == {"head"}


def test_a_wholly_rechained_ledger_is_refused_against_the_paper(tmp_path):
    forged = chain(change=lambda seq, data: {**data, "n": 99} if seq == 1 else data)
    path = seal(tmp_path, entries=forged)
    assert codes(path) == set()
    assert codes(path, chain()[-1]["hash"]) == {"head"}


@pytest.mark.parametrize("change", [
    lambda rows: rows[1:], lambda rows: [rows[0], *rows[2:]], lambda rows: [rows[1], rows[0], *rows[2:]],
    lambda rows: [*rows, rows[-1]], lambda rows: [*rows[:-1], {**rows[-1], "extra": 1}],
    lambda rows: [*rows[:2], *chain(stream="incident/2026-002")[2:]],
])  # fmt: skip
def test_removed_moved_doubled_and_foreign_entries_are_refused(tmp_path, change):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda f: f.update({verify.LEDGER: lines_of(change(chain()))}))
    assert "chain" in codes(path)


@pytest.mark.parametrize("line", [
    b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"\xff\xfe", b'{"n":1.5}', b'{"n":NaN}', b"[" * 5000, b'"\\ud800"',
])  # fmt: skip
def test_a_line_that_is_no_entry_is_refused_without_a_traceback(tmp_path, line):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: files.update({verify.LEDGER: line + b"\n"}))
    assert "chain" in codes(path)


def test_an_entry_in_another_spelling_is_refused(tmp_path):
    def respell(files):
        files[verify.LEDGER] = b"".join(
            json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in chain()
        )  # fmt: skip

    assert "chain" in codes(rewrite(seal(tmp_path), tmp_path / "y.zip", respell))


def test_a_cut_off_last_line_and_an_empty_ledger_are_refused(tmp_path):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda f: f.update({verify.LEDGER: f[verify.LEDGER][:-1]}))
    assert "line" in codes(path)
    assert "empty" in codes(rewrite(path, tmp_path / "z.zip", lambda files: files.update({verify.LEDGER: b""})))


def test_extra_missing_and_fetched_files_are_refused(tmp_path):
    path = seal(tmp_path)
    extra = rewrite(path, tmp_path / "a.zip", lambda f: f.update({"data/evidence/x.png": b"x"}), rehash=False)
    missing = rewrite(path, tmp_path / "b.zip", lambda f: f.pop("data/plan/plan.yaml"), rehash=False)
    fetched = rewrite(path, tmp_path / "c.zip", lambda f: f.update({"fetch.txt": b"-"}))
    tag = rewrite(path, tmp_path / "d.zip", lambda f: f.update({"verify.py": b"print('all well')"}), rehash=False)
    assert [codes(bundle) for bundle in (extra, missing, fetched, tag)] == [
        {"extra"},
        {"missing"},
        {"fetch"},
        {"altered"},
    ]


@pytest.mark.parametrize(
    "name", ["bundle/../../etc/x", "/bundle/x", "bundle/a/./b", "bundle//x", "C:/x", "bundle/..\\x"]
)
def test_paths_that_leave_the_bundle_are_refused(tmp_path, name):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: None)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    assert codes(path) & {"path", "extra"}


def test_a_manifest_line_that_leaves_the_bundle_is_refused(tmp_path):
    def point_out(files):
        files[verify.MANIFEST] += b"0" * 64 + b"  ../outside\n"

    assert "manifest" in codes(rewrite(seal(tmp_path), tmp_path / "y.zip", point_out, rehash=False))


def test_a_member_that_stands_twice_is_refused(tmp_path):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: None)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("bundle/data/ledger.jsonl", b"other")
    assert "duplicate" in codes(path)


def test_a_link_is_refused_packed_or_not(tmp_path):
    path = rewrite(seal(tmp_path), tmp_path / "y.zip", lambda files: None)
    member = zipfile.ZipInfo("bundle/data/link")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, b"/etc/passwd")
    assert codes(path) == {"link"}
    with zipfile.ZipFile(seal(tmp_path)) as archive:
        archive.extractall(tmp_path / "open")
    folder = tmp_path / "open" / "incident-2026-001"
    (folder / "data" / "link").symlink_to(tmp_path)
    assert codes(folder) == {"link"}


def test_a_bomb_and_a_broken_archive_are_no_bundles(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle/bagit.txt", b"0" * (64 * 1024 * 1024))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(seal(tmp_path).read_bytes()[:-40])
    for path in (bomb, cut, tmp_path / "none.zip", tmp_path):
        with pytest.raises(verify.NotABundle):
            verify.verify_bundle(path)


@settings(max_examples=150, deadline=None)
@given(where=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_in_the_payload_is_found(tmp_path_factory, where, bit):
    folder = tmp_path_factory.mktemp("bits")

    def flip(files):
        name = sorted(name for name in files if name.startswith("data/"))[where % 4]
        body = bytearray(files[name])
        body[where // 4 % len(body)] ^= 1 << bit
        files[name] = bytes(body)

    assert codes(rewrite(seal(folder), folder / "y.zip", flip, rehash=False))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_both_canonical_forms_are_the_same_bytes(value):
    assert verify.canonical(value) == ledger.canonical(value)


@given(st.floats() | st.integers(min_value=2**53) | st.integers(max_value=-(2**53)) | st.binary())
def test_both_refuse_what_has_no_place_in_an_entry(value):
    for canonical in (verify.canonical, ledger.canonical):
        with pytest.raises(ValueError):
            canonical({"n": value})


@pytest.mark.parametrize("tampered", [False, True])
def test_the_bundles_own_verifier_says_the_same_with_python_alone(tmp_path, tampered):
    path = seal(tmp_path)
    if tampered:
        path = rewrite(
            path, tmp_path / "y.zip", lambda f: f.update({verify.LEDGER: f[verify.LEDGER].replace(b'"n":4', b'"n":9')})
        )
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "open")
    folder = next((tmp_path / "open").iterdir())
    for target in ([], [str(path)]):
        ran = subprocess.run(
            [sys.executable, "-I", str(folder / "verify.py"), *target, "--json", "--head", chain()[2]["hash"]],
            capture_output=True, check=False, cwd="/",
        )  # fmt: skip
        assert ran.returncode == int(tampered), ran.stderr
        assert json.loads(ran.stdout) == verify.verify_bundle(path, chain()[2]["hash"])


def test_the_bundles_own_verifier_reads_under_python_3_8():
    tree = ast.parse(Path(verify.__file__).read_text("utf-8"), feature_version=(3, 8))
    imported = {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_wrong_arguments_end_with_one_line_and_2(tmp_path, capsys):
    assert verify.main([str(seal(tmp_path)), "--head", "abc"]) == 2
    assert verify.main([str(tmp_path / "none.zip")]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_file_names_that_leave_their_folder_are_not_sealed(tmp_path):
    with pytest.raises(BadInput):
        write_bundle(tmp_path / "x.zip", Contents("x", [lines_of(chain())], documents={"../x": b""}), T0)
    with pytest.raises(BadInput):
        write_bundle(tmp_path / "x.zip", Contents("x", []), T0)
