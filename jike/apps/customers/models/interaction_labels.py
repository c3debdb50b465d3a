"""What channels, directions and outcomes of interactions, and the states of mails, are called, in the order offered."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.rules.interactions import Channel, Direction, Outcome
from jike.apps.customers.rules.mails import MailState
from jike.foundation.mailing.accounts import Security
from jike.foundation.models.shapes import Labels

__all__ = ["CHANNELS", "DIRECTIONS", "MAIL_STATES", "OUTCOMES", "SECURITIES"]

CHANNELS: Labels = {
    Channel.CALL: _("Call"),
    Channel.MESSAGE: _("Message"),
    Channel.MEETING: pgettext_lazy("channel", "Meeting"),
    Channel.MAIL: _("Mail"),
}
DIRECTIONS: Labels = {Direction.OUTGOING: _("We did"), Direction.INCOMING: _("The customer did")}
OUTCOMES: Labels = {
    Outcome.SPOKEN: pgettext_lazy("outcome", "Spoken to"),
    Outcome.INTERESTED: pgettext_lazy("outcome", "Interested"),
    Outcome.SETTLED: pgettext_lazy("outcome", "Settled"),
    Outcome.REFUSED: pgettext_lazy("outcome", "Refused"),
    Outcome.UNREACHED: pgettext_lazy("outcome", "Not reached"),
}
MAIL_STATES: Labels = {
    MailState.WAITING: pgettext_lazy("mail", "To be assigned"),
    MailState.ASSIGNED: pgettext_lazy("mail", "Assigned"),
    MailState.IGNORED: pgettext_lazy("mail", "Set aside"),
}
SECURITIES: Labels = {
    Security.TLS: _("TLS from the start"),
    Security.STARTTLS: _("STARTTLS"),
    Security.PLAIN: _("Not enciphered (within the house only)"),
}
