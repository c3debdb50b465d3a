"""What is promised of the closed loop at the size of a large province."""
