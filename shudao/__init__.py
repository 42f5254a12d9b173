"""疏导 (Shudao): public-opinion emergency response and drill platform."""

__version__ = "0.1.0"
