"""Words for people in both languages, and the one error that says what, where and how to mend."""

import msgspec


class Words(msgspec.Struct, frozen=True):
    """One sentence in Chinese and English; the reader's language is chosen at the edge."""

    zh: str
    en: str

    def say(self, lang: str = "zh") -> str:
        """The sentence in `lang` ("zh…" or anything else for English)."""
        return self.zh if lang.startswith("zh") else self.en


class BadInput(ValueError):
    """Input that cannot be taken: what is wrong, where it stands, how to mend it. Nothing was written."""

    def __init__(self, what: Words, *, where: str = "", mend: Words | None = None) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(self.line("en"))

    def line(self, lang: str = "zh") -> str:
        """One line for a person: what, where, how to mend."""
        chinese = lang.startswith("zh")
        stop = "；" if chinese else "; "
        colon = "：" if chinese else ": "
        text = self.what.say(lang)
        if self.where:
            text = f"{self.where}{colon}{text}"
        if self.mend:
            text += stop + self.mend.say(lang)
        return " ".join(text.split())
