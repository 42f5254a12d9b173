"""脉搏 (pulse): whether something runs above what this hour of the week and its own past lead to expect.

Counts stand in five-minute bins. The hourly rate of a series is Gamma(a, b), from `PRIOR_A / PRIOR_B` an hour on, so it
works from zero history. Whole hours enter it once they are older than the longest window, cut at what was plausible, so
that a burst does not become its own yardstick; they also teach by how much hours differ (`spread`). What lies between them
and a window is held against it too, which matters when little is known. The count of a window is then negative binomial.
A `Board` holds many series as arrays, a `Series` looks at one row of a board; one algorithm.
"""

import math

import msgspec
import numpy as np
from scipy.special import betainc

from shudao.engine.sense.features import F64, I64
from shudao.engine.sense.season import Season

VERSION = "pulse-2"
BIN = 300.0
WINDOWS = (15, 30, 60, 120)  # minutes
LONGEST = max(WINDOWS) * 60.0
PRIOR_A, PRIOR_B = 0.25, 0.25  # one post an hour, worth a quarter of an hour of watching
PRIOR_SPREAD = 0.25  # squared coefficient of variation of the hourly rate, assumed
PRIOR_WEIGHT = 20.0  # how firmly; an hour weighs at most 1 / PRIOR_SPREAD squared
LEAST_SPREAD = 0.02
SETTLED_HOURS = 6.0  # of watching, before hours teach the spread
SHORT_HOURS = 72.0  # of watching, below which what is usual rests on the prior too
FORGET_HOURS = 14 * 24.0  # half-life of what was learned
RARE = 1.0  # posts an hour below which volume decides nothing
CHANCE = 2.5e-4  # an hour's window less likely than this is a rise; shorter ones, being more, in proportion
CALM = 0.05  # the longest window likelier than this ends a rise
LEAST_POSTS = 5
GATE = 9.0  # no count within three standard deviations is so unlikely (shown by a test)

_HELD = int(LONGEST / BIN)
_BINS = tuple(int(minutes * 60 / BIN) for minutes in WINDOWS)
_ROOM = 16
_A, _B, _EXCESS, _WEIGHT, _HOUR, _RATE, _SPREAD, _SINCE = range(8)


class Window(msgspec.Struct, frozen=True):
    """窗口 (window): `count` since `since` (epoch seconds), and by what it is judged: `rate` an hour before it, averaged
    over the week, known as firmly as `known` posts make it, hours differing by `spread`; `exposure` is hours times season.
    """

    minutes: int
    since: float
    count: int
    rate: float
    known: float
    spread: float
    exposure: float

    @property
    def usual(self) -> float:
        """What is expected of it."""
        return self.rate * self.exposure

    @property
    def chance(self) -> float:
        """How likely so many are when nothing happens."""
        return self.chance_of(self.count)

    def chance_of(self, count: int) -> float:
        """The same for another count."""
        return survival(count, self.usual, 1.0 / (1.0 / self.known + self.spread))

    def limit(self, share: float = 1.0) -> float:
        """The chance below which it is a rise; `share` of all false alerts is this series' part."""
        return limit(self.minutes, share)

    def needed(self, share: float = 1.0) -> int:
        """The least count that would be a rise."""
        low, high, chance = 0, LEAST_POSTS, self.limit(share)
        while self.chance_of(high) >= chance:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.chance_of(middle) < chance else (middle, high)
        return max(high, LEAST_POSTS)


class Board:
    """诸序列 (board): many series with the same bins, season and time, as arrays. Time never goes back.

    Row 0 is silence: what a series knows that was watched from the beginning and never counted.
    """

    def __init__(self, season: Season) -> None:
        self._season = season
        self._start, self._until = float("-inf"), float("-inf")  # of the bin under way
        self._exposures = [0.0] * _HELD
        self._windows = [0.0] * len(WINDOWS)
        self._hour_exposure = 0.0
        self._rows = 0
        self._held: F64 = np.zeros((_HELD, _ROOM))
        self._sums: F64 = np.zeros((len(WINDOWS), _ROOM))
        self._state: F64 = np.zeros((8, _ROOM))
        self.add()

    def __len__(self) -> int:
        return self._rows - 1

    def add(self, *, silent: bool = False) -> int:
        """A new series, with the prior alone or (`silent`) as one that was watched all along while nothing came."""
        row = self._rows
        if row == self._held.shape[1]:
            self._held, self._sums, self._state = (_wider(array) for array in (self._held, self._sums, self._state))
        self._rows += 1
        if silent:
            self._state[:, row] = self._state[:, 0]
            return row
        self._state[: _HOUR + 1, row] = PRIOR_A, PRIOR_B, PRIOR_SPREAD * PRIOR_WEIGHT, PRIOR_WEIGHT, 0.0
        self._state[_SINCE, row] = self._start
        self._derive()
        return row

    def advance(self, now: float) -> None:
        """Let time pass: close bins, learn from hours older than the longest window."""
        if now < self._until:
            return
        current = now // BIN * BIN
        if self._until == float("-inf"):
            self._start = current - BIN
        elif current - self._start > 4 * LONGEST:
            self._skip(current)
        while self._start < current:
            self._step()
        self._until = current + BIN

    def count(self, row: int, at: float) -> None:
        """One of moment `at`; one that comes late counts in its own bin if that is still held."""
        back = int((self._start - at // BIN * BIN) // BIN)
        if back >= _HELD:
            return
        back = max(0, back)
        self._held[(_slot(self._start) - back) % _HELD, row] += 1.0
        for place, bins in enumerate(_BINS):
            if back < bins:
                self._sums[place, row] += 1.0

    def count_all(self, counts: F64) -> None:
        """So many of every series (row 0 left out) in the bin under way."""
        self._held[_slot(self._start), 1 : self._rows] += counts
        self._sums[:, 1 : self._rows] += counts

    def rate(self, row: int) -> float:
        """How many an hour, averaged over the week."""
        return float(self._state[_RATE, row])

    def spread(self, row: int) -> float:
        """Squared coefficient of variation of the hourly rate."""
        return float(self._state[_SPREAD, row])

    def hours(self, row: int) -> float:
        """Hours of watching that the rate rests on, old ones fading."""
        return float(self._state[_B, row]) - PRIOR_B

    def window(self, row: int, minutes: int, count: int | None = None) -> Window:
        """The last `minutes`; `count` asks the question for another count than the series' own."""
        place = WINDOWS.index(minutes)
        held = int(self._sums[place, row])
        known = self._state[_A, row].item() + self._sums[-1, row].item() - held
        return Window(
            minutes=minutes,
            since=self._start - minutes * 60 + BIN,
            count=held if count is None else count,
            rate=known / (self._state[_B, row].item() + self._windows[-1] - self._windows[place]),
            known=known,
            spread=self.spread(row),
            exposure=self._windows[place],
        )

    def rise(self, row: int, share: float = 1.0) -> Window | None:
        """The window ending now that is least likely for its length, if it is a rise."""
        longest = self._sums[-1, row].item()
        if longest < LEAST_POSTS:
            return None
        a, b, spread = (self._state[place, row].item() for place in (_A, _B, _SPREAD))
        best, found = 1.0, -1
        for place, exposure in enumerate(self._windows):
            count = self._sums[place, row].item()
            if count < LEAST_POSTS:
                continue
            known = a + longest - count
            mean = known / (b + self._windows[-1] - exposure) * exposure
            gap, wide = count - mean, 1.0 / known + spread
            if gap <= 0.0 or gap * gap <= GATE * (mean + mean * mean * wide):
                continue
            against = survival(count, mean, 1.0 / wide) / limit(WINDOWS[place], share)
            if against < best:
                best, found = against, place
        return None if found < 0 else self.window(row, WINDOWS[found])

    def rising(self, share: float = 1.0) -> I64:
        """The rows of which a window ending now is a rise."""
        found = np.zeros(self._rows, np.bool_)
        for place, minutes in enumerate(WINDOWS):
            rows = np.flatnonzero(self._sums[place, : self._rows] >= LEAST_POSTS)
            count, mean, wide = self._judged(rows, place)
            gap = count - mean
            high = np.flatnonzero((gap > 0.0) & (gap * gap > GATE * (mean + mean * mean * wide)))
            chances = _survivals(count[high], mean[high], 1.0 / wide[high])
            found[rows[high[chances < limit(minutes, share)]]] = True
        return np.flatnonzero(found)

    def is_calm(self, row: int) -> bool:
        """Whether the longest window is nothing unusual."""
        return self.window(row, WINDOWS[-1]).chance > CALM

    def calm(self, rows: I64) -> I64:
        """Those of `rows` of which the longest window is nothing unusual."""
        count, mean, wide = self._judged(rows, len(WINDOWS) - 1)
        return rows[_survivals(count, mean, 1.0 / wide) > CALM]

    def _judged(self, rows: I64, place: int) -> tuple[F64, F64, F64]:
        """Count, mean and squared variation of a window of these rows."""
        count, exposure = self._sums[place, rows], self._windows[place]
        known = self._state[_A, rows] + self._sums[-1, rows] - count
        mean = known / (self._state[_B, rows] + self._windows[-1] - exposure) * exposure
        return count, mean, 1.0 / known + self._state[_SPREAD, rows]

    def _step(self) -> None:
        """Open the next bin; the one that is as old as the longest window leaves."""
        start = self._start + BIN
        slot, rows = _slot(start), slice(0, self._rows)
        self._hour_exposure += self._exposures[slot]
        self._state[_HOUR, rows] += self._held[slot, rows]
        for place, bins in enumerate(_BINS):
            self._sums[place, rows] -= self._held[slot - bins, rows]
        self._held[slot, rows] = 0.0
        self._exposures[slot] = self._season.factor(start) * BIN / 3600.0
        self._start = start
        self._weigh(slot)
        if (start - LONGEST + BIN) % 3600.0 == 0.0:
            self._learn()

    def _weigh(self, slot: int) -> None:
        """The exposure of each window, at least a twentieth of its length."""
        total, place = 0.0, 0
        for back in range(_HELD):
            total += self._exposures[slot - back]
            if back + 1 == _BINS[place]:
                self._windows[place] = max(total, WINDOWS[place] / 60.0 * 0.05)
                place += 1

    def _learn(self) -> None:
        """The hour that has left the longest window, as a whole."""
        if self._hour_exposure <= 0.0:
            return
        a, b, excess, weight, hour = self._state[: _HOUR + 1, : self._rows]
        is_whole = self._state[_SINCE, : self._rows] <= self._start - LONGEST + BIN - 3600.0
        exposure = np.where(is_whole, self._hour_exposure, 0.0)
        hour *= is_whole
        self._hour_exposure = 0.0
        usual = a / b * exposure
        spread = np.maximum(excess / weight, LEAST_SPREAD)
        far = 3.0 + 12.0 / (1.0 + b)  # the less is known, the more is plausible
        count = np.minimum(hour, usual + far * np.sqrt(usual + (spread + 1.0 / a) * usual * usual) + 1.0)
        keep = 2.0 ** (-exposure / FORGET_HOURS)
        trust = np.where(b > SETTLED_HOURS, 1.0 / (1.0 + (PRIOR_SPREAD + 1.0 / a) * usual) ** 2, 0.0)
        excess *= keep
        excess += trust * ((count - usual) ** 2 - count - usual * usual / a)
        np.maximum(excess, 0.0, out=excess)
        weight *= keep
        weight += trust * usual * usual
        a *= keep
        a += count
        np.maximum(a, 1e-3, out=a)
        b *= keep
        b += exposure
        hour[:] = 0.0
        self._derive()

    def _derive(self) -> None:
        a, b, excess, weight = self._state[:_HOUR, : self._rows]
        self._state[_RATE, : self._rows] = a / b
        self._state[_SPREAD, : self._rows] = np.maximum(excess / weight, LEAST_SPREAD)

    def _skip(self, current: float) -> None:
        """A long silence of everything: what is held is learned, the silent hours at once, with mean exposure."""
        for _ in range(2 * _HELD):
            self._step()
        hours = (current - LONGEST - self._start) / 3600.0
        keep = 2.0 ** (-hours / FORGET_HOURS)
        a, b = self._state[_A, : self._rows], self._state[_B, : self._rows]
        np.maximum(a * keep, 1e-3, out=a)
        b *= keep
        b += (1.0 - keep) * FORGET_HOURS / math.log(2.0)
        self._derive()
        self._hour_exposure = 0.0
        self._start = current - LONGEST


class Series:
    """序列 (series): one row of a board; without one it has a board of its own."""

    def __init__(self, season: Season, board: Board | None = None) -> None:
        self._board = board or Board(season)
        self._row = self._board.add()

    @property
    def rate(self) -> float:
        """How many an hour, averaged over the week."""
        return self._board.rate(self._row)

    @property
    def spread(self) -> float:
        """Squared coefficient of variation of the hourly rate."""
        return self._board.spread(self._row)

    def count(self, at: float, now: float) -> None:
        """One post of moment `at`, seen at stream time `now`."""
        self.advance(now)
        self._board.count(self._row, at)

    def advance(self, now: float) -> None:
        """Let time pass."""
        self._board.advance(now)

    def rise(self) -> Window | None:
        """The window ending now that is least likely for its length, if it is a rise."""
        return self._board.rise(self._row)

    def is_calm(self) -> bool:
        """Whether the longest window is nothing unusual."""
        return self._board.is_calm(self._row)

    def window(self, minutes: int, count: int | None = None) -> Window:
        """The last `minutes`; `count` asks the question for another count."""
        return self._board.window(self._row, minutes, count)


def limit(minutes: int, share: float = 1.0) -> float:
    """The chance below which a window of so many minutes is a rise."""
    return share * CHANCE * minutes / 60.0


def survival(count: float, mean: float, size: float) -> float:
    """P(N >= count) of a negative binomial with this mean and size (variance mean + mean^2 / size)."""
    if count <= 0:
        return 1.0
    return float(betainc(count, size, mean / (mean + size)))


def _survivals(count: F64, mean: F64, size: F64) -> F64:
    """The same of many."""
    found: F64 = np.where(count > 0.0, betainc(np.maximum(count, 1.0), size, mean / (mean + size)), 1.0)
    return found


def _slot(start: float) -> int:
    return int(start // BIN) % _HELD


def _wider(array: F64) -> F64:
    return np.concatenate((array, np.zeros_like(array)), axis=1)
