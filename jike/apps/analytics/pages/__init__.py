"""Pages of analytics: warnings with their closed loop, and the boards."""
