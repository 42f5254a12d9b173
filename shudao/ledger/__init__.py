"""留痕 (ledger): the verb decorator, append-only entries, side records, sealing and verification."""
