"""Addresses of the customers' own pages, beside those that the Resource machinery gives them."""

from django.urls import path

from jike.apps.customers.pages import interactions, members, noting, rivals, verbs

app_name = "customers"
urlpatterns = [
    path("interactions/<uuid:uid>/present/", interactions.present, name="interaction_present"),
    path("interactions/<uuid:uid>/next-step/", interactions.next_step, name="interaction_step"),
    path("note/<str:kind>/<uuid:uid>/", noting.further, name="noting"),
    path("rival-lines/ending/", rivals.ending, name="rivals_ending"),
    path("customers/members/", members.files, name="member_files"),
    path("customers/members/<uuid:uid>/undo/", members.take_back, name="member_undo"),
    path("customers/<uuid:uid>/members/", members.listed, name="members"),
    path("customers/<uuid:uid>/assign/", verbs.assign, name="assign"),
    path("customers/<uuid:uid>/move-in-group/", verbs.move, name="move"),
    path("key-persons/<uuid:uid>/reveal/<slug:field>/", verbs.reveal, name="reveal"),
]
