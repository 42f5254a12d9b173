"""预案 (plan): editions of the written plan: adopted from a folder, signed, in force, retired."""
