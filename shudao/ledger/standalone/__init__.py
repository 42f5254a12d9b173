"""单机核验 (standalone): what travels inside a bundle and needs Python alone."""
