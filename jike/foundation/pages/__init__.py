"""Pages of the foundation: jobs, history of changes, notices; fragments on records: comments, files, history."""
