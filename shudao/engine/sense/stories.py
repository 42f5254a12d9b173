"""话题聚合 (stories): each post joins the open story it resembles most, or begins one; nothing later is used.

A story is the sum of what its tellings weigh (`opened.py`). Likeness is the cosine of words, with an encoder half that
and half nearness in meaning (`vectors.py`), and is halved for every `tau` since the story's last post. A pass every
`merge_every` posts joins stories that have grown alike and splits those that were two (`splitting.py`); `final` follows.
What a person joined or parted is never undone (`holding.py`). A plain copy goes with what it copies.
One post after another: the result does not depend on how posts were cut into batches.
Memory is bounded: stories too old for any post to be like them keep no terms, after `open_for` tau without a copy they are
closed, and at most `most_open` stay open.
"""

from array import array
from collections import deque
from collections.abc import Collection
from math import log2

import msgspec

from shudao.engine.sense.features import Terms
from shudao.engine.sense.history import History
from shudao.engine.sense.holding import Holding
from shudao.engine.sense.nearest import Search, Sought, StorySettings
from shudao.engine.sense.opened import Open, OpenStories
from shudao.engine.sense.splitting import MOST, SIZES, Telling, groups
from shudao.engine.sense.vectors import Meaning

__all__ = ["VERSION", "Move", "Split", "Stories", "StorySettings"]

VERSION = "stories-4"
GROWN = 8  # a story is held against others again once it has grown by one part in so many
SWEEP = 8  # passes between two closings of idle stories


class Move(msgspec.Struct, frozen=True):
    """并入 (move): story `gone` became part of the earlier story `into` (story numbers)."""

    gone: int
    into: int


class Split(msgspec.Struct, frozen=True):
    """拆出 (split): these rows left `story` and are story `new`, which began with the first of them."""

    story: int
    new: int
    rows: tuple[int, ...]


class Stories:
    """话题 (stories): numbers count from 0 in the order the stories began or were split off; rows count posts from 0."""

    def __init__(self, settings: StorySettings | None = None) -> None:
        self.settings = settings or StorySettings()
        self.history = History(self.settings.burst_cap)
        self.holding = Holding()
        self._into = array("q")
        self._begun = array("q")  # row each story began with, -1: before the first row
        self._placed = array("q")  # row -> story as placed or split off
        self._follows = array("q")  # row -> row it copies, or -1
        self._open = OpenStories(self.settings.centroid_terms, self.settings.most_meanings)
        self._search = Search(self._open, self.settings)
        self._times: deque[float] = deque(maxlen=self.settings.tau_posts)
        self._now = float("-inf")
        self._touched: set[int] = set()
        self._grown: set[int] = set()
        self._moves: list[Move | Split] = []

    def __len__(self) -> int:
        return len(self._into)

    @property
    def open_count(self) -> int:
        return len(self._open)

    def final(self, story: int) -> int:
        """The story that `story` is part of by now; of a row ask `of_row`, for rows may have left."""
        while self._into[story] != story:
            self._into[story] = self._into[self._into[story]]
            story = self._into[story]
        return story

    def of_row(self, row: int) -> int:
        """The story that a post is in by now."""
        return self.final(self._placed[row])

    def begun_by(self, story: int) -> int:
        """The row a story began with; -1 when that was before the first row."""
        return self._begun[story]

    def moves(self) -> list[Move | Split]:
        """The merges and splits since the last call, in order."""
        moves, self._moves = self._moves, []
        return moves

    def place(self, terms: Terms, at: float, copies: int | None = None, meant: Meaning | None = None) -> int:
        """The number of the story of the next post; `copies`: the row it copies, whose story it joins if open."""
        sought, telling, tau = self._learn(terms, at, meant)
        story = self._copied(copies)
        if story is None:
            copies = None
            story = self._search.nearest(sought, tau)
        if story is None:
            story = self._begin(telling.row)
        self._add(story, telling, sought, copies)
        if self.history.posts % self.settings.merge_every == 0:
            self.settle()
        return self.of_row(telling.row)

    def follow(self, copies: int, at: float) -> int | None:
        """The next post says what row `copies` said and goes with it; None (and nothing is done) if that is closed.

        Nothing is learned of its words: the more a text is repeated, the less its repeating says of other texts.
        """
        story = self._copied(copies)
        if story is None:
            return None
        self._now = max(self._now, at)
        self._times.append(self._now)
        opened = self._open.by_number[story]
        opened.rows.append(len(self._placed))
        opened.last = max(opened.last, self._now)
        self._placed.append(story)
        self._follows.append(copies)
        return story

    def follows(self, copies: int, story: int) -> bool:
        """Whether a copy of that row goes to that story."""
        return self._copied(copies) == self.final(story)

    def recall(
        self,
        terms: Terms,
        at: float,
        story: int | None,
        *,
        copies: int | None = None,
        meant: Meaning | None = None,
        first: bool = True,
    ) -> int:
        """Take a post in where it is known to stand (None: in a story known from it on, which it began if `first`);
        nothing is decided."""
        sought, telling, tau = self._learn(terms, at, meant)
        if story is None:
            story = self._begin(telling.row if first else -1)
        story = self.final(story)
        self._open.open(story, self._now)  # it may be closed since, and yet a post was placed in it
        self._add(story, telling, sought, copies if copies is not None and self.of_row(copies) == story else None)
        if self.history.posts % self.settings.merge_every == 0:
            for touched in self._touched:
                if (known := self._open.get(touched)) is not None and known.own > 1:
                    _is_due(known)
            self._touched.clear()
            self._grown.clear()
        if self.history.posts % (self.settings.merge_every * SWEEP) == 0:
            self._close_idle(tau)
        return story

    def known(self) -> int:
        """A story of which nothing but its name is known (it ended before the first row)."""
        number = len(self._into)
        self._into.append(number)
        self._begun.append(-1)
        return number

    def hold_together(self, one: int, other: int) -> int:
        """Two stories are one by a person's word, for good; the number that stays."""
        one, other = self.final(one), self.final(other)
        self.holding.join(one, other)
        return one if one == other else self._merge(one, other)

    def hold_apart(self, story: int, rows: Collection[int]) -> int:
        """Rows of a story are another by a person's word, for good; the number of the new story.

        The part with the story's first post keeps its number: when that is among `rows`, the others leave.
        """
        story = self.final(story)
        leaving = {row for row in rows if self.of_row(row) == story}
        staying = {row for row in self._rows(story) if row not in leaving}
        if not leaving or not staying:
            raise ValueError("a story is parted in two: some posts of it, and some others")
        if self._begun[story] in leaving:
            leaving = staying
        new = self._split(story, leaving)
        self.holding.part(story, new)
        return new

    def keep_apart(self, one: int, other: int) -> None:
        """Two stories were held apart before the first row."""
        self.holding.part(self.final(one), self.final(other))

    def settle(self) -> None:
        """Join stories that have grown alike, split those that were two, close the idle ones; called by itself every
        `merge_every` posts."""
        tau = self._tau()
        for story in sorted(self._touched):
            opened = self._open.get(story)
            if opened is None or opened.own <= 1:  # a single post was held against all when it came
                continue
            if not _is_due(opened):
                continue  # so a large story costs no more than a small one; what grows alike it finds it by itself
            other = self._search.like(story, tau, self.holding.apart(story))
            if other is not None:
                self._merge(story, other)
        for story in sorted({self.final(story) for story in self._grown}):
            self._look_for_parts(story)
        self._touched.clear()
        self._grown.clear()
        if self.history.posts % (self.settings.merge_every * SWEEP) == 0:
            self._close_idle(tau)

    def _learn(self, terms: Terms, at: float, meant: Meaning | None) -> tuple[Sought, Telling, float]:
        """The post, learned into the history, as what is sought for and as a telling; and the half-life of likeness."""
        self._now = max(self._now, at)
        self._times.append(self._now)
        tau = self._tau()
        weights = self.history.learn(terms, self._now, tau * self.settings.burst_half_life)
        weights /= float((weights @ weights) ** 0.5) or 1.0
        vector = dict(zip(terms.numbers.tolist(), weights.tolist(), strict=True))
        meaning, usual = meant if meant is not None else (None, 0.0)
        telling = Telling(len(self._placed), terms.numbers.copy(), weights, meaning)
        return Sought(vector, meaning, usual, self._now), telling, tau

    def _tau(self) -> float:
        """Half-life of likeness: a day, or longer where 300 posts take longer, so that slow boards stay open."""
        if len(self._times) < self.settings.tau_posts:
            return self.settings.tau
        return max(self.settings.tau, self._now - self._times[0])

    def _copied(self, row: int | None) -> int | None:
        if row is None:
            return None
        story = self.of_row(row)
        return story if self._open.get(story) is not None else None

    def _begin(self, row: int) -> int:
        story = len(self._into)
        self._into.append(story)
        self._begun.append(row)
        self._open.open(story, self._now)
        if len(self._open) > self.settings.most_open:
            opened = self._open.by_number
            self._open.close(min(opened, key=lambda number: (opened[number].last, number)))
        return story

    def _add(self, story: int, telling: Telling, sought: Sought, copies: int | None) -> None:
        self._placed.append(story)
        self._follows.append(-1 if copies is None else copies)
        opened = self._open.by_number[story]
        opened.rows.append(telling.row)
        opened.last = max(opened.last, self._now)
        if copies is not None:
            return
        self._open.tell(story, telling, sought.vector.items(), sought.usual)
        self._touched.add(story)
        if opened.own in SIZES:
            self._grown.add(story)

    def _merge(self, one: int, other: int) -> int:
        """Two stories become one under the name of the earlier."""
        into, gone = sorted((one, other), key=lambda story: (self._begun[story], story))
        self.holding.merge(gone, into)
        if self._open.get(gone) is not None:
            self._open.merge(gone, into)
        self._into[gone] = into
        self._grown.add(into)
        self._moves.append(Move(gone, into))
        return into

    def _look_for_parts(self, story: int) -> None:
        """Split a growing story where its tellings fall into groups that are unlike; copies go with what they copy."""
        opened = self._open.get(story)
        if opened is None or story in self.holding.whole or not 2 * 2 <= opened.own == len(opened.tellings) <= MOST:
            return
        meant = all(telling.meaning is not None for telling in opened.tellings)
        least = self.settings.split_meant if meant else self.settings.split
        found = groups(opened.tellings, least, opened.usual)
        for rows in found[1:]:
            leaving = set(rows)
            leaving |= {row for row in opened.rows if self._follows[row] in leaving}
            self._split(story, leaving)

    def _split(self, story: int, rows: set[int]) -> int:
        leaving = tuple(sorted(rows))
        new = len(self._into)
        self._into.append(new)
        self._begun.append(leaving[0])
        for row in leaving:
            self._placed[row] = new
        if self._open.get(story) is not None:
            self._open.part(story, new, rows)
        self._moves.append(Split(story, new, leaving))
        return new

    def _rows(self, story: int) -> list[int]:
        return [row for row in range(len(self._placed)) if self.of_row(row) == story]

    def _close_idle(self, tau: float) -> None:
        """Close what is idle for long; what no post can be like enough any more is only kept open for its copies."""
        settings = self.settings
        limit = self._now - settings.open_for * tau
        least = min(settings.join, settings.merge, settings.join_meant, settings.merge_meant)
        hopeless = self._now - tau * -log2(least)
        self._open.idle(hopeless, limit)


def _is_due(opened: Open) -> bool:
    """Whether a story has grown enough to be held against others again; noted as done."""
    if opened.own < opened.looked + max(1, opened.looked // GROWN):
        return False
    opened.looked = opened.own
    return True
