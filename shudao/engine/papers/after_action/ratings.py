"""评级 (ratings) on paper: each expectation with minutes beside the letter, and what went well."""

from collections.abc import Iterator, Sequence

from shudao.engine.papers.after_action.data import AfterAction, Aim
from shudao.engine.papers.model import Block, Heading, Lang, Note, Para, Table
from shudao.engine.papers.phrases import picker, say_minutes
from shudao.engine.review.rating import Letter, Rated
from shudao.engine.words import Words

LETTERS: dict[Letter, Words] = {
    "P": Words(zh="P 顺利", en="P no challenges"),
    "S": Words(zh="S 基本顺利", en="S some challenges"),
    "M": Words(zh="M 较多困难", en="M major challenges"),
    "U": Words(zh="U 未完成", en="U not performed"),
}


def ratings(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.rated and not data.aims:
        yield Para(text=pick("没有可评级的期望。", "There is nothing to rate."))
        return
    aims = data.aims or tuple(
        Aim(id=name, title=name, rating=None, value=None) for name in dict.fromkeys(row.objective for row in data.rated)
    )
    for aim in aims:
        yield Heading(text=f"{aim.title}{pick('：', ': ')}{_letter(aim.rating, data.lang)}", level=2)
        rows = [row for row in data.rated if row.objective == aim.id]
        if rows:
            yield rated_table(data, rows)
        else:
            yield Para(text=pick("没有到期的期望。", "No expectation was due."))
    assumed = "；".join(data.assumed) if data.lang == "zh" else "; ".join(data.assumed)
    if assumed:
        yield Note(text=pick(f"假定：{assumed}。", f"Assumed: {assumed}."))


def rated_table(data: AfterAction, rows: Sequence[Rated]) -> Table:
    """Minutes beside the letter, in columns of their own: time and quality are never one figure."""
    pick = picker(data.lang)
    head = (
        pick("期望", "Expectation"),
        pick("要求", "Asked"),
        pick("时限", "Limit"),
        pick("用时", "Taken"),
        pick("评级", "Rating"),
        pick("证据记录", "Entries"),
    )
    return Table(
        head=head, rows=tuple(_rated_row(row, data.lang) for row in rows), widths=(2.6, 0.75, 1.45, 1.45, 1.65, 1.5)
    )


def _rated_row(row: Rated, lang: Lang) -> tuple[str, ...]:
    pick = picker(lang)
    evidence = ", ".join(map(str, row.evidence))
    return (
        row.title + (pick(f"（{row.note}）", f" ({row.note})") if row.note else ""),
        pick("必须", "must") if row.must else pick("应当", "should"),
        say_minutes(row.limit, lang) if row.limit is not None else "—",
        say_minutes(row.minutes, lang) if row.minutes is not None else "—",
        _letter(row.rating, lang),
        evidence or pick("无记录", "no entry"),
    )


def _letter(rating: Letter | None, lang: Lang) -> str:
    return LETTERS[rating].say(lang) if rating else picker(lang)("未到期", "not due")


def strengths(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    good = [row for row in data.rated if row.rating == "P" and row.must]
    if not good:
        yield Para(text=pick("必须完成的期望中没有评为P的。", "No must was rated P."))
        return
    must = [row for row in data.rated if row.must and row.rating]
    yield Para(text=pick(
        f"到期的必须项{len(must)}项，其中{len(good)}项一次按时完成。用时占时限比例最低的是：",
        f"Of {len(must)} musts that were due, {len(good)} were done in time at the first go. With most time to spare:",
    ))  # fmt: skip
    timed = sorted((row for row in good if row.minutes is not None and row.limit), key=_overrun)
    for number, row in enumerate(timed[:3], 1):
        taken, limit = say_minutes(row.minutes or 0, data.lang), say_minutes(row.limit or 0, data.lang)
        yield Para(text=pick(
            f"{number}. {row.title}（用时{taken}，时限{limit}）", f"{number}. {row.title} ({taken} of {limit})"
        ))  # fmt: skip


def _overrun(row: Rated) -> float:
    if row.minutes is None or not row.limit:
        return float("inf")
    return row.minutes / row.limit
