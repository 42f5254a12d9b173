"""Near-copies beside datasketch: rate, recall against exact Jaccard, false joins of headline pairs, bytes, growth.

The posts are made here, seeded, from public titles and news (`titles_and_news`): four in ten say something new (one to
four texts joined), the rest pass on one of the last 4,000 new ones: 45 of 100 as a repost chain with a
comment, 20 with small edits, 10 cut (…全文), 5 with a changed number or a denial, the rest word for word. Shares are those
of rebuilt Weibo chains. No real stream of posts is among the public data, so shares and recall are partly by construction.
"""

import gzip
import json
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bench.figure import Figure
from bench.hotsearch import NAME
from bench.shared import shared
from shudao.engine.sense.copies import Copies, CopySettings, plain_of
from shudao.engine.text.normalise import fold

SEED = 20
BATCH, SMALL, ROUNDS = 5_000, 500, 5
POSTS, ASKED, HEADLINES, MILLION = 20_000, 2_000, 20_000, 1_000_000
RECENT = 4_000
PARTS = (1, 1, 1, 1, 2, 2, 3, 4)  # texts joined, so that lengths are those of rebuilt chains: mean 77, median 55
UNBOUNDED = CopySettings(window=1e12, rows=10**9)
COMMENTS = ("", "求证", "真的假的", "太突然了吧", "我们小区也是这样", "转给大家看看", "希望早点解决", "有人管吗？")
DENIALS = (("属实", "不实"), ("不", ""), ("有", "没有"), ("已", "未"), ("是", "不是"))


def titles_and_news() -> list[str]:
    """The texts everything is made of, folded, in a fixed order."""
    zhihu, news = shared("data", "zhihu_to_2023.jsonl.gz"), shared("data", "dxy_news.jsonl")
    if zhihu is None or news is None:
        return []
    with gzip.open(zhihu, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["title"] for line in lines]
    rows = [json.loads(line) for line in news.open(encoding="utf-8")]
    texts += [f"{row['title']}\n{row['summary']}" for row in rows]
    texts = [fold(text) for text in dict.fromkeys(texts) if len(text) >= 15]
    random.Random(SEED).shuffle(texts)
    return texts


def stream(texts: Sequence[str], seed: int = SEED) -> Iterator[str]:
    """Posts without end; see the head of this file."""
    chance = random.Random(seed)
    recent: list[str] = []
    while True:
        if not recent or chance.random() < 0.41:
            new = ",".join(chance.choice(texts) for _ in range(chance.choice(PARTS)))
            recent.append(new)
            if len(recent) > 2 * RECENT:
                del recent[:RECENT]
            yield new
        else:
            yield mutated(chance.choice(recent[-RECENT:]), chance)


def mutated(text: str, chance: random.Random) -> str:
    """One passed-on form of a text."""
    kind = chance.random()
    if kind < 0.45:
        chain = "".join(
            f"//@用户{chance.randrange(10**6)}:{chance.choice(COMMENTS)}" for _ in range(chance.randrange(3))
        )
        return f"{chance.choice(COMMENTS)}{chain}//@来源{chance.randrange(50)}:{text}"
    if kind < 0.65:
        return edited(text, chance)
    if kind < 0.75:
        return text[: max(20, int(len(text) * chance.uniform(0.3, 0.9)))] + "...全文"
    return changed(text, chance) if kind < 0.80 else text


def edited(text: str, chance: random.Random) -> str:
    """One to three characters dropped, doubled or replaced, or a word put before or behind."""
    if chance.random() < 0.3:
        return chance.choice(("转:", "【热】", "")) + text + chance.choice(("求扩散", "大家怎么看", " 求证"))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(("", text[place] * 2, "的")) + text[place + 1 :]
    return text


def changed(text: str, chance: random.Random) -> str:
    """A number or a word of polarity changed where there is one."""
    digits = [place for place, char in enumerate(text) if char.isdecimal() and char.isascii()]
    if digits:
        place = chance.choice(digits)
        return text[:place] + str((int(text[place]) + chance.randint(1, 8)) % 10) + text[place + 1 :]
    for before, after in DENIALS:
        if before in text:
            return text.replace(before, after, 1)
    return text


def ours(posts: Sequence[str], batch: int = BATCH) -> tuple[list[int], float]:
    """The group of each post and CPU seconds."""
    copies = Copies(UNBOUNDED)
    found: list[int] = []
    used = 0.0
    for start in range(0, len(posts), batch):
        part = posts[start : start + batch]
        moments = [float(start)] * len(part)
        begun = time.process_time()
        said = copies.feed(part, moments)
        used += time.process_time() - begun
        for place, copy in enumerate(said, start):
            found.append(place if copy is None else found[copy.row])
    return found, used


def theirs(posts: Sequence[str]) -> tuple[list[int], float]:
    """The same task by datasketch as it comes (128 permutations, threshold 0.7): 3-grams, update_batch, query, insert; a
    post joins the group of its first answer."""
    from datasketch import MinHash, MinHashLSH

    found: list[int] = []
    begun = time.process_time()
    index = MinHashLSH(threshold=0.7, num_perm=128)
    blank = MinHash(num_perm=128, seed=SEED)
    for place, post in enumerate(posts):
        one = blank.copy()
        one.update_batch([gram.encode() for gram in {post[n : n + 3] for n in range(max(1, len(post) - 2))}])
        near = index.query(one)
        found.append(found[min(near)] if near else place)
        index.insert(place, one)
    return found, time.process_time() - begun


def without_signs(posts: Sequence[str]) -> list[str]:
    """Letters, digits and Han characters alone: what likeness is judged by, and what the peer is given."""
    return ["".join(re.findall(r"[^\W_]+", post)) for post in posts]


def true_pairs(posts: Sequence[str], asked: Sequence[int], least: float) -> Iterator[tuple[int, int, float]]:
    """(post, earlier post, likeness) for the posts asked about, by exact Jaccard of their 3-grams."""
    numbers: dict[str, int] = defaultdict(lambda: len(numbers))
    rows = [sorted({numbers[text[n : n + 3]] for n in range(max(1, len(text) - 2))}) for text in posts]
    sizes = np.array([len(row) for row in rows])
    ends = np.concatenate(([0], np.cumsum(sizes)))
    matrix = csr_matrix((np.ones(ends[-1], np.int32), np.concatenate(rows), ends), (len(rows), len(numbers)))
    turned = matrix.T.tocsr()
    for start in range(0, len(asked), 250):
        part = list(asked[start : start + 250])
        shared_ = (matrix[part] @ turned).tocoo()
        ones = np.array(part)[shared_.row]
        likeness = shared_.data / (sizes[ones] + sizes[shared_.col] - shared_.data)
        chosen = (shared_.col < ones) & (likeness >= least)
        yield from zip(ones[chosen].tolist(), shared_.col[chosen].tolist(), likeness[chosen].tolist(), strict=True)


def recall(posts: Sequence[str], groups: Sequence[int], least: float = 0.7) -> tuple[float, float, int]:
    """Share of posts with an earlier near-copy that stand with one, share of all such pairs in one group, pairs."""
    asked = random.Random(SEED).sample(range(len(posts) // 2, len(posts)), min(ASKED, len(posts) // 4))
    pairs = [(one, other) for one, other, _ in true_pairs(posts, sorted(asked), least)]
    together = Counter(one for one, other in pairs if groups[one] == groups[other])
    wanted = {one for one, _ in pairs}
    return len(together) / len(wanted), sum(together.values()) / len(pairs), len(pairs)


def headlines() -> list[str]:
    """Hot-search titles in a row, folded."""
    path = shared("data", NAME)
    if path is None:
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        every = list(dict.fromkeys(fold(json.loads(line)["title"]) for line in lines))
    return [title for title in every if len(title) >= 6][-HEADLINES:]


def false_joins(titles: Sequence[str]) -> tuple[int, int, float]:
    """Joined pairs of different titles that are no near-copies: by likeness below 0.7, those that differ in numbers or
    polarity alone told apart; and the number of all pairs."""
    groups, _ = ours(titles)
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    copies = Copies(UNBOUNDED)
    variant = [copy is not None and bool(copy.variant) for copy in copies.feed(titles, [0.0] * len(titles))]
    plain = [plain_of(title) for title in titles]
    false = variants = 0
    for places in members.values():
        for at, one in enumerate(places):
            for other in places[:at]:
                if _likeness(plain[one], plain[other]) < 0.7:
                    variants += variant[one] or variant[other]
                    false += not (variant[one] or variant[other])
    return false, variants, len(titles) * (len(titles) - 1) / 2


def headline_recall(titles: Sequence[str]) -> float:
    """Copies of headlines as they are passed on (chains, tails, width, a changed number, edits of likeness ≥ 0.7)
    found among all of them."""
    chance = random.Random(SEED)
    chosen = chance.sample(range(len(titles)), 2_000)
    made: list[tuple[int, str]] = []
    for place in chosen:
        title = titles[place]
        forms = [
            f"求证//@用户{place}:{title}",
            f"#{title}#",
            f"【{title}】 来自 手机客户端",
            f"转:{title}",
            f"{title}!!!",
        ]
        near = edited(title, chance)
        if _likeness(plain_of(near), plain_of(title)) >= 0.7:
            forms.append(near)
        made.append((place, chance.choice(forms)))
    groups, _ = ours([*titles, *(text for _, text in made)])
    return sum(groups[len(titles) + n] == groups[place] for n, (place, _) in enumerate(made)) / len(made)


def _likeness(one: str, other: str) -> float:
    first, second = ({text[n : n + 3] for n in range(max(1, len(text) - 2))} for text in (one, other))
    return len(first & second) / len(first | second)


def run() -> Iterator[Figure]:
    """Every rate beside its recall."""
    texts = titles_and_news()
    if not texts:
        print("  the public data are not beside this checkout; nothing measured")
        return
    yield from _rates(texts)
    yield from _headlines()
    yield from _million(texts)


def _rates(texts: Sequence[str]) -> Iterator[Figure]:
    source = stream(texts)
    posts = [next(source) for _ in range(POSTS)]
    bare = without_signs(posts)
    data = f"{POSTS} made posts, mean {statistics.mean(map(len, posts)):.0f} characters"
    rates: dict[int, list[float]] = {BATCH: [], SMALL: []}
    peers = []
    for _ in range(ROUNDS):
        peer_groups, peer = theirs(bare)
        peers.append(POSTS / peer)
        for batch, found in rates.items():
            groups, own = ours(posts, batch)
            found.append(POSTS / own)
    for batch, found in rates.items():
        ratios = [one / other for one, other in zip(found, peers, strict=True)]
        yield Figure(
            name=f"rate in batches of {batch}", value=statistics.median(found), unit="posts/CPU s", data=data,
            peer="datasketch update_batch", peer_value=statistics.median(peers), ratio=statistics.median(ratios),
            note=f"{ROUNDS} interleaved rounds, ratio {min(ratios):.1f} to {max(ratios):.1f}",
        )  # fmt: skip
    joined, pairs, count = recall(bare, groups)
    other, other_pairs, _ = recall(bare, peer_groups)
    for name, value, peer in (
        ("posts with an earlier near-copy that join it", joined, other),
        ("near pairs that stand in one group", pairs, other_pairs),
    ):
        note = f"{count} pairs of exact Jaccard >= 0.7"
        yield Figure(name=name, value=value, unit="", data=data, peer="datasketch", peer_value=peer, note=note)
    share = 1 - len(set(groups)) / len(groups)
    yield Figure(name="share joined", value=share, unit="", data=data)


def _headlines() -> Iterator[Figure]:
    titles = headlines()
    if not titles:
        return
    false, variants, pairs = false_joins(titles)
    data = f"{len(titles)} different hot-search titles"
    yield Figure(
        name="false joins of headline pairs", value=false / pairs, unit="of pairs", data=data,
        note=f"{false} pairs with Jaccard < 0.7; beside them {variants} that stand together as told variants",
    )  # fmt: skip
    yield Figure(
        name="headline copies found", value=headline_recall(titles), unit="", data=f"2000 passed on, among {data}"
    )


def _million(texts: Sequence[str], count: int = MILLION) -> Iterator[Figure]:
    source, copies = stream(texts, SEED + 1), Copies(UNBOUNDED)
    tenths = []
    for _ in range(10):
        used = 0.0
        for _ in range(count // 10 // BATCH):
            part = [next(source) for _ in range(BATCH)]
            begun = time.process_time()
            copies.feed(part, [0.0] * BATCH)
            used += time.process_time() - begun
        tenths.append(count / 10 / used)
    data = f"{count} made posts, one generation"
    yield Figure(name="bytes a post", value=copies.nbytes / count, unit="B", data=data, note="room for growth included")
    yield Figure(
        name="rate of the last tenth", value=tenths[-1], unit="posts/CPU s", data=data, peer="second tenth",
        peer_value=tenths[1], ratio=tenths[-1] / tenths[1],
    )  # fmt: skip
