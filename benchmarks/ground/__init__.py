"""`jike bench ground`: the gates, the change stream, actors, sign-in and memory."""
