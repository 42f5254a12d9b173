"""守门 (guard): bounds for archives and XML that strangers hand in, checked before any other library opens them.

Office files (.docx, .xlsx) are zip archives of XML. Sizes written in an archive's directory are claims; here every
member is really unpacked, in slices that are thrown away, so a small file that unfolds into gigabytes, a directory
that lies, or members that overlap are found at the cost of at most `max_total` bytes of unpacking and no memory.
"""

import io
import struct
import zipfile
import zlib

from lxml import etree

from shudao.engine.words import BadInput, Words

MEBIBYTE = 1024 * 1024
SLICE = 256 * 1024
RATIO_FLOOR = 8 * MEBIBYTE
"""Below this much unpacked text a high ratio is harmless (an empty sheet packs 200:1)."""

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED

_BOMB = Words("压缩包展开后过大，可能是压缩炸弹", "the archive unfolds to far more than its size (a zip bomb?)")
_BROKEN = Words("不是完好的压缩包（docx/xlsx）", "not a sound zip archive (docx/xlsx)")
_LOCKED = Words("文件已加密", "the file is encrypted")
_RESAVE = Words("请用原程序打开后另存再试", "open it in its own program, save it again and retry")
_UNLOCK = Words("请去掉密码后另存再试", "save it without a password and retry")
_DOCTYPE = Words("文件内的 XML 带有文档类型声明，不予读取", "XML inside the file carries a document type declaration")
_XML = Words("文件内的 XML 已损坏", "XML inside the file is broken")


def check_zip(
    data: bytes, *, max_total: int = 256 * MEBIBYTE, max_ratio: int = 200, max_members: int = 5000, where: str = ""
) -> zipfile.ZipFile:
    """The archive in `data`, opened, once every member has proved to unfold within bounds.

    Raises BadInput when it is no archive, is encrypted or damaged, has more than `max_members` members, unfolds to
    more than `max_total` bytes, or to more than `max_ratio` times its own size (beyond RATIO_FLOOR).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, RuntimeError, struct.error) as fault:
        raise BadInput(_BROKEN, where=where, mend=_RESAVE) from fault
    if len(members) > max_members:
        raise BadInput(_BOMB, where=where, mend=_RESAVE)
    allowed = min(max_total, max(RATIO_FLOOR, max_ratio * len(data)))
    for member in members:
        if member.flag_bits & 0x1:
            raise BadInput(_LOCKED, where=where, mend=_UNLOCK)
        allowed -= _unfold(data, member, allowed, where)
    return archive


def read_member(archive: zipfile.ZipFile, name: str, *, where: str = "") -> bytes | None:
    """The bytes of one member of an archive that `check_zip` has passed; None when there is no such member."""
    try:
        return archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as fault:
        raise BadInput(_BROKEN, where=where, mend=_RESAVE) from fault


def parse_xml(data: bytes, *, where: str = "") -> "etree._Element":
    """The root element of an XML document from a stranger: no entities, no network, no huge depth. Raises BadInput."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise BadInput(_XML, where=where, mend=_RESAVE) from fault
    if root.getroottree().docinfo.doctype:
        raise BadInput(_DOCTYPE, where=where, mend=_RESAVE)
    return root


def _unfold(data: bytes, member: zipfile.ZipInfo, allowed: int, where: str) -> int:
    """How many bytes a member really unfolds to; BadInput beyond `allowed` or beyond what the directory claims."""
    if member.file_size > allowed:
        raise BadInput(_BOMB, where=where, mend=_RESAVE)
    start = _body_start(data, member, where)
    body = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == _STORED:
        size = len(body)
    elif member.compress_type == _DEFLATED:
        size = _inflated(body, member.file_size, where)
    else:
        raise BadInput(_BROKEN, where=where, mend=_RESAVE)
    if size != member.file_size:
        raise BadInput(_BROKEN, where=where, mend=_RESAVE)
    return size


def _body_start(data: bytes, member: zipfile.ZipInfo, where: str) -> int:
    header = data[member.header_offset : member.header_offset + _LOCAL_HEADER.size]
    if member.header_offset < 0 or len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise BadInput(_BROKEN, where=where, mend=_RESAVE)
    name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
    return int(member.header_offset + _LOCAL_HEADER.size + name_length + extra_length)


def _inflated(body: memoryview, claimed: int, where: str) -> int:
    """Length of a deflated body, unpacked slice by slice and thrown away; stops one slice past the claim."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    size, rest = 0, bytes(body)
    try:
        while not unpack.eof and (piece := unpack.decompress(rest, SLICE)):
            rest = unpack.unconsumed_tail
            size += len(piece)
            if size > claimed:
                raise BadInput(_BOMB, where=where, mend=_RESAVE)
    except zlib.error as fault:
        raise BadInput(_BROKEN, where=where, mend=_RESAVE) from fault
    return size
