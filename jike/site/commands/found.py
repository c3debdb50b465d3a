"""`jike found`: the beginning of an installation that is not a demo: the top unit and its three administrators."""

import click

from jike.site.commands.refusals import CommandRefused

__all__ = ["found"]


@click.command()
@click.option("--name", required=True, help="What the operator, or its part that runs this site, is called.")
@click.option("--name-en", default="", help="The same in English.")
def found(name: str, name_en: str) -> None:
    """Make the top unit, the ready-made roles and one administrator of each kind; prints their first passwords."""
    from jike.site.commands.process import load_django

    load_django()
    from django.db import transaction

    from jike.apps.organisation.actions import found_organisation
    from jike.apps.organisation.models import Person
    from jike.foundation.errors import JikeError
    from jike.foundation.scope import system_actor

    if Person.objects.exists():
        raise CommandRefused("This site has people already; only an empty one can be founded.")
    try:
        with transaction.atomic():
            top, administrators = found_organisation(actor=system_actor("found"), name=name, name_en=name_en)
    except JikeError as error:
        raise CommandRefused(str(error)) from None
    click.echo(f"{top.name} is founded. Each of these passwords is good for the first sign-in only:")
    for one in administrators:
        click.echo(f"  {one.person.staff_no:<10} {one.password:<20} {one.person.name}")
