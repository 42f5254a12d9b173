"""Writing the sheet: a template to be filled in, or what stands, in the reader's language."""

from shudao.engine.papers.book import Column, Page, Value, write_book
from shudao.engine.words import Words
from shudao.org.sheet.compare.holdings import days_words, first_day, last_day
from shudao.org.sheet.compare.world import NO_YES
from shudao.org.sheet.fields import HERE, IN_SERVICE, KINDS, LEFT, OUT, TABLES, Field, Table
from shudao.org.sheet.present import Present

ABOUT = {
    "units": Words("每行一个单位。先写上级再写下级，次序不限。", "One unit a row, in any order."),
    "posts": Words("每行一个岗位。预案里写的是岗位，不写人名。", "One post a row. Plans name posts, never persons."),
    "staff": Words("每行一个人。没有岗位的人也可以写，例如信息员。", "One person a row, also those who hold no post."),
    "holdings": Words("每行一项任职：谁在哪个岗位，从哪天起。", "Who holds which post, and from which day."),
    "shifts": Words(
        "每行一条会重复的班；班次会自动排到五周以后。", "A shift that repeats; shifts are made five weeks ahead."
    ),
}
RULE = Words(
    "填好后上传，先看会改动什么，确认后才写入。多余的列和行不要紧；删掉的行不会被删除，除非上传时选“完整名单”。",
    "Upload it when it is filled in: you see what would change before anything is written. Further columns do no harm; "
    "a row left out ends nothing unless you say that the list is complete.",
)


def write_sheet(present: Present, language: str, *, is_blank: bool = False) -> bytes:
    """The five tables with what stands, or empty to be filled in."""
    rows = {} if is_blank else _rows(present, language)
    pages = tuple(_page(table, rows.get(table.key, []), language) for table in TABLES)
    return write_book(pages, present.now)


def _page(table: Table, rows: list[list[Value]], language: str) -> Page:
    columns = tuple(_column(field, language) for field in table.fields)
    about = f"{ABOUT[table.key].say(language)}{RULE.say(language)}"
    return Page(name=table.name.say(language), columns=columns, rows=rows, about=about)


def _column(field: Field, language: str) -> Column:
    source = None
    if field.choices_from:
        other = next(table for table in TABLES if table.key == field.choices_from[0])
        source = other.name.say(language), _head(other.field(field.choices_from[1]), language)
    must = Words("必填。", "Must be filled in. ").say(language) if field.must else ""
    return Column(
        head=_head(field, language),
        width=field.width,
        kind="text" if field.kind == "day" else field.kind,  # type: ignore[arg-type]
        note=must + field.note.say(language),
        choices=tuple(choice.say(language) for choice in field.choices),
        choices_from=source,
        must=field.must,
    )


def _head(field: Field, language: str) -> str:
    """A heading; a star where it must be filled in."""
    return field.head.say(language) + ("*" if field.must else "")


def _rows(present: Present, language: str) -> dict[str, list[list[Value]]]:
    names = _Names(present)
    return {
        "units": [
            [u.code, u.name, names.unit(u.parent), KINDS[u.kind].say(language) if u.kind in KINDS else u.kind,
             (OUT if u.retired else IN_SERVICE).say(language)]
            for u in present.units.values() if not u.retired
        ],
        "posts": [
            [p.code, p.name, names.unit(p.unit), "、".join(names.post(code) for code in p.deputies),
             NO_YES[p.is_all_hours].say(language), (OUT if p.retired else IN_SERVICE).say(language)]
            for p in present.posts.values() if not p.retired
        ],
        "staff": [
            [s.account, s.name, s.phone, s.mail, NO_YES[s.is_administrator].say(language),
             (LEFT if s.left else HERE).say(language)]
            for s in present.staff.values() if not s.left
        ],
        "holdings": [
            [names.post(h.post), names.unit(present.posts[h.post].unit), names.person(h.staff), first_day(h.from_at),
             last_day(h.to_at) if h.to_at else ""]
            for h in present.holdings if h.to_at is None or h.to_at > present.now
        ],
        "shifts": [
            [names.post(r.post), names.unit(present.posts[r.post].unit), names.person(r.staff),
             days_words(r.days, r.weekdays).say(language), f"{r.from_time:%H:%M}", f"{r.to_time:%H:%M}", r.every_weeks,
             r.from_on.isoformat(), r.to_on.isoformat() if r.to_on else ""]
            for r in present.rules
        ],
    }  # fmt: skip


class _Names:
    """What each row is called in the sheet: by code or account where two have the name."""

    def __init__(self, present: Present) -> None:
        self.present = present
        self.posts = [row.name for row in present.posts.values() if not row.retired]
        self.people = [row.name for row in present.staff.values() if not row.left]
        self.twice_posts = {name for name in self.posts if self.posts.count(name) > 1}
        self.twice_people = {name for name in self.people if self.people.count(name) > 1}

    def unit(self, code: str) -> str:
        """A unit's name."""
        return self.present.units[code].name if code in self.present.units else ""

    def post(self, code: str) -> str:
        """A post's name; its code where two have it."""
        name = self.present.posts[code].name
        return code if name in self.twice_posts else name

    def person(self, account: str) -> str:
        """A person's name; with the account where two have it."""
        name = self.present.staff[account].name
        return f"{name}（{account}）" if name in self.twice_people else name
