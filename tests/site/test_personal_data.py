"""Every place where a key person's data may lie is covered by their erasure."""

import dataclasses

from django.apps import apps

from jike.foundation.privacy import places, undeclared


def known():
    return [model for model in apps.get_models() if model.__module__.startswith("jike.")]


def test_every_place_of_a_persons_data_is_declared():
    assert undeclared(places(), known()) == []


def test_a_model_that_nobody_declared_is_named():
    declared = places()
    texts = {label: path for label, path in declared.texts.items() if label != "sales.visit"}
    kept = {name: why for name, why in declared.kept.items() if name != "servicedesk.ticket.key_person"}
    problems = undeclared(dataclasses.replace(declared, texts=texts, kept=kept), known())
    named = {one.partition(":")[0] for one in problems}
    assert named == {"sales.visit", "servicedesk.ticket.key_person"}


def test_no_declaration_names_what_is_not_there():
    labels = {model._meta.label_lower: {one.name for one in model._meta.get_fields()} for model in known()}
    for name in (*places().texts, *places().rows, *places().kept, *places().originals):
        label, _dot, field = name.rpartition(".") if name.count(".") == 2 else (name, "", "")
        assert label in labels, name
        assert not field or field in labels[label], name
