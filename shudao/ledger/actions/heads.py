"""Verbs of the ledger itself."""

from shudao.ledger.models import SideRecord, Stream
from shudao.ledger.verbs import Act, verb


@verb(zh="登记各链头", en="record heads")
def record_heads(act: Act) -> int:
    """Write head and length of every other stream into the site stream; returns how many.

    Once a day and at every seal: whoever holds a later paper can find a stream that was rewritten or shortened.
    """
    rows = Stream.objects.exclude(name="site").order_by("name")
    heads = [{"stream": row.name, "length": row.length, "head": row.head} for row in rows]
    act.note(streams=heads)
    return len(heads)


@verb(zh="删除到期附注", en="erase side records")
def erase_side_records(act: Act, *, stream: str, before_seq: int, reason: str) -> int:
    """Erase the texts beside a stream up to an entry; the chain stays whole."""
    count, _ = SideRecord.objects.filter(stream=stream, seq__lte=before_seq).delete()
    act.note(stream=stream, before_seq=before_seq, count=count, reason=reason)
    return count
