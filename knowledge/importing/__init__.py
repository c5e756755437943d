"""Importing what a merchant has: one door, `read_files`, whatever the format."""

from knowledge.importing.file_reader import FileResult
from knowledge.importing.problems import Problem
from knowledge.importing.reading import MAX_BYTES, NamedBytes, read_files

__all__ = ["MAX_BYTES", "FileResult", "NamedBytes", "Problem", "read_files"]
