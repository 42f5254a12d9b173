"""地址 (address): what of a web address may be kept. An address that names a user keeps only what leads to the post.

Where the way to the post and the user cannot be told apart, only the site remains. Known platforms have their own
rules, because their addresses put the user's number in front of the post's; on unknown sites the usual marks of a
user page (`/u/…`, `/@name`, `uid=…`) decide.
"""

import re
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

MAX_ADDRESS = 2000  # characters; a longer one keeps its site only

# An address as it stands in running text, with or without its scheme; bounded everywhere, so linear on any input.
ADDRESS = re.compile(
    r"(?:https?://(?:[^\s/@<>\"']{0,100}@)?|(?<![a-z0-9.@_-]))(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?::\d{1,5})?"
    r"[/?#][a-z0-9%$&'*+,./:;=?@_~#!\[\]|-]{0,2000}"
    r"(?:(?<=[/@=])[\w·-]{1,40}[a-z0-9%$&'*+,./:;=?@_~#!\[\]|-]{0,2000})?"
    r"|https?://[^\s<>\"'，。；！？、（）【】《》「」”’]{1,2000}",
    re.IGNORECASE,
)
_TAIL = ".,;:!?'|"  # punctuation of the sentence, not of the address

_USER_WORDS = r"u|users?|usr|uid|people|person|profiles?|members?|authors?|accounts?|space"
_USER_SEGMENT = re.compile(rf"(?:{_USER_WORDS})(?:\.\w{{1,5}})?", re.IGNORECASE)
USER_PATH = re.compile(rf"(?:(?<=/)|(?<=:)|^)(?:{_USER_WORDS})/[^/?#]+", re.IGNORECASE)
_USER_FIELD = re.compile(
    r"(?:^|[&?#;])(?:(?:host_?|sec_?|share_?|from_?|to_?)?u(?:ser)?_?id|user|user_?name|uname?|author(?:_?id)?|account"
    r"|member(?:_?id)?|open_?id|union_?id|nick(?:_?name)?|screen_?name|handle|phone|mobile|tel|mail|email|id_?card|id_?no|qq|wechat|wx)=",
    re.IGNORECASE,
)
_USER_MARK = re.compile(r"(?:^|/)space-(?:uid|username)-|[?&]mod=space\b", re.IGNORECASE)

_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\ud800-\udfff]")
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in "\"'<>`\\^{}|"})

Rule = tuple[re.Pattern[str], str]


def _rules(*pairs: tuple[str, str]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), target) for pattern, target in pairs)


_BID = r"(?=[a-z]*[0-9A-Z])[A-Za-z0-9]{8,20}"
_WEIBO = _rules(
    (rf"/(?:status|detail)/({_BID})", "https://m.weibo.cn/status/{0}"),
    (r"/ttarticle/p/show\?(?:.*&)?id=(\d+)", "https://weibo.com/ttarticle/p/show?id={0}"),
    (r"/tv/show/([\d:]+)", "https://weibo.com/tv/show/{0}"),
    (
        rf"/(?!(?:u|n|p|profile|status|detail|tv|ttarticle)/)[^/?#]+/({_BID})/?(?=[?#]|$)",
        "https://m.weibo.cn/status/{0}",
    ),
)
_X = _rules((r"/(?:i/web|[^/?#]+)/status(?:es)?/(\d+)", "https://x.com/i/status/{0}"))
_BILI = _rules(
    (r"/video/(BV\w+|av\d+)", "https://www.bilibili.com/video/{0}"),
    (r"/read/(cv\d+)", "https://www.bilibili.com/read/{0}"),
    (r"/opus/(\d+)", "https://www.bilibili.com/opus/{0}"),
    (r"/(\d+)/?(?=[?#]|$)", "https://t.bilibili.com/{0}"),
)
# Platforms whose addresses carry users: a rule that fits gives the way to the post, otherwise the site remains.
_PLATFORMS: dict[str, tuple[Rule, ...]] = {
    "weibo.com": _WEIBO,
    "weibo.cn": _WEIBO,
    "zhihu.com": _rules(
        (r"/question/(\d+)/answer/(\d+)", "https://www.zhihu.com/question/{0}/answer/{1}"),
        (r"/question/(\d+)", "https://www.zhihu.com/question/{0}"),
        (r"/p/(\d+)", "https://zhuanlan.zhihu.com/p/{0}"),
        (r"/(pin|zvideo)/(\d+)", "https://www.zhihu.com/{0}/{1}"),
    ),
    "douyin.com": _rules(
        (r"/(?:share/)?(video|note)/(\d+)", "https://www.douyin.com/{0}/{1}"),
        (r".*[?&]modal_id=(\d+)", "https://www.douyin.com/video/{0}"),
    ),
    "iesdouyin.com": _rules((r"/(?:share/)?(video|note)/(\d+)", "https://www.douyin.com/{0}/{1}")),
    "kuaishou.com": _rules((r"/short-video/(\w+)", "https://www.kuaishou.com/short-video/{0}")),
    "xiaohongshu.com": _rules(
        (r"/(?:explore|discovery/item|user/profile/\w+)/([0-9a-f]{24})", "https://www.xiaohongshu.com/explore/{0}")
    ),
    "space.bilibili.com": (),
    "t.bilibili.com": _BILI,
    "bilibili.com": _BILI[:3],
    "tieba.baidu.com": _rules((r"/p/(\d+)", "https://tieba.baidu.com/p/{0}")),
    "toutiao.com": _rules(
        (r"/(article|video|w)/(\d+)", "https://www.toutiao.com/{0}/{1}/"),
        (r"/(a|i)(\d{8,})", "https://www.toutiao.com/article/{1}/"),
    ),
    "mp.weixin.qq.com": _rules((r"/s/([\w-]{10,40})", "https://mp.weixin.qq.com/s/{0}")),
    "douban.com": _rules(
        (r"/(note|group/topic|subject|review)/(\d+)", "https://www.douban.com/{0}/{1}/"),
    ),
    "blog.csdn.net": (),
    "cnblogs.com": (),
    "jianshu.com": _rules((r"/p/(\w+)", "https://www.jianshu.com/p/{0}")),
    "juejin.cn": _rules((r"/(post|pin)/(\d+)", "https://juejin.cn/{0}/{1}")),
    "lofter.com": (),
    "tumblr.com": (),
    "x.com": _X,
    "twitter.com": _X,
    "facebook.com": _rules((r"/groups/[^/?#]+/(?:posts|permalink)/(\d+)", "https://www.facebook.com/{0}")),
    "instagram.com": _rules((r"/(?:[^/?#]+/)?(p|reel)/([\w-]+)", "https://www.instagram.com/{0}/{1}/")),
    "threads.net": _rules((r"/(?:@[^/?#]+/post|t)/([\w-]+)", "https://www.threads.net/t/{0}")),
    "tiktok.com": _rules((r"/(?:@[^/?#]*/video|embed/v2)/(\d+)", "https://www.tiktok.com/embed/v2/{0}")),
    "youtube.com": _rules(
        (r"/watch\?(?:.*&)?v=([\w-]{6,20})", "https://www.youtube.com/watch?v={0}"),
        (r"/(?:shorts|live|embed)/([\w-]{6,20})", "https://www.youtube.com/watch?v={0}"),
    ),
    "youtu.be": _rules((r"/([\w-]{6,20})", "https://www.youtube.com/watch?v={0}")),
    "reddit.com": _rules(
        (r"/r/(\w+)/comments/(\w+)", "https://www.reddit.com/r/{0}/comments/{1}/"),
        (r"/u(?:ser)?/[^/?#]+/comments/(\w+)", "https://www.reddit.com/comments/{0}/"),
    ),
    "t.me": (),
    "telegram.me": (),
    "medium.com": (),
    "linkedin.com": _rules((r"/feed/update/(urn:li:activity:\d+)", "https://www.linkedin.com/feed/update/{0}")),
}


def clean_address(url: str, handles: Sequence[str] = ()) -> str:
    """The address without its user, its site alone, or "" for what is no web address.

    `handles`: names (already tidied, see `pseudonym.tidy_handle`) that must not stand in it either.
    """
    parts = _split(url.strip())
    if parts is None:
        return ""
    site = _site(parts)
    host = (parts.hostname or "").removeprefix("www.")
    rules = _platform(host)
    if rules is not None:
        return _platform_address(parts, rules) or _short_site(host, site)
    if len(url) > MAX_ADDRESS or _names_user(parts):
        return site_only(site, handles)
    kept = site.rstrip("/") + _rest(parts)
    return _without(handles, kept, host) or site_only(site, handles)


def plain_address(url: str) -> str:
    """The address as it may stand in a page: no invisible characters and direction marks, quotes and brackets encoded."""
    return _UNSEEN.sub("", url).translate(_ENCODED)


def site_only(url: str, handles: Sequence[str] = ()) -> str:
    """Only the site of an address; a first label that is a handle (name.example.com) goes too."""
    parts = _split(url)
    if parts is None:
        return ""
    host = parts.hostname or ""
    labels = host.split(".")
    if len(labels) > 2 and any(_stands_in(handle, labels[0]) for handle in handles):
        return f"{parts.scheme}://{'.'.join(labels[1:])}/"
    return _site(parts)


def is_site_only(url: str) -> bool:
    """Whether the address leads to a site but to no page of it."""
    parts = _split(url)
    return parts is None or (parts.path in ("", "/") and not parts.query and not parts.fragment)


def replace_addresses(text: str, replace: Callable[[str], str], elsewhere: Callable[[str], str]) -> str:
    """The text with every address given through `replace` and every stretch between addresses through `elsewhere`."""
    pieces: list[str] = []
    at = 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(_TAIL)
        pieces.append(elsewhere(text[at : found.start()]))
        pieces.append(replace(address))
        at = found.start() + len(address)
    pieces.append(elsewhere(text[at:]))
    return "".join(pieces)


def clean_in_text(address: str, handles: Sequence[str] = ()) -> str:
    """An address found in running text: itself when it names no user, else what may be kept of it."""
    whole = address if "://" in address[:8] else "https://" + address
    cleaned = clean_address(whole, handles)
    if cleaned.rstrip("/") == whole.rstrip("/"):
        return address
    return cleaned


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:  # broken brackets, odd characters in the host, a port that is none
        return None
    return parts if usable else None


def _site(parts: SplitResult) -> str:
    port = f":{parts.port}" if parts.port else ""
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}/"


def _rest(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return (parts.path or "/") + query + fragment


def _platform(host: str) -> tuple[Rule, ...] | None:
    """The rules of the platform a host belongs to; the longest name wins."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        rules = _PLATFORMS.get(".".join(labels[start:]))
        if rules is not None:
            return rules
    return None


def _platform_address(parts: SplitResult, rules: tuple[Rule, ...]) -> str:
    rest = _rest(parts)
    for pattern, target in rules:
        if found := pattern.match(rest):
            return target.format(*found.groups())
    return ""


def _short_site(host: str, site: str) -> str:
    """The platform's own site: a user's host (name.platform.com) is named by its platform only."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        name = ".".join(labels[start:])
        if name in _PLATFORMS:
            return f"{site.split('://')[0]}://{name}/"
    return site


def _names_user(parts: SplitResult) -> bool:
    rest = unquote(_rest(parts))
    if "@" in rest or "＠" in rest or _USER_FIELD.search(rest) or _USER_MARK.search(rest):
        return True
    segments = re.split(r"[/#!?]+", rest)
    return any(
        segment.startswith("~") or (_USER_SEGMENT.fullmatch(segment) and any(segments[at + 1 :]))
        for at, segment in enumerate(segments)
    )


def _without(handles: Sequence[str], url: str, host: str) -> str:
    """The address when no handle stands in it, else ""; a site's own name is no handle of a user."""
    plain = unquote(url).casefold()
    own = host.split(".")[-2:]
    for handle in handles:
        if handle not in own and _stands_in(handle, plain):
            return ""
    return url


def _stands_in(handle: str, text: str) -> bool:
    if len(handle) < 2 or (len(handle) < 3 and handle.isascii()):
        return False
    if len(handle) >= 5 or not handle.isascii():
        return handle in text
    return re.search(rf"(?<![a-z0-9]){re.escape(handle)}(?![a-z0-9])", text) is not None
