"""Trials: the latest posts once more, beside what was decided; what would change; and taking a setup into force.

A trial writes nothing of what it decides into stories, placements or alerts. It runs in the worker for long work; when that
is stopped on the way it begins anew, for it depends on nothing but the posts.
"""

import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.sense.alerts import AlertDraft
from shudao.engine.sense.compare import Told, paired, parted
from shudao.engine.sense.encoder import is_installed, sentence_encoder
from shudao.engine.sense.senser import Senser
from shudao.engine.sense.vectors import Encoder
from shudao.ledger.verbs import Act, verb
from shudao.listen.models import Item
from shudao.listen.queries import items_after
from shudao.sense.actions.feeding import fresh_senser, post_of
from shudao.sense.actions.keep import CURSOR
from shudao.sense.models import Alert, AlertItem, Placement, Trial
from shudao.sense.queries import topics_in_force, trial_in_force, trial_under_way, vectors_in_force

MOST = 50_000
"""Latest posts of a trial."""
WARM = 4
"""One part in so many only lets the engine learn; it is not compared, for what was decided then rested on older posts."""
AT_ONCE, BATCH = 4_000, 500
SHOWN = 30


@verb(zh="开始试算", en="begin trial")
def begin_trial(act: Act, *, with_vectors: bool) -> Trial:
    """Ask for the latest posts to be placed once more, from an empty cursor, by words alone or by words and meaning."""
    if with_vectors and not is_installed():
        raise refuse(
            "本次安装没有句向量组件（extra vectors）", "the vectors extra is not part of this installation",
            code="extra",
        )  # fmt: skip
    if trial_under_way(act.scene):
        raise refuse("已有一次试算正在进行", "a trial is under way already", code="state")
    upto = read_cursor(act.scene, CURSOR)
    heard = Item.objects.in_scene(act.scene).filter(pk__lte=upto).order_by("-pk").values_list("pk", flat=True)[:MOST]
    if not (keys := list(heard)):
        raise refuse("还没有研判过的信息，无可试算", "nothing was sensed yet", code="empty")
    trial = Trial.objects.create(
        scene=act.scene.key, with_vectors=with_vectors, since=keys[-1] - 1, upto=upto, place=keys[-1] - 1,
        found={"posts": len(keys)}, begun_at=act.now, begun_by=act.post,
    )  # fmt: skip
    act.note(trial=trial.pk, with_vectors=with_vectors, posts=len(keys))
    return trial


@verb(zh="采用试算的做法", en="adopt trial")
def adopt_trial(act: Act, trial: Trial) -> Trial:
    """From the next post on stories are told as in this trial. What was decided before stays as it was."""
    if trial.done_at is None:
        raise refuse("试算还没有完成", "the trial is not done yet", code="state")
    if vectors_in_force() == trial.with_vectors:
        raise refuse("现在就是这样做的", "it is done so already", code="same")
    if trial.with_vectors and not is_installed():
        raise refuse(
            "本次安装没有句向量组件（extra vectors）", "the vectors extra is not part of this installation",
            code="extra",
        )  # fmt: skip
    trial.adopted_at = act.now
    trial.save(update_fields=["adopted_at"])
    act.note(trial=trial.pk, with_vectors=trial.with_vectors)
    return trial


@verb(zh="删除试算", en="remove trial")
def remove_trial(act: Act, trial: Trial) -> None:
    """Stop a trial, or take away what came of it. The one in force stays."""
    if trial == trial_in_force(act.scene):
        raise refuse("这次试算的做法正在使用", "the setup of this trial is in force", code="state")
    act.note(trial=trial.pk)
    trial.delete()


@cache
def _loaded() -> Encoder:
    return sentence_encoder()


def encoder_in_force() -> Encoder | None:
    """The encoder that the site tells stories with, if it does."""
    return _loaded() if vectors_in_force() else None


@dataclass
class _Running:
    """A trial in memory: its engine, its posts, what they copy, the alerts it would have raised; in the end their stories."""

    senser: Senser
    place: int
    posts: list[int] = field(default_factory=list)
    stories: dict[int, int] = field(default_factory=dict)
    copies: dict[int, int] = field(default_factory=dict)
    drafts: list[AlertDraft] = field(default_factory=list)


_running: dict[int, _Running] = {}


def run_trial(scene: Scene) -> int:
    """Go on with the trial of a scene for a few thousand posts; returns how many."""
    trial = trial_under_way(scene)
    if trial is None:
        _running.clear()
        return 0
    run = _running.get(trial.pk)
    if run is None or run.place != trial.place:
        _running.clear()
        encoder = _loaded() if trial.with_vectors else None
        run = _running[trial.pk] = _Running(fresh_senser(scene, topics_in_force(scene), encoder), trial.since)
    taken = 0
    while taken < AT_ONCE and (items := _next(scene, run.place, trial.upto)):
        _take(run, items)
        taken += len(items)
    _keep(trial, run, is_over=not _next(scene, run.place, trial.upto))
    return taken


def _next(scene: Scene, place: int, upto: int) -> list[Item]:
    return [item for item in items_after(scene, place, BATCH) if item.pk <= upto]


def _take(run: _Running, items: list[Item]) -> None:
    for placed in run.senser.feed([post_of(item) for item in items]):
        if placed.copy_of is not None:
            run.copies[int(placed.id)] = int(placed.copy_of)
    run.posts += [item.pk for item in items]
    run.senser.moves()
    run.drafts += run.senser.alerts()
    run.place = items[-1].pk


def _keep(trial: Trial, run: _Running, *, is_over: bool) -> None:
    trial.place = run.place
    if is_over:
        finals = run.senser.last_stories(len(run.posts))
        run.stories = dict(zip(run.posts, map(int, finals), strict=True))
        trial.version, trial.done_at = run.senser.version, clock.now(trial.scene_value)
        trial.found, trial.placed = _compared(trial, run), _packed(run)
    with short_write():
        if Trial.objects.filter(pk=trial.pk, done_at=None).exists():  # else somebody took it away meanwhile
            trial.save()
    if is_over:
        _running.pop(trial.pk, None)


def _packed(run: _Running) -> bytes:
    """Post, story and copied post, as whole numbers: what the trial decided, to be kept beside."""
    rows = [(post, story, run.copies.get(post, 0)) for post, story in run.stories.items()]
    return zlib.compress(np.array(rows, "<i8").tobytes())


def _compared(trial: Trial, run: _Running) -> dict[str, Any]:
    """What would change, from the second part of the posts on."""
    posts = sorted(run.stories)
    first = posts[len(posts) // WARM]
    rows = Placement.objects.filter(scene=trial.scene, item__gte=first, item__lte=trial.upto)
    stood = {
        item: (story, copy) for item, story, copy in rows.values_list("item_id", "story__first_item_id", "copy_of")
    }
    before = {item: story for item, (story, _copy) in stood.items()}
    after = {post: story for post, story in run.stories.items() if post in before}
    return {
        "posts": trial.found["posts"],
        "compared": len(after),
        "stories": [len(set(before.values())), len(set(after.values()))],
        "copies": [sum(copy is not None for _, copy in stood.values()), sum(post in run.copies for post in after)],
        "parted": _told(parted(before, after)),
        "joined": _told(parted(after, before)),
        **_alerts(trial, run, first),
    }


def _told(changes: list[Any]) -> dict[str, Any]:
    shown = [{"story": one.one, "parts": [list(part) for part in one.parts]} for one in changes[:SHOWN]]
    return {"count": len(changes), "shown": shown}


def _alerts(trial: Trial, run: _Running, first: int) -> dict[str, Any]:
    """Alerts whose evidence begins in what is compared."""
    evidence: dict[int, set[int]] = {}
    for number, item in AlertItem.objects.filter(alert__scene=trial.scene).values_list("alert__number", "item_id"):
        evidence.setdefault(number, set()).add(item)
    topics = dict(Alert.objects.filter(scene=trial.scene).values_list("number", "topic__code"))
    old = [number for number, items in sorted(evidence.items()) if first <= min(items) <= trial.upto]
    new = [draft for draft in run.drafts if draft.items and min(map(int, draft.items)) >= first]
    lost, gained = paired(
        [Told(topics[number], frozenset(evidence[number])) for number in old],
        [Told(draft.topic, frozenset(map(int, draft.items))) for draft in new],
    )
    shown = [
        {
            "at": draft.at.isoformat(), "topic": draft.topic, "level": draft.level_hint, "zh": draft.why.zh,
            "en": draft.why.en, "item": int(draft.items[0]),
        }
        for draft in (new[place] for place in gained[:SHOWN])
    ]  # fmt: skip
    return {
        "alerts": [len(old), len(new)],
        "lost": {"count": len(lost), "shown": [old[place] for place in lost[:SHOWN]]},
        "gained": {"count": len(gained), "shown": shown},
    }
