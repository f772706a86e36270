"""How the full-text indexes tell words apart."""

TOKENS = "tokenize = 'unicode61 remove_diacritics 2'"
