"""customers: key accounts, the groups they form, their key persons and what they bring each month."""
