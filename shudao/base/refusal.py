"""拒绝 (refusal): a verb that may not be done now, by this post, in this state. Says why in words."""

from shudao.engine.words import Words


class Refused(Exception):
    """The act is refused; nothing was written."""

    def __init__(self, why: Words, *, code: str = "") -> None:
        self.why, self.code = why, code
        super().__init__(f"{why.zh} / {why.en}")


def refuse(zh: str, en: str, *, code: str = "") -> Refused:
    """Short form: `raise refuse("…", "…")`."""
    return Refused(Words(zh=zh, en=en), code=code)
