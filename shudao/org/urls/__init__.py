"""Addresses of sign-in, people and registers."""

from django.urls import path

from shudao.org.urls import people, registers
from shudao.org.views import sign_in as views

app_name = "org"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("enter/<str:token>/", views.use_link, name="use_entry_link"),
    path("switch-person/", views.switch, name="switch_person"),
    path("alive/", views.alive, name="alive"),
    *people.urlpatterns,
    *registers.urlpatterns,
]
