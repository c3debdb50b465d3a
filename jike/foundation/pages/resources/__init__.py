"""The pages every Resource has."""
