"""Pages of the service desk: calls taken, clocks on every row, surveys answered by a link."""
