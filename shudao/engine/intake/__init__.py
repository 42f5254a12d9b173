"""读入 (intake): files and feeds of all kinds to posts. Bytes in, posts and rejects out."""
