"""Pages of doubles: the queue, what is like one record, merging side by side, splitting."""
