"""字幕 (subtitles): SRT, VTT and ASS of a broadcast to posts, one for each passage between two pauses."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pysubs2

from shudao.engine.intake.clean import clean_line
from shudao.engine.intake.encoding import decode
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import Post, PostError, Reject, check_moment, check_post
from shudao.engine.words import BadInput, Words

MAX_BYTES = 10 * 1024 * 1024
PAUSE = 4_000  # milliseconds of silence that end a passage
LONGEST = 120_000  # milliseconds of one passage
FULL = 400  # characters after which a passage ends with its line
LAST = 48 * 3_600_000  # milliseconds; no recording runs longer

FORMATS = ("srt", "vtt", "ass", "ssa")

Cue = tuple[int, int, str]


def read_subtitles(form: str, data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Passages of a recording that began at `setting.at`; `form` is one of FORMATS. BadInput when no cue is found."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("字幕文件过大", "the subtitle file is too large"), where=where)
    cues = _cues(decode(data), form)
    if not cues:
        mend = Words("请确认是 SRT、VTT 或 ASS 字幕", "make sure it is SRT, VTT or ASS")
        raise BadInput(Words("没有读到字幕", "no subtitle found"), where=where, mend=mend)
    name = hashlib.sha256(data).hexdigest()[:16]
    for number, passage in enumerate(_passages(cues), start=1):
        yield _read_passage(number, passage, name, setting)


def _cues(text: str, form: str) -> list[Cue]:
    try:
        events = pysubs2.SSAFile.from_string(text, format_=form).events
        cues = [(event.start, event.end, clean_line(event.plaintext)) for event in events if not event.is_comment]
    except Exception:  # the reader raises whatever its field parsers raise on broken lines
        return []
    return sorted(cue for cue in cues if cue[2])


def _passages(cues: list[Cue]) -> Iterator[list[Cue]]:
    passage: list[Cue] = []
    size = 0
    for cue in cues:
        if passage and (cue[0] - passage[-1][1] >= PAUSE or cue[1] - passage[0][0] > LONGEST or size >= FULL):
            yield passage
            passage, size = [], 0
        passage.append(cue)
        size += len(cue[2])
    yield passage


def _read_passage(number: int, passage: list[Cue], name: str, setting: Setting) -> Post | Reject:
    try:
        if not 0 <= passage[0][0] <= LAST:
            raise PostError("字幕时间不合理", "the time of the subtitle is absurd")
        begun = setting.at + timedelta(milliseconds=passage[0][0])
        post = Post(
            id=f"sub-{name}-{number}",
            source=setting.source,
            kind=setting.kind or "tv",
            text="\n".join(text for _, _, text in passage),
            published_at=check_moment(begun, setting.latest),
        )
        return check_post(post)
    except PostError as error:
        return Reject(line=number, why=error.words)
