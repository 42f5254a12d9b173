"""Word: the only package that imports the Word library. Same paper and same moment give the same bytes."""

from shudao.engine.papers.word.write import write_word

__all__ = ["write_word"]
