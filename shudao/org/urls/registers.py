"""Addresses of the registers. An address names the verb it does."""

from django.urls import path

from shudao.org.views import outlets, registers

OBSERVER, ACCOUNT = "registers/observers/<int:key>/", "registers/accounts/<int:key>/"
OUTLET, CORRECTION, ACTIVITY = (
    "registers/outlets/<int:key>/", "registers/corrections/<int:key>/", "registers/activities/<int:key>/",
)  # fmt: skip


urlpatterns = [
    path("registers/", registers.index, name="registers"),
    path("registers/activities/year/", registers.year, name="activity_year"),
    path("registers/<slug:register>/", registers.listing, name="register"),
    path("registers/<slug:register>/export/", registers.export, name="export_register"),
    path("registers/observers/add_observer/", registers.add_observer, name="add_observer"),
    path(f"{OBSERVER}change_observer/", registers.change_observer, name="change_observer"),
    path(f"{OBSERVER}end_observer/", registers.end_observer, name="end_observer"),
    path("registers/accounts/add_own_account/", registers.add_own_account, name="add_own_account"),
    path(f"{ACCOUNT}change_own_account/", registers.change_own_account, name="change_own_account"),
    path(f"{ACCOUNT}check_own_account/", registers.check_own_account, name="check_own_account"),
    path(f"{ACCOUNT}retire_own_account/", registers.retire_own_account, name="retire_own_account"),
    path("registers/outlets/add_outlet/", outlets.add_outlet, name="add_outlet"),
    path("registers/outlets/<int:key>/", outlets.page, name="outlet"),
    path(f"{OUTLET}change_outlet/", outlets.change_outlet, name="change_outlet"),
    path(f"{OUTLET}retire_outlet/", outlets.retire_outlet, name="retire_outlet"),
    path(f"{OUTLET}add_correction/", outlets.add_correction, name="add_correction"),
    path(f"{CORRECTION}answer_correction/", outlets.answer_correction, name="answer_correction"),
    path(f"{CORRECTION}review_correction/", outlets.review_correction, name="review_correction"),
    path("registers/activities/add_activity/", registers.add_activity, name="add_activity"),
    path(f"{ACTIVITY}evidence/", registers.evidence, name="activity_evidence"),
    path(f"{ACTIVITY}change_activity/", registers.change_activity, name="change_activity"),
    path(f"{ACTIVITY}withdraw_activity/", registers.withdraw_activity, name="withdraw_activity"),
]
