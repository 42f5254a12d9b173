"""Reading who is to be told, and how each person wishes to be reached."""

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.notify.models import Contact, Habit
from shudao.org.models import Post, PostRight, Right, Staff
from shudao.org.queries import posts_of


def looking_after_channels() -> list[str]:
    """Posts with the right to manage channels; when no post has it, those that administrators answer for."""
    found = list(PostRight.objects.filter(right=Right.CHANNELS).values_list("post__code", flat=True).distinct())
    if found:
        return sorted(found)
    now = clock.now(LIVE)
    posts: list[Post] = [post for staff in Staff.objects.filter(is_administrator=True) for post in posts_of(staff, now)]
    return sorted({post.code for post in posts})


def habit_of(staff: Staff) -> Habit:
    """A person's wishes; the usual ones when he said nothing."""
    return Habit.objects.filter(staff=staff).first() or Habit(staff=staff)


def contacts_by_channel(staff: Staff) -> dict[int, Contact]:
    """Channel id -> how a person is reached in it, where he said so."""
    return {row.channel_id: row for row in Contact.objects.filter(staff=staff)}
