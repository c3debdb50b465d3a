"""Mail in and out, for whoever keeps it: reading the bytes of a letter, fetching by IMAP, sending by SMTP.

Knows no customer and keeps no row; `jike.foundation.notify` mails its digests by itself.
"""
