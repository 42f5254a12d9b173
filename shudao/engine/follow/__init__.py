"""跟踪 (follow): what comes back after a matter is settled. By words, never by persons."""
