"""Jobs of a sample site."""

from shudao.base.jobs import job
from shudao.org.queries import organisation
from shudao.project.sample import go_on


@job(every=20)
def sample_goes_on() -> None:
    """In a sample site the invented public goes on talking."""
    here = organisation()
    if here and here.is_sample:
        go_on()
