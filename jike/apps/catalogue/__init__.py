"""Product specifications and offerings, with their prices."""
