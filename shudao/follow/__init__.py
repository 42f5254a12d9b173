"""跟踪 (follow): settling, closing, watching what comes back, sealing."""
