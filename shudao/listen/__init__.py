"""监测 (listen): sources, connectors, items, pseudonyms at the door."""
