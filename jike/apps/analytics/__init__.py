"""Early warnings and boards over all the other capabilities."""
