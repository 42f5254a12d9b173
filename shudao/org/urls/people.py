"""Addresses of people: units, posts, staff, shifts. An address names the verb it does."""

from django.urls import path

from shudao.org.views import contacts, holidays, people, posts, sheet, shifts, staff, units

UNIT, POST, PERSON = "units/<str:code>/", "posts/<str:code>/", "staff/<str:account>/"
SHIFT, SWAP = "shifts/<int:key>/", "shifts/swaps/<int:key>/"

urlpatterns = [
    path("people/", people.overview, name="people"),
    path("people/change_organisation/", people.change_organisation, name="change_organisation"),
    path("charge/", people.charge, name="charge"),
    path("units/", units.index, name="units"),
    path("units/add_unit/", units.add_unit, name="add_unit"),
    path(f"{UNIT}change_unit/", units.change_unit, name="change_unit"),
    path(f"{UNIT}retire_unit/", units.retire_unit, name="retire_unit"),
    path(f"{UNIT}restore_unit/", units.restore_unit, name="restore_unit"),
    path("posts/", posts.index, name="posts"),
    path("posts/add_post/", posts.add_post, name="add_post"),
    path("posts/<str:code>/", posts.page, name="post"),
    path(f"{POST}change_post/", posts.change_post, name="change_post"),
    path(f"{POST}set_deputies/", posts.set_deputies, name="set_deputies"),
    path(f"{POST}retire_post/", posts.retire_post, name="retire_post"),
    path(f"{POST}restore_post/", posts.restore_post, name="restore_post"),
    path("staff/", staff.index, name="staff"),
    path("staff/add_staff/", staff.add_staff, name="add_staff"),
    path("staff/start_holding/", staff.start_holding, name="start_holding"),
    path("staff/<str:account>/", staff.page, name="person"),
    path(f"{PERSON}change_staff/", staff.change_staff, name="change_staff"),
    path(f"{PERSON}retire_staff/", staff.retire_staff, name="retire_staff"),
    path(f"{PERSON}restore_staff/", staff.restore_staff, name="restore_staff"),
    path("holdings/<int:key>/change_holding/", staff.change_holding, name="change_holding"),
    path("holdings/<int:key>/end_holding/", staff.end_holding, name="end_holding"),
    path("shifts/", shifts.week, name="shifts"),
    path("shifts/month/", shifts.month, name="month"),
    path("shifts/mine/", shifts.mine, name="my_shifts"),
    path("shifts/notes/", shifts.notes, name="hand_overs"),
    path("shifts/gaps/", shifts.gaps, name="gaps"),
    path("shifts/rules/", shifts.rules, name="shift_rules"),
    path("shifts/rules/add_shift_rule/", shifts.add_shift_rule, name="add_shift_rule"),
    path("shifts/rules/<int:key>/end_shift_rule/", shifts.end_shift_rule, name="end_shift_rule"),
    path("shifts/add_shift/", shifts.add_shift, name="add_shift"),
    path(f"{SHIFT}change_shift/", shifts.change_shift, name="change_shift"),
    path(f"{SHIFT}drop_shift/", shifts.drop_shift, name="drop_shift"),
    path(f"{SHIFT}ask_swap/", shifts.ask_swap, name="ask_swap"),
    path(f"{SWAP}accept_swap/", shifts.accept_swap, name="accept_swap"),
    path(f"{SWAP}approve_swap/", shifts.approve_swap, name="approve_swap"),
    path(f"{SWAP}decline_swap/", shifts.decline_swap, name="decline_swap"),
    path(f"{SWAP}withdraw_swap/", shifts.withdraw_swap, name="withdraw_swap"),
    path("shifts/mine/write_hand_over/", shifts.write_hand_over, name="write_hand_over"),
    path("shifts/notes/<int:key>/acknowledge_hand_over/", shifts.acknowledge_hand_over, name="acknowledge_hand_over"),
    path("holidays/", holidays.index, name="holidays"),
    path("holidays/put_holidays/", holidays.put_holidays, name="put_holidays"),
    path("contacts/", contacts.sheet, name="contacts"),
    path("contacts/paper/", contacts.paper, name="contact_paper"),
    path("sheet/", sheet.index, name="sheet"),
]
