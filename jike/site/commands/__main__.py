"""`python -m jike.site.commands`: how the command starts copies of itself, whatever its installed name is."""

from jike.site.commands import main

main(prog_name="jike")
