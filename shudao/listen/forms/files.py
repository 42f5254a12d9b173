"""Files in forms: several at once, each bounded, never trusted by its name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shudao.engine.pictures import MAX_BYTES, Picture, read_picture
from shudao.engine.words import BadInput

ACCEPT = "image/jpeg,image/png,image/webp,image/gif"


class ManyFiles(forms.ClearableFileInput):
    """A file box that takes several."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """图片 (pictures): up to `most`, each a real picture of a usual kind; gives [(bytes, what it is)]."""

    def __init__(self, *, most: int = 6, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("图片"))
        kwargs.setdefault("widget", ManyFiles(attrs={"accept": ACCEPT, "multiple": True}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[bytes, Picture]]:
        """Every picture read and judged; an error names which one."""
        files: Sequence[UploadedFile] = [row for row in (data if isinstance(data, list | tuple) else [data]) if row]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        if len(files) > self.most:
            raise forms.ValidationError(gettext("一次最多 %(most)d 张图片") % {"most": self.most})
        return [self._read(place, file) for place, file in enumerate(files, 1)]

    def _read(self, place: int, file: UploadedFile) -> tuple[bytes, Picture]:
        where = gettext("第 %(n)d 张") % {"n": place}
        try:
            if (file.size or 0) > MAX_BYTES:
                return b"", read_picture(bytes(MAX_BYTES + 1), where=where)
            body = file.read()
            return body, read_picture(body, where=where)
        except BadInput as fault:
            raise forms.ValidationError(fault.line(get_language() or "zh")) from None
