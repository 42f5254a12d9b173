"""化名 (pseudonym): a voice without a name (INTERFACES "Pseudonyms").

At the door an author becomes `pseudonym(door key, handle)`; the handle itself goes, sealed under the same key, beside
the item. While the door key lives, an item that falls to an incident gets `pseudonym(incident key, handle)`, the same
for every item of that author; once the key is destroyed only `pseudonym_again(incident key, door pseudonym)` is left,
and nothing leads back to a handle. Keys and chance are the caller's; everything here is a function of its arguments.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from shudao.engine.address import (
    USER_PATH,
    clean_address,
    clean_in_text,
    is_site_only,
    plain_address,
    replace_addresses,
)
from shudao.engine.post import Post
from shudao.engine.text.mask import mask as hidden

KEY_BYTES = 32
LETTERS = 12  # of base32: 60 bits, so two of a million voices meet with a chance below one in a million
PSEUDONYM = re.compile(rf"(?<![0-9a-z])v[a-z2-7]{{{LETTERS}}}(?![0-9a-z])")
_PAD = 64  # sealed names are padded to a multiple of this, so that their length says nothing

_INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad"
_NAME = "\\w·.\\-\u0300-\u036f\u0900-\u0eff"
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d"
MENTION = re.compile(
    r"(?P<mail>[A-Za-z0-9][\w.+%-]{0,63}[@＠](?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})"
    rf"|[@＠﹫][{_INVISIBLE}]*(?P<name>(?:[{_EMOJI}]{{0,16}}[{_NAME}]{{1,64}}|[{_EMOJI}]{{1,16}})"
    r"(?:[@＠](?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})?)"
)
_ADDRESSED = re.compile(
    r"^(?P<name>.*?)\s*<(?P<mail>[^<>@\s]+@[^<>\s]+)>$|^(?P<mail2>[^()@\s]+@[^()\s]+)\s*\((?P<name2>.*)\)$"
)
# Before a name: what says that a name follows; behind it: what says that a name just stood there.
_BEFORE = (
    r"(?:^|\n|//|转自|转载自|来自|作者|博主|网友|用户|昵称|记者|通讯员|摄影|文/|图/|回复|via\s|by\s)[\s:：|｜/]{0,3}"
)
_BEHIND = r"(?=\s{0,2}(?:[:：]|$|\n))"
_INSTITUTION = re.compile(
    r"(?:局|公司|集团|医院|大学|学院|学校|中学|小学|报|报社|电视台|电台|广播|政府|委|委员会|办|办公室|所|中心|站|网|在线|发布|新闻"
    r"|供电|消防|公安|法院|检察院|应急|气象|交警|协会|基金会|银行|出版社|杂志|编辑部)$"
)


class Masked(msgspec.Struct, frozen=True, kw_only=True):
    """已化名的帖子 (masked post): what may be stored. `handles` (author first, "" for none) only goes into the seal."""

    id: str
    source: str
    title: str
    text: str
    url: str
    pseudonym: str
    handles: tuple[str, ...]


class BrokenSealError(ValueError):
    """The sealed names do not open under this key, or were moved from another item."""


def tidy_handle(handle: str) -> str:
    """One form for one handle: NFKC, case folded, without @, spaces at the ends and invisible characters."""
    plain = unicodedata.normalize("NFKC", handle)
    plain = re.sub(f"[{_INVISIBLE}]", "", plain).strip().lstrip("@").strip().rstrip(".-·:")
    return unicodedata.normalize("NFKC", plain.casefold())


def pseudonym(key: bytes, handle: str) -> str:
    """The voice of a handle under a key: "v" and 12 letters of base32; "" for no handle."""
    plain = tidy_handle(handle)
    return _voice(key, b"handle", plain) if plain else ""


def pseudonym_again(key: bytes, door_pseudonym: str) -> str:
    """The voice under a key of an item whose handle nobody can read any more; "" for no voice."""
    return _voice(key, b"pseudonym", door_pseudonym) if door_pseudonym else ""


def pseudonym_within(key: bytes, handle: str, item: str) -> str:
    """A voice that holds in one item alone, so that equal voices cannot join two incidents; "" for no handle."""
    plain = tidy_handle(handle)
    return _voice(key, b"item", f"{item}\0{plain}") if plain else ""


def seal_handles(key: bytes, handles: Sequence[str], item: str) -> bytes:
    """The handles of one item, readable only under `key` and only beside `item` (its id)."""
    plain = msgspec.json.encode(list(handles))
    padded = plain + b" " * (-len(plain) % _PAD)
    return AESSIV(_seal_key(key)).encrypt(padded, [item.encode()])


def open_handles(key: bytes, sealed: bytes, item: str) -> tuple[str, ...]:
    """The handles that `seal_handles` closed in, author first. Raises BrokenSealError."""
    try:
        plain = AESSIV(_seal_key(key)).decrypt(sealed, [item.encode()])
        return tuple(msgspec.json.decode(plain, type=list[str]))
    except (InvalidTag, ValueError) as fault:
        raise BrokenSealError from fault


def mask_post(post: Post, name: Callable[[str], str]) -> Masked:
    """The post with every handle replaced by what `name` makes of it (see `pseudonym`), users gone from addresses.

    Numbers that lead to a person (telephone, identity card, …) become marks first (see `text.mask`).
    """
    post = msgspec.structs.replace(post, title=hidden(post.title or "").text, text=hidden(post.text or "").text)
    author, aliases = split_author(post.author or "")
    known = [handle for handle in (author, *aliases) if handle]
    found: dict[str, None] = {}

    def mask(text: str) -> str:
        return _mask_text(text, known, name, found, post.kind)

    title, text = mask(post.title or ""), mask(post.text or "")
    source = "" if tidy_handle(post.source) in known else mask(post.source)
    handles = [*known, *found]
    url = plain_address(clean_address(post.url, handles)) if post.url else ""
    return Masked(
        id=_mask_id(post, handles),
        source=source,
        title=title,
        text=text,
        url=url,
        pseudonym=name(author) if author else "",
        handles=(author, *(handle for handle in found if handle != author)),
    )


def strip_handles(text: str) -> str:
    """The text with every @name as "@_" and users gone from addresses: for digests that must not confirm a guess."""
    return _mask_text(text, [], lambda _: "_", {}, "web")


def nameless(text: str) -> str:
    """What somebody writes down by hand or takes over from a post: no numbers of persons, no handles, no voices.

    A voice that was taken over into a title or a demand would join what is kept apart by its keys.
    """
    return reword(strip_handles(hidden(text).text), lambda _: "_")


def reword(text: str, renamed: Callable[[str], str]) -> str:
    """The stored text with every pseudonym in it given through `renamed`."""
    return PSEUDONYM.sub(lambda found: renamed(found[0]), text)


def split_author(author: str) -> tuple[str, tuple[str, ...]]:
    """Tidied handle and further names of an author line: the address in `Name <a@b>` and `a@b (Name)`."""
    line = " ".join(author.split())[:500]
    found = _ADDRESSED.match(line)
    if not found:
        return tidy_handle(line), ()
    handle = tidy_handle(found["mail"] or found["mail2"])
    alias = tidy_handle((found["name"] or found["name2"] or "").strip("\"' "))
    return handle, (alias,) if alias and alias != handle else ()


def _voice(key: bytes, use: bytes, value: str) -> str:
    digest = hmac.new(key, use + b"\0" + value.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return "v" + base64.b32encode(digest).decode()[:LETTERS].lower()


def _seal_key(key: bytes) -> bytes:
    return hmac.new(key, b"seal", hashlib.sha512).digest()


def _mask_text(text: str, known: Sequence[str], name: Callable[[str], str], found: dict[str, None], kind: str) -> str:
    """Mentions, mail addresses, user addresses and the known handles replaced; new handles are added to `found`."""

    def mention(match: re.Match[str]) -> str:
        raw = match["mail"] or match["name"]
        core = raw.rstrip(".-·")
        handle = tidy_handle(core)
        if not handle:
            return match[0]
        found.setdefault(handle)
        return "@" + name(handle) + raw[len(core) :]

    def plain(part: str) -> str:
        part = MENTION.sub(mention, part)
        for handle in known:
            part = _mask_literal(part, handle, name(known[0]), kind)
        return part

    if not text:
        return ""
    return replace_addresses(text, lambda url: clean_in_text(url, known), plain)


def _mask_literal(text: str, handle: str, name: str, kind: str) -> str:
    """An author's own handle in its own text. A plain word that may be no name goes only where a name is meant."""
    if len(handle) < 2 or not _contains(text, handle):
        return text
    pattern = _flexible(handle)
    if _is_distinct(handle, kind):
        return re.sub(pattern, name, text, flags=re.IGNORECASE)
    text = re.sub(f"({_BEFORE}){pattern}", lambda found: found[1] + name, text, flags=re.IGNORECASE)
    return re.sub(rf"(?<![\w]){pattern}{_BEHIND}", name, text, flags=re.IGNORECASE)


def _is_distinct(handle: str, kind: str) -> bool:
    """Whether a handle can hardly be an ordinary word or an institution's name."""
    if handle.isascii():
        return len(handle) >= 4 and (kind == "social" or not handle.isalpha() or "@" in handle)
    if _INSTITUTION.search(handle):
        return False
    return len(handle) >= 4 and (kind == "social" or any(ch.isascii() for ch in handle))


def _contains(text: str, handle: str) -> bool:
    """Whether the handle is there at all, in any width and case: asked first, since patterns are dear to make."""
    return handle in text or handle in unicodedata.normalize("NFKC", text).casefold()


def _flexible(handle: str) -> str:
    """A pattern for the handle: full width and half width alike, not inside a longer Latin word."""
    body = "".join(f"[{re.escape(ch)}{chr(ord(ch) + 0xFEE0)}]" if "!" <= ch <= "~" else re.escape(ch) for ch in handle)
    start = r"(?<![0-9A-Za-z_])" if handle[0].isascii() and handle[0].isalnum() else ""
    end = r"(?![0-9A-Za-z_])" if handle[-1].isascii() and handle[-1].isalnum() else ""
    return start + body + end


def _mask_id(post: Post, handles: Sequence[str]) -> str:
    """The id when it names nobody; otherwise what is left of it, kept apart from others by the content's digest.

    The digest is over the content without names, so it is the same under every key and confirms no guess.
    """
    is_address = "://" in post.id
    cleaned = clean_address(post.id, handles) if is_address else _mask_plain_id(post.id, handles)
    if cleaned.rstrip("/") == post.id.rstrip("/"):
        return post.id
    if is_address and not is_site_only(cleaned):
        return cleaned
    nameless = [_mask_text(part or "", handles, lambda _: "_", {}, post.kind) for part in (post.title, post.text)]
    content = "\0".join([*nameless, post.published_at.isoformat()])
    return f"{cleaned}#{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def _mask_plain_id(ident: str, handles: Sequence[str]) -> str:
    for handle in handles:
        if len(handle) >= 2 and _contains(ident, handle):
            ident = re.sub(_flexible(handle), "_", ident, flags=re.IGNORECASE)
    return MENTION.sub("_", USER_PATH.sub("_", ident))
