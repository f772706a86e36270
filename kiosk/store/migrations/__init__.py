"""Steps from one schema to the next; run by `kiosk.store.schema`, shipped with the program."""
