"""Forms of sales that no Resource declares: the conversion of a lead, the check-in and the minutes of a visit."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.sales import actions, queries
from jike.apps.sales.models import Lead, Visit
from jike.apps.sales.models.labels import ATTITUDES
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.fields import TextField, form_field
from jike.foundation.scope import Actor

__all__ = ["CheckInForm", "ConversionForm", "MinutesForm"]


class ConversionForm(RecordForm):
    """Which customer a lead becomes, and what its opportunity is called."""

    def __init__(self, actor: Actor, lead: Lead, **options: Any) -> None:
        initial = {"customer": lead.customer, "opportunity": ""}
        super().__init__([attribute_of(Lead, "customer")], actor, initial=initial, **options)
        self.fields["customer"].help_text = _(
            "Leave this empty, and “%(name)s” becomes a potential customer."
        ) % {"name": lead.name}
        self.fields["opportunity"] = TextField(
            limit=120, label=_("Opportunity"), required=False, help_text=_("Named, it is added at once.")
        )


class CheckInForm(forms.Form):
    """What the telephone tells of its place, and words for those who give none."""

    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy = forms.DecimalField(
        required=False, min_value=0, max_value=Decimal(10_000_000), widget=forms.HiddenInput
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fields["place"] = TextField(limit=200, label=_("Place"), required=False)

    def spot(self) -> actions.Spot:
        """Return where it was; for a valid form."""
        given = self.cleaned_data
        accuracy = given["accuracy"]
        return actions.Spot(
            given["latitude"],
            given["longitude"],
            None if accuracy is None else int(accuracy),
            given["place"],
        )


class MinutesForm(RecordForm):
    """Whom one met, what was said, which needs were found, and what is the next step."""

    def __init__(self, actor: Actor, visit: Visit, **options: Any) -> None:
        names = ("minutes", "needs", "next_step", "next_step_on")
        super().__init__([attribute_of(Visit, name) for name in names], actor, **options)
        for name in ("minutes", "next_step", "next_step_on"):
            self.fields[name].required = True
        people = [(str(one.uid), one.name) for one in queries.people_to_meet(visit, actor)]
        boxes = forms.CheckboxSelectMultiple
        self.fields["met"] = forms.MultipleChoiceField(
            choices=people, required=False, widget=boxes, label=_("Whom I met")
        )
        self.fields["found"] = forms.MultipleChoiceField(
            choices=queries.family_labels(), required=False, widget=boxes, label=_("Needs found")
        )
        self.fields["attitude"] = forms.ChoiceField(
            choices=[(str(one), label) for one, label in ATTITUDES.items()],
            required=False,
            widget=forms.RadioSelect,
            label=_("Attitude to us"),
        )
        owner = form_field(attribute_of(Visit, "owner"), actor, stored=visit.owner)
        owner.label, owner.required = gettext_lazy("who does it"), False
        self.fields["next_owner"] = owner

    def minutes(self) -> actions.Minutes:
        """Return the minutes; for a valid form."""
        given = self.cleaned_data
        try:
            met = [UUID(uid) for uid in given["met"]]
        except ValueError as error:
            raise ValidationError(_("Choose one of those offered.")) from error
        return actions.Minutes(
            minutes=given["minutes"],
            next_step=given["next_step"],
            next_step_on=given["next_step_on"],
            next_owner=given["next_owner"],
            met=met,
            found=given["found"],
            needs=given["needs"],
            attitude=given["attitude"],
        )
