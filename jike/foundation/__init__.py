"""What every capability uses and what knows none of them: rights, the write gate, jobs, events, comments, files."""
