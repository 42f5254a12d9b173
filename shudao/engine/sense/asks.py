"""问求 (asks): sentences in which people ask, demand or complain, cut from the posts as they stand, never written.

Precision before recall: a sentence counts only when its wording leaves little doubt, and what an organisation asks of the
public (请广大用户谅解), announces of itself (公司将尽快处理) or reports of others is left out. Near-equal sentences of
different posts make one group, so that forty people asking the same are one line with a forty.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from shudao.engine.text.normalise import fold

VERSION = "asks-2"
Kind: TypeAlias = Literal["question", "demand", "complaint"]
KINDS: tuple[Kind, ...] = ("demand", "question", "complaint")
LONGEST = 120  # characters of a sentence; a longer one is cut at its commas
SHORTEST = 4
MOST_TEXT = 20_000  # characters of a post that are read
SAME = 0.55  # Jaccard of character pairs from which two sentences ask the same

_SENTENCE = re.compile(r"[^。！？!?；;\n\r]*[。！？!?；;\n\r]+|[^。！？!?；;\n\r]+")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]|[^，,、：:]+")

# 问 (question)
_ASKING = re.compile(
    r"什么时候|啥时候|啥时|何时|几时|几点|哪天|多久|多长时间|多少|为什么|为何|为啥|怎么|咋|如何|谁|哪里|哪儿|哪个|什么|啥|"
    r"吗|是否|是不是|有没有|能不能|能否|可不可以|([\u4e00-\u9fff])不\1|还是(?!.{0,4}(?:老样子|那样))|^.{1,12}呢\?|"
    r"\b(?:when|why|how|what|who|where|which|will|can|could|is|are|was|were|does|do|did|has|have|should|any)\b"
)
_RHETORIC = re.compile(
    r"你知道吗|知道吗[?？]?$|懂吗|难道|好不好[?？]?$|好吗[?？]?$|对吧|是吧|行吗[?？]?$|你猜|猜猜|怎么样[?？]?$|谁说的|何必|岂不|"
    r"凭什么|干嘛不|you know\b|guess what|who cares|isn't it\?|right\?$"
)
_SPOKEN = re.compile(
    r"^(?:@\S+\s*)*(?:请问|想问|问一下|问下|求问|弱弱问|谁知道)|"
    r"(?<!无论)(?<!不管)(?<!随)(?:什么时候|啥时候|啥时|何时|几点|多久)(?:才|能|可以|会|来|恢复|修好).{0,12}(?:呢|啊|呀|嘛|么|吗)$"
)
_SOUGHT = re.compile(
    r"(?<!问)(?:有没有|谁家|哪位|哪里|有没)(?:人|哪位|谁|懂行的|知道的|卖|有|能).{2,}|^(?:@\S+\s*)*(?:求问|求推荐|求助攻|跪问|在线等)|"
    r"[，,]求(?:推荐|科普|解答|过来人)|真的假的|真的还是假的|(?<!对)(?<!是)(?<!好)(?<!行)(?<!道)(?<!难道)(?:一样|正常|划算|靠谱|行得通|来得及|还有)吗$"
)
"""Asked without a question mark, or without a word that asks."""
_WHEN = re.compile(r"什么时候|啥时候|何时|几点|多久")

# 求 (demand)
_WANT = r"(?:希望|(?<![按照合据关])要求|请求|恳请|恳求|呼吁|盼望?|跪求|(?<![诉需追要请恳寻征])求求?(?![助])|敦促|麻烦|(?<![申邀聘])请|建议|必须|应该|应当|理应|赶紧|赶快)"
_DO = (
    r"(?:公开|公布|公示|说明|说清|解释|回应|答复|回复|赔偿|补偿|赔礼|道歉|处理|解决|恢复|调查|彻查|查清|查明|严查|整改|退还|退款|退费|退钱|查处|"
    r"严惩|追责|重视|修好|抢修|修复|来修|来电|送电|供电(?!公司|局|所|站|部门|服务|热线|营业|企业|那边|单位)|供水(?!公司|部门|集团)|通电|通水|管一管|管管|更换|换掉|检修|核实|给个|给一个|给大家|给我们|给业主|给居民|减免|停止(?!传播|转发|造谣))"
)
_PRESSING = re.compile(
    r"(?:给|要|讨)(?:我们|大家|居民|业主|家长|用户|个人|老百姓|群众)?(?:一)?个(?:说法|交代|答复|公道)"
)
"""A demand even in a sentence that ends in a question mark."""
_DEMAND = re.compile(
    rf"求(?:大家|各位|好心人)?(?:扩散|转发|救命|救援|救救|帮帮|消防|警察|救护)|"
    rf"{_WANT}.{{0,22}}{_DO}|(?:给|要|讨)(?:我们|大家|居民|业主|家长|用户|个人|老百姓|群众)?(?:一)?个(?:说法|交代|解释|答复|公道)|"
    r"(?:还|退)(?:我们?|大家|居民|业主)(?:的)?(?:钱|血汗钱|电费|学费|公道|健康)|(?<!加)(?:快|快点|赶紧|赶快|尽快)(?:来电|恢复供电|恢复|修好|处理|解决|来人)|"
    r"\b(?:we|i)(?: all)? (?:demand|want|request|urge|ask for|insist on|need) .{0,40}\b(?:apology|answers?|explanation|refund|compensation|"
    r"investigation|power|water|inquiry|action|truth|information)\b|"
    r"\b(?:must|should|need to|needs to|have to|has to|please) .{0,30}\b(?:apologi[sz]e|compensate|publish|explain|investigate|refund|restore|"
    r"fix|repair|respond|answer|release|disclose)\b"
)
_NOT_PUBLIC = re.compile(
    r"请(?:广大|各位|市民|居民|用户|旅客|考生|家长|同学|网友|大家)(?!.{0,6}(?:帮|转发))|敬请|请勿|请不要|请放心|请耐心|请及时关注|请理解|请谅解|请拨打|请关注|"
    r"(?:公司|部门|单位|政府|县委|市委|省委|党委|领导小组|会议|通知|办法|规定|条例|文件|记者|专家|律师|书记|县长|市长|校长|院长|主任|负责人|发言人|方面|当局)"
    r".{0,8}(?:要求|表示|强调|指出|提出|建议|呼吁|介绍|称|说(?!法|明|清))|(?:我们|我司|我局|我校|我院|本公司|公司|供电所|院方|校方|警方|官方|局里)(?:将|会|已|已经|正在|正|一定)|"
    r"(?:将|会|已|已经|正在)(?:尽快|立即|马上|全力|积极)?(?:公布|回应|恢复|处理|解决|调查|核实|抢修|修复|赔偿|供电|道歉)|"
    r"\b(?:said|says|told reporters|announced|the company will|we will|we are working|residents are asked|customers are asked)\b"
)

# 怨 (complaint)
_LONG = (
    r"(?:\d+|[一二两三四五六七八九十几半]+|好几|大半)(?:个)?(?:多)?(?:小时|钟头|分钟|天|夜|晚|次|回|遍|趟|周|个?月|年)"
)
_NUMBER = r"(?:\d+|[一二两三四五六七八九十几半]+)"
_COMPLAINT = re.compile(
    r"(?:电话|热线|客服|投诉|报修)[^，。]{0,10}(?:没人接|无人接听|打不通|不接|占线|没人理|没用|无果|石沉大海)|(?:打了|投诉了|反映了|问了|找了)[^，。]{0,10}(?:没人|没用|不理|推|无果)|"
    r"(?:没人|无人|没有人|没一个人)(?:管|理|问津|处理|接听|接电话|回应|负责|来修|来看|解决)|(?<!不得)(?<!方式)推诿|踢皮球|互相推|推来推去|推卸|不作为(?!.{0,12}(?:依据|标准|议题|条件|参考|问题线索))|敷衍了事|敷衍我|糊弄|忽悠(?:我|人|老百姓)|"
    r"没(?:有)?(?:一个)?人(?:告诉|通知|解释|说明|吭声)|一个字(?:都|也)?没(?:提|说|写)|拍脑袋|头都不抬|爱答不理|甩(?:脸|锅)|"
    r"问[^，。,]{1,8}说[^，。,]{1,12}[，,]再?问[^，。,]{1,8}说|(?:说|让)(?:我们?)?去?找[^，。,]{1,8}[，,][^，。,]{1,8}(?:说|让)(?:我们?)?去?找|"
    rf"(?:报修|投诉|反映|催|问)了?(?:好几|{_NUMBER})(?:次|遍|回|趟)|(?:排|等|站|守|耗)了?(?:整整|足足|快)?{_LONG}[^。]{{0,24}}(?:没|不动|不到|不来|不接|不让|说(?!的))|"
    rf"(?:停|断|没)了?(?:电|水|气|网|暖)了?(?:都|已经|快|整整)+{_LONG}|(?:停|断|没)了?(?:电|水|气|网|暖)了?{_LONG}了|{_LONG}(?:了)?(?:，|都|还|也)*(?:还)?(?:没|不)(?:来电|来水|恢复|修好|处理|解决|人来|人管|有结果|回复|答复)|"
    r"(?:一直|始终|迟迟|到现在|至今|还是)(?:都|还|也)?(?:没有?|不)(?:来电|来水|恢复|修好|处理|解决|回复|答复|回应|结果|说法|人来|人管)|"
    r"凭什么|(?<!接)受不了了?(?!就)|忍无可忍|太过分|欺人太甚|第[一二三四五六七八九十\d]+次(?:停电|断电|停水|跳闸|投诉)|"
    r"\b(?:nobody|no one|no-one) (?:answers?|answered|picks? up|picked up|came|comes|cares?|cared|told|tells|helps?|helped)\b|"
    r"\bstill (?:no|without|waiting)\b|\b(?:without|no) (?:power|water|electricity|heating|answer|reply) for (?:\d+|two|three|four|five|six|many) (?:hours|days|weeks)\b|"
    r"\bfed up\b|\bunacceptable\b|\bpassed from one\b"
)
_REPORTED = re.compile(r"(?:记者|本报讯|据悉|获悉|通报称|公告|讯[）)]|网传|据.{1,8}(?:消息|报道))")
_CUE = re.compile(
    rf"[?？]|请问|想问|问下|问一下|谁知道|谁家|哪|在线等|真的假的|吗|求|甩|拍脑袋|报修|投诉|反映|催|排|等|站|守|耗|问|找|头都|爱答|{_WANT}|说法|交代|公道|还我|退我|无|打不通|占线|停|断|推|没|不|凭|时候|何时|几时|几点|多久|受|忍|过分|糊弄|敷衍|忽悠|第|尽快|快|"
    r"\b(?:we|i|must|should|need|needs|please|nobody|no|still|without|fed|unacceptable)\b"
)
_BARE = re.compile(r"[^\w]+|[啊呀呢吧吗嘛么了哦噢哈啦的]")
_DIGITS = re.compile(r"\d+")
_ALIKE = re.compile(r"啥时候|何时|几时|几点|什么时间")


class Ask(msgspec.Struct, frozen=True):
    """问求 (ask): where in a field of a post it stands, character by character, and what kind it is."""

    kind: Kind
    start: int
    end: int


class Asked(msgspec.Struct, frozen=True):
    """所问 (asked): one sentence of one post; `weight` counts the post and its copies."""

    post: str
    kind: Kind
    text: str
    weight: int = 1
    field: Literal["title", "text"] = "text"
    start: int = 0
    end: int = 0


class AskGroup(msgspec.Struct, frozen=True):
    """同问 (ask group): near-equal sentences; `first` is the earliest, `weight` how many posts say it, copies included."""

    kind: Kind
    first: Asked
    members: tuple[Asked, ...]

    @property
    def weight(self) -> int:
        """How many posts say it."""
        return sum(row.weight for row in self.members)


def asks_in(text: str) -> list[Ask]:
    """The asks of a text in the order they stand; each is a sentence, or the part of a long one that asks."""
    found = []
    for start, end in _pieces(text[:MOST_TEXT]):
        kind = kind_of(text[start:end])
        if kind:
            found.append(Ask(kind, start, end))
    return found


def kind_of(sentence: str) -> Kind | None:
    """What one sentence does, if it does so without much doubt. A demand beats a question, a question a complaint."""
    said = fold(sentence).strip()
    if len(said) < SHORTEST or not _CUE.search(said) or _REPORTED.search(said):
        return None
    if _PRESSING.search(said) and not _NOT_PUBLIC.search(said):
        return "demand"
    demands = _DEMAND.search(said) is not None and not _NOT_PUBLIC.search(said)
    if demands and not said.endswith("?") and not _WHEN.search(said):
        return "demand"
    if _is_question(said) or (demands and _WHEN.search(said)):
        return "question"
    if _COMPLAINT.search(said) and not _NOT_PUBLIC.search(said):
        return "complaint"
    return None


def group_asks(rows: Iterable[Asked]) -> list[AskGroup]:
    """Near-equal asks of one kind together, the earliest given first in each; the group most people say comes first."""
    groups: list[list[Asked]] = []
    pairs: list[frozenset[str]] = []
    index: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for row in rows:
        ours = _pairs_of(row.text)
        place = _nearest(row.kind, ours, pairs, index)
        if place is None:
            place = len(groups)
            groups.append([])
            pairs.append(ours)
            for pair in ours:
                index[row.kind, pair].append(place)
        groups[place].append(row)
    found = [AskGroup(members[0].kind, members[0], tuple(members)) for members in groups]
    return sorted(found, key=lambda group: -group.weight)


def _is_question(said: str) -> bool:
    if _RHETORIC.search(said):
        return False
    asks = said.rstrip("\"'”’」) ").endswith("?") and _ASKING.search(said) is not None
    plain = said.rstrip("。.!~ ")
    return asks or _SPOKEN.search(plain) is not None or _SOUGHT.search(plain) is not None


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; of one that is too long, runs of its clauses that are not."""
    for sentence in _SENTENCE.finditer(text):
        start, end = _trimmed(text, sentence.start(), sentence.end())
        if end - start <= LONGEST:
            if end > start:
                yield start, end
            continue
        begin = start
        for clause in _CLAUSE.finditer(text, start, end):
            if clause.end() - begin > LONGEST and clause.start() > begin:
                yield _trimmed(text, begin, clause.start())
                begin = clause.start()
        if end - begin <= 2 * LONGEST:
            yield _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "，,、"):
        end -= 1
    return start, end


def _pairs_of(sentence: str) -> frozenset[str]:
    """Pairs of neighbouring characters of what a sentence says, numbers and particles apart."""
    said = _DIGITS.sub("0", _BARE.sub("", _ALIKE.sub("什么时候", fold(sentence))))
    return frozenset(said[place : place + 2] for place in range(len(said) - 1)) or frozenset((said,))


def _nearest(
    kind: Kind, ours: frozenset[str], pairs: Sequence[frozenset[str]], index: dict[tuple[Kind, str], list[int]]
) -> int | None:
    shared = Counter(place for pair in ours for place in index[kind, pair])
    best, score = None, SAME
    for place, count in shared.items():
        likeness = count / (len(ours) + len(pairs[place]) - count)
        if likeness > score or (likeness == score and best is None):
            best, score = place, likeness
    return best
