"""`jike bench archive`: the customer archive at the size of a country's: pages, tree, members, hand-over, snapshots."""
