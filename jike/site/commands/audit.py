"""`jike audit verify`: is the history of changes what was once written? Names the first row that is not."""

import json

import click

__all__ = ["audit"]


@click.group()
def audit() -> None:
    """Work with the history of changes."""


@audit.command()
@click.option("--head", help="A chain head noted earlier (hexadecimal); it must still be in the chain.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(head: str | None, as_json: bool) -> None:
    """Verify every sealed change; exit code 1 when one was altered, and audit administrators are told."""
    from jike.site.commands.process import load_django
    from jike.site.commands.refusals import CommandRefused

    try:
        expected = bytes.fromhex(head) if head else None
    except ValueError:
        raise CommandRefused(
            "--head must be the hexadecimal text that an earlier verification printed."
        ) from None
    load_django()
    from jike.foundation import audit as history
    from jike.foundation.vigil import raise_alarm

    verdict = history.verify(expected_head=expected)
    raise_alarm(verdict)
    facts = {
        "sound": verdict.sound,
        "changes": verdict.changes,
        "seals": verdict.seals,
        "head": verdict.head.hex(),
        "finding": verdict.finding.sentence if verdict.finding else None,
        "change": verdict.finding.change if verdict.finding else None,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    elif verdict.finding:
        click.echo(f"ALTERED after {verdict.changes} sound changes: {verdict.finding.sentence}")
    else:
        click.echo(
            f"Sound: {verdict.changes} changes under {verdict.seals} seals. Head: {verdict.head.hex()}"
        )
    if not verdict.sound:
        raise SystemExit(1)
