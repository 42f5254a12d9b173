"""图 (charts): what a chart shows, as plain values, and its drawing instructions. No page, file or clock is known here."""
