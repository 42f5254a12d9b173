"""组织 (org): units, posts, deputies, staff, shifts, registers, sign-in."""
