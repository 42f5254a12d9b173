"""Tone: corrected by a person, and learned from corrections.

The words of a corrected post stay where they are and go with it; a correction holds no word and no author. What is learned
is numbers, and is used only when it beats the lexicon on posts that chance chose (`engine/sense/tone_model.py`).
"""

from functools import cache

from shudao.base.refusal import refuse
from shudao.base.scene import LIVE
from shudao.engine.sense.tone import LABELS, Lexicon, load_lexicon
from shudao.engine.sense.tone_model import (
    LEAST,
    LEAST_DRAWN,
    MOST,
    Correction,
    ToneModel,
    can_learn,
    train,
)
from shudao.ledger.verbs import Act, Actor, verb
from shudao.library import path_of
from shudao.sense.models import Placement, TaughtTone, ToneCorrection
from shudao.sense.queries import corrections_since, is_drawn, latest_taught, same_words, taught_from

EVERY = 20
"""New corrections after which it is learned again."""
MOST_COPIES = 2_000


@verb(zh="更正语气", en="correct tone")
def correct_tone(act: Act, placement: Placement, *, tone: str, drawn: bool = False) -> ToneCorrection:
    """Say what the tone of a post is, also where it was read right; other posts with the very same words follow.

    `drawn`: it was put before the person by chance (believed only of posts that chance really chose).
    """
    if tone not in LABELS:
        raise refuse(f"没有语气 {tone}", f"there is no tone {tone}", code="tone")
    before = ToneCorrection.objects.filter(placement=placement).first()
    if before and before.tone == tone and not before.of_copy:
        raise refuse("这条已经这样更正过", "it was corrected so already", code="same")
    row = before or ToneCorrection(scene=act.scene.key, placement=placement, read_as=placement.tone)
    row.tone, row.at, row.post, row.of_copy = tone, act.now, act.post, False
    row.drawn = row.drawn or (drawn and is_drawn(placement.item_id))
    row.save()
    copies = list(same_words(placement).values_list("pk", "tone")[:MOST_COPIES])
    _correct_copies(row, dict(copies))
    Placement.objects.filter(pk__in=[placement.pk, *(key for key, _ in copies)]).update(tone=tone)
    act.note(item=placement.item_id, tone=tone, read_as=row.read_as, drawn=row.drawn, copies=len(copies))
    return row


def _correct_copies(row: ToneCorrection, copies: dict[int, str]) -> None:
    """The same for posts with the very same words (key of the placement → what it was read as); they teach nothing new."""
    held = ToneCorrection.objects.filter(placement__in=copies)
    new = copies.keys() - set(held.values_list("placement_id", flat=True))
    held.update(tone=row.tone, at=row.at, post=row.post, of_copy=True)
    ToneCorrection.objects.bulk_create(
        [
            ToneCorrection(
                scene=row.scene,
                placement_id=key,
                tone=row.tone,
                read_as=copies[key],
                of_copy=True,
                post=row.post,
                at=row.at,
            )
            for key in sorted(new)
        ],
        batch_size=200,
    )


def learn_from_corrections() -> TaughtTone | None:
    """Learn again when enough was corrected; the learning itself is done outside any write. None when it is too little."""
    rows = taught_from(LIVE).select_related("placement__item").order_by("-at", "-pk")[:MOST]
    corrections = [_correction(row) for row in reversed(rows)]
    if not can_learn(corrections):
        return None
    return learn_tone(Actor(LIVE, "system"), train(corrections, lexicon()))


def enough_to_learn() -> bool:
    """Whether corrections came that were not learned from yet, and they are enough to try."""
    rows = taught_from(LIVE)
    fresh = corrections_since(latest_taught()) >= EVERY
    return fresh and rows.count() >= LEAST and rows.filter(drawn=True).count() >= LEAST_DRAWN


@verb(zh="学习语气", en="learn tone")
def learn_tone(act: Act, model: ToneModel) -> TaughtTone:
    """Keep what was learned; posts read from now on are read by it where it is better than the lexicon."""
    latest = latest_taught()
    row = TaughtTone.objects.create(
        scene=act.scene.key,
        number=(latest.number if latest else 0) + 1,
        made_at=act.now,
        corrections=model.count,
        tested=model.tested,
        right=model.right,
        lexicon_right=model.lexicon_right,
        differing=model.differing,
        in_use=model.is_better,
        version=model.version,
        weights=list(model.weights),
        digest=model.digest,
    )
    act.note(
        model=row.number, corrections=row.corrections, tested=row.tested, right=row.right,
        lexicon_right=row.lexicon_right, in_use=row.in_use, digest=row.digest,
    )  # fmt: skip
    return row


def model_of(row: TaughtTone) -> ToneModel:
    """The model as the engine takes it."""
    return ToneModel(
        version=row.version,
        name=str(row),
        count=row.corrections,
        tested=row.tested,
        right=row.right,
        lexicon_right=row.lexicon_right,
        differing=row.differing,
        weights=tuple(row.weights),
    )


@cache
def lexicon() -> Lexicon:
    """The words that the library knows."""
    return load_lexicon(path_of("lexicons", "tone.yaml").read_bytes(), "tone.yaml")


def _correction(row: ToneCorrection) -> Correction:
    item = row.placement.item
    text = f"{item.title} {item.text}".strip()
    return Correction(text, row.tone, str(row.placement.story_id), row.drawn)  # type: ignore[arg-type]
