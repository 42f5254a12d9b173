"""A person's merge and split of stories: the word is kept at once; the worker, which has the engine, follows it.

So rows and engine cannot part: what the engine makes of the word (which story keeps its name) is what the rows show. After a
restart the words are told to the engine again, in their order and at the place of the reading at which it followed them.
"""

from collections.abc import Callable, Iterable

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.sense.senser import Held, Senser, StoryMove, StorySplit
from shudao.ledger.verbs import Act, verb
from shudao.sense.actions.keep import CURSOR, Raced, keep_moves
from shudao.sense.models import Placement, Story, StoryHold
from shudao.sense.queries import final_story, holds_waiting

MOST_ITEMS = 5_000
"""Posts that can be parted from a story in one go, copies included."""


@verb(zh="合并话题", en="merge stories")
def merge_stories(act: Act, story: Story, other: Story) -> StoryHold:
    """Say that two stories are one matter. Refused for one and the same, and while a word on one of them waits."""
    one, two = final_story(story), final_story(other)
    if one.pk == two.pk:
        raise refuse("这两个本来就是同一个话题", "these are one story already", code="same")
    if one.scene != act.scene.key or two.scene != act.scene.key:
        raise refuse("没有这个话题", "there is no such story", code="story")
    _refuse_waiting(act.scene, one, two)
    hold = StoryHold.objects.create(scene=act.scene.key, story=one, other=two, together=True, post=act.post, at=act.now)
    act.note(hold=hold.pk, story=one.first_item_id, other=two.first_item_id)
    return hold


@verb(zh="拆分话题", en="split story")
def split_story(act: Act, story: Story, items: Iterable[int]) -> StoryHold:
    """Say that these posts of a story are another matter; copies go with what they copy. Refused for none, for all."""
    row = final_story(story)
    _refuse_waiting(act.scene, row)
    placed = Placement.objects.filter(scene=act.scene.key, story=row)
    chosen = set(placed.filter(item__in=list(items)).values_list("item_id", flat=True))
    chosen |= set(placed.filter(copy_of__in=chosen).values_list("item_id", flat=True))
    if not chosen:
        raise refuse("请选出要拆出去的信息", "choose the posts that are another matter", code="none")
    if len(chosen) >= row.posts:
        raise refuse("要留下至少一条", "leave at least one", code="all")
    if len(chosen) > MOST_ITEMS:
        raise refuse("一次最多拆出 5000 条", "at most 5000 in one go", code="many")
    hold = StoryHold.objects.create(
        scene=act.scene.key, story=row, together=False, items=sorted(chosen), post=act.post, at=act.now
    )
    act.note(hold=hold.pk, story=row.first_item_id, posts=len(chosen))
    return hold


def _refuse_waiting(scene: Scene, *stories: Story) -> None:
    keys = {story.pk for story in stories}
    for hold in holds_waiting(scene):
        if keys & {hold.story_id, hold.other_id}:
            raise refuse(
                "刚才的合并或拆分还没生效，请稍等", "an earlier merge or split is not in force yet", code="waits"
            )


def follow_holds(scene: Scene, place: int, senser: Senser) -> bool:
    """Follow what waits, with the scene's engine as it stands at `place`. False when the engine must be built anew from
    the rows: it did not know of what was asked."""
    for hold in holds_waiting(scene):
        try:
            obey(senser, hold)
            known = True
        except ValueError:
            known = False
        moves = senser.moves()
        with short_write():
            if read_cursor(scene, CURSOR) != place or not StoryHold.objects.filter(pk=hold.pk, done_at=None).exists():
                raise Raced
            _keep(scene, hold, moves if known else _by_rows(hold), place)
        if not known:
            return False
    return True


def obey(senser: Senser, hold: StoryHold) -> None:
    """Tell the engine. ValueError when it knows nothing of the stories or posts."""
    story = str(hold.story.first_item_id)
    if hold.together and hold.other is not None:
        senser.hold_together(story, str(hold.other.first_item_id))
    elif not hold.together:
        senser.hold_apart(story, [str(item) for item in hold.items])


def _keep(scene: Scene, hold: StoryHold, moves: list[StoryMove | StorySplit], place: int) -> None:
    stories = keep_moves(scene, moves, clock.now(scene))
    for move in moves:
        if isinstance(move, StorySplit) and not hold.together:
            hold.other = stories[move.new]
    hold.failed = not moves and not hold.together
    hold.done_at, hold.place = clock.now(scene), place
    hold.save(update_fields=["other", "failed", "done_at", "place"])


def _by_rows(hold: StoryHold) -> list[StoryMove | StorySplit]:
    """What the word comes to for stories older than the engine's memory."""
    story = final_story(hold.story)
    if hold.together:
        other = final_story(hold.other) if hold.other is not None else story
        if story.pk == other.pk:
            return []
        into, gone = sorted((story.first_item_id, other.first_item_id))
        return [StoryMove(str(gone), str(into))]
    rows = Placement.objects.filter(scene=hold.scene, story=story).order_by("item_id")
    every = list(rows.values_list("item_id", flat=True))
    leaving = set(hold.items) & set(every)
    if story.first_item_id in leaving:
        leaving = set(every) - leaving
    if not leaving or len(leaving) == len(every):
        return []
    posts = tuple(str(item) for item in sorted(leaving))
    return [StorySplit(str(story.first_item_id), posts[0], posts)]


def held_in(scene: Scene) -> list[Held]:
    """What persons held together and apart, by the stories of now: what an engine built from the rows is told. The rows
    show every merge already; a split whose parts were merged later is over."""
    rows = StoryHold.objects.in_scene(scene).exclude(done_at=None).filter(failed=False).select_related("story", "other")
    whole: dict[str, None] = {}
    apart: dict[tuple[str, str], None] = {}
    for row in rows.order_by("pk"):
        if row.other is not None:
            names = str(final_story(row.story).first_item_id), str(final_story(row.other).first_item_id)
            whole.update(dict.fromkeys(names))
            if not row.together and names[0] != names[1]:
                apart[names] = None
    together = [Held(name, name, together=True) for name in whole]
    return together + [Held(one, other, together=False) for one, other in apart]


def replay_holds(scene: Scene, senser: Senser, span: tuple[int, int], feed: Callable[[int, int], None]) -> None:
    """Read again from one place to another (`feed(after, upto)`), with every word where it was followed. ValueError when
    one was about what the engine does not know."""
    at, end = span
    rows = StoryHold.objects.in_scene(scene).filter(place__gte=at, place__lte=end).exclude(done_at=None)
    for hold in rows.filter(failed=False).select_related("story", "other").order_by("pk"):
        if hold.place > at:
            feed(at, hold.place)
            at = hold.place
        obey(senser, hold)
    feed(at, end)
