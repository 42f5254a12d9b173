"""Addresses of sign-in, people and registers."""

from shudao.org.urls import people, registers, sign_in

app_name = "org"
urlpatterns = [*sign_in.urlpatterns, *people.urlpatterns, *registers.urlpatterns]
