"""`jike bench screens`: lists, searches, records and saves at archive size, as people meet them."""
