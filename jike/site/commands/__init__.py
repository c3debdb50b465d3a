"""The `jike` command. Each subcommand lies in its own module, loaded only when it is called.

Mistakes of configuration, a database that can't be had and refusals reach the operator as sentences on standard error
and exit code 2; a stack trace is a defect of ours.
"""

import sys
from importlib import import_module
from keyword import iskeyword

import click

# Name → (module below this package, what --help says in its list); the function has the command's name.
COMMANDS = {
    "demo": ("demo", "Prepare everything, load demo data and serve it."),
    "serve": ("serve", "Migrate, then run web server and job worker together."),
    "found": ("found", "Begin an installation of one's own: top unit and administrators."),
    "migrate": ("migrate", "Bring the database up to date."),
    "worker": ("worker", "Run the job worker alone."),
    "web": ("web", "Run the web server alone."),
    "doctor": ("doctor", "Check everything and say what to do."),
    "backup": ("backup", "Write database and files into one archive."),
    "restore": ("restore", "Bring an archive back into an empty place."),
    "import": ("import_file", "Import a file into a list."),
    "audit": ("audit", "Verify the history of changes."),
    "index": ("index", "Make the search index anew."),
    "bench": ("bench", "Measure speed; one JSON object a line."),
    "rate": ("rate", "Price usage by a tariff, from files to files."),
    "shell": ("shell", "Open a Python shell with Jike loaded."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and loads a module only to run it, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"jike.site.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        from jike.site.commands.refusals import told

        try:
            return super().invoke(ctx)
        except Exception as error:
            sentences = told(error)
            if sentences is None:
                raise
            for sentence in sentences:
                click.echo(sentence, err=True)
            sys.exit(2)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jike")
def main() -> None:
    """Jike 集客: looks after a telecom operator's enterprise key accounts.

    Settings come from the environment: docs/reference/configuration.md.
    """
