"""The picture of a chart: its name is unguessable and stands only on pages that one may see."""

from typing import get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shudao.base.charts import ChartFault, kept_picture
from shudao.engine.charts.looks import Size, Tone
from shudao.org.access import needs


@needs()
@require_safe
@cache_control(private=True, max_age=86_400, immutable=True)
def chart(_request: HttpRequest, name: str, tone: Tone, size: Size) -> HttpResponse:
    """The picture; 404 when no chart has that name or it cannot be drawn (its table stands on the page)."""
    if tone not in get_args(Tone) or size not in get_args(Size):
        raise Http404
    try:
        picture = kept_picture(name, tone, size)
    except ChartFault as fault:
        raise Http404 from fault
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png")
